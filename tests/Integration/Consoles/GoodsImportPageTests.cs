using System.Net;
using System.Text;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Goods as a sheet, out and in again, as a browser without scripts does it.</summary>
public sealed class GoodsImportPageTests
{
    [Fact]
    public async Task What_is_downloaded_comes_back_as_it_is_and_what_is_changed_in_it_is_shown_before_it_is_done()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var catalog = shop.Http.Get<Modules.Catalog.Catalog>();
        var direct = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft
        {
            Slug = "phone", CategoryId = (await catalog.FindProductAsync(shop.Sku.ProductId))!.CategoryId, NameZh = "=话费", NameEn = "+Phone", RedeemZh = "一\n二", DescriptionEn = "'quoted' <b>, \"text\"", State = ListingState.Off,
            BrandId = Goods.Saved(await shop.Http.Get<Selling>().SaveBrandAsync(null, new BrandDraft { Slug = "tel", NameZh = "电信", NameEn = "Tel" })).Id, RedeemUrl = "https://example.com/a?b=c",
        }));
        Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(direct.Id, "phone-1") with
        {
            Kind = SkuKind.Direct, Fields = "account | phone | 手机号 | Phone number | 移动, 联通\nzone | choice? | 区 | Zone | 一/二", FaceValue = "0.0001", FaceCurrency = "USD", QtyMax = "7", State = ListingState.Off,
        }));
        Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = "empty", CategoryId = direct.CategoryId, NameZh = "空", NameEn = "Empty" }));
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var list = await visitor.GetAsync("/console/products?q=phone");
        foreach (var said in new[] { "/console/products/import", "/console/products/sheet?q=phone", "formaction=\"/console/products/sheet\"" }) list.Html.ShouldContain(said);

        // Nothing yet: the page says what to do, and its template can be taken as it is.
        var page = await visitor.GetAsync("/console/products/import");
        foreach (var said in new[] { "No imports yet", "handler=template", "Suggested retail price", "Cards from stock, Direct top-up" }) page.Html.ShouldContain(said);
        (await visitor.PostAsync(page, "/console/products/import")).Html.ShouldContain("Choose a file");
        var template = await SendAsync("template.xlsx", await FileAsync("/console/products/import?handler=template"));
        foreach (var said in new[] { "template.xlsx", "Import these 2 lines", "example-game-card-100", ">New<", "SKU code: example-game-card-50" }) template.Html.ShouldContain(said);

        // The round trip: all goods, those of a search, those that were chosen.
        foreach (var (path, rows) in new[] { ("/console/products/sheet", 3), ("/console/products/sheet?q=phone", 1), ($"/console/products/sheet?key={direct.Id}&key=prd_nonsense", 1) })
        {
            var back = await SendAsync("goods.xlsx", await FileAsync(path));
            var id = (await shop.Http.Get<GoodsImports>().ListAsync())[0].Id;
            (await shop.Http.Get<GoodsImports>().RowsAsync(id, new GoodsRowFilter())).Select(r => (r.Outcome, r.Problems.Count)).ShouldBe(Enumerable.Repeat((BulkOutcome.Same, 0), rows), path);
            back.Html.ShouldNotContain("handler=apply");
        }

        // A CSV as spreadsheets write it in China, changed by hand.
        var gb = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var preview = await SendAsync("改价.csv", gb.GetBytes($"规格编号,建议零售价,规格状态,成本\n{shop.Sku.Code},50.5,,1\nphone-1,,在售,2\nnobody,1,,3\nphone-1,9,,\n"));
        foreach (var said in new[] { "Columns not read", "成本", "Import these 2 lines", "Suggested retail price: 49.50 → 50.50", "SKU state: Off → Listed", "Product slug: There is no such SKU", "Line 3 is about this SKU already" })
            preview.Html.ShouldContain(said);
        (await visitor.GetAsync(preview.Path + "?only=cannot&after=4")).Html.ShouldNotContain("There is no such SKU");
        (await visitor.GetAsync(preview.Path + "?only=same")).Html.ShouldContain("No such lines");
        for (var press = 0; press < 2; press++) (await visitor.PostAsync(preview, preview.Path + "?handler=apply")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await visitor.GetAsync(preview.Path)).Html.ShouldContain(">Changed<");
        (await catalog.FindSkuAsync(shop.Sku.Code))!.SuggestedRetail.ShouldBe(Kernel.Money.Parse("50.50"));
        (await shop.CountAsync("select count(*) from audit where action = 'products.import.apply'")).ShouldBe(1);
        (await shop.CountAsync("select count(*) from audit where action in ('products.sheet', 'products.import')")).ShouldBe(8);
        (await visitor.GetAsync((await visitor.PostAsync(preview, preview.Path + "?handler=again")).Path)).Html.ShouldContain("As it is");
        (await visitor.GetAsync("/console/products/import")).Html.ShouldContain("改价.csv");

        var refused = await visitor.PostFileAsync(page, "/console/products/import", "a.csv", "名称\n一\n"u8.ToArray());
        (refused.Status, refused.Html.Contains("neither a column", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true));

        // Not more are read at once than have place in memory.
        var places = Enumerable.Range(0, UploadGate.Max).Select(_ => shop.Http.Get<UploadGate>().TryEnter()!).ToList();
        (await visitor.PostFileAsync(page, "/console/products/import", "a.csv", "sku\n"u8.ToArray())).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        places.ForEach(p => p.Dispose());

        // One that nobody can go on with keeps none behind it from its end, and ends itself after some tries.
        var imports = shop.Http.Get<GoodsImports>();
        await shop.Http.Database.WriteAsync(s => s.ExecuteAsync(
            "insert into goods_import (id, source, lines, ignored, state, total, created_by, created_at) values (1, 'torn.csv', @Lines, '[]', 'previewing', 1, 'test', 1)", new { Lines = new byte[] { 1, 2, 3 } }));
        var behind = Goods.Saved(await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes($"sku\n{shop.Sku.Code}\n")), "behind.csv", "test"));
        await ShopWorld.UntilAsync(async () => (await imports.FindAsync(behind))!.State == BulkStage.Ready);
        await ShopWorld.UntilAsync(async () =>
        {
            await shop.Http.Database.WriteAsync(s => s.ExecuteAsync("update goods_import set tried_at = 1 where id = 1"));
            return (await imports.FindAsync(1))!.Failure is not null;
        });
        var torn = await visitor.GetAsync($"/console/products/import/{Kernel.PublicId.Encode(1)}");
        (torn.Html.Contains("so it was given up"), torn.Html.Contains("Another file"), torn.Html.Contains("handler=again")).ShouldBe((true, true, false), torn.Html);

        async Task<byte[]> FileAsync(string path)
        {
            using var answer = await visitor.RawAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            return await answer.Content.ReadAsByteArrayAsync();
        }

        async Task<Page> SendAsync(string name, byte[] content)
        {
            var sent = await visitor.PostFileAsync(page, "/console/products/import", name, content);
            sent.Status.ShouldBe(HttpStatusCode.Redirect, sent.Html);
            return await visitor.GetAsync(sent.Path);
        }
    }
}
