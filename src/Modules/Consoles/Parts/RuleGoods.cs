using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The goods that a rule is over, as its form asks for them: rows that were marked in a list, or categories and search words.</summary>
/// <param name="before">The choice to begin with, in place of what the address says.</param>
internal sealed class RuleGoods(HttpRequest request, GoodsChoice? before, List<Category> categories)
{
    private readonly IReadOnlyList<SkuId> _marked =
        before?.Skus ?? [.. request.Query["skus"].ToString().Split(',').Select(s => SkuId.TryParse(s, out var sku) ? sku : default).Where(s => s != default)];

    /// <returns>Null: no rows were marked, and the form asks.</returns>
    public string? MarkedWords(Language language) => _marked.Count == 0 ? null : language.Pick($"勾选的 {_marked.Count} 个规格", $"{_marked.Count} marked SKUs");

    /// <param name="allZh">What no category and no words mean.</param>
    public void Ask(Form form, string allZh, string allEn)
    {
        if (_marked.Count > 0) return;
        form.Section("哪些商品", "Which goods");
        foreach (var category in categories)
            form.Check($"c_{category.Slug}", category.NameZh, category.NameEn).Fill($"c_{category.Slug}", before?.Categories.Contains(category.Slug) ?? request.Query["category"] == category.Slug ? "on" : "");
        form.Text("words", "关键词", "Search words", optional: true, max: 80).Fill("words", before?.Words ?? request.Query["words"].ToString())
            .Hint($"分类一个都不勾、关键词不填，就是{allZh}", $"No category and no words: {allEn}");
    }

    public GoodsChoice Read(Form form) => new()
    {
        Skus = _marked, Words = _marked.Count == 0 ? form["words"] : "", KeepsOwn = form.IsChecked("keeps_own"),
        Categories = _marked.Count == 0 ? [.. categories.Select(c => c.Slug).Where(c => form.IsChecked($"c_{c}"))] : [],
    };
}
