using Lianka.Kernel.Routing;

namespace Lianka.Bench.Routing;

/// <summary>Always the first: what a list of priorities comes to without anybody watching.</summary>
internal sealed class FixedPriority : IPolicy
{
    public int Choose(long order, double t, double draw) => 0;
    public void Hear(long order, int arm, Heard what, double sent, double t) { }
}

internal sealed class RoundRobin(int arms) : IPolicy
{
    private int _next;
    public int Choose(long order, double t, double draw) => _next++ % arms;
    public void Hear(long order, int arm, Heard what, double sent, double t) { }
}

/// <summary>Knows how every arm is at every moment.</summary>
internal sealed class Oracle(World world) : IPolicy
{
    public int Choose(long order, double t, double draw) => Best(world, t);
    public void Hear(long order, int arm, Heard what, double sent, double t) { }
    public static int Best(World world, double t) => Enumerable.Range(0, world.Scenario.Arms.Count).MaxBy(a => world.Worth(a, t));
}

/// <summary>
/// Success-rate scoring, version 3, as its authors describe it: the mean of the last 125 outcomes, which begin as successes; in five of a
/// hundred decisions one of the others, all alike; otherwise the highest mean.
/// </summary>
/// <param name="isCostAware">With their further step: a cheaper arm goes first when its expected value is strictly higher, except while exploring.</param>
internal sealed class SuccessRateV3(World world, bool isCostAware) : IPolicy
{
    private const int Bucket = 125;
    private const double Hedging = .05;
    private readonly bool[][] _last = [.. world.Scenario.Arms.Select(_ => Enumerable.Repeat(true, Bucket).ToArray())];
    private readonly int[] _heard = new int[world.Scenario.Arms.Count];
    private readonly int[] _sum = [.. world.Scenario.Arms.Select(_ => Bucket)];
    // A time-out stands as a failure until the truth replaces it.
    private readonly Dictionary<long, int> _unknown = [];

    public int Choose(long order, double t, double draw)
    {
        var best = Enumerable.Range(0, _sum.Length).MaxBy(a => _sum[a]);
        if (draw < Hedging)
        {
            var other = (int)(draw / Hedging * (_sum.Length - 1));
            return other >= best ? other + 1 : other;
        }

        if (!isCostAware) return best;
        foreach (var arm in Enumerable.Range(0, _sum.Length))
            if (world.Cost(arm) < world.Cost(best) && Value(arm) > Value(best)) best = arm;
        return best;
    }

    public void Hear(long order, int arm, Heard what, double sent, double t)
    {
        if (_unknown.Remove(order, out var number))
        {
            if (what != Heard.Succeeded || _heard[arm] - number > Bucket) return;
            (_last[arm][number % Bucket], _sum[arm]) = (true, _sum[arm] + 1);
            return;
        }

        number = _heard[arm]++;
        _sum[arm] += (what == Heard.Succeeded ? 1 : 0) - (_last[arm][number % Bucket] ? 1 : 0);
        _last[arm][number % Bucket] = what == Heard.Succeeded;
        if (what == Heard.Unknown) _unknown[order] = number;
    }

    private double Value(int arm) => (double)_sum[arm] / Bucket * (World.Paid - world.Cost(arm));
}

/// <summary>Lianka's router, as a node uses it.</summary>
internal sealed class OurRouter(World world, RouterSettings settings) : IPolicy
{
    private readonly Router _router = new(settings);
    private readonly Candidate[] _candidates =
        [.. world.Scenario.Arms.Select((_, arm) => new Candidate { Id = arm + 1, CostUnits = world.Cost(arm), Priority = arm, Weight = 1 })];

    public int Choose(long order, double t, double draw)
    {
        var arm = (int)_router.Choose(_candidates, World.Paid, At(t), draw).Chosen - 1;
        _router.Begin(arm + 1, order, At(t));
        return arm;
    }

    public void Hear(long order, int arm, Heard what, double sent, double t) => _router.Report(arm + 1, order, what switch
    {
        Heard.Succeeded => Outcome.Succeeded,
        Heard.Failed => Outcome.Failed,
        _ => Outcome.Unknown,
    }, At(sent), At(t));

    private static DateTimeOffset At(double t) => DateTimeOffset.UnixEpoch.AddSeconds(t + 1_000_000);
}
