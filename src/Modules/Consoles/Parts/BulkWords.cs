using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>How far a press of a button over many goods is, and what its rows can be narrowed to.</summary>
/// <param name="Facts">What was chosen, and by which rule.</param>
/// <param name="CannotWord">What is said of rows without a result.</param>
/// <param name="Apply">The button's words; null: nothing is to be done.</param>
/// <param name="Other">The form for another rule over the same choice, or for another file; null: there is none.</param>
public sealed record BulkPanel(
    BulkWork Work, Language Language, (string Text, string Tone) State, IReadOnlyList<(string Label, string Value)> Facts, string CannotWord,
    string? Apply, (string Href, string Label)? Other, string ProgressUrl, string BackWord)
{
    public List<(string Label, string Href, bool IsOn)> Filters { get; } = [];

    /// <summary>What is said of rows that were left alone.</summary>
    public string MovedWord { get; init; } = Language.Pick("价变了，没动", "Prices moved, left alone");
    public string AgainWord { get; init; } = Language.Pick("按现在的价格再算一遍", "Work it out again with the prices of now");

    /// <summary>Why nothing of a file could be read; null: it could, or there is none.</summary>
    public string? Failure => Work.Failure is { } failure ? PriceFileFailures.Text(failure, Language == Language.Zh) : null;

    /// <summary>What the script that draws the progress is told.</summary>
    public static object Progress(BulkWork work) => new
    {
        state = work.IsRunning ? "reading" : "done", percent = work.Percent, done = work.Done, total = work.Total,
    };
}

/// <summary>What all such presses have in common, in words.</summary>
internal static class BulkWords
{
    /// <summary>The column or the fact that says which goods: those of a file have its name.</summary>
    public static string? File(ChosenWork work, Language language) => work.File is { } file ? language.Pick($"文件「{file}」", $"file “{file}”") : null;

    /// <summary>What a file says about itself beside its prices.</summary>
    public static IEnumerable<(string Label, string Value)> FileFacts(ChosenWork work, Language language)
    {
        if (work.Ignored.Count > 0) yield return (language.Pick("没看的列", "Columns not looked at"), string.Join(language.Pick("、", ", "), work.Ignored));
        if (work is { File: not null, Failure: null, IsRunning: false, Cannot: > 0 })
            yield return (language.Pick("有问题的", "With mistakes"), language.Pick("有错的行整行不动，其余的照预览办。点下面的「文件里用不了的行」看行号和原因。", "A row with a mistake is left out whole; the others are done as shown. “Rows that cannot be used” names each with its line and reason."));
    }

    /// <summary>The rows of a file that are left out.</summary>
    public static Table Problems(IReadOnlyList<PriceFileProblem> problems, Language language) => Parts.Table.Of(problems, language.Pick("文件里用不了的行", "Rows that cannot be used"))
        .Number(language.Pick("行号", "Row"), p => p.RowNo)
        .Column(language.Pick("列", "Column"), p => p.Title.Length > 0 ? p.Title : "—")
        .Column(language.Pick("内容", "What stands there"), p => p.Told.Length > 0 ? p.Told : "—")
        .Column(language.Pick("原因", "Why"), p => PriceFileFailures.Text(p.Fault, language == Language.Zh))
        .Build();

    /// <param name="all">What a choice means that nothing narrows.</param>
    public static string Choice(GoodsChoice choice, IReadOnlyList<Category> categories, string all, Language language)
    {
        if (choice.Skus.Count > 0) return language.Pick($"勾选的 {choice.Skus.Count} 个规格", $"{choice.Skus.Count} marked SKUs");
        var parts = categories.Where(c => choice.Categories.Contains(c.Slug)).Select(c => language.PickOr(c.NameZh, c.NameEn)).ToList();
        if (choice.Words.Length > 0) parts.Add(language.Pick($"「{choice.Words}」", $"“{choice.Words}”"));
        return parts.Count > 0 ? string.Join(language.Pick("、", ", "), parts) : all;
    }

    public static (string Text, string Tone) State(BulkWork work, Language language) => work.State switch
    {
        _ when work.Failure is not null => (language.Pick("文件读不了，什么都没改", "The file cannot be read, nothing was changed"), "error"),
        BulkStage.Previewing when work is ChosenWork { File: not null, Total: 0 } => (language.Pick("正在读文件", "The file is being read"), "waiting"),
        BulkStage.Previewing => (language.Pick($"正在算 {work.Percent}%", $"Being worked out, {work.Percent}%"), "waiting"),
        BulkStage.Ready => (language.Pick("预览，还没办", "Preview, not done yet"), "waiting"),
        BulkStage.Applying => (language.Pick($"进行中 {work.Percent}%", $"Running, {work.Percent}%"), "waiting"),
        _ when work.Moved > 0 => (language.Pick("完成，有没动的", "Done, some left alone"), "warning"),
        _ => (language.Pick("完成", "Done"), "ok"),
    };

    /// <summary>A row that was left alone, or one that stays as it is.</summary>
    public static (string Text, string Tone) Idle(BulkOutcome outcome, Language language) => outcome == BulkOutcome.Same
        ? (language.Pick("不变", "As it is"), "") : (language.Pick("价变了，没动", "Prices moved, left alone"), "warning");
}
