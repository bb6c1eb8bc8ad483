using System.Globalization;

namespace Lianka.Modules.Payments;

/// <summary>Days of China's calendar, by which channels write their statements.</summary>
public static class ChannelDays
{
    private static readonly TimeSpan _zone = TimeSpan.FromHours(8);

    /// <summary>Channels have yesterday's statement by then; where not, they are asked again.</summary>
    private static readonly TimeSpan _readyAt = TimeSpan.FromHours(10);

    public static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), _zone);

    public static DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(_zone).DateTime);

    public static DateTimeOffset ReadyAt(DateOnly day) => Start(day.AddDays(1)) + _readyAt;

    /// <summary>When a statement that was not there is asked for again.</summary>
    public static DateTimeOffset Again(DateTimeOffset now, long tries) => now + TimeSpan.FromMinutes(15 * Math.Min(tries + 1, 24));

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
