using Akka.Actor;

namespace IoScale.Bench.Phold;

internal static class BenchSystem
{
    /// <summary>An actor system that does not talk.</summary>
    public static ActorSystem Create() => ActorSystem.Create("bench", "akka { loglevel = OFF, stdout-loglevel = OFF }");
}
