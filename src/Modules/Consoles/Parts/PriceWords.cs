using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Rules for level prices, their rows and what is odd about a price, in words.</summary>
internal static class PriceWords
{
    public static string Warnings(PriceWarnings warnings, Language language)
    {
        var parts = new List<string>();
        if (warnings.HasFlag(PriceWarnings.BelowCost)) parts.Add(language.Pick("低于进价", "below cost"));
        if (warnings.HasFlag(PriceWarnings.UpsideDown)) parts.Add(language.Pick("等级倒挂", "levels upside down"));
        if (warnings.HasFlag(PriceWarnings.AboveCeiling)) parts.Add(language.Pick("高于最高零售价", "above the retail ceiling"));
        return string.Join(language.Pick("，", ", "), parts);
    }

    public static string Tone(PriceWarnings warnings) => warnings.HasFlag(PriceWarnings.BelowCost) ? "error" : warnings == PriceWarnings.None ? "" : "warning";

    public static string Choice(Repricing work, IReadOnlyList<Category> categories, Language language) =>
        BulkWords.File(work, language) ?? BulkWords.Choice(work.Choice, categories, language.Pick("全部商品", "all goods"), language);

    public static string Base(PriceBase from, Language language) => from switch
    {
        PriceBase.Cost => language.Pick("进价", "cost"),
        PriceBase.Price => language.Pick("现价", "the present price"),
        _ => language.Pick("定为", "set to"),
    };

    public static string Step(PriceStep step, Language language) => step switch
    {
        PriceStep.Fen => language.Pick("进到分（0.01）", "up to 0.01"),
        PriceStep.Jiao => language.Pick("进到角（0.1）", "up to 0.1"),
        PriceStep.Yuan => language.Pick("进到元（1）", "up to 1"),
        _ => language.Pick("不取整（四位小数）", "as it is (4 decimals)"),
    };

    public static string Rule(LevelRule? rule, IReadOnlyList<Level> levels, Language language)
    {
        if (rule is null) return language.Pick("文件里写的价", "as the file says");
        var parts = rule.Levels.Select(add =>
        {
            var level = levels.FirstOrDefault(l => l.Rank == add.Level) is { } known ? language.PickOr(known.NameZh, known.NameEn) : $"{add.Level}";
            var sum = Base(rule.Base, language);
            if (add.Bps != 0) sum += " " + Show.Margin(add.Bps);
            if (!add.Added.IsZero) sum += " " + (rule.Base == PriceBase.Nothing ? Show.Money(add.Added) : Show.Signed(add.Added));
            return language.Pick($"{level}：{sum}", $"{level}: {sum}");
        }).ToList();
        if (rule.AddedMin.IsPositive) parts.Add(language.Pick($"至少加 {Show.Money(rule.AddedMin)}", $"at least {Show.Money(rule.AddedMin)}"));
        if (rule.Step != PriceStep.Exact) parts.Add(Step(rule.Step, language));
        return string.Join(language.Pick("；", "; "), parts);
    }

    public static (string Text, string Tone) Outcome(BulkOutcome outcome, BulkWork work, Language language)
    {
        var isDone = work.State == BulkStage.Done;
        return outcome switch
        {
            BulkOutcome.Add => isDone ? (language.Pick("已定价", "Price set"), "ok") : (language.Pick("将定价", "Price to set"), "ok"),
            BulkOutcome.Change => isDone ? (language.Pick("已改价", "Price changed"), "ok") : (language.Pick("将改价", "Price to change"), "waiting"),
            BulkOutcome.Cannot => (language.Pick("不能定价", "No price"), "error"),
            _ => BulkWords.Idle(outcome, language),
        };
    }

    public static string Why(LevelRefusal why, Language language) => why switch
    {
        LevelRefusal.NoCost => language.Pick("没有能卖的货源，不知道进价", "no supply that can sell, so the cost is unknown"),
        LevelRefusal.NoPrice => language.Pick("这个等级现在没有价", "this level has no price now"),
        LevelRefusal.NotPositive => language.Pick("算出来不大于零", "it would not be above zero"),
        LevelRefusal.TooHigh => language.Pick("算出来超过单价上限", "it would be above the limit of one unit"),
        _ => "",
    };
}
