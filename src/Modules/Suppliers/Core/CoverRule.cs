using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>How much a supplier's deposit has to cover (docs/suppliers.md).</summary>
/// <remarks>Held by: tests/Unit/Suppliers/CoverExamples.cs.</remarks>
internal static class CoverRule
{
    /// <summary>So many whole days of turnover count, the last of them yesterday.</summary>
    public const long TurnoverDays = 30;

    /// <summary>A day is counted when this much time has gone since its end: whatever was posted in it is committed by then.</summary>
    public static readonly TimeSpan DayCloses = TimeSpan.FromMinutes(10);

    /// <summary>Beijing's days, which have no summer time.</summary>
    private static readonly TimeSpan _zone = TimeSpan.FromHours(8);

    /// <summary>The sum of the categories' amounts, or the share of the turnover, whichever is more.</summary>
    /// <param name="shareBps">0 to 10,000 basis points; the share is rounded half away from zero to 1/10,000 yuan.</param>
    public static Money Required(Money categories, Money turnover, long shareBps) => Money.Max(categories, turnover.AtBps(shareBps));

    /// <summary>Whole days since 1970 in Beijing.</summary>
    public static long DayOf(DateTimeOffset at) => (at.ToOffset(_zone).Date - DateTime.UnixEpoch.Date).Days;

    public static DateTimeOffset StartOf(long day) => DateTimeOffset.UnixEpoch + TimeSpan.FromDays((int)day) - _zone;

    /// <summary>The last day that is counted at this moment.</summary>
    public static long LastClosed(DateTimeOffset now) => DayOf(now - DayCloses) - 1;
}
