namespace Lianka.Modules.Analytics;

/// <summary>Days as the figures have them: of China, UTC+8, which has no summer time.</summary>
public static class FigureDay
{
    private static readonly int _first = new DateOnly(1970, 1, 1).DayNumber;

    public static long NumberOf(DateOnly day) => day.DayNumber - _first;

    public static DateOnly Of(long number) => DateOnly.FromDayNumber((int)number + _first);

    /// <summary>The day of a moment in microseconds, in SQL.</summary>
    internal static string Sql(string moment) => $"({moment} + 28800000000) / 86400000000";
}
