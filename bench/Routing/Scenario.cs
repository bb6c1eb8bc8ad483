namespace Lianka.Bench.Routing;

/// <summary>One source that an order can be sent to.</summary>
/// <param name="Rate">Share of attempts that succeed.</param>
/// <param name="Seconds">Mean time to an answer.</param>
/// <param name="CostBps">What it costs when it succeeds, in basis points of what the buyer paid.</param>
internal sealed record Arm(double Rate, double Seconds, int CostBps);

/// <summary>A time in which an arm is not as usual.</summary>
/// <param name="Hangs">Failures are not answered: the caller gives up after <see cref="World.TimeOut"/> and hears the truth much later.</param>
/// <param name="Ramps">The rate climbs evenly from <paramref name="Rate"/> back to the usual one.</param>
internal sealed record Phase(int Arm, double From, double To, double Rate, double Seconds, bool Hangs = false, bool Ramps = false);

/// <summary>A course of events, made from a seed.</summary>
/// <param name="Name">For tables.</param>
/// <param name="PerSecond">Orders, arriving by chance.</param>
/// <param name="LateShare">Share of successes that are heard of only minutes after the time-out.</param>
/// <param name="Quits">
/// Of payments: the share of buyers at a moment who see a pay code and go away, whatever the channel. What is not paid, for whatever reason but a
/// refusal at once, is heard of only when the reservation ends.
/// </param>
internal sealed record Scenario(
    string Name, double PerSecond, double Hours, IReadOnlyList<Arm> Arms, IReadOnlyList<Phase> Phases, double LateShare = 0, Func<double, double>? Quits = null)
{
    public double Length => Hours * 3_600;

    /// <summary>How an arm is at a moment. Of phases that overlap the last one counts.</summary>
    public (double Rate, double Seconds, bool Hangs) At(int arm, double t)
    {
        var usual = Arms[arm];
        for (var i = Phases.Count - 1; i >= 0; i--)
        {
            var p = Phases[i];
            if (p.Arm != arm || t < p.From || t >= p.To) continue;
            var rate = p.Ramps ? p.Rate + ((usual.Rate - p.Rate) * (t - p.From) / (p.To - p.From)) : p.Rate;
            return (rate, p.Seconds, p.Hangs);
        }

        return (usual.Rate, usual.Seconds, false);
    }
}
