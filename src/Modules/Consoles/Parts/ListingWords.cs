using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>A listing, its rule and its rows in words.</summary>
internal static class ListingWords
{
    public static string Choice(Listing listing, IReadOnlyList<Category> categories, Language language) => BulkWords.File(listing, language) ?? BulkWords.Choice(
        listing.Choice, categories, listing.TakesOff ? language.Pick("架上全部商品", "everything on the shelf") : language.Pick("对您供货的全部商品", "everything offered to you"), language);

    /// <param name="rule">Null: a file has the prices.</param>
    public static string Rule(RetailRule? rule, Language language)
    {
        if (rule is null) return language.Pick("文件里写的价", "as the file says");
        var parts = new List<string>();
        if (rule.MarginBps > 0) parts.Add("+" + Show.Percent(rule.MarginBps));
        if (!rule.Added.IsZero) parts.Add("+" + Show.Money(rule.Added));
        if (parts.Count == 0) parts.Add("+0");
        if (rule.AddedMax is { } most) parts.Add(language.Pick($"最多加 {Show.Money(most)}", $"at most {Show.Money(most)}"));
        if (rule.Ending != RetailEnding.Fen) parts.Add(Ending(rule.Ending, language));
        return string.Join(language.Pick("，", ", "), parts);
    }

    public static IEnumerable<Option> Endings(Language language) =>
        Enum.GetValues<RetailEnding>().Select(e => new Option(e.ToString(), Ending(e, language)));

    private static string Ending(RetailEnding ending, Language language) => ending switch
    {
        RetailEnding.Jiao => language.Pick("到角，如 49.60", "x.x0, such as 49.60"),
        RetailEnding.Nine => language.Pick("尾数 9，如 49.59", "x.x9, such as 49.59"),
        RetailEnding.Yuan => language.Pick("整元，如 50.00", "x.00, such as 50.00"),
        _ => language.Pick("到分，如 49.58", "whole fen, such as 49.58"),
    };

    /// <summary>What a listing can be narrowed to; null: all.</summary>
    public static IEnumerable<BulkOutcome?> Filters(Listing listing)
    {
        yield return null;
        if (listing.TakesOff)
        {
            yield return BulkOutcome.Off;
        }
        else
        {
            yield return BulkOutcome.Add;
            yield return BulkOutcome.Change;
            yield return BulkOutcome.Same;
            yield return BulkOutcome.Cannot;
            if (listing.File is not null) yield return BulkOutcome.Off;
        }

        if (listing.Moved > 0) yield return BulkOutcome.Moved;
    }

    public static (string Text, string Tone) Outcome(BulkOutcome outcome, Listing listing, Language language)
    {
        var isDone = listing.State == BulkStage.Done;
        return outcome switch
        {
            BulkOutcome.Add => isDone ? (language.Pick("已上架", "Listed"), "ok") : (language.Pick("将上架", "To be listed"), "ok"),
            BulkOutcome.Change => isDone ? (language.Pick("已改价", "Price changed"), "ok") : (language.Pick("将改价", "Price to change"), "waiting"),
            BulkOutcome.Off => isDone ? (language.Pick("已下架", "Taken off"), "ok") : (language.Pick("将下架", "To be taken off"), "waiting"),
            BulkOutcome.Cannot => (language.Pick("不能上架", "Cannot be listed"), "error"),
            _ => BulkWords.Idle(outcome, language),
        };
    }

    public static string Note(ListingRow row, Language language) => row.Note switch
    {
        ListingNote.Floor => language.Pick("已提到最低限价以上", "raised to the floor"),
        ListingNote.Ceiling => language.Pick("已降到最高限价", "lowered to the ceiling"),
        ListingNote.NotOffered => language.Pick("现在没有对您供货", "not offered to you now"),
        ListingNote.BelowCost => language.Pick($"不够拿货价加手续费，至少要卖 {Show.Money(row.Lowest!.Value, 2)}", $"below own price and fee: at least {Show.Money(row.Lowest!.Value, 2)}"),
        ListingNote.BelowFloor => language.Pick($"低于最低限价，至少要卖 {Show.Money(row.Lowest!.Value, 2)}", $"below the lowest price allowed: at least {Show.Money(row.Lowest!.Value, 2)}"),
        ListingNote.AboveCeiling => language.Pick("高于最高限价", "above the highest price allowed"),
        ListingNote.NoPrice => language.Pick("最高限价也不够拿货价加手续费", "even the ceiling is below own price and fee"),
        _ => "",
    };
}
