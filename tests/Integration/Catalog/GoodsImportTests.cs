using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Catalog;

public sealed class GoodsImportTests
{
    private const string Header = "商品网址名,分类,商品中文名,商品英文名,中文兑换步骤,规格编号,规格中文名,规格英文名,面值,建议零售价,最低零售价,最高零售价,备注\n";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_sheet_does_what_its_preview_showed_and_the_same_sheet_again_does_nothing(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (goods, catalog, imports) = (await Goods.CreateAsync(world), world.Get<Modules.Catalog.Catalog>(), world.Get<GoodsImports>());
        await world.Get<ForbiddenWords>().AddAsync("外挂", "test");
        const string sheet = Header
            + "steam,cat-a,蒸汽钱包,Steam wallet,\"第一步\n第二步\",steam-50,50 元,CNY 50,50,49.5,48,55,x\n"
            + "steam,,,,,steam-100,100 元,CNY 100,100,\"1,000\",980,1100,\n"
            + "product-a,,,New name,,sku-a,,,,50.00,,,\n"
            + "product-a,,外挂,,,,,,,,,,\n";
        var version = await VersionAsync();

        var id = await PreviewAsync(sheet);
        (await RowsAsync(id)).ShouldBe(["2 Add steam/steam-50", "4 Add steam/steam-100", "5 Cannot product-a/sku-a product_name_zh:forbidden_word", "6 Cannot product-a/ product_name_zh:forbidden_word"]);
        var ready = (await imports.FindAsync(id))!;
        (ready.State, ready.Changes, ready.Cannot, ready.Total, ready.Percent, string.Join(' ', ready.Ignored)).ShouldBe((BulkStage.Ready, 2, 2, 4, 100, "备注"));
        (await catalog.FindProductAsync("steam"), await VersionAsync()).ShouldBe((null, version));

        await ApplyAsync(id);
        var product = (await catalog.FindProductAsync("steam"))!;
        (product.CategoryId, product.NameZh, product.RedeemZh, product.Region, product.State, product.Tint).ShouldBe((goods.Category.Id, "蒸汽钱包", "第一步\n第二步", "CN", ListingState.Listed, ProductDraft.TintOfNew));
        (await catalog.ListSkusAsync([product.Id])).Select(k => $"{k.Code} {k.NameEn} {k.Kind} {k.FaceValue} {k.SuggestedRetail} {k.RetailFloor} {k.RetailCeiling} {k.QtyMax} {k.State}")
            .ShouldBe(["steam-50 CNY 50 Card 500000 49.5000 48.0000 55.0000 10000 Listed", "steam-100 CNY 100 Card 1000000 1000.0000 980.0000 1100.0000 10000 Listed"]);
        (await VersionAsync()).ShouldBe(version + 1);
        (await world.Get<Finder>().FindAsync([product.Id], query: "zhengqi")).Products.ShouldBe([product.Id]);

        // The same again: nothing to do, and nothing is done.
        var same = await PreviewAsync(sheet);
        (await RowsAsync(same))[..2].ShouldBe(["2 Same steam/steam-50", "4 Same steam/steam-100"]);
        await ApplyAsync(same);
        (await VersionAsync()).ShouldBe(version + 1);

        // Somebody changes one of the lines' goods, and makes another's, after the preview: both are left alone, the others are done.
        const string later = "sku,product,suggested_retail,retail_ceiling,sku_name_zh,sku_name_en,face_value,retail_floor,product_name_en,region\n"
            + "steam-50,steam,50,,,,,,Steam,\nsteam-100,,990,,,,,,,\nsteam-500,steam,490,550,500 元,CNY 500,500,480,,\nsku-a,product-a,,,,,,,,US\n";
        var moved = await PreviewAsync(later);
        (await RowsAsync(moved, BulkOutcome.Change)).Count.ShouldBe(3);
        var edited = Goods.SkuDraft(product.Id, "steam-100");
        Goods.Saved(await catalog.UpdateSkuAsync((await catalog.FindSkuAsync("steam-100"))!.Id, edited with { SuggestedRetail = "49.60" }));
        Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "steam-500")));
        await ApplyAsync(moved);
        (await RowsAsync(moved)).ShouldBe(["2 Change steam/steam-50", "3 Moved steam/steam-100 suggested_retail:moved", "4 Moved steam/steam-500 sku:moved", "5 Change product-a/sku-a"]);
        ((await imports.FindAsync(moved))!.Moved, (await catalog.FindSkuAsync("steam-100"))!.SuggestedRetail).ShouldBe((2, Money.Parse("49.60")));
        ((await catalog.FindProductAsync("steam"))!.NameEn, (await catalog.FindSkuAsync("steam-50"))!.SuggestedRetail, (await catalog.FindProductAsync("product-a"))!.Region).ShouldBe(("Steam", Money.Parse("50"), "US"));
        // Its lines can be looked at again.
        var again = Goods.Saved(await imports.PreviewAgainAsync(moved, "test"));
        await imports.AdvanceAsync(again);
        (await RowsAsync(again)).ShouldBe(["2 Same steam/steam-50", "3 Cannot steam/steam-100 retail_ceiling:below_suggested", "4 Change steam/steam-500", "5 Same product-a/sku-a"]);
        (await imports.RowsAsync(again, new GoodsRowFilter(After: 3))).Select(r => r.Line).ShouldBe([4, 5]);

        // What is no sheet, or names nothing, is refused with words; and no more are kept than the latest.
        foreach (var (text, code) in new[] { ("名称,分类\nx,y\n", "no_key_column"), (Header, "empty_file"), ("", "empty_file"), ("sku,SKU Code\n1,2\n", "column_twice"), ("sku\n\"a\n\0", "not_text") })
            (await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x.csv", "test")).ShouldBeOfType<CatalogDecision<long>.Refused>().Errors.Select(e => $"{e.Field}:{e.Code}").ShouldBe([$"file:{code}"]);
        for (var i = 0; i < GoodsImports.KeptMax; i++) await PreviewAsync("sku\nsku-a\n");
        ((await imports.ListAsync()).Count, await imports.FindAsync(id)).ShouldBe((GoodsImports.KeptMax, null));
        (await imports.ApplyAsync(id)).ShouldBeOfType<CatalogDecision<long>.Missing>();

        async Task<long> PreviewAsync(string text)
        {
            var opened = Goods.Saved(await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "goods.csv", "test"));
            (await imports.WaitingAsync()).ShouldContain(opened);
            (await imports.ApplyAsync(opened)).ShouldBeOfType<CatalogDecision<long>.Refused>().Errors.Single().Code.ShouldBe("not_ready");
            await imports.AdvanceAsync(opened);
            return opened;
        }

        async Task ApplyAsync(long work)
        {
            Goods.Saved(await imports.ApplyAsync(work));
            await imports.AdvanceAsync(work);
            (await imports.FindAsync(work))!.State.ShouldBe(BulkStage.Done);
            (await imports.WaitingAsync()).ShouldBeEmpty();
        }

        async Task<List<string>> RowsAsync(long work, BulkOutcome? only = null) => (await imports.RowsAsync(work, new GoodsRowFilter(only))).ConvertAll(
            r => $"{r.Line} {r.Outcome} {r.Product}/{r.Sku}" + string.Concat(r.Problems.Select(p => $" {p.Field}:{p.Code}")));

        Task<long> VersionAsync() => world.Database.ReadAsync(s => s.ScalarAsync<long>("select value from version where name = 'prices'"));
    }

    /// <summary>PostgreSQL takes neither NUL nor half a surrogate pair: such a cell is a mistake of its line. And nobody follows for ever those who did not come back from a sheet.</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_is_no_text_is_a_mistake_of_its_cell_and_what_ends_its_readers_is_given_up(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (goods, imports) = (await Goods.CreateAsync(world), world.Get<GoodsImports>());
        var book = new Workbook(Workbook.Row("sku", "product", "sku_name_zh", "suggested_retail", "x_x0000_y_xD800_")
            + Workbook.Row("sku_x0000_a", "", "", "50") + Workbook.Row("sku-a", "product_xD800_", "", "50") + Workbook.Row("sku-a", "", "名_x0000__xDC00_", "")
            + Workbook.Row("sku-a", "product-a", "", "5_x0000_0") + Workbook.Row("sku-a", "", "", "50", "_x0000_"));
        var id = Goods.Saved(await imports.StartAsync(book.Build(), "C:\\x\\go\0ods\ud800.xlsx", "test"));
        await imports.AdvanceAsync(id);
        (await SaidAsync(id)).ShouldBe(["2 Cannot sku:bad_character sku:required", "3 Cannot product:bad_character", "4 Cannot sku_name_zh:bad_character sku:twice",
            "5 Cannot suggested_retail:bad_character sku:twice", "6 Cannot sku:twice"]);
        (await imports.FindAsync(id))!.Source.ShouldBe("goods.xlsx");
        // In a CSV, beyond what is looked at to tell that it is text.
        var lines = string.Concat(Enumerable.Repeat("sku-a\n", 300)) + "sku-a\0,b\n";
        id = Goods.Saved(await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes($"sku,sku_name_zh\n{lines}")), "goods.csv", "test"));
        await imports.AdvanceAsync(id);
        (await imports.RowsAsync(id, new GoodsRowFilter(After: 301))).Single().Problems.ShouldContain(p => p.Code == "bad_character");
        goods.Sku.Code.ShouldBe("sku-a");

        // Who comes back or is told to stop leaves no trace; who does not, is counted.
        var dead = Goods.Saved(await imports.PreviewAgainAsync(id, "test"));
        await Should.ThrowAsync<OperationCanceledException>(() => TryAsync(dead, () => throw new OperationCanceledException()));
        (await TryAsync(dead, () => Task.CompletedTask), await TriesAsync(dead)).ShouldBe((true, 0));
        for (var i = 0; i < FileTries.Max; i++) await Should.ThrowAsync<InvalidOperationException>(() => TryAsync(dead, () => throw new InvalidOperationException()));
        // Enough are at it, or dead: they are waited for, and then it is over.
        await imports.AdvanceAsync(dead);
        ((await imports.FindAsync(dead))!.State, await TriesAsync(dead), (await SaidAsync(dead)).Count()).ShouldBe((BulkStage.Previewing, FileTries.Max, 0));
        await world.Database.WriteAsync(s => s.ExecuteAsync("update goods_import set tried_at = tried_at - @Long where id = @dead", new { dead, Long = 121_000_000L }));
        await imports.AdvanceAsync(dead);
        var given = (await imports.FindAsync(dead))!;
        (given.State, given.Failure, given.Changes, (await imports.WaitingAsync()).Contains(dead)).ShouldBe((BulkStage.Done, "given_up", 0, false));

        Task<bool> TryAsync(long work, Func<Task> read) => FileTries.ReadAsync(world.Database, "goods_import", work, DateTimeOffset.UtcNow, read, default);

        Task<long> TriesAsync(long work) => world.Database.ReadAsync(s => s.ScalarAsync<long>("select tries from goods_import where id = @work", new { work }));

        async Task<IEnumerable<string>> SaidAsync(long work) => (await imports.RowsAsync(work, new GoodsRowFilter())).Select(
            r => $"{r.Line} {r.Outcome}" + string.Concat(r.Problems.Select(p => $" {p.Field}:{p.Code}")));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_large_sheet_goes_on_from_where_it_stands_and_two_nodes_do_it_once(DatabaseKind kind)
    {
        const int Many = 2_600;
        await using var world = await World.CreateAsync(kind);
        await using var beside = await world.BesideAsync();
        var goods = await Goods.CreateAsync(world);
        var (imports, other, catalog) = (world.Get<GoodsImports>(), beside.Get<GoodsImports>(), world.Get<Modules.Catalog.Catalog>());
        var sheet = new StringBuilder(Header);
        for (var i = 0; i < Many; i++) sheet.Append($"p-{i / 4},cat-a,点卡,Card,,s-{i},{i} 元,CNY {i},{i + 1},9.9,9,12,\n");
        var id = Goods.Saved(await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes(sheet.ToString())), "many.csv", "test"));
        await Task.WhenAll(imports.AdvanceAsync(id), other.AdvanceAsync(id));
        await imports.AdvanceAsync(id);
        var ready = (await imports.FindAsync(id))!;
        (ready.State, ready.Changes, ready.Done).ShouldBe((BulkStage.Ready, Many, Many));

        // A node that died in the middle has written what its steps wrote; another goes on.
        Goods.Saved(await imports.ApplyAsync(id));
        using (var death = new CancellationTokenSource())
        {
            var dying = imports.AdvanceAsync(id, death.Token);
            await ShopWorld.UntilAsync(async () => (await imports.FindAsync(id))!.Done > 0);
            await death.CancelAsync();
            await dying.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await Task.WhenAll(imports.AdvanceAsync(id), other.AdvanceAsync(id));
        await imports.AdvanceAsync(id);
        var done = (await imports.FindAsync(id))!;
        (done.State, done.Done, done.Moved).ShouldBe((BulkStage.Done, Many, 0));
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from product p join sku k on k.product_id = p.id where p.slug like 'p-%' and k.code like 's-%'"))).ShouldBe(Many);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from product"))).ShouldBe((Many / 4) + 1);
        (await catalog.FindSkuAsync("s-2599"))!.ProductId.ShouldBe((await catalog.FindProductAsync("p-649"))!.Id);
        goods.Category.Slug.ShouldBe("cat-a");
    }

    /// <summary>On SQLite one writer follows the other.</summary>
    [Fact]
    public async Task Goods_that_somebody_makes_at_the_same_moment_are_left_alone()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Postgres);
        var (goods, imports, catalog) = (await Goods.CreateAsync(world), world.Get<GoodsImports>(), world.Get<Modules.Catalog.Catalog>());
        var sheet = Header + "product-a,,,,,sku-b,1 元,CNY 1,1,9.9,9,12,\nproduct-a,,,,,sku-c,2 元,CNY 2,2,9.9,9,12,\n";
        var id = Goods.Saved(await imports.StartAsync(new MemoryStream(Encoding.UTF8.GetBytes(sheet)), "goods.csv", "test"));
        await imports.AdvanceAsync(id);
        Goods.Saved(await imports.ApplyAsync(id));
        var going = await world.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("insert into sku (id, code, product_id, name_zh, name_en, face_value, suggested_retail, retail_floor, retail_ceiling, updated_at) values (1, 'sku-b', @Id, 'x', 'x', 1, 100, 100, 100, 0)", new { goods.Product.Id });
            var step = imports.AdvanceAsync(id);
            // It has seen that there is no such SKU, and waits for the product that this transaction holds.
            await ShopWorld.UntilAsync(async () => await world.Database.ReadAsync(r => r.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")) > 0);
            return Tuple.Create(step);
        });
        await going.Item1;
        (await imports.RowsAsync(id, new GoodsRowFilter())).Select(r => $"{r.Sku} {r.Outcome}").ShouldBe(["sku-b Moved", "sku-c Add"]);
        ((await catalog.FindSkuAsync("sku-b"))!.NameEn, (await catalog.FindSkuAsync("sku-c"))!.NameEn).ShouldBe(("x", "CNY 2"));
        // A product is found by the SKU that it got.
        (await world.Get<Finder>().FindAsync([goods.Product.Id], query: "sku-c")).Products.ShouldBe([goods.Product.Id]);
    }
}
