using System.Globalization;
using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>How amounts, numbers and moments look in the consoles.</summary>
public static class Show
{
    /// <summary>Beijing time, which has no summer time; pages name it.</summary>
    public static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public static string Exact(DateTimeOffset at) => at.ToOffset(Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For date-and-time fields.</summary>
    public static string Typed(DateTimeOffset at) => at.ToOffset(Zone).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.ToOffset(Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first moment of a day as it stands in an address; null when it is none.</summary>
    public static DateTimeOffset? DayOf(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, Zone) : null;

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"3 分钟前" within the hour, the time of day today, else the date; the exact moment goes into the title.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now, Language language)
    {
        var age = now - at;
        var (local, today) = (at.ToOffset(Zone), now.ToOffset(Zone));
        if (age >= TimeSpan.Zero && age < TimeSpan.FromMinutes(1)) return language.Pick("刚刚", "just now");
        if (age >= TimeSpan.Zero && age < TimeSpan.FromHours(1))
            return language.Pick($"{age.Minutes} 分钟前", age.Minutes == 1 ? "1 minute ago" : $"{age.Minutes} minutes ago");
        if (local.Date == today.Date) return language.Pick("今天 ", "today ") + local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return local.ToString(local.Year == today.Year ? "MM-dd HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Grouped, with four places unless told; a minus that cannot break away from its number.</summary>
    public static string Money(Money money, int places = 4)
    {
        var text = money.Text(places);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var start = text[0] == '-' ? 1 : 0;
        var whole = ulong.Parse(text.AsSpan(start, point - start), CultureInfo.InvariantCulture).ToString("#,0", CultureInfo.InvariantCulture);
        return (start == 1 ? "−" : "") + whole + text[point..];
    }

    /// <summary>As <see cref="Money"/>, a gain with its plus.</summary>
    public static string Signed(Money money) => money.IsPositive ? "+" + Money(money) : Money(money);

    public static string Percent(long bps) => (bps / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>As <see cref="Percent"/>, with its sign.</summary>
    public static string Margin(long bps) => bps < 0 ? "−" + Percent(-bps) : "+" + Percent(bps);

    /// <summary>A hold time in words.</summary>
    public static string Span(long seconds, Language language) => seconds switch
    {
        0 => language.Pick("立即", "at once"),
        < 3600 => language.Pick($"{seconds / 60} 分钟", $"{seconds / 60} min"),
        < 86_400 => language.Pick($"{seconds / 3600} 小时", $"{seconds / 3600} h"),
        _ => language.Pick($"{seconds / 86_400} 天", $"{seconds / 86_400} d"),
    };
}
