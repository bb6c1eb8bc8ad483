namespace Lianka.Bench.Routing;

/// <summary>What a policy hears about an attempt. Unknown comes first where nobody answered in time, the truth later.</summary>
internal enum Heard
{
    Succeeded,
    Failed,
    Unknown,
}

/// <summary>A way to choose. Arms are numbered in the order of their priority.</summary>
internal interface IPolicy
{
    /// <param name="draw">Chance in [0, 1), the same for every policy.</param>
    int Choose(long order, double t, double draw);

    void Hear(long order, int arm, Heard what, double sent, double t);
}

/// <summary>The truth: what an attempt comes to, and what it is worth.</summary>
internal sealed class World(Scenario scenario, int seed)
{
    /// <summary>What the buyer pays for each order, in 1/10,000 yuan: 100 yuan.</summary>
    public const long Paid = 1_000_000;

    /// <summary>What a failed attempt costs beyond the margin that it loses: 3 % of what was paid.</summary>
    public const long Harm = 30_000;

    /// <summary>What a second of waiting costs: one basis point of what was paid.</summary>
    public const long Second = 100;

    public const double TimeOut = 30;

    /// <summary>When an unpaid reservation ends, in seconds.</summary>
    public const double Reservation = 900;

    public Scenario Scenario => scenario;

    /// <summary>What an attempt by an arm is worth on average, in units of money; only the oracle may look.</summary>
    public double Worth(int arm, double t)
    {
        var (rate, seconds, hangs) = scenario.At(arm, t);
        rate *= 1 - (scenario.Quits?.Invoke(t) ?? 0);
        var waits = hangs ? (rate * seconds) + ((1 - rate) * TimeOut) : seconds;
        // Nobody waits for longer than this: the buyer has been told that it is being worked on.
        return (rate * (Paid - Cost(arm))) - ((1 - rate) * Harm) - (Math.Min(waits, TimeOut) * Second);
    }

    public long Cost(int arm) => Paid / 10_000 * scenario.Arms[arm].CostBps;

    /// <summary>What is heard of an attempt, and when.</summary>
    public IEnumerable<(double At, Heard What)> Attempt(long order, int arm, double t)
    {
        var (rate, mean, hangs) = scenario.At(arm, t);
        var succeeds = Chance.Of(seed, order, arm, 0) < rate;
        var seconds = Chance.Seconds(mean, Chance.Of(seed, order, arm, 1), Chance.Of(seed, order, arm, 2));
        if (scenario.Quits is { } quits)
        {
            // The same buyers go away whichever channel they were sent to.
            if (Chance.Of(seed, order, 254, 7) < quits(t) || (!succeeds && hangs)) return [(t + Reservation, Heard.Failed)];
            return [(t + (succeeds ? seconds : 1), succeeds ? Heard.Succeeded : Heard.Failed)];
        }

        var isLate = succeeds ? Chance.Of(seed, order, arm, 3) < scenario.LateShare : hangs;
        if (!isLate) return [(t + seconds, succeeds ? Heard.Succeeded : Heard.Failed)];
        var known = t + TimeOut + 60 + (240 * Chance.Of(seed, order, arm, 4));
        return [(t + TimeOut, Heard.Unknown), (known, succeeds ? Heard.Succeeded : Heard.Failed)];
    }
}
