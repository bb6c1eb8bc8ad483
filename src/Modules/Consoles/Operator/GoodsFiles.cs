using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Sheets of goods as they go out: what was downloaded comes back as it is, and changes nothing.</summary>
/// <remarks>Held by: tests/Integration/Consoles/GoodsImportPageTests.cs.</remarks>
internal static class GoodsFiles
{
    private const int PageRows = 200;

    /// <summary>Streams it as a spreadsheet: texts stay texts there, whatever they begin with.</summary>
    public static async Task<IActionResult> SendAsync(ConsolePage page, string name, IAsyncEnumerable<object[]> rows)
    {
        var response = page.Response;
        response.ContentType = XlsxWriter.MediaType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = $"{name}.xlsx" }.ToString();
        List<string> titles = [.. GoodsSheet.Columns.Select(c => c.Title(page.Language == Language.Zh))];
        await XlsxWriter.WriteAsync(response.Body, titles, rows, page.HttpContext.RequestAborted);
        return new EmptyResult();
    }

    /// <param name="keys">Products that were chosen; none: those that the search finds, or all.</param>
    public static async IAsyncEnumerable<object[]> ReadAsync(Catalog.Catalog catalog, Selling selling, string? search, string[] keys, bool isZh)
    {
        var categories = (await catalog.ListCategoriesAsync()).ToDictionary(c => c.Id, c => c.Slug);
        var brands = (await selling.ListBrandsAsync()).ToDictionary(b => b.Id, b => b.Slug);
        await foreach (var products in PagesAsync(catalog, search, keys))
        {
            var skus = (await catalog.ListSkusAsync([.. products.Select(p => p.Id)])).ToLookup(s => s.ProductId);
            foreach (var product in products)
                foreach (var sku in skus[product.Id].DefaultIfEmpty())
                    yield return [.. GoodsSheet.Line(product, sku, categories, brands, isZh).Select(c => Value(c.Column, c.Text))];
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Product>> PagesAsync(Catalog.Catalog catalog, string? search, string[] keys)
    {
        if (keys.Length > 0)
        {
            foreach (var some in keys.Select(k => ProductId.TryParse(k, out var id) ? id : default).Distinct().Chunk(PageRows))
                yield return await catalog.ListProductsAsync(some);
            yield break;
        }

        ProductId? after = null;
        do
        {
            var page = await catalog.ListProductsAsync(new ProductFilter(search, After: after, Limit: PageRows));
            yield return page.Items;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Two lines that can be imported as they stand: a product with two SKUs.</summary>
    /// <param name="category">Slug of one that there is.</param>
    public static async IAsyncEnumerable<object[]> Template(bool isZh, string category)
    {
        Dictionary<string, string> first = new()
        {
            [GoodsSheet.ProductKey] = "example-game-card", ["category"] = category, ["product_name_zh"] = "示例游戏点卡", ["product_name_en"] = "Example game card", ["region"] = "CN",
            ["product_state"] = "off", ["description_zh"] = "买家看到的介绍", ["description_en"] = "What buyers read", ["redeem_zh"] = "第一步：打开官网\n第二步：填写卡密", ["redeem_en"] = "Open the site\nEnter the code",
            ["kind"] = "card", ["face_currency"] = "CNY", ["qty_max"] = "100", ["sku_state"] = "listed",
            [GoodsSheet.SkuKey] = "example-game-card-50", ["sku_name_zh"] = "50 元", ["sku_name_en"] = "CNY 50", ["face_value"] = "50.00",
            ["suggested_retail"] = "49.50", ["retail_floor"] = "48.00", ["retail_ceiling"] = "55.00",
        };
        Dictionary<string, string> second = new()
        {
            [GoodsSheet.ProductKey] = "example-game-card", [GoodsSheet.SkuKey] = "example-game-card-100", ["sku_name_zh"] = "100 元", ["sku_name_en"] = "CNY 100", ["face_value"] = "100.00",
            ["suggested_retail"] = "98.50", ["retail_floor"] = "96.00", ["retail_ceiling"] = "110.00",
        };
        foreach (var line in (Dictionary<string, string>[])[first, second])
        {
            yield return [.. GoodsSheet.Columns.Select(c => Value(c, c.Show(line.GetValueOrDefault(c.Key) ?? "", isZh)))];
            await Task.CompletedTask;
        }
    }

    private static object Value(GoodsColumn column, string text) => column.IsNumber && SheetCells.NumberOf(text) is { } number ? number : text;
}
