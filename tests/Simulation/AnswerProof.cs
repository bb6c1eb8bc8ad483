using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Simulation;

/// <summary>I5, I14, I16: every answer that an engine ever gave is explained by what is stored.</summary>
internal static class AnswerProof
{
    public static void Of(Simulation world)
    {
        var tables = world.Tables;
        var latest = new Dictionary<OrderId, long>();
        foreach (var (order, version) in tables.Versions.Keys) latest[order] = Math.Max(version, latest.GetValueOrDefault(order));
        foreach (var request in world.Clients.Requests)
        {
            Proof.Hold("I4", request.IsHeard || !request.IsKept, () => $"#{request.No} {request.Command} was sent {request.Sent} times and never answered: {request.Fault}");
            foreach (var done in request.Given.OfType<OrderDecision.Done>()) Durable(tables, latest, request, done);
            switch (request.Command)
            {
                case OrderCommand.Refund c: Refunded(tables, request, c); break;
                case OrderCommand.Reveal c: Revealed(tables, request, c.Actor, c.Order); break;
            }
        }

        foreach (var node in world.Nodes)
            Proof.Hold("an answer", node.InHand == 0, () => $"node {node.No} took in {node.InHand} commands that it never answered");
        foreach (var same in world.Clients.Requests.Where(r => KeyOf(r.Command) is not null).GroupBy(r => KeyOf(r.Command)!.Value))
            OneKey(tables, same.Key, [.. same]);
    }

    /// <summary>I14: the order as it was answered is a version that was committed, or the commit went past it.</summary>
    private static void Durable(Tables tables, Dictionary<OrderId, long> latest, Request request, OrderDecision.Done done)
    {
        var order = done.Order;
        var isThere = tables.Versions.TryGetValue((order.Id, order.Version), out var committed)
            ? IsSame(order, committed)
            : latest.GetValueOrDefault(order.Id) > order.Version;
        Proof.Hold("I14", isThere, () => $"#{request.No} was answered {Words.Of(done)}: {order}, stored {committed?.ToString() ?? "nothing"}");
        if (request.Command is OrderCommand.Cancel)
            Proof.Hold("I14", tables.Orders[order.Id].Status == OrderStatus.Cancelled, () => $"#{request.No} cancelled {order.Id}, which is not");
    }

    private static bool IsSame(Order answered, Order stored) =>
        answered with { Fulfilments = stored.Fulfilments, Ancestors = stored.Ancestors, Sale = null } == stored
        && answered.Fulfilments.SequenceEqual(stored.Fulfilments) && answered.Ancestors.SequenceEqual(stored.Ancestors);

    /// <summary>I5: one number, one order with the content that was accepted; whoever was told no left nothing.</summary>
    private static void OneKey(Tables tables, (MerchantId Merchant, string Key) key, List<Request> requests)
    {
        var stored = tables.Keys.TryGetValue(key, out var id) ? tables.Orders[id] : null;
        var first = 0;
        foreach (var request in requests)
        {
            foreach (var given in request.Given)
            {
                if (given is OrderDecision.Refused { Why: Refusal.IdempotencyConflict })
                    Proof.Hold("I5", stored is not null && !Matches(request.Command, stored), () => $"#{request.No}: {key} was said to be another order's");
                if (given is not OrderDecision.Done done) continue;
                if (!done.IsReplay) first++;
                Proof.Hold("I5", stored?.Id == done.Order.Id && Matches(request.Command, stored), () => $"#{request.No} got {done.Order.Id} for {key}, which is {stored?.Id}");
            }
        }

        Proof.Hold("I5", first <= 1, () => $"{key} was done {first} times");
        var isAllAnswered = requests.TrueForAll(r => r.Arrived == r.Given.Count + r.Busy);
        Proof.Hold("I5", stored is null || first == 1 || !isAllAnswered, () => $"{key} is there, and everybody was told that somebody else had done it");
        // Somebody may never have heard of it, but somebody must have asked for exactly this.
        Proof.Hold("I5", stored is null || requests.Exists(r => Matches(r.Command, stored)), () => $"{stored!.Id} of {key} is what nobody asked for");
        Proof.Hold("I5", stored is null || !requests.TrueForAll(r => r.IsCertainlyNotDone), () => $"everybody was told that {key} was not done, and it is {stored!.Id}");
    }

    private static bool Matches(OrderCommand command, Order order) => command switch
    {
        OrderCommand.Place c => (c.Merchant, c.Sku, c.Quantity, c.MaxTotal, c.Fields) == (order.Merchant, order.Sku, order.Quantity, order.MaxTotal, order.Fields)
            && order.Total <= c.MaxTotal,
        // A ticket is one order, whatever it was shown with.
        OrderCommand.Reserve { Sale: not null } c => (c.Merchant, c.Sku) == (order.Merchant, order.Sku),
        OrderCommand.Reserve c => (c.Merchant, c.Sku, c.Quantity, c.Retail * c.Quantity) == (order.Merchant, order.Sku, order.Quantity, order.Total),
        _ => false,
    };

    private static (MerchantId, string)? KeyOf(OrderCommand command) => command switch
    {
        OrderCommand.Place c => (c.Merchant, c.ClientKey),
        OrderCommand.Reserve c => (c.Merchant, c.ClientKey),
        _ => null,
    };

    private static void Refunded(Tables tables, Request request, OrderCommand.Refund ask)
    {
        if (!request.Given.Exists(g => g is OrderDecision.Done)) return;
        var isPosted = tables.PostingKeys.TryGetValue(RefundOrder.KeyOf(ask), out var posting);
        Proof.Hold("I14", isPosted && tables.Postings[posting].Reason == ask.Reason, () => $"#{request.No} was refunded, and no posting says so");
        var amount = tables.Transfers.Values.First(t => t.Posting.Value == posting).Amount;
        Proof.Hold("I5", ask.Units is not { } units || amount == tables.Orders[ask.Order].UnitPrice * units, () => $"#{request.No} was refunded {amount}");
    }

    private static void Revealed(Tables tables, Request request, string actor, OrderId order)
    {
        var given = request.Given.Count(g => g is OrderDecision.Done);
        if (given == 0) return;
        Proof.Hold("I14", tables.Reveals.Values.Count(r => r.Order == order && r.Actor == actor) >= given,
            () => $"#{request.No} was shown cards of {order} more often than was written down");
    }
}
