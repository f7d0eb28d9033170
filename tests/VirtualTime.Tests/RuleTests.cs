namespace IoScale.VirtualTime.Tests;

public sealed class RuleTests(Runs runs) : IClassFixture<Runs>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_send_that_undercuts_its_link_fails_and_names_link_and_entities(int threads)
    {
        ModelErrorException error = Fails(Puppet.Linked(static puppet => puppet.Say(new EntityId(1), 99)), threads);
        Assert.Equal("left/puppet", error.EntityPath);
        Assert.Equal(10, error.TimePs);
        Assert.IsType<ModelRuleException>(error.InnerException);
        Assert.Equal(
            "Entity left/puppet failed at 10 ps, handling Tick { } from left/puppet: "
            + "left/puppet sent to right/listener with a delay of 99 ps over link 'cable', whose latency is 100 ps.",
            error.Message);
    }

    [Fact]
    public void A_send_with_exactly_the_latency_arrives()
    {
        using Simulation simulation = runs.Start(Puppet.Linked(static puppet => puppet.Say(new EntityId(1), 100)), threads: 2);
        simulation.RunUntil(1_000);
        Assert.Equal(89, ((Puppet)simulation.Entity(new EntityId(1))).Ticks);
    }

    [Fact]
    public void A_send_without_a_link_fails()
    {
        ModelErrorException error = Fails(Puppet.Linked(static puppet => puppet.Say(new EntityId(2), VirtualDuration.Second)));
        Assert.Contains("left/puppet sent to far/hermit, but no link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_delay_fails()
    {
        ModelErrorException error = Fails(Puppet.Alone(static puppet => puppet.Say(puppet.Id, -1)));
        Assert.Contains("negative delay -1 ps", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 10)]
    public void A_time_past_the_end_of_time_fails(long delay)
    {
        ModelErrorException error = Fails(Puppet.Alone(puppet => puppet.Say(puppet.Id, delay)));
        Assert.Contains("past the end of time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_representable_time_can_be_reached()
    {
        using Simulation simulation = runs.Start(Puppet.Alone(static puppet => puppet.Say(puppet.Id, long.MaxValue - 11)));
        simulation.RunUntil(11);
        List<PendingEvent> pending = [];
        simulation.ForEachPending(pending.Add);
        Assert.Equal(long.MaxValue - 1, pending[^1].TimePs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_target_that_does_not_exist_fails(int target)
    {
        ModelErrorException error = Fails(Puppet.Alone(puppet => puppet.Say(new EntityId(target), 0)));
        Assert.Contains($"to entity {target}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_fails()
    {
        ModelErrorException error = Fails(Puppet.Alone(static puppet => puppet.Say(puppet.Id, null!, 0)));
        Assert.Contains("no message", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_rule_fails_the_run_even_if_the_entity_swallows_the_exception()
    {
        ModelErrorException error = Fails(Puppet.Alone(static puppet =>
        {
            try
            {
                puppet.Say(puppet.Id, -1);
            }
            catch (InvalidOperationException)
            {
            }
        }));
        Assert.IsType<ModelRuleException>(error.InnerException);
    }

    [Fact]
    public void An_entity_can_not_send_in_the_name_of_another()
    {
        Puppet? first = null;
        Topology topology = new(
            1,
            [new PartitionSpec("p", "p")],
            [],
            [
                new EntitySpec("a", 0, () => first = new Puppet(10, static _ => { })),
                new EntitySpec("b", 0, () => new Puppet(15, _ => first!.Say(first.Id, 1))),
            ]);
        ModelErrorException error = Fails(topology);
        Assert.Equal("p/b", error.EntityPath);
        Assert.Contains("p/a sends while it handles no event", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entity_made_outside_a_simulation_is_refused() =>
        Assert.Throws<Akka.Actor.ActorInitializationException>(() => new Metronome(1));

    private ModelErrorException Fails(Topology topology, int threads = 1)
    {
        using Simulation simulation = runs.Start(topology, threads);
        return Assert.Throws<ModelErrorException>(() => simulation.RunUntil(1_000));
    }
}
