using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Settle;

/// <summary>Marks orders as released and hands back, in the same statement, what their split is made of.</summary>
internal static class ReleasedRow
{
    /// <returns>Those of <paramref name="ids"/> that are escrowed, due and undisputed now; all of them are marked.</returns>
    public static async Task<List<EscrowedOrder>> ReleaseAsync(Session session, long[] ids, long settlement, DateTimeOffset now)
    {
        var orders = new List<EscrowedOrder>(ids.Length);
        await using (var command = session.Command(
            $"""
            update orders set settlement = 2, version = version + 1, settlement_id = case when lot_id is null then null else @settlement end
            where {session.AnyOf("id", "@ids")} and settlement = 1 and dispute = 0 and release_at <= @now
            returning id, merchant_id, escrow_account, quantity, refunded_units, unit_price, merchant_unit, a1, a1_unit, a2, a2_unit, a3, a3_unit,
                      top_unit, fee, supplier_id, unit_cost
            """))
        {
            OrderRow.Add(command, "@settlement", settlement);
            OrderRow.Add(command, "@ids", session.List(ids));
            OrderRow.Add(command, "@now", now.ToMicros());
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) orders.Add(Read(reader));
        }

        return orders.TrueForAll(o => o.IsWhole) ? orders : await WithPartsAsync(session, orders);
    }

    private static EscrowedOrder Read(DbDataReader r)
    {
        var quantity = r.GetInt64(3);
        return new EscrowedOrder
        {
            Id = new OrderId(r.GetInt64(0)),
            Merchant = new MerchantId(r.GetInt64(1)),
            EscrowAccount = new AccountId(r.GetInt64(2)),
            Quantity = quantity,
            RefundedUnits = r.GetInt64(4),
            UnitPrice = new Money(r.GetInt64(5)),
            MerchantUnit = new Money(r.GetInt64(6)),
            Ancestors = Ancestors(r),
            TopUnit = new Money(r.GetInt64(13)),
            Fee = new Money(r.GetInt64(14)),
            Delivered = r.IsDBNull(15) ? [] : [new Supplied(new SupplierId(r.GetInt64(15)), new Money(r.GetInt64(16)), quantity)],
            IsWhole = !r.IsDBNull(15),
        };
    }

    private static List<AncestorShare> Ancestors(DbDataReader r)
    {
        var ancestors = new List<AncestorShare>(PriceBook.AncestorsMax);
        for (var i = 7; i < 7 + (2 * PriceBook.AncestorsMax) && !r.IsDBNull(i); i += 2)
            ancestors.Add(new AncestorShare(new MerchantId(r.GetInt64(i)), new Money(r.GetInt64(i + 1))));
        return ancestors;
    }

    /// <summary>The few orders whose deliveries do not stand in their own row.</summary>
    private static async Task<List<EscrowedOrder>> WithPartsAsync(Session session, List<EscrowedOrder> orders)
    {
        var parts = new Dictionary<OrderId, List<Supplied>>();
        await using var command = session.Command(
            $"select order_id, supplier_id, unit_cost, count from order_part where {session.AnyOf("order_id", "@ids")} and state = 2 order by order_id, no");
        OrderRow.Add(command, "@ids", session.List(orders.Where(o => !o.IsWhole).Select(o => o.Id.Value)));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var order = new OrderId(reader.GetInt64(0));
            if (!parts.TryGetValue(order, out var list)) parts[order] = list = [];
            list.Add(new Supplied(new SupplierId(reader.GetInt64(1)), new Money(reader.GetInt64(2)), reader.GetInt64(3)));
        }

        return orders.ConvertAll(o => parts.TryGetValue(o.Id, out var list) ? o with { Delivered = list } : o);
    }
}
