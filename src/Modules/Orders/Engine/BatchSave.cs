using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Writes what a batch decided: all of it, or, by the transaction, nothing.</summary>
internal sealed class BatchSave(Inventory.Inventory inventory, IEnumerable<IRefundListener> refundListeners)
{
    public async Task RunAsync(Session session, Loaded loaded, BatchState state)
    {
        var writes = state.Writes;
        // Changed orders first: they let go of card ranges that new orders of the same batch may hold again.
        await UpdateAsync(session, writes.ChangedOrders);
        await TellRefundsAsync(session, writes.ChangedOrders, state.Now);
        var added = writes.NewOrders;
        await session.InsertAsync("orders", OrderRow.Columns, added, OrderRow.Write);
        await session.InsertAsync("order_part", OrderRow.FulfilmentColumns, Parts(added), OrderRow.Write);
        await inventory.SaveStockAsync(session, state.Stock);
        foreach (var bought in writes.Bought) await inventory.SaveBoughtAsync(session, bought, state.Now);
        await PurchaseRows.SaveAsync(session, writes, state.Now);

        await session.InsertAsync("order_contact", "order_id, contact, contact_key", writes.Contacts, static (c, w) =>
        {
            w.Number(c.Order.Value);
            w.Text(c.Contact);
            w.Bytes(c.Key);
        });
        await CustomerRows.SaveAsync(session, writes.Contacts);
        var now = state.Now;
        await session.InsertAsync("order_note", "order_id, kind, actor, at, data", writes.Events, (e, w) =>
        {
            w.Number(e.Order.Value);
            w.Text(e.Kind);
            w.Text(e.Actor);
            w.Number(now.ToMicros());
            w.Text(e.Data);
        });
        foreach (var reveal in writes.Reveals)
            await inventory.LogRevealAsync(session, reveal.Id, reveal.Order, reveal.Actor, reveal.Address, reveal.At);
        await SavePaymentsAsync(session, writes, now);
        await SavePostingsAsync(session, writes, now);
        await SaleRows.SaveAsync(session, writes);

        // Last, because these are the rows that other batches wait for.
        await LedgerWrites.WriteTransfersAsync(session, writes.Transfers);
        if (writes.Balances.Count == 0) return;
        var was = new Dictionary<AccountId, Account>(loaded.Accounts.Count);
        foreach (var account in loaded.Accounts) was[account.Id] = account;
        await LedgerWrites.ReplaceBalancesAsync(session, [.. writes.Balances.Select(b => (was[b.Key], b.Value))], loaded.Numbers);
    }

    private static List<(OrderId, Fulfilment)> Parts(List<Order> orders) =>
        [.. orders.Where(o => OrderRow.OnlyPart(o) is null).SelectMany(o => o.Fulfilments.Select(f => (o.Id, f)))];

    private static async Task UpdateAsync(Session session, List<Order> orders)
    {
        if (orders.Count == 0) return;
        // Which of the two places an order's deliveries stand in may change with it.
        await session.ExecuteAsync($"delete from order_part where {session.AnyOf("order_id", "@ids")}", new { ids = session.List(orders.Select(o => o.Id.Value)) });
        foreach (var order in orders)
        {
            var part = OrderRow.OnlyPart(order);
            await session.ExecuteAsync(
                """
                update orders set status = @Status, settlement = @Settlement, refunded = @Refunded, refunded_units = @RefundedUnits,
                    delivered = @Delivered, paid_at = @PaidAt, delivered_at = @DeliveredAt, release_at = @ReleaseAt,
                    revealed_at = @RevealedAt, failure = @Failure, hold_reason = @HoldReason, version = @Version, supply_id = @Supply, supplier_id = @Supplier,
                    lot_id = @Lot, from_seq = @FromSeq, unit_cost = @UnitCost, hold_seconds = @HoldSeconds, part_state = @PartState
                where id = @Id
                """,
                new
                {
                    order.Id,
                    Status = (short)order.Status,
                    Settlement = (short)order.Settlement,
                    order.Refunded,
                    order.RefundedUnits,
                    order.Delivered,
                    order.PaidAt,
                    order.DeliveredAt,
                    order.ReleaseAt,
                    order.RevealedAt,
                    order.Failure,
                    order.HoldReason,
                    order.Version,
                    part?.Supply,
                    part?.Supplier,
                    part?.Lot,
                    part?.FromSeq,
                    part?.UnitCost,
                    part?.HoldSeconds,
                    PartState = (short?)part?.State,
                });
        }

        await session.InsertAsync("order_part", OrderRow.FulfilmentColumns, Parts(orders), OrderRow.Write);
    }

    private async Task TellRefundsAsync(Session session, List<Order> orders, DateTimeOffset now)
    {
        List<OrderId> refunded = [.. orders.Where(o => o.Source == OrderSource.Retail && o.RefundedUnits == o.Quantity).Select(o => o.Id)];
        if (refunded.Count == 0) return;
        foreach (var listener in refundListeners) await listener.RefundedAsync(session, refunded, now);
    }

    private static async Task SavePaymentsAsync(Session session, BatchWrites writes, DateTimeOffset now)
    {
        await PaymentBook.OpenAsync(session, writes.Payments, now);
        await PaymentBook.MarkPaidAsync(session, writes.PaymentsTaken, now);
        foreach (var (from, to) in writes.PaymentMoves) await PaymentBook.MoveAsync(session, from, to);
        foreach (var refund in writes.ChannelRefunds)
            await PaymentBook.RequestRefundAsync(session, refund.Id, refund.Order, refund.Amount, refund.Reason, now);
    }

    private static async Task SavePostingsAsync(Session session, BatchWrites writes, DateTimeOffset now)
    {
        foreach (var posting in writes.Postings)
        {
            await session.ExecuteAsync(
                "insert into posting (id, kind, key, reason, actor, at) values (@Id, @Kind, @Key, @Reason, @Actor, @At)",
                new { posting.Id, posting.Kind, posting.Key, posting.Reason, posting.Actor, At = now });
        }
    }
}
