namespace Lianka.Tests.Simulation;

/// <summary>Many seeds, on threads of their own: nothing of one run is shared with another.</summary>
internal static class Runs
{
    private const int FailuresMax = 10;

    /// <param name="tamper">Falsifies the finished tables, to try the proofs.</param>
    /// <returns>Null when everything held; otherwise what did not, and how to see it again.</returns>
    public static string? One(long seed, Tally tally, Action<string>? trace = null, Action<Tables>? tamper = null)
    {
        try
        {
            new Simulation(seed, tally, trace).Run(tamper);
            return null;
        }
        catch (Exception broken)
        {
            var what = broken as BrokenException ?? new BrokenException("the simulation", broken.ToString());
            return $"seed {seed} breaks {what.Message}\n  see it again: dotnet run --project tests/Simulation -c Release -- --seed {seed}";
        }
    }

    public static (Tally Tally, IReadOnlyList<string> Failures) Of(long from, long count, int threads)
    {
        var (next, total, failures) = (from, new Tally(), new List<string>());
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        return (total, failures);

        void Work()
        {
            var tally = new Tally();
            while (true)
            {
                var seed = Interlocked.Increment(ref next) - 1;
                if (seed >= from + count || failures.Count >= FailuresMax) break;
                if (One(seed, tally) is not { } failure) continue;
                lock (failures) failures.Add(failure);
            }

            lock (total) total.Add(tally);
        }
    }
}
