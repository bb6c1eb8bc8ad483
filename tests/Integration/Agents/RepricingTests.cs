using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

public sealed class RepricingTests
{
    private static LevelRuleDraft Over(PriceBase from, params (int Level, string Percent, string Added)[] levels) =>
        new() { Base = from, Step = PriceStep.Fen, Levels = [.. levels.Select(l => new LevelAddDraft(l.Level, l.Percent, l.Added))] };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_rule_sets_what_its_preview_showed_and_nothing_else(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var other = await Goods.CreateAsync(world, "b");
        var repricings = world.Get<Repricings>();

        // Both cost 45.2500; the ceiling is 55.00. Level 2 would stand above level 3 of the first, and both levels of the other are new.
        var id = await PreviewAsync(new GoodsChoice(), Over(PriceBase.Cost, (1, "3", ""), (2, "5", "0.2")));
        (await RowsAsync(id)).ShouldBe([
            $"{trade.Sku}/1 Change 46.1000 46.6100 +1.3600 None", $"{trade.Sku}/2 Change 46.6500 47.7200 +2.4700 UpsideDown",
            $"{other.Sku.Id}/1 Add - 46.6100 +1.3600 None", $"{other.Sku.Id}/2 Add - 47.7200 +2.4700 None"], ignoreOrder: true);
        (await RowsAsync(id, new RepricingFilter(IsWarned: true))).Single().ShouldStartWith($"{trade.Sku}/2");
        var ready = (await repricings.FindAsync(id))!;
        (ready.State, ready.Changes, ready.Cannot, ready.Total).ShouldBe((BulkStage.Ready, 4, 0, 2));
        (await PricesAsync(other.Sku.Id)).ShouldBeEmpty();

        // One price is typed meanwhile: it is left alone, the others are set; pressed again, nothing is left to do.
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 2, "46.7000")]));
        await ApplyAsync(id);
        (await PricesAsync(trade.Sku)).ShouldBe(["1=46.6100", "2=46.7000", "3=47.3050"]);
        (await PricesAsync(other.Sku.Id)).ShouldBe(["1=46.6100", "2=47.7200"]);
        (await RowsAsync(id, new RepricingFilter(BulkOutcome.Moved))).Single().ShouldStartWith($"{trade.Sku}/2 Moved");
        (await repricings.FindAsync(id))!.Moved.ShouldBe(1);
        var version = await trade.VersionAsync("prices");
        await ApplyAsync(id);
        (await trade.VersionAsync("prices")).ShouldBe(version);

        // The same rule with the prices of now: what stands already is not written again.
        var again = Trade.Saved(await repricings.PreviewAgainAsync(id, "test"));
        await repricings.AdvanceAsync(again);
        (await RowsAsync(again, new RepricingFilter(BulkOutcome.Change))).Single().ShouldStartWith($"{trade.Sku}/2 Change 46.7000 47.7200");
        (await RowsAsync(again, new RepricingFilter(BulkOutcome.Same))).Count.ShouldBe(3);

        // From the present price; marked goods that have none say so, among all goods they are left out. Prices that stand are kept where wished.
        var down = Over(PriceBase.Price, (3, "-1", "-0.005"));
        (await RowsAsync(await PreviewAsync(new GoodsChoice(), down))).ShouldBe([$"{trade.Sku}/3 Change 47.3050 46.8300 +1.5800 None"]);
        (await RowsAsync(await PreviewAsync(new GoodsChoice { Skus = [other.Sku.Id] }, down))).ShouldBe([$"{other.Sku.Id}/3 Cannot - - NoPrice"]);
        (await RowsAsync(await PreviewAsync(new GoodsChoice { KeepsOwn = true }, Over(PriceBase.Nothing, (1, "", "44"), (3, "", "44")))))
            .ShouldBe([$"{other.Sku.Id}/3 Add - 44.0000 -1.2500 BelowCost, UpsideDown"]);
        (await RowsAsync(await PreviewAsync(new GoodsChoice { Words = "nothing-is-called-so" }, down))).ShouldBeEmpty();

        // No supply that can sell: no cost, and no price made of it.
        await world.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update supply set state = 'off' where sku_id = @Id", new { other.Sku.Id });
            await s.ExecuteAsync("update version set value = value + 1");
        });
        (await RowsAsync(await PreviewAsync(new GoodsChoice { Skus = [other.Sku.Id] }, Over(PriceBase.Cost, (1, "3", ""))))).ShouldBe([$"{other.Sku.Id}/1 Cannot 46.6100 - NoCost"]);

        // Rows go on after SKU and level.
        var rows = await repricings.RowsAsync(id, new RepricingFilter());
        (await repricings.RowsAsync(id, new RepricingFilter(After: (rows[1].Sku, rows[1].Level)))).ShouldBe(rows[2..]);

        Trade.Errors(await repricings.PreviewAsync(new GoodsChoice(), new LevelRuleDraft(), "test")).ShouldBe("levels:required");
        Trade.Errors(await repricings.PreviewAsync(new GoodsChoice(), Over(PriceBase.Nothing, (1, "1.234", "x"), (9, "", "1")) with { AddedMin = "1" }, "test"))
            .ShouldBe("percent_1:out_of_place percent_1:not_a_percentage added_1:not_an_amount added_min:out_of_place");
        Trade.Errors(await repricings.PreviewAsync(new GoodsChoice(), Over(PriceBase.Cost, (9, "1", "")), "test")).ShouldBe("percent_9:not_found");

        async Task<long> PreviewAsync(GoodsChoice choice, LevelRuleDraft rule)
        {
            var opened = Trade.Saved(await repricings.PreviewAsync(choice, rule, "test"));
            (await repricings.WaitingAsync()).ShouldContain(opened);
            Trade.Errors(await repricings.ApplyAsync(opened)).ShouldBe("state:not_ready");
            await repricings.AdvanceAsync(opened);
            return opened;
        }

        async Task ApplyAsync(long work)
        {
            Trade.Saved(await repricings.ApplyAsync(work));
            await repricings.AdvanceAsync(work);
            (await repricings.FindAsync(work))!.State.ShouldBe(BulkStage.Done);
            (await repricings.WaitingAsync()).ShouldNotContain(work);
        }

        async Task<List<string>> RowsAsync(long work, RepricingFilter? filter = null) => (await repricings.RowsAsync(work, filter ?? new RepricingFilter())).ConvertAll(r =>
            $"{r.Sku}/{r.Level} {r.Outcome} {r.Was?.ToString() ?? "-"} {r.Price?.ToString() ?? "-"} {(r.Margin is { } m ? $"{(m.IsNegative ? "" : "+")}{m} {r.Warnings}" : $"{r.Why}")}");

        async Task<List<string>> PricesAsync(SkuId sku) => (await trade.Prices.LevelPricesAsync([sku])).ConvertAll(p => $"{p.Level}={p.Price}");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_large_rule_goes_on_from_where_it_stands_and_two_nodes_do_it_once(DatabaseKind kind)
    {
        const int Many = 6_000;
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        await trade.ManyAsync(Many);
        var repricings = world.Get<Repricings>();
        var id = Trade.Saved(await repricings.PreviewAsync(new GoodsChoice(), Over(PriceBase.Cost, (1, "1", ""), (2, "3", ""), (3, "5", "")), "test"));
        await using var beside = await world.BesideAsync();
        await Task.WhenAll(repricings.AdvanceAsync(id), beside.Get<Repricings>().AdvanceAsync(id));
        await repricings.AdvanceAsync(id);
        var ready = (await repricings.FindAsync(id))!;
        (ready.State, ready.Changes, ready.Done, ready.Total).ShouldBe((BulkStage.Ready, 3 * (Many + 1), Many + 1, Many + 1));

        // 18,003 rows in steps of 5,000 rows: all three prices of a SKU are set, also where a step ends between them.
        Trade.Saved(await repricings.ApplyAsync(id));
        await Task.WhenAll(repricings.AdvanceAsync(id), beside.Get<Repricings>().AdvanceAsync(id));
        await repricings.AdvanceAsync(id);
        var done = (await repricings.FindAsync(id))!;
        (done.State, done.Done, done.Moved).ShouldBe((BulkStage.Done, 3 * (Many + 1), 0));
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from level_price where level = 1 and price = 457100"))).ShouldBe(Many + 1);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from level_price where level = 2 and price = 466100"))).ShouldBe(Many + 1);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from level_price where level = 3 and price = 475200"))).ShouldBe(Many + 1);
    }
}
