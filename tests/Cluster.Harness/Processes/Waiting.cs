using System.Diagnostics;

namespace IoScale.Cluster.Harness.Processes;

/// <summary>Waits for conditions of other processes, which nobody tells us of: looks again and again, with a bound.</summary>
public static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Until <paramref name="look"/> finds something; null counts as nothing.</summary>
    /// <param name="what">Completes "waited in vain for".</param>
    /// <param name="bound">Longest wait.</param>
    /// <param name="pause">Between two looks, 100 ms if not said.</param>
    /// <exception cref="TimeoutException">Nothing within the bound.</exception>
    public static async Task<T> For<T>(string what, TimeSpan bound, Func<Task<T?>> look, TimeSpan? pause = null)
        where T : class
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            if (waited.Elapsed > bound)
            {
                throw new TimeoutException($"waited {bound.TotalSeconds:0} s in vain for {what}");
            }

            await Task.Delay(pause ?? Pause);
        }
    }

    /// <summary>Until the condition holds.</summary>
    /// <exception cref="TimeoutException">It does not within the bound.</exception>
    public static Task Until(string what, TimeSpan bound, Func<bool> condition) =>
        For(what, bound, () => Task.FromResult(condition() ? what : null), TimeSpan.FromMilliseconds(10));
}
