using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Inventory;

public sealed class StockWatchTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static string Cards(int count, string prefix) => string.Join('\n', Enumerable.Range(0, count).Select(i => $"{prefix}-{i:D5}"));

    [Theory, MemberData(nameof(Both))]
    public async Task An_alert_is_raised_once_and_again_only_after_the_stock_had_recovered(DatabaseKind kind)
    {
        var clock = new SetClock();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var goods = await Goods.CreateAsync(world);
        var watch = world.Get<StockWatch>();
        var lot = (await ImportTests.ImportAsync(world, goods, Cards(1_000, "A"))).LotId!.Value;
        await watch.LookAsync();
        (await watch.OutlooksAsync(null)).Single().Rate.ShouldBeNull("watched for too short a time");

        // A hundred a day: nine days are enough, four too, then three are not.
        for (var day = 0; day < 6; day++)
        {
            await SellAsync(100, after: TimeSpan.FromDays(1));
            (await watch.AlertsAsync(null, openOnly: true)).ShouldBeEmpty($"day {day}");
        }

        var outlook = (await watch.OutlooksAsync(goods.Supplier.Id)).Single();
        (outlook.Left, outlook.SoldRecently).ShouldBe((400, 600));
        outlook.SecondsLeft!.Value.ShouldBeInRange(3 * 86_400, 5 * 86_400);
        await SellAsync(150, after: TimeSpan.FromDays(1));
        var alert = (await watch.AlertsAsync(null, openOnly: true)).Single();
        (alert.Reason, alert.UnitsLeft, alert.SupplyId).ShouldBe(("days", 250, goods.Supply.Id));

        // Neither another look, nor another node, nor a restart, nor less and less stock tells it again.
        await SellAsync(50, after: TimeSpan.FromHours(1));
        await using var other = await world.BesideAsync(s => s.AddSingleton<TimeProvider>(clock));
        clock.Add(StockWatch.Every);
        (await Task.WhenAll(watch.LookAsync(), other.Get<StockWatch>().LookAsync())).Sum().ShouldBe(0);
        (await watch.AlertsAsync(null, openOnly: false)).Select(a => a.Id).ShouldBe([alert.Id]);

        // A little more is not recovered, much more is; then it can be told again.
        await ImportTests.ImportAsync(world, goods, Cards(150, "B"));
        await LookAsync();
        (await watch.AlertsAsync(null, openOnly: true)).Count.ShouldBe(1);
        await ImportTests.ImportAsync(world, goods, Cards(5_000, "C"));
        await LookAsync();
        (await watch.AlertsAsync(null, openOnly: true)).ShouldBeEmpty();
        await world.Database.WriteAsync(s => s.ExecuteAsync("update lot set state = 'off'"));
        await LookAsync();
        (await watch.AlertsAsync(null, openOnly: false)).Select(a => a.Reason).ShouldBe(["out", "days"]);
        (await watch.AlertsAsync(new SupplierId(1), openOnly: false)).ShouldBeEmpty("another tenant's");

        // What is not offered any more is nobody's worry.
        (await world.Get<Modules.Catalog.Catalog>().UpdateSupplyAsync(goods.Supply.Id, new SupplyDraft
        {
            SkuId = goods.Sku.Id, SupplierId = goods.Supplier.Id, Cost = "45.2500", State = SupplyState.Off,
        })).ShouldBeOfType<CatalogDecision<Supply>.Saved>();
        await LookAsync();
        (await watch.AlertsAsync(null, openOnly: true)).ShouldBeEmpty();

        async Task SellAsync(int units, TimeSpan after)
        {
            clock.Add(after);
            await world.Database.WriteAsync(s => s.ExecuteAsync("update lot set next = next + @units where id = @lot", new { units, lot }));
            await watch.LookAsync();
        }

        Task LookAsync()
        {
            clock.Add(StockWatch.Every);
            return watch.LookAsync();
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_supplier_sets_limits_for_its_own_supplies_alone(DatabaseKind kind)
    {
        var clock = new SetClock();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var (a, b) = (await Goods.CreateAsync(world, "a"), await Goods.CreateAsync(world, "b"));
        var watch = world.Get<StockWatch>();
        (await watch.SetLimitAsync(a.Supplier.Id, b.Supply.Id, "3", "10")).ShouldBeOfType<LimitDecision.Refused>().Errors.Single().Code.ShouldBe("not_found");
        (await watch.SetLimitAsync(a.Supplier.Id, null, "-1", "1e3")).ShouldBeOfType<LimitDecision.Refused>().Errors.Select(e => e.Field).ShouldBe(["days", "units"]);
        await ImportTests.ImportAsync(world, a, Cards(40, "A"));
        await ImportTests.ImportAsync(world, b, Cards(40, "B"));
        await watch.SetLimitAsync(a.Supplier.Id, null, "0", "10");
        await watch.SetLimitAsync(a.Supplier.Id, a.Supply.Id, "0", "50");
        await watch.SetLimitAsync(b.Supplier.Id, null, "0", "40");
        (await watch.LimitsAsync(a.Supplier.Id, [a.Supply.Id, b.Supply.Id])).Select(l => (l.Supply, l.Limit))
            .ShouldBe([(null, new StockLimit(0, 10)), (a.Supply.Id, new StockLimit(0, 50))], ignoreOrder: true);
        (await watch.LimitsAsync(a.Supplier.Id, [])).Single().Supply.ShouldBeNull();
        (await watch.LookAsync()).ShouldBe(1);
        (await watch.AlertsAsync(null, openOnly: true)).Select(x => (x.SupplyId, x.Reason)).ShouldBe([(a.Supply.Id, "units")]);
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public void Add(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
