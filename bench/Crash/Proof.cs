using System.Globalization;
using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Crash;

/// <summary>One line of the result.</summary>
internal sealed record Line(string Name, string Text, IReadOnlyList<string> Broken);

/// <summary>After everything came to rest: the invariants on the database, and each client's record against what stands there.</summary>
internal sealed class Proof(ServiceProvider services, CrashMarket market, Journal journal)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly Database _database = services.GetRequiredService<Database>();
    private List<string> _broken = [];

    private sealed record OrderRow(long Id, long Merchant, string Key, long Quantity, long Total, int Status, long RefundedUnits);

    private sealed record Range(LotId Lot, long From, long Count, bool IsHeldByOrder);

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        List<Line> lines = [await RestAsync()];
        var findings = await _database.ReadAsync(s => Verification.RunAsync(s, TimeProvider.System.Now()));
        foreach (var invariant in Verification.Checks.GroupBy(c => c.Number))
        {
            lines.Add(new Line($"I{invariant.Key}", string.Join("; ", invariant.Select(c => c.Text)),
                [.. findings.Where(f => f.Check.Number == invariant.Key).SelectMany(f => f.Rows.Select(r => $"{f.Check.Text}: {r}"))]));
        }

        var orders = await OrdersAsync();
        lines.Add(Told("I14", "what was acknowledged stands as it was acknowledged", () => Acknowledged(orders)));
        lines.Add(Told("I5 clients", "what was refused left no trace, what was unknown is done once or not at all", () => Strangers(orders)));
        lines.Add(await ToldAsync("wallets", "each wallet is its opening, plus and minus what its owner was told, to the last unit", WalletsAsync));
        lines.Add(await ToldAsync("cards", "each imported card is there once, each sold one is one order's, and buyers hold what they were shown", CardsAsync));
        lines.Add(await ToldAsync("shop", "each visit is one order at most, each payment goods or money back", ShopAsync));
        lines.Add(await ToldAsync("carts", "each press of a cart is one basket at most, with all of its lines or none; each of its orders goods or money back", CartsAsync));
        lines.Add(new Line("answers", "no client was ever told what cannot be", [.. journal.Violations]));
        return lines;
    }

    private Line Told(string name, string text, Action check)
    {
        _broken = [];
        check();
        return new Line(name, text, _broken);
    }

    private async Task<Line> ToldAsync(string name, string text, Func<Task> check)
    {
        _broken = [];
        await check();
        return new Line(name, text, _broken);
    }

    /// <summary>Nothing waits any more: no reservation, open payment, refund on its way, due release or running commission.</summary>
    private async Task<Line> RestAsync()
    {
        var limit = DateTimeOffset.UtcNow + _patience;
        while (true)
        {
            var waiting = await TryAsync(() => _database.ReadAsync(s => s.FirstAsync<string>(
                """
                select case
                    when exists (select 1 from orders where status = 1) then 'a reservation'
                    when exists (select 1 from payment where state = 'open') then 'an open payment'
                    when exists (select 1 from channel_refund where state = 'pending') then 'a refund of the channel'
                    when exists (select 1 from orders where settlement = 1) then 'a release'
                    when exists (select 1 from commission_wait) then 'commission that matures'
                    else '' end
                """)));
            if (waiting is "") return new Line("rest", "nothing outlives its limit once the faults have stopped", []);
            if (DateTimeOffset.UtcNow > limit) return new Line("rest", "nothing outlives its limit once the faults have stopped", [$"still waiting: {waiting}"]);
            await Task.Delay(250);
        }
    }

    private static async Task<string?> TryAsync(Func<Task<string?>> look)
    {
        try
        {
            return await look();
        }
        catch (System.Data.Common.DbException)
        {
            return "the database";
        }
    }

    private async Task<Dictionary<(long Merchant, string Key), OrderRow>> OrdersAsync()
    {
        var rows = await RowsAsync("select id, merchant_id, client_key, quantity, total, status, refunded_units from orders where source = 1", r =>
            new OrderRow(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5), r.GetInt64(6)));
        return rows.ToDictionary(r => (r.Merchant, r.Key));
    }

    private void Acknowledged(Dictionary<(long, string), OrderRow> orders)
    {
        foreach (var record in journal.Orders.SelectMany(o => o).Where(o => o.IsDone))
        {
            if (!orders.Remove((market.Merchants[record.Merchant].Id.Value, record.Key), out var row)) Broken($"{record.Key} was acknowledged and is gone");
            else if (row.Id != record.Id || row.Total != record.Total || row.Quantity != record.Quantity || row.Status != 4) Broken($"{record.Key} was acknowledged otherwise: {row}");
            else if (row.RefundedUnits != record.RefundedUnits) Broken($"{record.Key}: {record.RefundedUnits} units were acknowledged as refunded, {row.RefundedUnits} are");
        }
    }

    /// <param name="orders">What is left of them when all acknowledged ones are taken out.</param>
    private void Strangers(Dictionary<(long, string), OrderRow> orders)
    {
        foreach (var row in orders.Values) Broken($"{row.Key} exists, and its client was told that it does not: {row}");
    }

    private async Task WalletsAsync()
    {
        var balances = (await RowsAsync("select party_id, balance from account where kind = 'wallet'", r => (Party: r.GetInt64(0), Balance: r.GetInt64(1))))
            .ToDictionary(r => r.Party, r => r.Balance);
        var told = new long[market.Merchants.Count];
        foreach (var record in journal.Orders.SelectMany(o => o).Where(o => o.IsDone))
            told[record.Merchant] += (record.Total / record.Quantity * record.RefundedUnits) - record.Total;
        for (var i = 0; i < told.Length; i++)
        {
            var right = (i == CrashMarket.Poor ? CrashMarket.OpeningPoor : CrashMarket.Opening) + journal.MovedOf(i) + told[i];
            if (balances[market.Merchants[i].Id.Value] != right) Broken($"merchant {i}: {balances[market.Merchants[i].Id.Value]} instead of {right}");
        }
    }

    private async Task CardsAsync()
    {
        var imported = journal.Imported.ToHashSet();
        var byLot = new Dictionary<LotId, int[]>();
        var inventory = services.GetRequiredService<Inventory>();
        var found = 0;
        foreach (var (lot, total) in await RowsAsync("select id, total from lot", r => (new LotId(r.GetInt64(0)), r.GetInt64(1))))
        {
            var cards = (await _database.ReadAsync(s => inventory.OpenCardsAsync(s, lot, 1, total))).Select(c => CrashMarket.CardOf(c.Secret)).ToArray();
            byLot[lot] = cards;
            found += cards.Length;
            foreach (var card in cards)
                if (!imported.Contains(card)) Broken($"card {card} of lot {lot} was never acknowledged as imported");
        }

        if (found != imported.Count) Broken($"{imported.Count} cards were imported, {found} are in stock");
        var owners = new Dictionary<int, long>();
        var shown = new Dictionary<long, List<int>>();
        foreach (var (order, range) in await RowsAsync("select order_id, lot_id, from_seq, count, state, live from fulfilment where live = 1", r =>
            (r.GetInt64(0), new Range(new LotId(r.GetInt64(1)), r.GetInt64(2), r.GetInt64(3), r.GetInt32(4) is 2 or 4))))
        {
            if (!shown.TryGetValue(order, out var own)) shown[order] = own = [];
            for (var seq = range.From; seq < range.From + range.Count; seq++)
            {
                var card = byLot[range.Lot][seq - 1];
                if (!owners.TryAdd(card, order)) Broken($"card {card} belongs to {new OrderId(order)} and to {new OrderId(owners[card])}");
                if (range.IsHeldByOrder) own.Add(card);
            }
        }

        foreach (var record in journal.Orders.SelectMany(o => o).Where(o => o.Cards is not null))
            if (!shown.TryGetValue(record.Id, out var own) || !own.Order().SequenceEqual(record.Cards!)) Broken($"{record.Key} was shown other cards than it has");
    }

    private sealed record Visit(long Id, string Key, int Status, long Total, long Refunded, long RefundedUnits, bool IsPaid);

    private async Task ShopAsync()
    {
        var orders = (await RowsAsync(
            "select id, coalesce(client_key, ''), status, total, refunded, refunded_units, case when paid_at is null then 0 else 1 end from orders where source = 3",
            r => new Visit(r.GetInt64(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6) == 1))).ToDictionary(o => o.Id);
        var byToken = orders.Values.Where(o => o.Key.StartsWith("web:", StringComparison.Ordinal)).ToLookup(o => o.Key.Split(':')[1]);
        var payments = (await RowsAsync("select order_id, state, amount, refunded, coalesce(moved_to, 0) from payment where order_id is not null",
            r => (Order: r.GetInt64(0), IsPaid: r.GetString(1) == "paid", Amount: r.GetInt64(2), Refunded: r.GetInt64(3), MovedTo: r.GetInt64(4)))).ToDictionary(p => p.Order);
        foreach (var record in journal.Retail)
        {
            var made = byToken[record.Token].ToList();
            if (made.Count > 1 || (record.Id != 0 || record.WasOver) != (made.Count == 1) || (record.Id != 0 && made[0].Id != record.Id)) Broken($"one press, {made.Count} orders: {record.Token}");
            if (record.Id == 0 || !orders.TryGetValue(record.Id, out var order)) continue;
            var payment = payments[record.Id];
            if (record.IsPaid && !payment.IsPaid) Broken($"{new OrderId(record.Id)}: the channel took the money, and nobody knows");
            if (record.IsPaid && order.Status != 4 && payment.MovedTo == 0 && payment.Refunded != payment.Amount) Broken($"{new OrderId(record.Id)}: paid, neither delivered nor given back");
            if (record.RefundedUnits > 0 && order.RefundedUnits != record.RefundedUnits) Broken($"{new OrderId(record.Id)}: an acknowledged refund is not there");
        }

        var kept = (await RowsAsync("select amount, refunded from test_trade where state = 'paid'", r => r.GetInt64(0) - r.GetInt64(1))).Sum();
        var sold = orders.Values.Where(o => o.IsPaid).Sum(o => o.Total - o.Refunded);
        if (kept != sold) Broken($"the channel keeps {kept}, sold were {sold}");
    }

    private sealed record Part(long Order, int Status, long Amount, long Refunded, bool IsPaid, bool IsMoved);

    private async Task CartsAsync()
    {
        var baskets = (await RowsAsync("select id, key from basket", r => (Id: r.GetInt64(0), Key: r.GetString(1)))).ToLookup(b => b.Key.Split(':')[1], b => b.Id);
        var payments = (await RowsAsync("select id, state, amount from payment where purpose = 'basket'", r => (Id: r.GetInt64(0), IsPaid: r.GetString(1) == "paid", Amount: r.GetInt64(2))))
            .ToDictionary(p => p.Id);
        var parts = (await RowsAsync(
            "select q.basket_id, o.id, o.status, q.amount, q.refunded, q.state, q.moved_to from payment q join orders o on o.id = q.order_id where q.basket_id is not null",
            r => (Basket: r.GetInt64(0), Part: new Part(r.GetInt64(1), r.GetInt32(2), r.GetInt64(3), r.GetInt64(4), r.GetString(5) == "paid", !r.IsDBNull(6))))).ToLookup(p => p.Basket, p => p.Part);
        foreach (var record in journal.Carts)
        {
            var made = baskets[record.Token].ToList();
            if (made.Count > 1) Broken($"one press of a cart, {made.Count} baskets: {record.Token}");
            if (record.Order == 0) continue;
            if (made.Count == 0 || !payments.TryGetValue(made[0], out var payment))
            {
                Broken($"{new OrderId(record.Order)}: its cart was acknowledged and is gone");
                continue;
            }

            var own = parts[payment.Id].ToList();
            if (own.Count != record.Lines || own.Sum(p => p.Amount) != payment.Amount || own.TrueForAll(p => p.Order != record.Order))
                Broken($"{new OrderId(record.Order)}: a cart of {record.Lines} lines became {own.Count} orders, {own.Sum(p => p.Amount)} of {payment.Amount}");
            if (record.IsPaid && !payment.IsPaid) Broken($"{new OrderId(record.Order)}: the channel took the money of a cart, and nobody knows");
            foreach (var part in own)
            {
                if (part.IsPaid != payment.IsPaid) Broken($"{new OrderId(part.Order)}: its cart is {(payment.IsPaid ? "" : "not ")}paid, and it is otherwise");
                if (payment.IsPaid && part.Status != 4 && !part.IsMoved && part.Refunded != part.Amount) Broken($"{new OrderId(part.Order)}: paid with its cart, neither delivered nor given back");
                if (!payment.IsPaid && part.Status == 4) Broken($"{new OrderId(part.Order)}: delivered, and nobody paid its cart");
            }
        }
    }

    private void Broken(string what)
    {
        if (_broken.Count < 20) _broken.Add(what);
    }

    private Task<List<T>> RowsAsync<T>(string sql, Func<System.Data.Common.DbDataReader, T> read) => _database.ReadAsync(async s =>
    {
        await using var command = s.Command(sql);
        command.CommandTimeout = 0;
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    });
}
