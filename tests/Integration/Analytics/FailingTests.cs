using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Analytics;

public sealed class FailingTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_supply_is_failing_by_its_last_hour_and_well_again_by_it(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var (now, database, id) = (trade.Clock.Now(), trade.World.Database, 0);
        // Began to fail ten minutes ago; failed all day yesterday and is fine; failed until the hour before and is fine.
        await EndedAsync(70, minutesAgo: 50, succeeded: 20);
        await EndedAsync(70, minutesAgo: 10, failed: 8);
        await EndedAsync(71, minutesAgo: 26 * 60, failed: 50);
        await EndedAsync(71, minutesAgo: 20, succeeded: 6);
        await EndedAsync(72, minutesAgo: 90, failed: 30);
        await EndedAsync(72, minutesAgo: 30, succeeded: 1);
        // Tried seldom: its last five failed, the newest just now, or all of them yesterday; too long ago to say anything.
        await EndedAsync(73, minutesAgo: 300, succeeded: 5);
        await EndedAsync(73, minutesAgo: 200, failed: 4);
        await EndedAsync(73, minutesAgo: 5, failed: 1);
        await EndedAsync(74, minutesAgo: 26 * 60, failed: 5);
        await EndedAsync(75, minutesAgo: 50 * 60, failed: 5);
        // Never better than this; nothing of the supplier's; and too few to tell.
        await EndedAsync(76, minutesAgo: 5, failed: 8);
        await EndedAsync(77, minutesAgo: 5, failed: 8, fault: "account");
        await EndedAsync(78, minutesAgo: 5, failed: 4);
        await trade.World.Get<FigureFold>().RunAsync();
        var past = FigureDay.NumberOf(ChinaDay.Of(now)) - 10;
        await database.WriteAsync(s => s.ExecuteAsync(
            "insert into day_supply (supplier_id, supply_id, day, units, cost, succeeded, failed) values (30, 70, @past, 0, 0, 99, 1), (30, 76, @past, 0, 0, 5, 95)", new { past }));

        (await trade.World.Get<Modules.Analytics.Figures>().FailingAsync(now)).ConvertAll(f => (f.Recent.Supply.Value, f.SuccessBps, f.Recent.Failed, f.IsOfHour, f.UsualBps))
            .ShouldBe([(70, 7_142, 8, true, 9_900), (73, 0, 5, false, null), (74, 0, 5, false, null)], ignoreOrder: true);
        // An hour later: nobody has tried the first again, and the seldom one has succeeded once.
        await EndedAsync(73, minutesAgo: -55, succeeded: 1);
        (await trade.World.Get<Modules.Analytics.Figures>().FailingAsync(now.AddHours(1))).ConvertAll(f => f.Recent.Supply.Value).ShouldBe([70, 74], ignoreOrder: true);

        Task EndedAsync(long supply, int minutesAgo, int succeeded = 0, int failed = 0, string? fault = null) => database.WriteAsync(async s =>
        {
            for (var i = 0; i < succeeded + failed; i++)
                await s.ExecuteAsync(
                    """
                    insert into purchase (id, order_id, no, sku_id, supply_id, supplier_id, count, unit_cost, route, state, fault, created_at, ended_at)
                    values (@Id, @Id, 1, 20, @supply, 30, 1, 1000, '', @State, @fault, @At, @At)
                    """, new { Id = ++id, supply, State = i < succeeded ? 4 : 5, fault, At = now.AddMinutes(-minutesAgo) });
        });
    }
}
