using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

public sealed class PriceFileTests
{
    private static Money Fee(Money retail) => ChannelFees.At(retail, StorefrontFees.BpsUnlessTold);

    private static byte[] Csv(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Level_prices_come_from_a_file_and_its_bad_rows_are_named(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var other = await Goods.CreateAsync(world, "b");
        var (repricings, files) = (world.Get<Repricings>(), world.Get<PriceFiles>());
        var (sku, code) = (trade.Sku, trade.Goods.Sku.Code);

        // A spreadsheet as people save it; 46.66 is stored with the noise of its program, and stands 0.01 above what level 3 pays.
        var book = new Workbook(Workbook.Row("名称", "编码", "总代 (CNY)", "First-level", "3") + Row(code, "46.1", "47.306000000000004", "")
            + Row(other.Sku.Code, "44", "—", "") + Row("no-such", "1", "", "") + Row(code, "46.1", "", "abc")).Build().ToArray();
        var id = Trade.Saved(await repricings.PreviewFileAsync("C:\\in\\price\u0007s.xlsx", book, "test"));
        (await repricings.WaitingAsync()).ShouldContain(id);
        Trade.Errors(await repricings.ApplyAsync(id)).ShouldBe("state:not_ready");
        await repricings.AdvanceAsync(id);
        (await RowsAsync(id)).ShouldBe([$"{sku}/1 Same 46.1000 46.1000 None", $"{sku}/2 Change 46.6500 47.3060 UpsideDown", $"{other.Sku.Id}/1 Add - 44.0000 BelowCost"], ignoreOrder: true);
        var ready = (await repricings.FindAsync(id))!;
        (ready.State, ready.File, ready.Rule, ready.Changes, ready.Cannot, ready.Total, ready.Failure).ShouldBe((BulkStage.Ready, "prices.xlsx", null, 2, 2, 2, null));
        ready.Ignored.ShouldBe(["名称"]);
        (await ProblemsAsync(id)).ShouldBe("4 编码 no-such unknown_sku|5 3 abc not_an_amount");
        (await files.ProblemsAsync(id, afterRow: 4, limit: 1)).Single().RowNo.ShouldBe(5);
        (await PricesAsync(other.Sku.Id)).ShouldBeEmpty();

        // Somebody types a price before the press: it is left alone, the other is set.
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(sku, 2, "46.7000")]));
        await ApplyAsync(id);
        (await PricesAsync(sku)).ShouldBe(["1=46.1000", "2=46.7000", "3=47.3050"]);
        (await PricesAsync(other.Sku.Id)).ShouldBe(["1=44.0000"]);
        (await repricings.RowsAsync(id, new RepricingFilter(BulkOutcome.Moved))).Single().Level.ShouldBe(2);

        // The same file again, with what is there now; done, a third time has nothing to change.
        var again = Trade.Saved(await repricings.PreviewAgainAsync(id, "test"));
        await repricings.AdvanceAsync(again);
        ((await repricings.FindAsync(again))!.Changes, (await ProblemsAsync(again)).Length > 0).ShouldBe((1, true));
        await ApplyAsync(again);
        (await PricesAsync(sku))[1].ShouldBe("2=47.3060");
        var third = Trade.Saved(await repricings.PreviewFileAsync("again.csv", Csv("code,总代,一级代理", $"{code},46.1000,47.306", $"{other.Sku.Code},44,"), "test"));
        await repricings.AdvanceAsync(third);
        (await RowsAsync(third)).ShouldAllBe(r => r.Contains(" Same "));
        var version = await trade.VersionAsync("prices");
        await ApplyAsync(third);
        (await trade.VersionAsync("prices")).ShouldBe(version);

        // What cannot be read says so, changes nothing and is not kept.
        foreach (var (content, failure) in new[] { (Csv("code,price", "a,1"), "no_price_column"), (Csv("1,2"), "no_code_column"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "is_xls"), (book[..(book.Length / 2)], "broken_xlsx") })
        {
            var bad = Trade.Saved(await repricings.PreviewFileAsync("bad", content, "test"));
            await repricings.AdvanceAsync(bad);
            var said = (await repricings.FindAsync(bad))!;
            (said.State, said.Failure, said.Changes).ShouldBe((BulkStage.Done, failure, 0));
            Trade.Errors(await repricings.PreviewAgainAsync(bad, "test")).ShouldBe("missing");
        }

        // So does what nobody came back from.
        (await CountAsync("select max(tries) from repricing")).ShouldBe(0);
        var deadly = Trade.Saved(await repricings.PreviewFileAsync("deadly", Csv("code,1", "a,1"), "test"));
        await world.Database.WriteAsync(s => s.ExecuteAsync("update repricing set tries = @Max, tried_at = 1 where id = @deadly", new { deadly, FileTries.Max }));
        await repricings.AdvanceAsync(deadly);
        ((await repricings.FindAsync(deadly))!.Failure, (await repricings.WaitingAsync()).Count).ShouldBe(("given_up", 0));
        Trade.Errors(await repricings.PreviewAgainAsync(deadly, "test")).ShouldBe("missing");

        Trade.Errors(await repricings.PreviewFileAsync("none", [], "test")).ShouldBe("file:empty_file");
        Trade.Errors(await repricings.PreviewFileAsync("much", new byte[PriceFiles.UploadMax + 1], "test")).ShouldBe("file:too_large");

        // The oldest go with their files.
        for (var i = 0; i < Repricings.KeptMax; i++) Trade.Saved(await repricings.PreviewFileAsync("x", Csv("code,1", "a,1"), "test"));
        (await CountAsync("select count(*) from price_file")).ShouldBe(Repricings.KeptMax);
        (await CountAsync("select count(*) from price_file_problem")).ShouldBe(0);

        static string Row(string sku, params string[] prices) =>
            $"<row><c t=\"inlineStr\"><is><t>x</t></is></c><c t=\"inlineStr\"><is><t>{sku}</t></is></c>{string.Concat(prices.Select(p => p is "abc" or "—" or "" ? $"<c t=\"inlineStr\"><is><t>{p}</t></is></c>" : $"<c><v>{p}</v></c>"))}</row>";

        async Task ApplyAsync(long work)
        {
            Trade.Saved(await repricings.ApplyAsync(work));
            await repricings.AdvanceAsync(work);
            (await repricings.FindAsync(work))!.State.ShouldBe(BulkStage.Done);
        }

        async Task<List<string>> RowsAsync(long work) => (await repricings.RowsAsync(work, new RepricingFilter())).ConvertAll(r =>
            $"{r.Sku}/{r.Level} {r.Outcome} {r.Was?.ToString() ?? "-"} {r.Price?.ToString() ?? "-"} {r.Warnings}");

        async Task<string> ProblemsAsync(long work) => string.Join("|", (await files.ProblemsAsync(work)).Select(p => $"{p.RowNo} {p.Title} {p.Told} {p.Fault}"));

        async Task<List<string>> PricesAsync(SkuId of) => (await trade.Prices.LevelPricesAsync([of])).ConvertAll(p => $"{p.Level}={p.Price}");

        Task<long> CountAsync(string sql) => world.Database.ReadAsync(s => s.ScalarAsync<long>(sql));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Retail_prices_come_from_a_file_within_the_merchants_own_goods(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (low, high, dear, off, unpriced) = (await Goods.CreateAsync(world, "b"), await Goods.CreateAsync(world, "c"), await Goods.CreateAsync(world, "d"), await Goods.CreateAsync(world, "e"), await Goods.CreateAsync(world, "f"));
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([.. new[] { low, high, dear, off }.Select(g => new LevelPriceDraft(g.Sku.Id, 1, "48.0000"))]));
        var (listings, shelves, files) = (world.Get<Listings>(), world.Get<Shelves>(), world.Get<PriceFiles>());
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        Trade.Saved(await shelves.SetAsync(a, off.Sku.Id, "50.00", Fee));

        // Price control is 47.70 to 55.00, own prices are 46.10 and 48.00. What is not offered is not there.
        var id = Trade.Saved(await listings.PreviewFileAsync(a, "shelf.csv", Csv("编码,零售价", $"{trade.Goods.Sku.Code},48.5", $"{low.Sku.Code},47.69", $"{high.Sku.Code},55.01",
            $"{dear.Sku.Code},48.1", $"{off.Sku.Code},下架", $"{unpriced.Sku.Code},50", "zz,50"), "test"));
        await listings.AdvanceAsync(id, Fee);
        (await RowsAsync(id)).ShouldBe([$"{trade.Sku} Add 48.5000 None", $"{low.Sku.Id} Cannot - BelowFloor", $"{high.Sku.Id} Cannot - AboveCeiling", $"{dear.Sku.Id} Cannot - BelowCost", $"{off.Sku.Id} Off - None"], ignoreOrder: true);
        (await files.ProblemsAsync(id)).ConvertAll(p => $"{p.RowNo} {p.Fault}").ShouldBe(["7 unknown_sku", "8 unknown_sku"]);
        var ready = (await listings.FindAsync(a, id))!;
        (ready.State, ready.Rule, ready.Changes, ready.Cannot).ShouldBe((BulkStage.Ready, null, 2, 5));
        (await listings.FindAsync(x, id)).ShouldBeNull();
        Trade.Errors(await listings.PreviewAgainAsync(x, id, "test")).ShouldBe("missing");

        Trade.Saved(await listings.ApplyAsync(a, id));
        await listings.AdvanceAsync(id, Fee);
        (await trade.Books.RefreshAsync()).Shelf(a).ShouldBe(new Dictionary<SkuId, Money> { [trade.Sku] = Money.Parse("48.5") });
        trade.Books.Current.Shelf(x).ShouldBeEmpty();

        // Again: what stands is as it is; and a price that is no longer covered at the press is left alone.
        var again = Trade.Saved(await listings.PreviewAgainAsync(a, id, "test"));
        await listings.AdvanceAsync(again, Fee);
        (await RowsAsync(again)).Take(1).ShouldBe([$"{trade.Sku} Same 48.5000 None"]);
        (await listings.FindAsync(a, again))!.Changes.ShouldBe(0);
        var dearer = Trade.Saved(await listings.PreviewFileAsync(a, "s.csv", Csv("code;retail price", $"{trade.Goods.Sku.Code};49"), "test"));
        await listings.AdvanceAsync(dearer, Fee);
        Trade.Saved(await listings.ApplyAsync(a, dearer));
        await listings.AdvanceAsync(dearer, _ => Money.Parse("3"));
        (await listings.FindAsync(a, dearer))!.Moved.ShouldBe(1);
        (await trade.Books.RefreshAsync()).Retail(a, trade.Sku).ShouldBe(Money.Parse("48.5"));

        // And so is one that a colleague set by hand after the preview.
        var older = Trade.Saved(await listings.PreviewFileAsync(a, "s.csv", Csv("code;retail price", $"{trade.Goods.Sku.Code};49"), "test"));
        await listings.AdvanceAsync(older, Fee);
        Trade.Saved(await shelves.SetAsync(a, trade.Sku, "50.50", Fee));
        Trade.Saved(await listings.ApplyAsync(a, older));
        await listings.AdvanceAsync(older, Fee);
        (await listings.FindAsync(a, older))!.Moved.ShouldBe(1);
        (await trade.Books.RefreshAsync()).Retail(a, trade.Sku).ShouldBe(Money.Parse("50.5"));

        async Task<List<string>> RowsAsync(long work) => (await listings.RowsAsync(work, null, null)).ConvertAll(r => $"{r.Sku} {r.Outcome} {r.Retail?.ToString() ?? "-"} {r.Note}");
    }

    /// <summary>More than a step: a node that dies leaves what it did, two at once do each row once, and rows that are left out are told once.</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_A_large_file_is_read_by_whichever_node_lives(DatabaseKind kind)
    {
        const int Many = 5_200;
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        await trade.ManyAsync(Many);
        var repricings = world.Get<Repricings>();
        var lines = new List<string> { "code\t1" };
        for (var i = 1; i <= Many; i++) lines.AddRange([$"many-{i}\t{40 + (i % 5)}.5", $"none-{i}\t1"]);
        var id = Trade.Saved(await repricings.PreviewFileAsync("large.txt", Csv([.. lines]), "test"));

        // Who is stopped leaves all of it to the others.
        using (var stop = new CancellationTokenSource())
        {
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => repricings.AdvanceAsync(id, stop.Token));
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => repricings.AdvanceAsync(id))));
        await repricings.AdvanceAsync(id);
        var ready = (await repricings.FindAsync(id))!;
        (ready.State, ready.Changes, ready.Cannot, ready.Done, ready.Total).ShouldBe((BulkStage.Ready, Many, Many, Many, Many));
        (await CountAsync("select count(*) from price_file_problem where work_id = @id")).ShouldBe(Many);
        Trade.Saved(await repricings.ApplyAsync(id));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => repricings.AdvanceAsync(id))));
        await repricings.AdvanceAsync(id);
        (await repricings.FindAsync(id))!.Moved.ShouldBe(0);
        (await CountAsync("select count(*) from level_price p join sku s on s.id = p.sku_id where s.code like 'many-%' and p.price between 405000 and 445000")).ShouldBe(Many);

        Task<long> CountAsync(string sql) => world.Database.ReadAsync(s => s.ScalarAsync<long>(sql, new { id }));
    }
}
