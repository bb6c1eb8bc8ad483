using System.Diagnostics;

namespace Lianka.Modules.Orders.Core;

/// <summary>One pure function for every command.</summary>
internal static class DecideCommand
{
    /// <summary>Says what the command does; the caller applies it, so that the next command sees it.</summary>
    public static Verdict Decide(OrderCommand command, CommandIds ids, BatchState state) => command switch
    {
        OrderCommand.Place c => PlaceOrder.Decide(c, ids, state),
        OrderCommand.Reserve c => ReserveOrder.Decide(c, ids, state),
        OrderCommand.Pay c => PayOrder.Decide(c, ids, state),
        OrderCommand.Cancel c => EndOrder.Decide(c, state),
        OrderCommand.Expire c => EndOrder.Decide(c, state),
        OrderCommand.Refund c => RefundOrder.Decide(c, ids, state),
        OrderCommand.Reveal c => RevealCards.Decide(c, ids, state),
        OrderCommand.Deliver c => Purchasing.Deliver(c, ids, state),
        OrderCommand.Fail c => Purchasing.Fail(c, ids, state),
        OrderCommand.Ask c => Purchasing.Ask(c, state),
        _ => throw new UnreachableException(),
    };
}
