using System.Diagnostics;
using Npgsql;

namespace Lianka.Bench.Orders;

/// <summary>The yardstick: one transaction for each order, a statement after the other, rows locked until the commit.</summary>
/// <remarks>Without HTTP, signature, or price chain: the comparison favours it.</remarks>
internal static class OrdinaryWay
{
    private const int Callers = 64;
    private static long _next = 8_000_000_000_000;

    /// <param name="isWhole">
    /// Besides the order, its ledger row, the wallet and the lot: the delivery, the event and the escrow's balance, as the tables were first laid out.
    /// </param>
    /// <returns>Orders a second.</returns>
    public static async Task<double> RunAsync(string connection, double seconds, bool isWhole)
    {
        await using var source = new NpgsqlDataSourceBuilder($"{connection};Maximum Pool Size=32;Max Auto Prepare=50;Auto Prepare Min Usages=2").Build();
        var wallets = new List<(long Merchant, long Wallet, long Escrow)>();
        var skus = new List<long>();
        await using (var command = source.CreateCommand(
            "select w.party_id, w.id, e.id from account w join account e on e.party_id = w.party_id and e.kind = 'escrow' where w.kind = 'wallet'"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) wallets.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
        await using (var command = source.CreateCommand("select id from sku"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) skus.Add(reader.GetInt64(0));

        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var count = 0L;
            for (; Stopwatch.GetTimestamp() < end; count++)
                await OrderAsync(source, wallets[Random.Shared.Next(wallets.Count)], skus[Random.Shared.Next(skus.Count)], isWhole);
            return count;
        })));
        return counts.Sum() / seconds;
    }

    private static async Task OrderAsync(NpgsqlDataSource source, (long Merchant, long Wallet, long Escrow) who, long sku, bool isWhole)
    {
        var id = Interlocked.Increment(ref _next);
        var now = DateTimeOffset.UtcNow.Ticks / 10;
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ScalarAsync("select id from orders where merchant_id = $1 and client_key = $2", who.Merchant, $"o{id}");
        await ScalarAsync("select state from merchant where id = $1", who.Merchant);
        await ScalarAsync("select price from level_price where sku_id = $1 and level = 3", sku);
        await ScalarAsync("select cost from supply where sku_id = $1 and state = 'active' order by priority limit 1", sku);
        var balance = (long)(await ScalarAsync("select balance from account where id = $1 for update", who.Wallet))! - 500_000;
        var lot = (long)(await ScalarAsync("select id from lot where sku_id = $1 and next <= total and state = 'active' order by id limit 1 for update", sku))!;
        var seq = (long)(await ScalarAsync("update lot set next = next + 1 where id = $1 returning next - 1", lot))!;
        await ScalarAsync(
            """
            insert into orders (id, merchant_id, source, client_key, sku_id, quantity, max_total, status, settlement, unit_price, total, delivered,
                payer_account, escrow_account, merchant_unit, top_unit, created_at, paid_at, delivered_at, release_at, lot_id, from_seq, part_state, placed_by)
            values ($1, $2, 1, $3, $4, 1, 500000, 4, 1, 500000, 500000, 1, $5, $6, 500000, 500000, $7, $7, $7, $7 + 86400000000, $8, $9, 2, 'ordinary')
            """, id, who.Merchant, $"o{id}", sku, who.Wallet, who.Escrow, now, lot, seq);
        await ScalarAsync(
            """
            insert into transfer_row (id, posting_id, kind, debit_account, credit_account, amount, debit_after, order_id, at)
            values (nextval('ledger_number'), $1, 'order', $2, $3, 500000, $4, $1, $5)
            """, id, who.Wallet, who.Escrow, balance, now);
        await ScalarAsync("update account set balance = $2 where id = $1", who.Wallet, balance);
        if (isWhole)
        {
            await ScalarAsync(
                """
                insert into order_part (order_id, no, supply_id, supplier_id, lot_id, from_seq, count, unit_cost, hold_seconds, state, live)
                values ($1, 1, 1, 1, $2, $3, 1, 450000, 86400, 2, 1)
                """, id, lot, seq);
            await ScalarAsync("insert into order_note (order_id, kind, actor, at) values ($1, 'delivered', 'ordinary', $2)", id, now);
            await ScalarAsync("update account set balance = balance + 500000 where id = $1", who.Escrow);
        }

        await transaction.CommitAsync();

        async Task<object?> ScalarAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            return await command.ExecuteScalarAsync();
        }
    }
}
