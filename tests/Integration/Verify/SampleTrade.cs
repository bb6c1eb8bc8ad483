using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Verify;

/// <summary>A small trade written row by row, in every state that an order can be left in, so that the proof is tested
/// against the schema's contract and not against the code that usually writes it.</summary>
/// <remarks>
/// One lot of 20 cards; merchant 101 buys below its parent 102; supplier 201. Orders: 401 in escrow, 402 released, 403 held,
/// 404 lapsed, 405 released and partly refunded afterwards, 406 in escrow, subsidised and partly refunded, 407 released
/// after a partial refund, 408 released whole by the same settlement: its lines follow from its row. The last one, in escrow,
/// tells of its own transfer; its number is the ledger's. 901 is a top-up that was paid.
/// </remarks>
internal sealed class SampleTrade(World world)
{
    private readonly Ledger.Books _books = new(world);
    private readonly long _now = world.Get<TimeProvider>().Now().ToMicros();

    public static async Task CreateAsync(World world)
    {
        var trade = new SampleTrade(world);
        await trade.StockAsync();
        await trade.AccountsAndOrdersAsync();
        await trade.RefundsAsync();
        await trade.SettleAsync();
        await trade.TopUpAsync();
        await trade.LastOrderAsync();
    }

    private const long Hour = 3_600_000_000;

    private Task<int> RunAsync(string sql) => world.Database.WriteAsync(s => s.ExecuteAsync(sql));

    private async Task StockAsync()
    {
        await RunAsync($"""
            insert into level (rank, name_zh, name_en) values (1, '总代', 'L1'), (2, '一级', 'L2');
            insert into merchant (id, slug, name_zh, name_en, level, parent_id, created_at) values
                (102, 'top', '总', 'Top', 1, null, {_now}), (101, 'shop', '店', 'Shop', 2, 102, {_now});
            insert into category (id, slug, name_zh, name_en) values (1, 'games', '游戏', 'Games');
            insert into supplier (id, slug, name_zh, name_en, created_at) values (201, 'sup', '供', 'Sup', {_now});
            insert into product (id, slug, category_id, name_zh, name_en, updated_at) values (2, 'card', 1, '卡', 'Card', {_now});
            insert into sku (id, code, product_id, name_zh, name_en, face_value, suggested_retail, retail_floor, retail_ceiling, updated_at)
                values (3, 'card-10', 2, '十元', 'Ten', 100000, 120000, 100000, 150000, {_now});
            insert into supply (id, sku_id, supplier_id, cost) values (4, 3, 201, 90000);
            insert into lot (id, sku_id, supply_id, supplier_id, next, total, created_at) values (5, 3, 4, 201, 19, 20, {_now});
            insert into card_return (lot_id, from_seq, count, sku_id) values (5, 7, 2, 3), (5, 12, 1, 3), (5, 14, 1, 3);
            insert into import_job (id, lot_id, supply_id, supplier_id, actor, source, state, rows, imported, started_at, beat_at) values
                (6, 5, 4, 201, 'tester', 'a.txt', 'done', 20, 20, {_now}, {_now}), (7, null, 4, 201, 'tester', 'b.txt', 'running', 5, 0, {_now}, {_now});
            """);
        for (var seq = 1; seq <= 20; seq++)
            await world.Database.WriteAsync(s => s.ExecuteAsync(
                "insert into card (lot_id, seq, sealed, fingerprint) values (5, @seq, @Sealed, @Fingerprint)",
                new { seq, Sealed = new byte[] { 1 }, Fingerprint = new[] { (byte)seq } }));
    }

    private async Task AccountsAndOrdersAsync()
    {
        var clearing = await _books.AccountAsync(AccountKinds.Clearing("test"), Parties.Platform);
        var wallet = await _books.AccountAsync(AccountKinds.Wallet, 101);
        var escrow = await _books.AccountAsync(AccountKinds.Escrow, 101);
        var promotion = await _books.AccountAsync(AccountKinds.Promotion, 301);
        await PostAsync("top_up", clearing, wallet, 2_000_000);
        await PostAsync("fund", await _books.AccountAsync(AccountKinds.Marketing, Parties.Platform), promotion, 100_000);
        await _books.TryHoldAsync(wallet, "3");
        var borrower = await _books.AccountAsync(AccountKinds.Wallet, 103, "9");
        await PostAsync("payout", borrower, clearing, 80_000);
        await _books.SetCreditAsync(borrower, "2");

        await OrderAsync(401, source: 1, unit: 100_000, status: 4, settlement: 1, wallet, escrow, release: Hour);
        await OrderAsync(402, source: 1, unit: 100_000, status: 4, settlement: 2, wallet, escrow);
        await OrderAsync(403, source: 3, unit: 120_000, status: 1, settlement: 0, clearing, escrow, fee: 2_000);
        await OrderAsync(404, source: 3, unit: 120_000, status: 7, settlement: 0, clearing, escrow, fee: 2_000);
        await OrderAsync(405, source: 3, unit: 120_000, status: 4, settlement: 2, clearing, escrow, fee: 2_000);
        await OrderAsync(406, source: 2, unit: 85_000, status: 4, settlement: 1, wallet, escrow, release: Hour, top: 80_000);
        await OrderAsync(407, source: 1, unit: 100_000, status: 4, settlement: 2, wallet, escrow);
        await OrderAsync(408, source: 1, unit: 100_000, status: 4, settlement: 2, wallet, escrow);
        await RunAsync($"""
            insert into order_part (order_id, no, supply_id, supplier_id, lot_id, from_seq, count, unit_cost, hold_seconds, state, live) values
                (401, 1, 4, 201, 5, 1, 2, 90000, 0, 2, 1), (402, 1, 4, 201, 5, 3, 2, 90000, 0, 2, 1),
                (403, 1, 4, 201, 5, 5, 2, 90000, 0, 1, 1), (404, 1, 4, 201, 5, 7, 2, 90000, 0, 3, 0),
                (405, 1, 4, 201, 5, 9, 1, 90000, 0, 2, 1), (405, 2, 4, 201, 5, 10, 1, 90000, 0, 4, 1),
                (406, 1, 4, 201, 5, 11, 1, 90000, 0, 2, 1), (406, 2, 4, 201, 5, 12, 1, 90000, 0, 3, 0),
                (407, 1, 4, 201, 5, 13, 1, 90000, 0, 2, 1), (407, 2, 4, 201, 5, 14, 1, 90000, 0, 3, 0);
            insert into payment (id, order_id, amount, state, attempt_id, created_at, expires_at, paid_at) values
                (603, 403, 240000, 'open', null, {_now}, {_now + Hour}, null), (604, 404, 240000, 'closed', null, {_now}, {_now}, null),
                (605, 405, 240000, 'paid', 655, {_now}, {_now}, {_now});
            insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, trade_no, booked, created_at, expires_at, paid_at) values
                (653, 603, 1, 'page', 240000, 'open', 1, 'T3', 1, {_now}, {_now + Hour}, null), (654, 604, 1, 'page', 240000, 'closed', 0, 'T4', 1, {_now}, {_now}, null),
                (655, 605, 1, 'page', 240000, 'paid', 0, 'T5', 0, {_now}, {_now}, {_now});
            insert into order_note (order_id, kind, actor, at) values
                (401, 'delivered', 'tester', {_now}), (402, 'delivered', 'tester', {_now}), (404, 'expired', 'system', {_now}),
                (405, 'delivered', 'tester', {_now}), (406, 'delivered', 'tester', {_now}), (407, 'delivered', 'tester', {_now}),
                (408, 'delivered', 'tester', {_now});
            update orders set supply_id = 4, supplier_id = 201, lot_id = 5, from_seq = 15, unit_cost = 90000, hold_seconds = 0, part_state = 2 where id = 408;
            insert into order_contact (order_id, contact, contact_key) values (403, 'a@example.org', cast('x' as {(world.Kind == DatabaseKind.Sqlite ? "blob" : "bytea")}));
            update orders set revealed_at = {_now} where id = 405;
            insert into flash_sale (id, storefront_id, merchant_id, sku_id, units, price, quota, pay_seconds, from_at, to_at, created_at, taken, sold, lapsed, opened)
                values (801, 1, 101, 3, 10, 120000, 2, 60, {_now}, {_now + Hour}, {_now}, 4, 2, 2, 3);
            insert into flash_order (sale_id, no, order_id, buyer) values (801, 1, 403, 91), (801, 2, 404, 92), (801, 3, 405, 93);
            insert into reveal_log (id, order_id, actor, address, at) values (1, 405, 'tester', '127.0.0.1', {_now});
            """);
        foreach (var order in new[] { 401, 402, 407, 408 }) await PostAsync("order", wallet, escrow, 200_000, order);
        await PostAsync("order", clearing, escrow, 240_000, 405);
        await PostAsync("order", wallet, escrow, 170_000, 406);
        await PostAsync("subsidy", promotion, escrow, 20_000, 406);
    }

    private async Task RefundsAsync()
    {
        var (wallet, escrow) = (await FindAsync(AccountKinds.Wallet, 101), await FindAsync(AccountKinds.Escrow, 101));
        await PostAsync("refund", escrow, wallet, 85_000, 406);
        await PostAsync("subsidy_back", escrow, await FindAsync(AccountKinds.Promotion, 301), 10_000, 406);
        await PostAsync("refund", escrow, wallet, 100_000, 407);
        await RunAsync("update orders set refunded = 85000, refunded_units = 1 where id = 406");
        await RunAsync("update orders set refunded = 100000, refunded_units = 1 where id = 407");
    }

    private async Task SettleAsync()
    {
        var payable = await _books.AccountAsync(AccountKinds.Payable, 201);
        var ancestor = await _books.AccountAsync(AccountKinds.CommissionPending, 102);
        var seller = await _books.AccountAsync(AccountKinds.CommissionPending, 101);
        var revenue = await _books.AccountAsync(AccountKinds.Revenue, Parties.Platform);
        var fees = await _books.AccountAsync(AccountKinds.Fees, Parties.Platform);
        var settling = await _books.AccountAsync(AccountKinds.Settling, Parties.Platform);
        var loss = await _books.AccountAsync(AccountKinds.Loss, Parties.Platform);
        Leg Into(AccountId account, long amount) => new(settling, account, new Money(amount), "settle_in");
        var posted = (PostDecision.Posted)await _books.PostAsync(new Posting("settlement", "system",
        [
            new Leg(await FindAsync(AccountKinds.Escrow, 101), settling, new Money(740_000), "settle_out"),
            Into(payable, 630_000), Into(ancestor, 35_000), Into(seller, 38_000), Into(fees, 2_000), Into(revenue, 35_000),
        ]));
        await RunAsync($"""
            insert into settlement (id, at, orders, total) values ({posted.Id.Value}, {_now}, 4, 740000);
            update orders set settlement_id = {posted.Id.Value} where id = 408;
            insert into released_share (party_id, child_id, settlement_id, amount) values (102, 101, {posted.Id.Value}, 35000), (101, 0, {posted.Id.Value}, 38000);
            insert into settlement_part (settlement_id, order_id, party_id, role, account_id, amount) values
                ({posted.Id.Value}, 402, 201, 'supplier', {payable.Value}, 180000), ({posted.Id.Value}, 402, 102, 'ancestor', {ancestor.Value}, 10000),
                ({posted.Id.Value}, 402, 0, 'platform', {revenue.Value}, 10000),
                ({posted.Id.Value}, 405, 201, 'supplier', {payable.Value}, 180000), ({posted.Id.Value}, 405, 102, 'ancestor', {ancestor.Value}, 10000),
                ({posted.Id.Value}, 405, 101, 'merchant', {seller.Value}, 38000), ({posted.Id.Value}, 405, 0, 'fees', {fees.Value}, 2000),
                ({posted.Id.Value}, 405, 0, 'platform', {revenue.Value}, 10000),
                ({posted.Id.Value}, 407, 201, 'supplier', {payable.Value}, 90000), ({posted.Id.Value}, 407, 102, 'ancestor', {ancestor.Value}, 5000),
                ({posted.Id.Value}, 407, 0, 'platform', {revenue.Value}, 5000);
            """);

        await PostAsync("refund_late", loss, await FindAsync(AccountKinds.Clearing("test"), Parties.Platform), 120_000, 405);
        foreach (var (from, amount) in new[] { (payable, 90_000), (ancestor, 5_000), (seller, 19_000), (fees, 1_000), (revenue, 5_000) })
            await PostAsync("take_back", from, loss, amount, 405);
        await RunAsync($"""
            update orders set refunded = 120000, refunded_units = 1 where id = 405;
            update payment set refunded = 120000 where id = 605;
            update payment_attempt set refunded = 120000 where id = 655;
            insert into channel_refund (id, payment_id, attempt_id, channel_id, amount, reason, state, due_at, created_at, accepted_at, done_at)
                values (701, 605, 655, 1, 120000, 'spoilt', 'done', {_now}, {_now}, {_now}, {_now});
            """);
    }

    /// <summary>901: 10.00 less 0.06, with a bonus of 1.00 by the rule 951.</summary>
    private async Task TopUpAsync()
    {
        var from = await _books.AccountAsync(AccountKinds.Clearing("orders"), Parties.Platform);
        var (fees, marketing) = (await FindAsync(AccountKinds.Fees, Parties.Platform), await FindAsync(AccountKinds.Marketing, Parties.Platform));
        var (wallet, bonus) = (await FindAsync(AccountKinds.Wallet, 101), await _books.AccountAsync(AccountKinds.Bonus, 101));
        (await _books.PostAsync(new Posting("top_up", "channel:test",
        [
            new Leg(from, wallet, new Money(99_400), "top_up"), new Leg(from, fees, new Money(600), "top_up_fee"), new Leg(marketing, bonus, new Money(10_000), "bonus"),
        ], Key: "top_up:901"))).ShouldBeOfType<PostDecision.Posted>();
        await RunAsync($"""
            insert into bonus_rule (id, name_zh, name_en, from_at, to_at, budget, used, made_by, made_at) values (951, '送', 'Bonus', {_now}, {_now + Hour}, 20000, 10000, 'tester', {_now});
            insert into top_up (id, merchant_id, key, amount, fee_bps, fee, rule_id, bonus, channel, state, asked_by, created_at, expires_at, paid_at)
                values (901, 101, 'k', 100000, 60, 600, 951, 10000, 'test', 'paid', 'tester', {_now}, {_now + Hour}, {_now});
            insert into payment (id, purpose, amount, state, attempt_id, created_at, expires_at, paid_at) values (901, 'top_up', 100000, 'paid', 902, {_now}, {_now + Hour}, {_now});
            insert into payment_attempt (id, payment_id, channel_id, method, amount, state, live, trade_no, booked, created_at, expires_at, paid_at)
                values (902, 901, 1, 'page', 100000, 'paid', 0, 'T9', 0, {_now}, {_now}, {_now});
            """);
    }

    private async Task LastOrderAsync()
    {
        var (wallet, escrow) = (await FindAsync(AccountKinds.Wallet, 101), await FindAsync(AccountKinds.Escrow, 101));
        var id = await world.Database.WriteAsync(async s => (await LedgerNumbers.DrawAsync(s, 1)).Next());
        await OrderAsync(id, source: 1, unit: 100_000, status: 4, settlement: 1, wallet, escrow, release: Hour);
        await RunAsync($"""
            update account set balance = balance - 200000, moved_by = {id} where id = {wallet.Value};
            update orders set payer_after = (select balance from account where id = {wallet.Value}), placed_by = 'tester',
                supply_id = 4, supplier_id = 201, lot_id = 5, from_seq = 17, unit_cost = 90000, hold_seconds = 0, part_state = 2 where id = {id};
            """);
    }

    /// <summary>An order of two units with one ancestor, who earns 0.5000 a unit.</summary>
    private Task<int> OrderAsync(
        long id, int source, long unit, int status, int settlement, AccountId payer, AccountId escrow,
        long release = 0, long fee = 0, long top = 95_000)
    {
        var isPaid = status == 4;
        string At(long at) => isPaid ? $"{at}" : "null";
        return RunAsync($"""
            insert into orders (id, merchant_id, source, client_key, sku_id, quantity, max_total, status, settlement, unit_price, total,
                delivered, payer_account, escrow_account, merchant_unit, a1, a1_unit, top_unit, fee, promotion_id, created_at, expires_at,
                paid_at, delivered_at, release_at)
            values ({id}, 101, {source}, 'k{id}', 3, 2, {2 * unit}, {status}, {settlement}, {unit}, {2 * unit},
                {(isPaid ? 2 : 0)}, {payer.Value}, {escrow.Value}, {top + 5_000}, 102, 5000, {top}, {fee}, {(top < 90_000 ? "301" : "null")}, {_now},
                {(source == 3 ? $"{_now + Hour}" : "null")}, {At(_now)}, {At(_now)}, {At(_now + release)})
            """);
    }

    private async Task<AccountId> FindAsync(string kind, long party) =>
        (await world.Database.ReadAsync(s => _books.Ledger.FindAsync(s, kind, party)))!.Value;

    private async Task PostAsync(string kind, AccountId debit, AccountId credit, long amount, long? order = null) =>
        (await _books.PostAsync(new Posting(kind, "tester", [new Leg(debit, credit, new Money(amount), kind, order is { } id ? new OrderId(id) : null)])))
            .ShouldBeOfType<PostDecision.Posted>();
}
