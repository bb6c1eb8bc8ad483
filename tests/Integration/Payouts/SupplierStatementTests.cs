using System.Globalization;
using System.IO.Compression;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payouts;

public sealed class SupplierStatementTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static DateOnly Today(Trade trade) => ChinaDay.Of(trade.Clock.Now());

    private static async Task<SupplierStatement> OfAsync(Trade trade, DateOnly first, DateOnly last) =>
        (await trade.World.Get<SupplierStatements>().OfAsync(Trade.Supplier, first, last)).ShouldNotBeNull();

    [Theory, MemberData(nameof(Both))]
    public async Task I11_Opening_balance_and_lines_are_the_closing_balance_and_the_ledgers(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 40, settlesAtOnce: true);
        var desk = trade.World.Get<PayoutDesk>();
        var first = Today(trade);
        var orders = new List<Order>();
        for (var i = 0; i < 3; i++) orders.Add(Trade.Done(await trade.PlaceAsync($"A-{i}", 2)));
        await trade.SettleAsync(); // 3 × 90
        await desk.SetBankAsync(Trade.Supplier, new BankDraft { Holder = "H", Bank = "B", Number = "12345678" }, "s");
        var payout = ((PayoutDecision.Done)await desk.RequestAsync(Trade.Supplier, 9, "supplier:s", Money.Parse("250.00"), "k")).Payout;
        // A late refund takes 20 from the payable and leaves 70 owed, which the next settlement keeps.
        Trade.Done(await trade.RefundAsync(orders[0], null));
        (await trade.World.Get<SupplierStatements>().MoneyAsync(Trade.Supplier, first)).Debt.ToString().ShouldBe("70.0000");
        trade.Clock.Turn(TimeSpan.FromDays(1));
        Trade.Done(await trade.PlaceAsync("B-1", 1)); // 45, kept whole
        await trade.SettleAsync();
        Trade.Done(await trade.PlaceAsync("B-2", 2)); // 90, of them 25 kept
        await trade.SettleAsync();
        await desk.RefuseAsync(payout.Id, "operator:o", "=cmd|' /C calc'!A0");
        trade.Clock.Turn(TimeSpan.FromDays(1));

        var (one, two) = (await OfAsync(trade, first, first), await OfAsync(trade, first.AddDays(1), first.AddDays(1)));
        Told(one).ShouldBe("0.0000 | order 90.0000, order 90.0000, order 90.0000, payout_request -250.0000, take_back -20.0000 | 0.0000");
        Told(two).ShouldBe("0.0000 | order 45.0000, recovered -45.0000, order 90.0000, recovered -25.0000, payout_back 250.0000 | 315.0000");
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("315.0000");
        one.Lines.Where(l => l.Kind == "order").Select(l => l.Order).ShouldBe(orders.Select(o => (OrderId?)o.Id), ignoreOrder: true);

        // Both days together are one after the other, and an empty day is its balance.
        var both = await OfAsync(trade, first, first.AddDays(1));
        both.Lines.Count.ShouldBe(one.Lines.Count + two.Lines.Count);
        var empty = await OfAsync(trade, first.AddDays(2), first.AddDays(2));
        (empty.Opening, empty.Closing, empty.Lines.Count).ShouldBe((Money.Parse("315"), Money.Parse("315"), 0));
        var before = await OfAsync(trade, first.AddDays(-1), first.AddDays(-1));
        (before.Opening, before.Closing).ShouldBe((Money.Zero, Money.Zero));
        foreach (var statement in new[] { one, two, both, empty })
            (statement.Opening + statement.In + statement.Out).ShouldBe(statement.Closing);

        // The sums of the account's entries, day by day.
        foreach (var statement in new[] { one, two })
        {
            var entries = new Money(await trade.World.Database.ReadAsync(s => s.ScalarAsync<long>(
                """
                select cast(coalesce(sum(e.amount), 0) as bigint) from entry e join account a on a.id = e.account_id
                where a.kind = 'payable' and a.party_id = 30 and e.at >= @From and e.at < @To
                """, new { From = ChinaDay.Start(statement.First).ToMicros(), To = ChinaDay.Start(statement.Last.AddDays(1)).ToMicros() })));
            (statement.Closing - statement.Opening).ShouldBe(entries);
        }

        await FilesAsync(two);
        await trade.ProveAsync();
    }

    /// <summary>A union whose columns differ in kind is read whole before PostgreSQL looks whose lines they are.</summary>
    [Fact]
    public async Task The_lines_of_a_supplier_are_found_by_index()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Postgres);
        var plan = await world.Database.ReadAsync(async s =>
        {
            await s.ExecuteAsync("set local enable_seqscan = off; set local enable_bitmapscan = off");
            return await s.QueryAsync<string>("explain select order_id from settlement_line where party_id = 30 and role = 'supplier' and settlement_id = 7");
        });
        plan.ShouldContain(l => l.Contains("(supplier_id = 30) AND (settlement_id = 7)", StringComparison.Ordinal), string.Join('\n', plan));
    }

    private static string Told(SupplierStatement s) =>
        $"{s.Opening} | {string.Join(", ", s.Lines.Select(l => $"{l.Kind} {l.Amount}"))} | {s.Closing}";

    /// <summary>What stands in the files sums as the statement does, and runs nothing.</summary>
    private static async Task FilesAsync(SupplierStatement statement)
    {
        foreach (var language in new[] { Language.Zh, Language.En })
        {
            var lines = Encoding.UTF8.GetString(StatementFile.Csv(statement, language)).TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            lines.Length.ShouldBe(statement.Lines.Count + 3);
            lines[^1].ShouldEndWith($",{statement.Closing}");
            lines.ShouldContain(l => l.Contains(",'=cmd", StringComparison.Ordinal) || l.Contains("\"'=cmd", StringComparison.Ordinal));

            using var book = new ZipArchive(new MemoryStream(await StatementFile.XlsxAsync(statement, language, CancellationToken.None)));
            using var sheet = new StreamReader(book.Entries.Single(e => e.FullName == "xl/worksheets/sheet1.xml").Open());
            var xml = await sheet.ReadToEndAsync();
            xml.ShouldNotContain("<x:f>");
            xml.ShouldNotContain("<f>");
            xml.ShouldContain(statement.Closing.Units / 10_000 + "");
            var all = string.Concat(book.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)).Select(e => new StreamReader(e.Open()).ReadToEnd()));
            System.Net.WebUtility.HtmlDecode(all).ShouldContain(">'=cmd");
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_day_is_a_day_of_China(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, settlesAtOnce: true);
        // Sixteen hours UTC is midnight there.
        var midnight = ChinaDay.Start(Today(trade).AddDays(1));
        trade.Clock.Turn(midnight - trade.Clock.Now() - TimeSpan.FromSeconds(10));
        Trade.Done(await trade.PlaceAsync("A", 1));
        await trade.SettleAsync();
        trade.Clock.Turn(TimeSpan.FromSeconds(20));
        Trade.Done(await trade.PlaceAsync("B", 2));
        await trade.SettleAsync();
        var day = ChinaDay.Of(midnight);
        (await OfAsync(trade, day.AddDays(-1), day.AddDays(-1))).Closing.ToString().ShouldBe("45.0000");
        Told(await OfAsync(trade, day, day)).ShouldBe("45.0000 | order 90.0000 | 135.0000");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_is_in_escrow_is_told_by_the_day_of_its_release(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10);
        Trade.Done(await trade.PlaceAsync("A", 2));
        trade.Clock.Turn(TimeSpan.FromDays(2));
        Trade.Done(await trade.PlaceAsync("B", 1));
        var owed = await trade.World.Get<SupplierStatements>().OwedAsync(Trade.Supplier, Today(trade));
        owed.Sum(o => o.Amount.Units).ShouldBe(Money.Parse("135").Units);
        owed[0].Day.ShouldBe(Today(trade), "what is overdue stands at today");
        owed.Sum(o => o.Orders).ShouldBe(2);
    }

    /// <summary>Two suppliers in one settlement, with an order of both, one of which is later given back in part.</summary>
    [Theory, MemberData(nameof(Both))]
    public async Task F45_Each_supplier_is_told_its_own_share_and_nobody_elses(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 2);
        var other = new SupplierId(31);
        await trade.World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("""
                insert into supplier (id, slug, name_zh, name_en, created_at) values (31, 'other', '另', 'Other', 1);
                insert into supply (id, sku_id, supplier_id, cost, hold_seconds, priority) values (41, 20, 31, 440000, 3600, 200);
                update version set value = value + 1 where name = 'prices';
                """);
            foreach (var account in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable])
                await trade.World.Get<Modules.Ledger.Ledger>().OpenAsync(s, account, 31);
        });
        await trade.StockAsync(3, trade.Clock.Now().ToMicros(), supply: 41, supplier: 31);
        var (ours, both, theirs) = (Trade.Done(await trade.PlaceAsync("A")), Trade.Done(await trade.PlaceAsync("B", 2)), Trade.Done(await trade.PlaceAsync("C", 2)));
        both.Fulfilments.Select(f => f.Supplier).ShouldBe([Trade.Supplier, other]);

        var statements = trade.World.Get<SupplierStatements>();
        (await OwedAsync(Trade.Supplier)).ShouldBe("2 90.0000");
        (await OwedAsync(other)).ShouldBe("2 132.0000");
        (await trade.Desk.SalesAsync(other)).ShouldHaveSingleItem().ShouldBe(new SupplierSales(Trade.Sku, 3, Money.Zero, Money.Parse("132")));
        trade.Clock.Turn(TimeSpan.FromHours(1));
        (await trade.SettleAsync()).ShouldBe(3);
        // Its delivery stands in pieces from now on, which changes nothing of what was released.
        Trade.Done(await trade.RefundAsync(theirs, 1));
        (await trade.Desk.SalesAsync(other)).ShouldHaveSingleItem().ShouldBe(new SupplierSales(Trade.Sku, 2, Money.Parse("88"), Money.Zero));
        (await LinesAsync(Trade.Supplier)).ShouldBe([(ours.Id, "45.0000"), (both.Id, "45.0000")]);
        (await LinesAsync(other)).ShouldBe([(both.Id, "44.0000"), (theirs.Id, "88.0000")]);
        await trade.ProveAsync();

        async Task<string> OwedAsync(SupplierId supplier)
        {
            var owed = await statements.OwedAsync(supplier, Today(trade));
            return $"{owed.Sum(o => o.Orders)} {owed.Aggregate(Money.Zero, (sum, o) => sum + o.Amount)}";
        }

        async Task<List<(OrderId, string)>> LinesAsync(SupplierId supplier) =>
            [.. (await statements.OfAsync(supplier, Today(trade), Today(trade)))!.Lines.Where(l => l.Order is not null && l.Kind == "order").Select(l => (l.Order!.Value, l.Amount.ToString()))];
    }

    /// <summary>T+0: with no hold time, what was sold is available as soon as settlement runs.</summary>
    [Theory, MemberData(nameof(Both))]
    public async Task With_hold_time_nought_a_sale_is_available_within_minutes(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, settlesAtOnce: true);
        var desk = trade.World.Get<PayoutDesk>();
        var sold = Trade.Done(await trade.PlaceAsync("A", 2));
        await trade.World.Get<Modules.Orders.Settle.OrderClock>().StartAsync(default);
        for (var i = 0; i < 200 && (await desk.AgeingAsync(Trade.Supplier)).Available.IsZero; i++) await Task.Delay(100);
        (await desk.AgeingAsync(Trade.Supplier)).Available.ToString().ShouldBe("90.0000");
        await trade.World.Get<Modules.Orders.Settle.OrderClock>().StopAsync(default);
        var released = await trade.World.Database.ReadAsync(s => s.ScalarAsync<long>("select max(at) from settlement"));
        TimeSpan.FromMicroseconds(released - sold.CreatedAt.ToMicros()).ShouldBeLessThan(TimeSpan.FromMinutes(2), string.Create(CultureInfo.InvariantCulture, $"{released}"));
    }
}
