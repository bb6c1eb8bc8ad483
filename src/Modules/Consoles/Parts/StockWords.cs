using System.Globalization;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>How long stock lasts, in words.</summary>
public static class StockWords
{
    private const long Day = 86_400;

    public static Cell Lasts(SupplyOutlook? outlook, Language language) => outlook switch
    {
        null => new Cell("—"),
        { Left: 0 } => new Cell(language.Pick("卖完了", "Sold out"), Tone: "warning"),
        { Rate: null } => new Cell("—", Title: language.Pick("刚开始统计", "Watched for too short a time")),
        { SecondsLeft: { } seconds } => new Cell(Span(seconds, language), Sub: Rate(outlook.Rate.Value, language), Tone: seconds < Day ? "warning" : null),
        _ => new Cell(language.Pick("近 7 天没卖", "Not sold for 7 days")),
    };

    /// <summary>How long the money stays in escrow now, and how it comes to that when the grade makes it longer.</summary>
    public static Cell Hold(SupplyLine supply, Language language)
    {
        var more = GradeEffect.Of(supply.Grade).HoldSecondsMore;
        return more == 0 ? new Cell(Show.Span(supply.HoldSeconds, language))
            : new Cell(Show.Span(supply.HoldSeconds + more, language), Sub: language.Pick(
                $"约定{Show.Span(supply.HoldSeconds, language)}，评级 {supply.Grade} 加 {Show.Span(more, language)}",
                $"{Show.Span(supply.HoldSeconds, language)} agreed, {Show.Span(more, language)} for grade {supply.Grade}"), Tone: "warning");
    }

    /// <summary>It would sell, and is off for a reason that stands on the page of the standing.</summary>
    public static bool IsStopped(OwnSupply supply) =>
        supply.Why.Any(w => w is not (SupplyReasons.Off or SupplyReasons.Paused or SupplyReasons.NoCost or SupplyReasons.NotListed or SupplyReasons.OutOfStock))
        && !supply.Why.Any(w => w is SupplyReasons.Off or SupplyReasons.Paused or SupplyReasons.NoCost);

    public static (string Text, string Tone) State(OwnSupply supply, Language language) =>
        supply.Why.Contains(SupplyReasons.Off) ? (language.Pick("平台停用", "Off, by the platform"), "")
        : supply.Why.Contains(SupplyReasons.Paused) ? (language.Pick("已暂停", "Paused"), "warning")
        : supply.Why.Contains(SupplyReasons.NoCost) ? (language.Pick("没有进价", "No cost"), "warning")
        : IsStopped(supply) ? (language.Pick("停售", "Off"), "error")
        : supply.Why.Contains(SupplyReasons.NotListed) ? (language.Pick("平台未上架", "Not listed"), "warning")
        : supply.Why.Count > 0 ? (language.Pick("没货", "Out of stock"), "warning")
        : (language.Pick("在售", "On sale"), "ok");

    /// <summary>Hours below two days, days with one place below ten.</summary>
    public static string Span(long seconds, Language language) => seconds switch
    {
        < 3_600 => language.Pick("不到 1 小时", "less than 1 h"),
        < 2 * Day => language.Pick($"约 {seconds / 3_600} 小时", $"about {seconds / 3_600} h"),
        < 10 * Day => string.Create(CultureInfo.InvariantCulture, $"{language.Pick("约 ", "about ")}{seconds / Day}.{seconds % Day * 10 / Day}{language.Pick(" 天", " days")}"),
        < 365 * Day => language.Pick($"约 {seconds / Day} 天", $"about {seconds / Day} days"),
        _ => language.Pick("一年以上", "over a year"),
    };

    private static string Rate(long rate, Language language) => rate < 1_000
        ? language.Pick("每天不到 1 张", "less than 1 a day")
        : language.Pick($"每天约 {Show.Number(rate / 1_000)} 张", $"about {Show.Number(rate / 1_000)} a day");

    public static string Reason(StockAlert alert, Language language) => alert.Reason switch
    {
        "out" => language.Pick("卖完了", "Sold out"),
        "units" => language.Pick($"只剩 {Show.Number(alert.UnitsLeft)} 张", $"Only {Show.Number(alert.UnitsLeft)} left"),
        _ => language.Pick($"只够卖 {Span(alert.SecondsLeft ?? 0, language)}", $"Lasts {Span(alert.SecondsLeft ?? 0, language)}"),
    };

    public static string Limit(StockLimit limit, Language language) => (limit.Days, limit.Units) switch
    {
        (0, 0) => language.Pick("卖完才提醒", "only when sold out"),
        (var days, 0) => language.Pick($"少于 {days} 天", $"below {days} days"),
        (0, var units) => language.Pick($"少于 {Show.Number(units)} 张", $"below {Show.Number(units)} units"),
        var (days, units) => language.Pick($"少于 {days} 天或 {Show.Number(units)} 张", $"below {days} days or {Show.Number(units)} units"),
    };
}
