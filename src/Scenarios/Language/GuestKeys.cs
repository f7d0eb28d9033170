using IoScale.Scenarios.Values;
using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>Keys of VMs and of the traffic between them.</summary>
internal static class GuestKeys
{
    public const string Float = "float";

    private static readonly ListType Functions = new(new ReferenceType("a VF of the VM's host", FunctionName.Example), 0, 4_096);

    public static Shape Vm { get; } = new("vm", "A virtual machine, or a range of them. Other values of a range entry may be ranges of the same length, taken element by element.",
    [
        new("name", Names("vm[0..62]"), "Name of the VM, or a range of names.", Required: true),
        new("host", new ReferenceType("a host", "h0"), "Host it runs on; may be a range.", DefaultMeaning: "the only host"),
        new("socket", Integer(0, MostPCpus), "Home socket.", DefaultMeaning: "the socket that its first vCPU starts on"),
        new("vcpus", Integer(1, MostVcpus), "Virtual CPUs.", Default: "1"),
        new("pin", new ListType(new WordOrIntegerType(Float, Integer(0, MostPCpus)), 1, MostVcpus, OneWithoutBrackets: true), "pCPU that each vCPU is pinned to, or float.", DefaultMeaning: "all vCPUs float"),
        new("start", new ListType(Integer(0, MostPCpus), 1, MostVcpus, OneWithoutBrackets: true), "pCPU that each vCPU starts on.", DefaultMeaning: "its pin; otherwise the pCPUs of the home socket, or of the host, in turn, in the order of the VMs"),
        new("interruptVcpu", Integer(0, MostVcpus), "vCPU that the guest sends its device interrupts to.", Default: "0"),
        new("multiDestination", new BooleanType(), "The guest gives its interrupts several destinations, so that they cannot follow a vCPU.", Default: "false"),
        new("applicationCycles", Cycles(0, 1_000_000_000, "2000cycles"), "Cycles the application spends on each received frame, beyond driver and stack.", Default: "0cycles"),
        new("busy", new BooleanType(), "The guest computes whenever it has nothing else to do; otherwise it halts.", Default: "false"),
        new("weight", Integer(1, 65_535), "Weight in the credit scheduler.", Default: "256"),
        new("vf", new ReferenceType("a VF of the VM's host, or a range of them", "nic0.p0.vf[0..62]"), "Its VF, where it has one.", DefaultMeaning: "none"),
        new("vfs", Functions, "Its VFs, where it has several; each may be a range.", DefaultMeaning: "none"),
    ]);

    public static Shape Flow { get; } = new("flow", "Frames from one place to another; with several VMs on a side, one flow for each.",
    [
        new("name", Name("rx"), "Name of the flow. Where it stands for several, each gets its VM's name appended: rx-vm3.", Required: true),
        new("from", new ReferenceType("a VM, a range (vm[0..62]), a pattern (vm*) or external", "vm0"), "Sender.", Default: NameRules.External),
        new("to", new ReferenceType("a VM, a range (vm[0..62]), a pattern (vm*) or external", "vm[0..62]"), "Receiver. Two ranges of the same length are taken element by element.", Default: NameRules.External),
        new("fromVf", Integer(0, 4_096), "Which of the sender's VFs, counted from 0.", Default: "0"),
        new("toVf", Integer(0, 4_096), "Which of the receiver's VFs, counted from 0.", Default: "0"),
        new("rate", BitRate(1, 100_000_000_000_000, "1Gbps"), "Offered load of each flow, in Ethernet frames without preamble and gap.", Required: true),
        new("frame", new QuantityType(Dimension.Length, 64, 9_018, "1518B"), "Frame length with header and FCS.", Default: "1518B"),
        new("arrival", new WordType(ChoiceNames.Arrivals.Words), "Spacing of the frames (or bursts).", Default: "constant"),
        new("on", Time(1_000, LongestRun, "1ms"), "Mean length of an on period; arrival on-off only, and required there.", DefaultMeaning: "none"),
        new("off", Time(1_000, LongestRun, "3ms"), "Mean length of an off period; arrival on-off only, and required there.", DefaultMeaning: "none"),
        new("burst", Integer(1, 65_536), "Frames sent back to back; the mean rate is kept.", Default: "1"),
        new("start", Time(0, LongestRun, "0ms"), "When it begins.", Default: "0ms"),
        new("stop", Time(0, LongestRun, "100ms"), "When it ends.", DefaultMeaning: "the end of the run"),
    ]);
}
