using System.Diagnostics;
using Lianka.Kernel.Routing;

namespace Lianka.Bench.Routing;

/// <summary>How long one decision among ten candidates takes, with full windows, answers that come in between, and some that do not come.</summary>
internal static class DecisionSpeed
{
    private const int Decisions = 400_000;
    private const int Warm = 50_000;

    /// <returns>Microseconds at the median, the 99th and the 99.9th of a hundred, of choosing and of reporting; and the decisions a second of one core.</returns>
    public static (double[] Choosing, double[] Reporting, double PerSecond) Measure()
    {
        var router = new Router();
        var candidates = Enumerable.Range(1, 10).Select(i => new Candidate { Id = i, CostUnits = 930_000 + (i * 100), Priority = i, Weight = 1 }).ToArray();
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var (choosing, reporting) = (new long[Decisions], new long[Decisions]);
        long checksum = 0;
        for (var i = -Warm; i < Decisions; i++)
        {
            now = now.AddMilliseconds(100);
            var begun = Stopwatch.GetTimestamp();
            var decision = router.Choose(candidates, World.Paid, now, Chance.Of(1, i, 0, 0));
            var chosen = Stopwatch.GetTimestamp();
            checksum = (checksum * 31) + decision.Chosen;

            // Every candidate is in use, so that no window is empty; one attempt in fifty stays without an answer; one in ten is heard of late.
            var candidate = 1 + (long)(Chance.Of(1, i, 0, 1) * 10);
            router.Begin(candidate, i, now);
            var reported = Stopwatch.GetTimestamp();
            if (Chance.Of(1, i, 0, 2) > .02)
            {
                var sent = Chance.Of(1, i, 0, 3) < .1 ? now.AddSeconds(-60) : now;
                router.Report(candidate, sent == now ? i : i + 1_000_000_000L, Chance.Of(1, i, 0, 4) < .96 ? Outcome.Succeeded : Outcome.Failed, sent, now.AddSeconds(1));
            }

            if (i >= 0) (choosing[i], reporting[i]) = (chosen - begun, Stopwatch.GetTimestamp() - reported);
        }

        GC.KeepAlive(checksum);
        return (Percentiles(choosing), Percentiles(reporting), Decisions / (choosing.Sum() / (double)Stopwatch.Frequency));
    }

    private static double[] Percentiles(long[] ticks)
    {
        Array.Sort(ticks);
        return [.. new[] { .5, .99, .999 }.Select(p => ticks[(int)(ticks.Length * p)] * 1_000_000.0 / Stopwatch.Frequency)];
    }
}
