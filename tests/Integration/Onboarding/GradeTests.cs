using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class GradeTests
{
    private static Grades Grades(Trade trade) => trade.World.Get<Grades>();

    private static Task WatchAsync(Trade trade) => trade.World.Get<SupplierWatch>().RunAsync();

    private static async Task<bool> IsOfferedAsync(Trade trade, string key) => await trade.PlaceAsync(key) is OrderDecision.Done;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Figures_of_thirty_days_make_the_grade_of_a_day_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 60);
        for (var i = 0; i < 10; i++)
        {
            var order = Trade.Done(await trade.PlaceAsync($"o-{i}", 5));
            if (i == 0) await trade.RefundAsync(order, 1);
        }

        await WatchAsync(trade);
        (await Grades(trade).LatestAsync()).ShouldBeEmpty("today is not over");
        trade.Clock.Turn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
        await using var other = await trade.AnotherNodeAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => WatchAsync(i % 2 == 0 ? trade : other))));
        var grade = (await Grades(trade).LatestAsync()).ShouldHaveSingleItem();
        (grade.SupplierId, grade.Sold, grade.Refunded, grade.Score, grade.Grade).ShouldBe((Trade.Supplier, 50, 1, 80, "B"));

        trade.Clock.Turn(TimeSpan.FromDays(31));
        await WatchAsync(trade);
        (await Grades(trade).LatestAsync()).ShouldBeEmpty("too little to judge by");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_lowest_grade_suspends_and_a_granted_appeal_lifts_it(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 60);
        var order = Trade.Done(await trade.PlaceAsync("a", 40));
        await trade.RefundAsync(order, 10);
        (await Grades(trade).AppealAsync(Trade.Supplier, "why")).ShouldBeOfType<CatalogDecision<Appeal>.Missing>("nobody is suspended");
        trade.Clock.Turn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
        await WatchAsync(trade);
        await WatchAsync(trade);
        (await Grades(trade).LatestAsync()).ShouldHaveSingleItem().Grade.ShouldBe("E");
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse();
        (await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier))).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKinds.Suspended);

        var appeal = (await Grades(trade).AppealAsync(Trade.Supplier, "A bad lot; it is gone")).ShouldBeOfType<CatalogDecision<Appeal>.Saved>().Value;
        (await Grades(trade).AppealAsync(Trade.Supplier, "again")).ShouldBeOfType<CatalogDecision<Appeal>.Refused>().Errors[0].Code.ShouldBe("taken");
        (await Grades(trade).DecideAsync(appeal.Id, true, "The lot is gone", "zhou")).ShouldBeTrue();
        (await Grades(trade).DecideAsync(appeal.Id, false, "no", "zhou")).ShouldBeFalse("decided once");
        (await IsOfferedAsync(trade, "b")).ShouldBeTrue();
        trade.Clock.Turn(TimeSpan.FromDays(1));
        await WatchAsync(trade);
        (await Grades(trade).LatestAsync()).ShouldHaveSingleItem().Grade.ShouldBe("E");
        (await IsOfferedAsync(trade, "c")).ShouldBeTrue("lifted for thirty days");
        await trade.ProveAsync();
    }
}
