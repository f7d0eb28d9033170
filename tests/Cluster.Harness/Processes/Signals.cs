using System.Runtime.InteropServices;

namespace IoScale.Cluster.Harness.Processes;

/// <summary>Signals to one process, sent at once: what a test interrupts must not have moved on while another program starts to do it.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;

    public const int Kill = 9;

    public const int Terminate = 15;

    public const int Continue = 18;

    public const int Stop = 19;

    /// <summary>Numbers are those of Linux on x86 and Arm.</summary>
    public static void Send(int process, int signal)
    {
        // 0 and negative numbers are groups of processes.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(process, 1);
        if (kill(process, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} to process {process}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
