using IoScale.Scenarios.Values;
using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>Keys of VMs and of the traffic between them.</summary>
internal static class GuestKeys
{
    public const string Float = "float";

    /// <summary>About what a receive buffer of 87,380 bytes holds, Linux's default of the time.</summary>
    public const int TcpWindow = 60;

    private static readonly ListType Functions = new(new ReferenceType("a VF of the VM's host", FunctionName.Example), 0, 4_096);

    /// <summary>Xen keeps the ids from 0x7ff0 on for itself (Xen public/xen.h).</summary>
    public const int LargestDomid = 0x7fef;

    /// <summary>pCPU of each vCPU, or float.</summary>
    public static ListType Pins { get; } = new(new WordOrIntegerType(Float, Integer(0, MostPCpus)), 1, MostVcpus, OneWithoutBrackets: true);

    public static ListType Starts { get; } = new(Integer(0, MostPCpus), 1, MostVcpus, OneWithoutBrackets: true);

    public static WordType Policy { get; } = new(ChoiceNames.Notifications.Words);

    public static QuantityType PollRate { get; } = Frequency(1, 1_000_000, "1kHz");

    public static Shape Notification { get; } = new("notification", "When netback notifies the VM's netfront of received frames.",
    [
        new("policy", Policy, "Whenever the ring's macros say so (every), at most at a rate (netback-rate), or only while netfront does not poll the ring itself (netfront-poll).", Default: "every"),
        new("rate", PollRate, "Highest rate of notifications, or rate of the polls; netback-rate and netfront-poll only, and required there.", DefaultMeaning: "none"),
    ]);

    public static Shape Vm { get; } = new("vm", "A virtual machine, or a range of them. Other values of a range entry may be ranges of the same length, taken element by element.",
    [
        new("name", Names("vm[0..62]"), "Name of the VM, or a range of names.", Required: true),
        new("host", new ReferenceType("a host", "h0"), "Host it runs on; may be a range.", DefaultMeaning: "the only host"),
        new("socket", Integer(0, MostPCpus), "Home socket.", DefaultMeaning: "the socket that its first vCPU starts on"),
        new("vcpus", Integer(1, MostVcpus), "Virtual CPUs.", Default: "1"),
        new("pin", Pins, "pCPU that each vCPU is pinned to, or float.", DefaultMeaning: "all vCPUs float"),
        new("start", Starts, "pCPU that each vCPU starts on.", DefaultMeaning: "its pin; otherwise the pCPUs of the home socket, or of the host, in turn, in the order of the VMs"),
        new("virtualization", new WordType(ChoiceNames.Virtualizations.Words), "Hardware-assisted (hvm), or paravirtual (pv): event channels and hypercalls instead of interrupts and exits.", Default: "hvm"),
        new("domid", new IntegerOrRangeType(Integer(1, LargestDomid), "\"[10..19]\""), "Domain id, of its own in the host; may be a range.", DefaultMeaning: "one more than that of the VM before it on its host, from 1"),
        new("interruptVcpu", Integer(0, MostVcpus), "vCPU that the guest sends its device interrupts to.", Default: "0"),
        new("multiDestination", new BooleanType(), "The guest gives its interrupts several destinations, so that they cannot follow a vCPU.", Default: "false"),
        new("applicationCycles", Cycles(0, 1_000_000_000, "2000cycles"), "Cycles the application spends on each received frame, beyond driver and stack.", Default: "0cycles"),
        new("busy", new BooleanType(), "The guest computes whenever it has nothing else to do; otherwise it halts.", Default: "false"),
        new("weight", Integer(1, 65_535), "Weight in the credit scheduler.", Default: "256"),
        new("vf", new ReferenceType("a VF of the VM's host, or a range of them", "nic0.p0.vf[0..62]"), "Its VF, where it has one.", DefaultMeaning: "none"),
        new("vfs", Functions, "Its VFs, where it has several; each may be a range.", DefaultMeaning: "none"),
        new("vif", new ReferenceType("a NIC port of the VM's host", PortName.Example), "Port that its PV network interface is bridged to; not beside VFs. May be a range.", DefaultMeaning: "none"),
        new("notification", new ShapeType(Notification), "When netback notifies it; with a vif only.", DefaultMeaning: "the defaults of its keys"),
        new("interrupts", new WordType(ChoiceNames.Interrupts.Words), "How its devices signal: MSI or MSI-X, or a level-triggered pin of the IO-APIC (intx), which cannot follow a vCPU.", Default: "msi"),
        new("maskPerInterrupt", new BooleanType(), "The guest masks and unmasks its MSI-X entry at every interrupt, as drivers before about Linux 2.6.28 do.", Default: "false"),
        new("eoiInstruction", new WordType(ChoiceNames.EoiInstructions.Words), "Instruction that it writes the EOI register with: a plain store, or a string store with side effects.", Default: "mov"),
        new("tick", Frequency(0, 10_000, "250Hz"), "Rate of its timer on each vCPU that is not halted, which reprograms the APIC timer each time; 0Hz for none.", Default: "0Hz"),
        new("applicationVcpu", Integer(0, MostVcpus), "vCPU that the application runs on.", DefaultMeaning: "interruptVcpu where there is a socketBuffer; otherwise the application runs inside the receive poll"),
        new("socketBuffer", Integer(0, 1_000_000), "Frames that may wait for the application, more are lost; 0 for no limit.", DefaultMeaning: "no limit"),
    ]);

    public static Shape Flow { get; } = new("flow", "Frames from one place to another; with several VMs on a side, one flow for each.",
    [
        new("name", Name("rx"), "Name of the flow. Where it stands for several, each gets its VM's name appended: rx-vm3.", Required: true),
        new("from", new ReferenceType("a VM, a range (vm[0..62]), a pattern (vm*) or external", "vm0"), "Sender.", Default: NameRules.External),
        new("to", new ReferenceType("a VM, a range (vm[0..62]), a pattern (vm*) or external", "vm[0..62]"), "Receiver. Two ranges of the same length are taken element by element.", Default: NameRules.External),
        new("fromVf", Integer(0, 4_096), "Which of the sender's VFs, counted from 0; 0 for a vif.", Default: "0"),
        new("toVf", Integer(0, 4_096), "Which of the receiver's VFs, counted from 0; 0 for a vif.", Default: "0"),
        new("transport", new WordType(ChoiceNames.Transports.Words), "How the sender behaves: it sends whatever happens (udp), backs off on loss (tcp), or waits for each response (request-response).", Default: "udp"),
        new("window", Integer(1, 65_536), "Most frames (tcp) or requests (request-response) under way; not with udp.", DefaultMeaning: $"tcp: {TcpWindow}; request-response: 1"),
        new("response", new QuantityType(Dimension.Length, 64, 9_018, "64B"), "Length of the response; request-response only.", DefaultMeaning: "64B"),
        new("distance", Time(0, Second, "50us"), "One-way time between a station outside and the port's wire; tcp and request-response only.", DefaultMeaning: "none"),
        new("rate", BitRate(1, 100_000_000_000_000, "1Gbps"), "Offered load of each flow, in Ethernet frames without preamble and gap; tcp may stay below it, and request-response has none: it goes as fast as responses come.", Required: true),
        new("frame", new QuantityType(Dimension.Length, 64, 9_018, "1518B"), "Frame length with header and FCS.", Default: "1518B"),
        new("arrival", new WordType(ChoiceNames.Arrivals.Words), "Spacing of the frames (or bursts); not with request-response.", Default: "constant"),
        new("on", Time(1_000, LongestRun, "1ms"), "Mean length of an on period; arrival on-off only, and required there.", DefaultMeaning: "none"),
        new("off", Time(1_000, LongestRun, "3ms"), "Mean length of an off period; arrival on-off only, and required there.", DefaultMeaning: "none"),
        new("burst", Integer(1, 65_536), "Frames sent back to back; the mean rate is kept. Not with request-response.", Default: "1"),
        new("start", Time(0, LongestRun, "0ms"), "When it begins.", Default: "0ms"),
        new("stop", Time(0, LongestRun, "100ms"), "When it ends.", DefaultMeaning: "the end of the run"),
    ]);
}
