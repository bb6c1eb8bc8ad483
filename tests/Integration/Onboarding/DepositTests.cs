using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class DepositTests
{
    private const long Category = 9;

    private static Deposits Deposits(Trade trade) => trade.World.Get<Deposits>();

    private static async Task<DepositDecision.Posted> PaidInAsync(Trade trade, string amount, string slip) =>
        (await Deposits(trade).PayInAsync(Trade.Supplier, amount, slip, "operator:test")).ShouldBeOfType<DepositDecision.Posted>();

    private static async Task RateAsync(Trade trade, string amount, string share = "0") =>
        (await Deposits(trade).SaveRatesAsync(new Dictionary<long, string> { [Category] = amount }, share)).ShouldBeEmpty();

    private static Task WatchAsync(Trade trade) => trade.World.Get<SupplierWatch>().RunAsync();

    private static Task<List<SupplierStop>> StopsAsync(Trade trade) => trade.World.Database.ReadAsync(s => Selling.StopsAsync(s));

    private static async Task<PostDecision> DrawAsync(Trade trade, string amount, string key) => await trade.World.Database.WriteAsync(async s =>
        await Deposits(trade).CompensateAsync(s, Trade.Supplier, Money.Parse(amount),
            await trade.World.Get<Modules.Ledger.Ledger>().OpenAsync(s, AccountKinds.Loss, Parties.Platform), key, "ruling 7", "operator:test"));

    private static async Task<bool> IsOfferedAsync(Trade trade, string key) => await trade.PlaceAsync(key) switch
    {
        OrderDecision.Done => true,
        OrderDecision.Refused refused => refused.Why == Refusal.NotOffered ? false : throw new InvalidOperationException($"{refused.Why}"),
        _ => throw new InvalidOperationException(),
    };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I10_A_listing_is_off_while_the_deposit_is_short_and_on_again_when_it_covers(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10);
        (await IsOfferedAsync(trade, "a")).ShouldBeTrue("nothing is asked of anybody yet");

        await RateAsync(trade, "500");
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse();
        (await trade.World.Get<Modules.Inventory.Inventory>().StockOfAsync([Trade.Sku])).GetValueOrDefault(Trade.Sku).ShouldBe(0);
        var told = await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier));
        told.ShouldHaveSingleItem().Kind.ShouldBe(NoticeKinds.DepositShort);
        await WatchAsync(trade);
        (await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier))).Count.ShouldBe(1, "once, not again and again");

        (await PaidInAsync(trade, "499.9999", "slip-1")).Cover.Missing.ShouldBe(Money.Parse("0.0001"));
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse();
        await PaidInAsync(trade, "0.0001", "slip-2");
        (await IsOfferedAsync(trade, "b")).ShouldBeTrue();

        (await DrawAsync(trade, "0.0001", "d1")).ShouldBeOfType<PostDecision.Posted>();
        (await IsOfferedAsync(trade, "c")).ShouldBeFalse("off with the commit of the draw");
        await RateAsync(trade, "");
        (await IsOfferedAsync(trade, "c")).ShouldBeTrue();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I10_The_watch_sees_what_the_catalog_changes(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 2);
        var catalog = trade.World.Get<Modules.Catalog.Catalog>();
        async Task SetAsync(SupplyState state) => (await catalog.UpdateSupplyAsync(new(40), new SupplyDraft { Cost = "45", State = state }))
            .ShouldBeOfType<CatalogDecision<Supply>.Saved>();

        await SetAsync(SupplyState.Off);
        await RateAsync(trade, "100");
        (await StopsAsync(trade)).ShouldBeEmpty("nothing is sold, nothing is to be covered");
        await SetAsync(SupplyState.Active);
        await WatchAsync(trade);
        (await StopsAsync(trade)).ShouldHaveSingleItem().Reason.ShouldBe(StopReasons.Deposit);
        await SetAsync(SupplyState.Off);
        await WatchAsync(trade);
        (await StopsAsync(trade)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_slip_is_booked_once_and_a_draw_is_never_more_than_the_deposit(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PaidInAsync(trade, "100", "slip-1")));
        all.Count(p => !p.IsReplay).ShouldBe(1);
        (await trade.BalanceAsync(AccountKinds.Deposit, 30)).ShouldBe("100.0000");
        (await Deposits(trade).PayInAsync(Trade.Supplier, "99", "slip-1", "operator:test")).ShouldBeOfType<DepositDecision.Refused>().Error.Field.ShouldBe("slip");
        (await Deposits(trade).PayInAsync(new(999), "99", "slip-2", "operator:test")).ShouldBeOfType<DepositDecision.Missing>();

        (await DrawAsync(trade, "60", "d1")).ShouldBeOfType<PostDecision.Posted>().IsReplay.ShouldBeFalse();
        (await DrawAsync(trade, "60", "d1")).ShouldBeOfType<PostDecision.Posted>().IsReplay.ShouldBeTrue();
        (await DrawAsync(trade, "40.0001", "d2")).ShouldBeOfType<PostDecision.InsufficientFunds>();
        (await trade.BalanceAsync(AccountKinds.Deposit, 30)).ShouldBe("40.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_deposit_is_returned_down_to_the_cover_to_a_supplier_who_owes_nothing(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        async Task<string> ReturnAsync(string amount, string key) => await Deposits(trade).ReturnAsync(Trade.Supplier, amount, "end of contract", key, "operator:test") switch
        {
            DepositDecision.Posted => "posted",
            DepositDecision.Refused refused => refused.Error.Code,
            _ => "missing",
        };

        await RateAsync(trade, "100");
        await PaidInAsync(trade, "150", "slip-1");
        (await ReturnAsync("50.0001", "r1")).ShouldBe("covers");
        (await ReturnAsync("151", "r1")).ShouldBe("insufficient_funds");
        (await ReturnAsync("50", "r1")).ShouldBe("posted");
        (await ReturnAsync("50", "r1")).ShouldBe("posted", "the same return again");
        (await trade.BalanceAsync(AccountKinds.Deposit, 30)).ShouldBe("100.0000");

        await RateAsync(trade, "");
        await trade.World.Database.WriteAsync(async s =>
        {
            var ledger = trade.World.Get<Modules.Ledger.Ledger>();
            await ledger.PostAsync(s, new Posting("test", "test", [new Leg(
                await ledger.OpenAsync(s, AccountKinds.Receivable, 30), await ledger.OpenAsync(s, AccountKinds.Loss, 0), Money.Parse("1"), "test")]));
        });
        (await ReturnAsync("100", "r2")).ShouldBe("owes");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_turnover_of_thirty_whole_days_counts(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 4, settlesAtOnce: true);
        await RateAsync(trade, "", share: "1000");
        Trade.Done(await trade.PlaceAsync("a", 2));
        (await trade.SettleAsync()).ShouldBe(1);
        await WatchAsync(trade);
        async Task<Cover> CoverAsync() => (await Deposits(trade).FindAsync(Trade.Supplier))!;
        (await CoverAsync()).Turnover.ShouldBe(Money.Zero, "today is not over");

        trade.Clock.Turn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
        await WatchAsync(trade);
        (await CoverAsync()).ShouldBe(new Cover(Trade.Supplier, Money.Zero, Money.Zero, Money.Parse("90"), Money.Parse("9")));
        (await StopsAsync(trade)).Count.ShouldBe(1, "nine yuan are asked and none is there");
        await PaidInAsync(trade, "9", "slip-1");
        (await StopsAsync(trade)).ShouldBeEmpty();
        await trade.ProveAsync();

        trade.Clock.Turn(TimeSpan.FromDays(30));
        await WatchAsync(trade);
        (await CoverAsync()).Turnover.ShouldBe(Money.Zero);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F38_A_deposit_that_reaches_zero_in_a_burst_takes_its_listing_off(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 400, settlesAtOnce: true);
        var sold = new List<Order>();
        for (var i = 0; i < 20; i++) sold.Add(Trade.Done(await trade.PlaceAsync($"sold-{i}", 2)));
        (await trade.SettleAsync()).ShouldBe(20);
        await RateAsync(trade, "300");
        await PaidInAsync(trade, "1000", "slip-1");
        await PaidOutAsync(trade);
        (await IsOfferedAsync(trade, "before")).ShouldBeTrue();

        // Late refunds take 45 a unit from the deposit, rulings draw 50 each, buyers go on buying, the watch looks: all at once.
        var refunds = sold.Select((o, i) => trade.RefundAsync(o, null, $"late-{i}")).ToList();
        var draws = Enumerable.Range(0, 15).Select(i => Task.Run(() => DrawAsync(trade, "50", $"ruling-{i}"))).ToList();
        var orders = Enumerable.Range(0, 60).Select(i => Task.Run(() => IsOfferedAsync(trade, $"running-{i}"))).ToList();
        var looks = Enumerable.Range(0, 5).Select(_ => Task.Run(() => WatchAsync(trade))).ToList();
        await Task.WhenAll([.. refunds, .. draws, .. orders, .. looks]);

        (await trade.BalanceAsync(AccountKinds.Deposit, 30)).ShouldBe("0.0000", "more was taken than there was, in whatever order");
        (await DrawAsync(trade, "0.0001", "one-more")).ShouldBeOfType<PostDecision.InsufficientFunds>();
        await WatchAsync(trade);
        (await StopsAsync(trade)).ShouldHaveSingleItem().Reason.ShouldBe(StopReasons.Deposit);
        for (var i = 0; i < 5; i++) (await IsOfferedAsync(trade, $"after-{i}")).ShouldBeFalse("nothing of that supplier is offered");
        trade.Clock.Turn(TimeSpan.FromMinutes(5));
        await trade.ProveAsync();

        // What the deposit could not bear is owed; topped up, it sells again.
        (await Deposits(trade).ReturnAsync(Trade.Supplier, "0.0001", "x", "r", "operator:test")).ShouldBeOfType<DepositDecision.Refused>();
        await PaidInAsync(trade, "300", "slip-2");
        (await IsOfferedAsync(trade, "again")).ShouldBeTrue();
        await trade.ProveAsync();
    }

    /// <summary>The supplier's earnings are at its bank: late refunds reach the deposit.</summary>
    private static Task PaidOutAsync(Trade trade) => trade.World.Database.WriteAsync(async s =>
    {
        var ledger = trade.World.Get<Modules.Ledger.Ledger>();
        var payable = await ledger.OpenAsync(s, AccountKinds.Payable, 30);
        var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), 0);
        var earned = (await ledger.LockAsync(s, [payable]))[payable].Balance;
        (await ledger.PostAsync(s, new Posting("payout", "test", [new Leg(payable, bank, earned, "payout")]))).ShouldBeOfType<PostDecision.Posted>();
    });

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_nodes_that_watch_tell_and_stop_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1);
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("insert into deposit_rate (category_id, amount, changed_at) values (9, 100, 1)"));
        await using var other = await trade.World.BesideAsync();
        var before = await trade.CountAsync("select value from version where name = 'prices'");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => (i % 2 == 0 ? trade.World : other).Get<SupplierWatch>().RunAsync())));
        (await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier))).Count.ShouldBe(1);
        (await trade.CountAsync("select value from version where name = 'prices'")).ShouldBe(before + 1);
    }
}
