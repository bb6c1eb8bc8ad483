using System.Security.Cryptography;
using System.Text;
using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Orders;

/// <summary>A running engine on a real database: one SKU at 46 / 47 / 48, a tree 1 ← 2 ← 3, one supplier at cost 45.</summary>
internal sealed class Trade : IAsyncDisposable
{
    public static readonly SkuId Sku = new(20);
    public static readonly MerchantId Top = new(1), Middle = new(2), Leaf = new(3);
    public static readonly SupplierId Supplier = new(30);
    private static readonly StorefrontId _shop = new(60);

    private Trade(World world, TurnedClock clock) => (World, Clock) = (world, clock);

    public World World { get; }
    public TurnedClock Clock { get; }
    public OrderDesk Desk => World.Get<OrderDesk>();

    public static async Task<Trade> OpenAsync(
        DatabaseKind kind, int cards, string wallet = "100000.0000", bool settlesAtOnce = false, Action<IServiceCollection>? replace = null)
    {
        var clock = new TurnedClock();
        var trade = new Trade(await World.CreateAsync(kind, s =>
        {
            s.AddSingleton<TimeProvider>(clock);
            replace?.Invoke(s);
        }), clock);
        await trade.FillAsync(cards, wallet, settlesAtOnce ? 0 : 3_600);
        await trade.World.Get<OrderEngine>().StartAsync(default);
        return trade;
    }

    /// <summary>Another node on the same database, as after a restart or beside this one.</summary>
    /// <param name="connection">Its own way to the database.</param>
    public async Task<Trade> AnotherNodeAsync(string? connection = null, Action<IServiceCollection>? replace = null)
    {
        var other = new Trade(await World.BesideAsync(s =>
        {
            s.AddSingleton<TimeProvider>(Clock);
            replace?.Invoke(s);
        }, connection), Clock);
        await other.World.Get<OrderEngine>().StartAsync(default);
        return other;
    }

    public Task<OrderDecision> PlaceAsync(string key, long quantity = 1, MerchantId? merchant = null, string max = "1000000.0000", string? revealTo = null) =>
        Desk.RunAsync(new OrderCommand.Place(OrderSource.Api, merchant ?? Leaf, key, Sku, quantity, Money.Parse(max), null, null, "key:test", revealTo));

    public Task<OrderDecision> ReserveAsync(string key, long quantity = 1, byte contact = 1) =>
        Desk.RunAsync(new OrderCommand.Reserve(_shop, Leaf, key, Sku, quantity, Money.Parse("49.50"), Money.Parse("0.30"), "test", null,
            $"buyer{contact}@example.com", SHA256.HashData([contact]), Clock.Now().AddMinutes(15), "buyer"));

    /// <summary>The channel's money is there, and the engine is told.</summary>
    public async Task<OrderDecision> PayAsync(Order order)
    {
        if (await World.Database.ReadAsync(s => s.ScalarAsync<long?>("select attempt_id from payment where order_id = @Id", new { order.Id })) is null)
            await ChannelPaidAsync(order);
        return await Desk.RunAsync(new OrderCommand.Pay(order.Id, order.Total, "test", "channel:test"));
    }

    /// <summary>The channel's money is there, and nobody was told yet.</summary>
    public Task ChannelPaidAsync(Order order) => World.Database.WriteAsync(async s =>
    {
        await s.ExecuteAsync(
            """
            insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, booked, created_at, expires_at, paid_at)
            select id, id, 1, 'page', amount, 'paid', 0, 0, created_at, expires_at, @Now from payment where order_id = @Id on conflict do nothing
            """, new { order.Id, Now = Clock.Now() });
        await s.ExecuteAsync("update payment set attempt_id = id where order_id = @Id and attempt_id is null", new { order.Id });
    });

    public Task<OrderDecision> RefundAsync(Order order, long? units, string key = "r1") =>
        Desk.RunAsync(new OrderCommand.Refund(order.Id, units, "damaged", key, "operator"));

    public Task<int> SettleAsync() => World.Get<SettleOrders>().RunAsync();

    public static Order Done(OrderDecision decision) => decision.ShouldBeOfType<OrderDecision.Done>().Order;

    public async Task<string> BalanceAsync(string kind, long party) => new Money(await World.Database.ReadAsync(s => s.ScalarAsync<long>(
        """
        select a.balance + case when a.limited = 1 then 0 else coalesce((select cast(sum(e.amount) as bigint) from entry e
            where e.account_id = a.id and e.transfer_id > a.folded_to), 0) end
        from account a where a.kind = @kind and a.party_id = @party
        """,
        new { kind, party }))).ToString();

    public Task<long> CountAsync(string sql) => World.Database.ReadAsync(s => s.ScalarAsync<long>(sql));

    /// <summary>Every invariant holds; otherwise the text says which does not.</summary>
    public async Task ProveAsync()
    {
        var output = new StringWriter();
        (await Verification.RunAsync(World.Database, Clock, output)).ShouldBeTrue(output.ToString());
    }

    private async Task FillAsync(int cards, string wallet, long holdSeconds)
    {
        var now = Clock.Now().ToMicros();
        await World.Database.WriteAsync(s => s.ExecuteAsync($"""
            insert into level (rank, name_zh, name_en) values (1, '总代', 'L1'), (2, '一级', 'L2'), (3, '二级', 'L3');
            insert into category (id, slug, name_zh, name_en) values (9, 'games', '游戏', 'Games');
            insert into supplier (id, slug, name_zh, name_en, created_at) values (30, 'sup', '供', 'Sup', {now});
            insert into product (id, slug, category_id, name_zh, name_en, updated_at) values (10, 'game', 9, '点卡', 'Game', {now});
            insert into sku (id, code, product_id, name_zh, name_en, face_value, suggested_retail, retail_floor, retail_ceiling, updated_at)
                values (20, 'game-50', 10, '50 元', 'Fifty', 500000, 495000, 480000, 550000, {now});
            insert into supply (id, sku_id, supplier_id, cost, hold_seconds) values (40, 20, 30, 450000, {holdSeconds});
            insert into merchant (id, slug, name_zh, name_en, level, parent_id, created_at) values
                (1, 'top', '总', 'Top', 1, null, {now}), (2, 'middle', '中', 'Middle', 2, 1, {now}), (3, 'leaf', '叶', 'Leaf', 3, 2, {now});
            insert into level_price (sku_id, level, price) values (20, 1, 460000), (20, 2, 470000), (20, 3, 480000);
            insert into storefront (id, merchant_id, slug, name_zh, name_en, created_at) values (60, 3, 'leaf', '店', 'Shop', {now});
            insert into retail_price (merchant_id, sku_id, price, changed) values (3, 20, 495000, 2);
            update version set value = value + 1 where name = 'prices';
            """));
        var ledger = World.Get<Modules.Ledger.Ledger>();
        await World.Database.WriteAsync(async s =>
        {
            foreach (var merchant in (long[])[1, 2, 3])
                foreach (var kind in (string[])[AccountKinds.Wallet, AccountKinds.Escrow, AccountKinds.CommissionPending, AccountKinds.CommissionAvailable, AccountKinds.Receivable])
                    await ledger.OpenAsync(s, kind, merchant);
            foreach (var kind in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable])
                await ledger.OpenAsync(s, kind, 30);
            foreach (var kind in (string[])[AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Loss, AccountKinds.Suspense,
                AccountKinds.Settling, AccountKinds.Clearing("test"), AccountKinds.Clearing("bank")])
                await ledger.OpenAsync(s, kind, Parties.Platform);
            foreach (var merchant in (long[])[1, 2, 3])
            {
                var posted = await ledger.PostAsync(s, new Posting("top_up", "operator",
                    [new Leg((await ledger.FindAsync(s, AccountKinds.Clearing("bank"), 0))!.Value, (await ledger.FindAsync(s, AccountKinds.Wallet, merchant))!.Value,
                        Money.Parse(wallet), "top_up")], "test money", $"top-up-{merchant}"));
                posted.ShouldBeOfType<PostDecision.Posted>();
            }
        });
        await StockAsync(cards, now);
    }

    /// <summary>A lot of cards; of the one supply unless told.</summary>
    public async Task StockAsync(int cards, long now, long supply = 40, long supplier = 30)
    {
        if (cards == 0) return;
        var lot = new LotId(await World.Get<IdSource>().NextAsync());
        var vault = World.Get<CardVault>();
        await World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                "insert into lot (id, sku_id, supply_id, supplier_id, total, created_at) values (@lot, 20, @supply, @supplier, @cards, @now)",
                new { lot, cards, now, supply, supplier });
            await s.InsertAsync("card", "lot_id, seq, sealed, fingerprint", [.. Enumerable.Range(1, cards)], (seq, w) =>
            {
                w.Number(lot.Value);
                w.Number(seq);
                w.Bytes(vault.Seal($"\nSECRET-{seq}", $"card:{lot.Value}:{seq}"));
                w.Bytes(SHA256.HashData(Encoding.UTF8.GetBytes($"{lot.Value}:{seq}"))[..16]);
            });
        });
    }

    public async ValueTask DisposeAsync()
    {
        await World.Get<OrderEngine>().StopAsync(default);
        await World.DisposeAsync();
    }
}
