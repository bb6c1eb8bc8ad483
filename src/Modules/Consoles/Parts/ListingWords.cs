using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>A listing, its rule and its rows in words.</summary>
internal static class ListingWords
{
    public static string Choice(Listing listing, IReadOnlyList<Category> categories, Language language)
    {
        var choice = listing.Choice;
        if (choice.Skus.Count > 0) return language.Pick($"勾选的 {choice.Skus.Count} 个规格", $"{choice.Skus.Count} marked SKUs");
        var parts = categories.Where(c => choice.Categories.Contains(c.Slug)).Select(c => language.PickOr(c.NameZh, c.NameEn)).ToList();
        if (choice.Words.Length > 0) parts.Add(language.Pick($"「{choice.Words}」", $"“{choice.Words}”"));
        return parts.Count > 0 ? string.Join(language.Pick("、", ", "), parts)
            : listing.TakesOff ? language.Pick("架上全部商品", "everything on the shelf") : language.Pick("对您供货的全部商品", "everything offered to you");
    }

    public static string Rule(RetailRule rule, Language language)
    {
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

    public static (string Text, string Tone) State(Listing listing, Language language) => listing.State switch
    {
        ListingStage.Previewing => (language.Pick($"正在算 {listing.Percent}%", $"Being worked out, {listing.Percent}%"), "waiting"),
        ListingStage.Ready => (language.Pick("预览，还没上架", "Preview, not done yet"), "waiting"),
        ListingStage.Applying => (language.Pick($"进行中 {listing.Percent}%", $"Running, {listing.Percent}%"), "waiting"),
        _ when listing.Moved > 0 => (language.Pick("完成，有没动的", "Done, some left alone"), "warning"),
        _ => (language.Pick("完成", "Done"), "ok"),
    };

    /// <summary>What a listing can be narrowed to; null: all.</summary>
    public static IEnumerable<ListingOutcome?> Filters(Listing listing)
    {
        yield return null;
        if (listing.TakesOff)
        {
            yield return ListingOutcome.Off;
        }
        else
        {
            yield return ListingOutcome.Add;
            yield return ListingOutcome.Change;
            yield return ListingOutcome.Same;
            yield return ListingOutcome.Cannot;
        }

        if (listing.Moved > 0) yield return ListingOutcome.Moved;
    }

    public static (string Text, string Tone) Outcome(ListingOutcome outcome, Listing listing, Language language)
    {
        var isDone = listing.State == ListingStage.Done;
        return outcome switch
        {
            ListingOutcome.Add => isDone ? (language.Pick("已上架", "Listed"), "ok") : (language.Pick("将上架", "To be listed"), "ok"),
            ListingOutcome.Change => isDone ? (language.Pick("已改价", "Price changed"), "ok") : (language.Pick("将改价", "Price to change"), "waiting"),
            ListingOutcome.Off => isDone ? (language.Pick("已下架", "Taken off"), "ok") : (language.Pick("将下架", "To be taken off"), "waiting"),
            ListingOutcome.Same => (language.Pick("不变", "As it is"), ""),
            ListingOutcome.Cannot => (language.Pick("不能上架", "Cannot be listed"), "error"),
            _ => (language.Pick("价变了，没动", "Prices moved, left alone"), "warning"),
        };
    }

    public static string Note(ListingRow row, Language language) => row.Note switch
    {
        ListingNote.Floor => language.Pick("已提到最低限价以上", "raised to the floor"),
        ListingNote.Ceiling => language.Pick("已降到最高限价", "lowered to the ceiling"),
        ListingNote.NotOffered => language.Pick("现在没有对您供货", "not offered to you now"),
        ListingNote.BelowCost => language.Pick($"不够拿货价加手续费，至少要卖 {Show.Money(row.Lowest!.Value, 2)}", $"below own price and fee: at least {Show.Money(row.Lowest!.Value, 2)}"),
        ListingNote.NoPrice => language.Pick("最高限价也不够拿货价加手续费", "even the ceiling is below own price and fee"),
        _ => "",
    };
}
