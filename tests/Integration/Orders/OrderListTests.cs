using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Find;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

/// <summary>Lists and look-ups read as much among three times as many orders.</summary>
public sealed class OrderListTests
{
    private const int Few = 20_000, Many = 60_000;
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] _contact = SHA256.HashData([7]);
    private static readonly MerchantId _one = new(1), _two = new(2);
    private static readonly SkuId _rareSku = new(99);

    private static readonly Dictionary<string, Func<Session, Task>> _asked = new()
    {
        ["the first page"] = s => ListAsync(s, new OrderFilter()),
        ["a page far down"] = s => ListAsync(s, new OrderFilter(Before: new OrderId(LedgerNumbers.Start + 500))),
        ["by order number"] = s => ListAsync(s, new OrderFilter(Text: new OrderId(LedgerNumbers.Start + 400).ToString())),
        ["by a merchant's client number"] = s => ListAsync(s, new OrderFilter(_one, Text: "k400")),
        ["by a client number of whichever merchant"] = s => ListAsync(s, new OrderFilter(Text: "k401")),
        ["by contact"] = s => ListAsync(s, new OrderFilter(Text: "buyer@example.com", ContactKey: _contact)),
        ["by contact within a merchant"] = s => ListAsync(s, new OrderFilter(_one, Text: "buyer@example.com", ContactKey: _contact)),
        ["of a merchant"] = s => ListAsync(s, new OrderFilter(_one)),
        ["of a merchant, delivered"] = s => ListAsync(s, new OrderFilter(_one, OrderStatus.Delivered)),
        ["of a merchant, through the API"] = s => ListAsync(s, new OrderFilter(_one, Source: OrderSource.Api)),
        ["of a merchant, refunded"] = s => ListAsync(s, new OrderFilter(_one, OrderStatus.Refunded)),
        ["refunded"] = s => ListAsync(s, new OrderFilter(Status: OrderStatus.Refunded)),
        ["cancelled, of which there are none"] = s => ListAsync(s, new OrderFilter(Status: OrderStatus.Cancelled)),
        ["unpaid, of which there are none"] = s => ListAsync(s, new OrderFilter(Status: OrderStatus.Placed)),
        ["of a SKU sold once"] = s => ListAsync(s, new OrderFilter(Sku: _rareSku)),
        ["of a buyer"] = s => ListAsync(s, new OrderFilter(_one, Storefront: new StorefrontId(60), Buyer: 7)),
        ["since a moment to come"] = s => ListAsync(s, new OrderFilter(From: _start.AddDays(900))),
        ["of the first hours"] = s => ListAsync(s, new OrderFilter(From: _start, To: _start.AddHours(2))),
        ["one by its number"] = s => OrderQueries.FindAsync(s, new OrderId(LedgerNumbers.Start + 400), _one),
        ["one by its client number"] = s => OrderQueries.FindByKeyAsync(s, _one, "k400"),
        ["one by number and contact"] = s => OrderQueries.FindByContactAsync(s, new OrderId(LedgerNumbers.Start + 10), _contact),
        ["what happened to one"] = s => OrderQueries.TimelineAsync(s, new OrderId(LedgerNumbers.Start + 400)),
        ["the first page of a statement"] = s => Statements.OfPartyAsync(s, 1, new StatementFilter()),
        ["a page far down a statement"] = s => Statements.OfPartyAsync(s, 1, new StatementFilter(Cursor: new StatementCursor(LedgerNumbers.Start + 500, new AccountId(1)))),
        ["a statement of the first hours"] = s => Statements.OfPartyAsync(s, 1, new StatementFilter(_start, _start.AddHours(2))),
        ["a statement since a moment to come"] = s => Statements.OfPartyAsync(s, 1, new StatementFilter(_start.AddDays(900))),
        ["the transfers of one"] = s => Statements.OfOrderAsync(s, new OrderId(LedgerNumbers.Start + 400)),
    };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_list_reads_no_more_among_three_times_as_many_orders(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await FillAsync(world, 1, Few);
        var before = await CountAsync(world);
        await FillAsync(world, Few + 1, Many);
        var after = await CountAsync(world);
        // A halving more here and there, a page that lies otherwise.
        var grown = _asked.Keys.Where(k => after[k] > (before[k] * 1.1) + 300).Select(k => $"{k}: {before[k]}, then {after[k]}");
        grown.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Whoever_goes_on_from_page_to_page_sees_every_match_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await FillAsync(world, 1, Many);
        await FindsAsync(new OrderFilter(Sku: _rareSku), (Many / OrderList.LookMax) + 1, 10);
        await FindsAsync(new OrderFilter(Status: OrderStatus.Refunded), 1, 13, 12, 11, 10);
        await FindsAsync(new OrderFilter(Status: OrderStatus.Refunded, Limit: 2), 2, 13, 12, 11, 10);
        await FindsAsync(new OrderFilter(_one, OrderStatus.Refunded), 1, 13, 10);
        await FindsAsync(new OrderFilter(_one, Buyer: 7, Storefront: new StorefrontId(60)), 1, 10);
        await FindsAsync(new OrderFilter(_two, Buyer: 7, Storefront: new StorefrontId(60)), 1);
        await FindsAsync(new OrderFilter(Text: "x", ContactKey: _contact), 1, 11, 10);
        await FindsAsync(new OrderFilter(_two, Text: "x", ContactKey: _contact), 1, 11);
        await FindsAsync(new OrderFilter(Text: "k400"), 1, 400);
        await FindsAsync(new OrderFilter(_two, Text: "k400"), 1);
        // The list starts where the hour ended, without a walk through all that came later.
        await FindsAsync(new OrderFilter(From: _start.AddHours(1), To: _start.AddHours(2), Limit: 200), 1, [.. Falling(60, 119)]);
        await FindsAsync(new OrderFilter(Limit: 200), Many / 200, [.. Falling(1, Many)]);

        IEnumerable<long> Falling(int from, int to) => Enumerable.Range(from, to - from + 1).Reverse().Select(i => (long)i);

        async Task FindsAsync(OrderFilter filter, int inPages, params long[] orders)
        {
            var (found, pages) = await PagesAsync(filter);
            found.ShouldBe(orders, filter.ToString());
            pages.ShouldBe(inPages, filter.ToString());
        }

        async Task<(long[] Found, int Pages)> PagesAsync(OrderFilter filter)
        {
            var ids = new List<long>();
            for (var count = 1; ; count++)
            {
                var page = await world.Database.ReadAsync(s => OrderList.ReadAsync(s, filter));
                page.Orders.Count.ShouldBeLessThanOrEqualTo(filter.Limit);
                ids.AddRange(page.Orders.Select(o => o.Id.Value - LedgerNumbers.Start));
                if (page.Next is not { } next) return ([.. ids], count);
                filter = filter with { Before = next };
            }
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_statement_of_some_hours_has_all_entries_of_them(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await FillAsync(world, 1, Few);
        var page = await world.Database.ReadAsync(s => Statements.OfPartyAsync(s, 1, new StatementFilter(_start.AddHours(30), _start.AddHours(33), Limit: 200)));
        page.Lines.Select(l => l.Transfer - LedgerNumbers.Start).ShouldBe(Enumerable.Range(1_800, 180).Where(i => i % 3 == 1).Reverse().Select(i => (long)i));
    }

    private static Task ListAsync(Session session, OrderFilter filter) => OrderList.ReadAsync(session, filter);

    private static async Task<Dictionary<string, long>> CountAsync(World world)
    {
        var counts = new Dictionary<string, long>();
        foreach (var (what, ask) in _asked) counts[what] = await ReadCount.OfAsync(world, ask);
        return counts;
    }

    /// <summary>An order a minute, paid by its wallet, of merchants 1 to 3 in turn. What is rare lies at the old end.</summary>
    private static async Task FillAsync(World world, int from, int to)
    {
        var numbers = world.Kind == DatabaseKind.Postgres
            ? $"select i from generate_series({from}, {to}) as n (i)"
            : $"with recursive n (i) as (select {from} union all select i + 1 from n where i < {to}) select i from n";
        var at = $"{_start.ToMicros()} + cast(i as bigint) * 60000000";
        await world.Database.WriteAsync(async s =>
        {
            if (from == 1)
                await s.ExecuteAsync(
                    """
                    insert into level (rank, name_zh, name_en) values (1, '总代', 'L1');
                    insert into merchant (id, slug, name_zh, name_en, level, created_at) values (1, 'a', '一', 'A', 1, 1), (2, 'b', '二', 'B', 1, 1), (3, 'c', '三', 'C', 1, 1);
                    insert into account (id, kind, party_id, limited, created_at) values (1, 'wallet', 1, 1, 1), (2, 'wallet', 2, 1, 1), (3, 'wallet', 3, 1, 1), (4, 'escrow', 4, 0, 1);
                    insert into order_contact (order_id, contact, contact_key) values (@Start + 10, 'x', @contact), (@Start + 11, 'x', @contact);
                    """, new { contact = _contact, LedgerNumbers.Start });
            await s.ExecuteAsync(
                $"""
                insert into orders (id, merchant_id, source, client_key, sku_id, quantity, max_total, storefront_id, buyer_id, status, settlement, unit_price, total,
                                    payer_account, payer_after, escrow_account, merchant_unit, top_unit, created_at)
                select {LedgerNumbers.Start} + i, 1 + (i + 2) % 3, case when i = 10 then 3 else 1 end, 'k' || i, case when i = 10 then 99 else 20 end, 1, 500000,
                       case when i = 10 then 60 end, case when i = 10 then 7 end, case when i between 10 and 13 then 6 else 4 end, 2, 500000, 500000,
                       1 + (i + 2) % 3, case when i <> 10 then 0 end, 4, 500000, 500000, {at}
                from ({numbers}) as x
                """);
            if (s.Kind == DatabaseKind.Postgres) await s.ExecuteAsync("analyze orders");
        });
    }
}
