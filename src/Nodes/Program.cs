using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;

return CommandLine.Run(args, () => new ActorVariantRunner(), Terminal.OfProcess());
