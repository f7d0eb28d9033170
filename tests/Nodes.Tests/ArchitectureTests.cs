using System.Reflection;
using NetArchTest.Rules;

namespace IoScale.Nodes.Tests;

/// <summary>Dependencies point one way: Nodes to Scenarios and Actors, those to Hardware and Protocol, Protocol to VirtualTime.</summary>
public class ArchitectureTests
{
    private const string VirtualTime = "IoScale.VirtualTime";
    private const string Hardware = "IoScale.Hardware";
    private const string Protocol = "IoScale.Protocol";
    private const string Actors = "IoScale.Actors";
    private const string Scenarios = "IoScale.Scenarios";
    private const string Nodes = "IoScale.Nodes";

    [Theory]
    [InlineData(VirtualTime, new[] { Hardware, Protocol, Actors, Scenarios, Nodes })]
    [InlineData(Hardware, new[] { VirtualTime, Protocol, Actors, Scenarios, Nodes, "Akka" })]
    [InlineData(Protocol, new[] { Hardware, Actors, Scenarios, Nodes })]
    [InlineData(Actors, new[] { Scenarios, Nodes })]
    [InlineData(Scenarios, new[] { Actors, Nodes, "Akka" })]
    public void A_layer_does_not_know_the_layers_above_it(string layer, string[] forbidden)
    {
        TestResult result = Types.InAssembly(Assembly.Load(layer)).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"{layer} must not use {string.Join(", ", forbidden)}, but these do: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Theory]
    [InlineData(VirtualTime)]
    [InlineData(Hardware)]
    public void The_foundations_reference_no_assembly_of_ours(string layer) =>
        Assert.DoesNotContain(Assembly.Load(layer).GetReferencedAssemblies(), a => a.Name!.StartsWith("IoScale.", StringComparison.Ordinal));

    [Fact]
    public void Hardware_does_not_reference_Akka() =>
        Assert.DoesNotContain(Assembly.Load(Hardware).GetReferencedAssemblies(), a => a.Name!.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void The_rule_finds_a_dependency_where_there_is_one() =>
        Assert.False(Types.InAssembly(Assembly.Load(Protocol)).ShouldNot().HaveDependencyOn(VirtualTime).GetResult().IsSuccessful);

    [Theory]
    [InlineData(VirtualTime)]
    [InlineData(Hardware)]
    [InlineData(Protocol)]
    [InlineData(Actors)]
    [InlineData(Scenarios)]
    public void The_model_uses_neither_clocks_nor_unseeded_randomness(string layer)
    {
        TestResult result = Types.InAssembly(Assembly.Load(layer)).ShouldNot()
            .HaveDependencyOnAny("System.DateTime", "System.DateTimeOffset", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
