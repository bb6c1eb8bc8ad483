namespace Lianka.Modules.Inventory.Core;

/// <summary>How long stock lasts at the rate at which it has been selling.</summary>
/// <remarks>
/// The rate is that of the last seven days of UTC, the part of each in which the supply was watched; today counts seven
/// times, the day before six times, and so on. Held by: tests/Unit/Inventory/StockForecastExamples.cs.
/// </remarks>
internal static class StockForecast
{
    public const int Days = 7;

    /// <summary>Less than this says nothing about a rate.</summary>
    private const long ObservedMin = 3_600;

    private const long Day = 86_400;

    /// <summary>The day of a moment, counted from 1970 in UTC.</summary>
    public static long DayOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / Day;

    /// <param name="unitsOf">Units sold on a day; below zero when more came back.</param>
    /// <param name="since">Since when the supply is watched.</param>
    /// <returns>Thousandths of a unit a day, rounded down, at least 0; null: it has not been watched for long enough.</returns>
    public static long? RateOf(Func<long, long> unitsOf, DateTimeOffset since, DateTimeOffset now)
    {
        var (from, to) = (since.ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
        if (to - from < ObservedMin) return null;
        Int128 sold = 0, time = 0;
        for (var age = 0; age < Days; age++)
        {
            var day = DayOf(now) - age;
            var watched = Math.Min(to, (day + 1) * Day) - Math.Max(from, day * Day);
            if (watched <= 0) continue;
            sold += (Days - age) * (Int128)unitsOf(day);
            time += (Days - age) * (Int128)watched;
        }

        return sold <= 0 ? 0 : (long)(sold * Day * 1_000 / time);
    }

    /// <returns>Whole seconds, rounded down; null: at this rate, never.</returns>
    public static long? SecondsLeft(long left, long? rate) =>
        rate is not > 0 ? null : (long)Int128.Min((Int128)left * Day * 1_000 / rate.Value, long.MaxValue);
}
