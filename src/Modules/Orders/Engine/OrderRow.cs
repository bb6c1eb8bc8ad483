using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>How an order and its fulfilments stand in their rows: one list of columns, one reader, one writer.</summary>
internal static class OrderRow
{
    public const string Columns =
        "id, merchant_id, source, client_key, sku_id, quantity, max_total, fields, callback_url, storefront_id, buyer_id, " +
        "status, settlement, dispute, hold_reason, unit_price, total, refunded, refunded_units, delivered, payer_account, " +
        "escrow_account, merchant_unit, a1, a1_unit, a2, a2_unit, a3, a3_unit, top_unit, fee, promotion_id, failure, " +
        "created_at, expires_at, paid_at, delivered_at, release_at, revealed_at, version, placed_by, " + PartColumns + ", payer_after";

    /// <summary>The only delivery of an order, in the order's own row.</summary>
    public const string PartColumns = "supply_id, supplier_id, lot_id, from_seq, unit_cost, hold_seconds, part_state";

    /// <summary>The deliveries of the other orders, in order_part.</summary>
    public const string FulfilmentColumns =
        "order_id, no, supply_id, supplier_id, lot_id, from_seq, count, unit_cost, hold_seconds, state, live";

    public static void Write(Order o, IRowWriter w)
    {
        w.Number(o.Id.Value);
        w.Number(o.Merchant.Value);
        w.Small((short)o.Source);
        w.Text(o.ClientKey);
        w.Number(o.Sku.Value);
        w.Number(o.Quantity);
        w.Number(o.MaxTotal.Units);
        w.Text(o.Fields);
        w.Text(o.CallbackUrl);
        w.Number(o.Storefront?.Value);
        w.Number(o.Buyer);
        w.Small((short)o.Status);
        w.Small((short)o.Settlement);
        w.Small((short)o.Dispute);
        w.Text(o.HoldReason);
        w.Number(o.UnitPrice.Units);
        w.Number(o.Total.Units);
        w.Number(o.Refunded.Units);
        w.Number(o.RefundedUnits);
        w.Number(o.Delivered);
        w.Number(o.PayerAccount.Value);
        w.Number(o.EscrowAccount.Value);
        w.Number(o.MerchantUnit.Units);
        for (var i = 0; i < PriceBook.AncestorsMax; i++)
        {
            w.Number(i < o.Ancestors.Count ? o.Ancestors[i].Merchant.Value : null);
            w.Number(i < o.Ancestors.Count ? o.Ancestors[i].Unit.Units : 0);
        }

        w.Number(o.TopUnit.Units);
        w.Number(o.Fee.Units);
        w.Number(o.Promotion);
        w.Text(o.Failure);
        w.Number(o.CreatedAt.ToMicros());
        w.Number(o.ExpiresAt?.ToMicros());
        w.Number(o.PaidAt?.ToMicros());
        w.Number(o.DeliveredAt?.ToMicros());
        w.Number(o.ReleaseAt?.ToMicros());
        w.Number(o.RevealedAt?.ToMicros());
        w.Number(o.Version);
        w.Text(o.PlacedBy);
        var part = OnlyPart(o);
        w.Number(part?.Supply.Value);
        w.Number(part?.Supplier.Value);
        w.Number(part?.Lot.Value);
        w.Number(part?.FromSeq);
        w.Number(part?.UnitCost.Units);
        w.Number(part?.HoldSeconds);
        if (part is null) w.Number(null);
        else w.Small((short)part.State);
        w.Number(o.PayerAfter?.Units);
    }

    /// <summary>The delivery that stands in the order's row: all of the order, out of one lot. Null: see order_part.</summary>
    public static Fulfilment? OnlyPart(Order order) => order.OnlyPart;

    public static void Write((OrderId Order, Fulfilment Part) row, IRowWriter w)
    {
        var part = row.Part;
        w.Number(row.Order.Value);
        w.Number(part.No);
        w.Number(part.Supply.Value);
        w.Number(part.Supplier.Value);
        w.Number(part.Lot.Value);
        w.Number(part.FromSeq);
        w.Number(part.Count);
        w.Number(part.UnitCost.Units);
        w.Number(part.HoldSeconds);
        w.Small((short)part.State);
        w.Small(part.IsLive ? (short)1 : (short)0);
    }

    /// <summary>Reads orders by a select of <see cref="Columns"/> (alias o), with their fulfilments.</summary>
    /// <param name="tail">From "from orders o" on: joins, conditions, order, limit, lock.</param>
    public static async Task<List<Order>> ReadAsync(Session session, string tail, params (string Name, object Value)[] args)
    {
        var orders = new List<Order>();
        var columns = string.Join(", ", Columns.Split(", ").Select(c => $"o.{c}"));
        await using (var command = session.Command($"select {columns} {tail}"))
        {
            foreach (var (name, value) in args) Add(command, name, value);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) orders.Add(Read(reader));
        }

        return orders.TrueForAll(o => o.Fulfilments.Count > 0) ? orders : await WithPartsAsync(session, orders);
    }

    private static async Task<List<Order>> WithPartsAsync(Session session, List<Order> orders)
    {
        var parts = new Dictionary<OrderId, List<Fulfilment>>(orders.Count);
        await using var command = session.Command($"select {FulfilmentColumns} from order_part where {session.AnyOf("order_id", "@ids")} order by order_id, no");
        Add(command, "@ids", session.List(orders.Where(o => o.Fulfilments.Count == 0).Select(o => o.Id.Value)));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var order = new OrderId(reader.GetInt64(0));
            if (!parts.TryGetValue(order, out var list)) parts[order] = list = [];
            list.Add(new Fulfilment(
                (int)reader.GetInt64(1), new SupplyId(reader.GetInt64(2)), new SupplierId(reader.GetInt64(3)), new LotId(reader.GetInt64(4)),
                reader.GetInt64(5), reader.GetInt64(6), new Money(reader.GetInt64(7)), reader.GetInt64(8),
                (FulfilmentState)reader.GetInt16(9)));
        }

        return orders.ConvertAll(o => parts.TryGetValue(o.Id, out var list) ? o with { Fulfilments = list } : o);
    }

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static Order Read(DbDataReader r)
    {
        var ancestors = new List<AncestorShare>(PriceBook.AncestorsMax);
        for (var i = 0; i < PriceBook.AncestorsMax; i++)
            if (Number(23 + (2 * i)) is { } merchant)
                ancestors.Add(new AncestorShare(new MerchantId(merchant), new Money(r.GetInt64(24 + (2 * i)))));

        return new Order
        {
            Id = new OrderId(r.GetInt64(0)),
            Merchant = new MerchantId(r.GetInt64(1)),
            Source = (OrderSource)r.GetInt16(2),
            ClientKey = Text(3),
            Sku = new SkuId(r.GetInt64(4)),
            Quantity = r.GetInt64(5),
            MaxTotal = new Money(r.GetInt64(6)),
            Fields = Text(7),
            CallbackUrl = Text(8),
            Storefront = Number(9) is { } shop ? new StorefrontId(shop) : null,
            Buyer = Number(10),
            Status = (OrderStatus)r.GetInt16(11),
            Settlement = (SettlementState)r.GetInt16(12),
            Dispute = (DisputeState)r.GetInt16(13),
            HoldReason = Text(14),
            UnitPrice = new Money(r.GetInt64(15)),
            Total = new Money(r.GetInt64(16)),
            Refunded = new Money(r.GetInt64(17)),
            RefundedUnits = r.GetInt64(18),
            Delivered = r.GetInt64(19),
            PayerAccount = new AccountId(r.GetInt64(20)),
            EscrowAccount = new AccountId(r.GetInt64(21)),
            MerchantUnit = new Money(r.GetInt64(22)),
            Ancestors = ancestors,
            TopUnit = new Money(r.GetInt64(29)),
            Fee = new Money(r.GetInt64(30)),
            Promotion = Number(31),
            Failure = Text(32),
            CreatedAt = Instants.FromMicros(r.GetInt64(33)),
            ExpiresAt = At(34),
            PaidAt = At(35),
            DeliveredAt = At(36),
            ReleaseAt = At(37),
            RevealedAt = At(38),
            Version = r.GetInt64(39),
            PlacedBy = Text(40),
            PayerAfter = Number(48) is { } after ? new Money(after) : null,
            Fulfilments = r.IsDBNull(43) ? [] :
            [
                new Fulfilment(1, new SupplyId(r.GetInt64(41)), new SupplierId(r.GetInt64(42)), new LotId(r.GetInt64(43)), r.GetInt64(44),
                    r.GetInt64(5), new Money(r.GetInt64(45)), r.GetInt64(46), (FulfilmentState)r.GetInt16(47)),
            ],
        };

        string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
        long? Number(int i) => r.IsDBNull(i) ? null : r.GetInt64(i);
        DateTimeOffset? At(int i) => r.IsDBNull(i) ? null : Instants.FromMicros(r.GetInt64(i));
    }
}
