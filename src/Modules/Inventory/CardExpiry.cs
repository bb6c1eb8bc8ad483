namespace Lianka.Modules.Inventory;

/// <summary>Expiry dates as people write them.</summary>
public static class CardExpiry
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    /// <summary>The moment at which cards "valid through" a day end: the end of that day in China (UTC+8, no summer time).</summary>
    public static DateTimeOffset EndOf(DateOnly day) =>
        new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), _china).ToUniversalTime();
}
