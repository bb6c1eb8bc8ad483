namespace Lianka.Modules.Payments;

/// <summary>A try to pay whose code has run out, paid or not.</summary>
public sealed record EndedTry
{
    /// <summary>1: it was paid.</summary>
    public long Paid { get; init; }

    /// <summary>When its code ran out.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>How the last tries to pay through a channel went.</summary>
/// <param name="Tried">Those that ran out in the last hour; where these are few, the last ones.</param>
/// <param name="IsFailing">
/// Buyers go to it now, and hardly any of them pay: fewer than a quarter in the hour. Of one with few buyers, none of the last ones since the day before yesterday.
/// </param>
/// <remarks>
/// Whether one is paid shows within seconds, that it is not only when its code has run out: of those that are just over nearly all are paid, however badly it goes.
/// Held by: tests/Unit/Payments/ChannelHealthExamples.cs, tests/Integration/Payments/EndedAttemptTests.cs.
/// </remarks>
public sealed record ChannelHealth(int Tried, int Paid, bool IsFailing)
{
    /// <summary>So many are looked at, the newest.</summary>
    public const int LookedAt = 50;

    /// <summary>Of fewer tries nothing is said.</summary>
    private const int TriesMin = 10;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _seldom = TimeSpan.FromDays(2);

    /// <param name="newest">At most <see cref="LookedAt"/>, the newest first.</param>
    public static ChannelHealth Of(IReadOnlyList<EndedTry> newest, DateTimeOffset now)
    {
        var hour = newest.Where(t => t.ExpiresAt > now - _hour).ToList();
        if (hour.Count >= TriesMin)
        {
            var paid = hour.Count(t => t.Paid == 1);
            return new ChannelHealth(hour.Count, paid, paid * 4 < hour.Count);
        }

        var last = newest.Take(TriesMin).ToList();
        return new ChannelHealth(last.Count, last.Count(t => t.Paid == 1), last.Count == TriesMin && last.TrueForAll(t => t.Paid == 0 && t.ExpiresAt > now - _seldom));
    }
}
