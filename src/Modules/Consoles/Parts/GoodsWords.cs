using Lianka.Modules.Catalog;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What becomes of the lines of a sheet of goods, in words.</summary>
internal static class GoodsWords
{
    private const int TextMax = 60;

    /// <summary>What of a new product or SKU is told; all of it stands on its own page.</summary>
    private static readonly string[] _ofNew = [GoodsSheet.ProductKey, "category", GoodsSheet.SkuKey, "face_value", "suggested_retail", "retail_floor", "retail_ceiling"];

    public static (string Text, string Tone) Outcome(BulkOutcome outcome, GoodsImport work, Language language) => (outcome, work.State == BulkStage.Done) switch
    {
        (BulkOutcome.Add, true) => (language.Pick("已新建", "Made"), "ok"),
        (BulkOutcome.Add, _) => (language.Pick("新建", "New"), "waiting"),
        (BulkOutcome.Change, true) => (language.Pick("已改", "Changed"), "ok"),
        (BulkOutcome.Change, _) => (language.Pick("改动", "Change"), "waiting"),
        (BulkOutcome.Same, _) => (language.Pick("不变", "As it is"), ""),
        (BulkOutcome.Cannot, _) => (language.Pick("不能导入", "Cannot be imported"), "error"),
        _ => (language.Pick("预览后变了，没动", "Changed since, left alone"), "warning"),
    };

    /// <summary>Why not, or what changes.</summary>
    public static string What(GoodsRow row, Language language)
    {
        if (row.Problems.Count > 0)
            return string.Join(language.Pick("；", "; "), row.Problems.Select(p => p.Field.Length == 0 ? language.Pick(p.Zh, p.En) : $"{Title(p.Field)}{language.Pick("：", ": ")}{language.Pick(p.Zh, p.En).TrimEnd('.', '。')}"));
        return string.Join(language.Pick("；", "; "), row.Changes.Where(c => c.Was is not null || _ofNew.Contains(c.Column))
            .Select(c => $"{Title(c.Column)}{language.Pick("：", ": ")}{(c.Was is null ? "" : $"{Value(c.Column, c.Was)} → ")}{Value(c.Column, c.Becomes)}"));

        string Title(string key) => GoodsSheet.Find(key)?.Title(language == Language.Zh) ?? key;
        string Value(string key, string value) => value.Length == 0 ? language.Pick("空", "empty")
            : GoodsSheet.Find(key)?.Show(value, language == Language.Zh) is not { } shown ? value : shown.Length > TextMax ? shown[..TextMax] + "…" : shown;
    }
}
