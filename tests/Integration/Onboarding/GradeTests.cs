using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
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

    private static readonly SupplierId _other = new(31);

    /// <summary>A second supplier for the same SKU at the same cost, drawn after the first.</summary>
    private static async Task AddOtherAsync(Trade trade)
    {
        await trade.World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("""
                insert into supplier (id, slug, name_zh, name_en, created_at) values (31, 'other', '另', 'Other', 1);
                insert into supply (id, sku_id, supplier_id, cost, hold_seconds, priority) values (41, 20, 31, 450000, 3600, 200);
                update version set value = value + 1 where name = 'prices';
                """);
            foreach (var account in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable])
                await trade.World.Get<Modules.Ledger.Ledger>().OpenAsync(s, account, 31);
        });
        await trade.StockAsync(10, trade.Clock.Now().ToMicros(), supply: 41, supplier: 31);
    }

    private static async Task<string> GradeAsync(Trade trade, int days = 1)
    {
        trade.Clock.Turn(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(11));
        await WatchAsync(trade);
        return (await Grades(trade).LatestAsync()).Single(g => g.SupplierId == Trade.Supplier).Grade;
    }

    private static async Task<(SupplierId Supplier, TimeSpan Hold)> BuyAsync(Trade trade, string key)
    {
        var order = Trade.Done(await trade.PlaceAsync(key));
        return (order.Fulfilments.Single().Supplier, order.ReleaseAt!.Value - order.DeliveredAt!.Value);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_worse_grade_holds_longer_and_is_drawn_last_and_E_is_off_until_an_appeal(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 200);
        await AddOtherAsync(trade);
        var order = Trade.Done(await trade.PlaceAsync("a", 100));
        (await BuyAsync(trade, "b")).ShouldBe((Trade.Supplier, TimeSpan.FromHours(1)));
        await trade.RefundAsync(order, 3);
        (await GradeAsync(trade)).ShouldBe("C");
        (await BuyAsync(trade, "c")).ShouldBe((_other, TimeSpan.FromHours(1)), "drawn after the one without a grade");
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("update supply set state = 'off' where id = 41; update version set value = value + 1 where name = 'prices'"));
        (await BuyAsync(trade, "d")).ShouldBe((Trade.Supplier, TimeSpan.FromHours(25)), "the grade's day on top of the agreed hour");
        (await NoticesAsync(trade)).ShouldBe([NoticeKinds.Graded("C")]);
        await trade.ProveAsync();

        await trade.RefundAsync(order, 7, "r2");
        (await GradeAsync(trade)).ShouldBe("E");
        (await IsOfferedAsync(trade, "e")).ShouldBeFalse("suspended, and there is no other");
        var appeal = (await Grades(trade).AppealAsync(Trade.Supplier, "Mended")).ShouldBeOfType<CatalogDecision<Appeal>.Saved>().Value;
        (await Grades(trade).DecideAsync(appeal.Id, true, "True", "zhou")).ShouldBeTrue();
        (await BuyAsync(trade, "e")).ShouldBe((Trade.Supplier, TimeSpan.FromHours(1) + TimeSpan.FromDays(7)), "offered again, and still graded E");
        (await NoticesAsync(trade)).ShouldBe([NoticeKinds.AppealGranted, NoticeKinds.Suspended, NoticeKinds.Graded("C")]);
        await trade.ProveAsync();

        await WatchAsync(trade);
        trade.Clock.Turn(TimeSpan.FromDays(31));
        await WatchAsync(trade);
        (await Grades(trade).LatestAsync()).ShouldBeEmpty("too little to judge by");
        (await BuyAsync(trade, "f")).ShouldBe((Trade.Supplier, TimeSpan.FromHours(1)), "without a grade as agreed");
    }

    private static async Task<List<string>> NoticesAsync(Trade trade) =>
        (await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier))).ConvertAll(n => n.Kind);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Purchases_count_by_how_they_ended_and_the_speed_is_exact_by_rank(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var day = trade.Clock.Now();
        var number = 0L;
        for (var i = 1; i <= 101; i++) await AddAsync(4, seconds: 102 - i);
        await AddAsync(4, seconds: 0, connection: null);
        foreach (var (fault, detail) in ((string, string)[])[("goods", "none"), ("price", "dearer"), ("system", "no"), ("not_sent", "refused"), ("by_hand", "no")])
            await AddAsync(5, fault: fault, detail: detail);
        // The supplier can do nothing about these.
        foreach (var (fault, detail) in ((string, string)[])[("account", "wrong"), ("balance", "used up"), ("access", "no key"), ("not_sent", "connection_off")])
            await AddAsync(5, fault: fault, detail: detail);
        await AddAsync(6);
        await AddAsync(4, seconds: 9_999, daysAgo: 31);
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "insert into purchase_case (purchase_id, order_id, kind, ours, opened_at) values (1, 1, 'duplicate_cards', 1, 1), (2, 2, 'slow', 1, 1)"));
        trade.Clock.Turn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
        await WatchAsync(trade);
        var grade = (await Grades(trade).LatestAsync()).ShouldHaveSingleItem();
        // 107 ended; 5 failed and one brought known cards; of 101 timed ones the 96th in order took 96 s.
        (grade.Purchases, grade.Failed, grade.OutOfStock, grade.Timed, grade.P95Ms).ShouldBe((107, 6, 2, 101, 96_000));
        grade.Parts.Select(p => p.Points).ShouldBe([null, 71, 81, null, 71]);
        (grade.Score, grade.Grade).ShouldBe((74, "C"));

        Task AddAsync(int state, int seconds = 1, string? fault = null, string? detail = null, long? connection = 1, int daysAgo = 0)
        {
            number++;
            var sent = day - TimeSpan.FromDays(daysAgo) - TimeSpan.FromHours(1);
            return trade.World.Database.WriteAsync(s => s.ExecuteAsync(
                """
                insert into purchase (id, order_id, no, sku_id, supply_id, supplier_id, connection_id, count, unit_cost, route, state, fault, detail, created_at, sent_at, ended_at)
                values (@number, @number, 1, 20, 40, 30, @connection, 1, 1, '', @state, @fault, @detail, @sent, @sent, @Ended)
                """, new { number, connection, state, fault, detail, sent, Ended = state == 6 ? (DateTimeOffset?)null : sent.AddSeconds(seconds) }));
        }
    }
}
