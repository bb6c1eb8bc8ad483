using Lianka.Modules.Orders;

namespace Lianka.Modules.FlashSales;

/// <summary>How good a place in the waiting room is.</summary>
public enum Chance
{
    /// <summary>Units for this place are free, or are expected to come back.</summary>
    Likely,

    /// <summary>Enough units are reserved, but more of them would have to come back than usually do.</summary>
    Possible,

    /// <summary>More people stand in front than units are reserved.</summary>
    Unlikely,
}

/// <summary>What an attempt is answered; always the truth of the moment.</summary>
public abstract record FlashAnswer
{
    private FlashAnswer() { }

    /// <param name="Order">The buyer's one order in this sale, as it stands.</param>
    /// <param name="IsNew">This attempt opened it.</param>
    public sealed record Owned(Order Order, bool IsNew) : FlashAnswer;

    /// <param name="Place">Counts from 1 on the node that answers; kept in its memory, gone when it restarts.</param>
    /// <param name="Ahead">People in front who have not had their turn.</param>
    /// <param name="Left">Units that are free now, for those whose turn it is.</param>
    /// <param name="Unpaid">Reserved units that may still come back.</param>
    /// <param name="NextReturn">The earliest moment at which one does, if it is not paid for; null: none is reserved.</param>
    /// <param name="ExpectedAt">When this place's turn is expected; null: not from what is reserved now.</param>
    /// <param name="AskAgain">When to ask again.</param>
    public sealed record Waiting(
        long Place, long Ahead, long Left, long Unpaid, DateTimeOffset? NextReturn, Chance Chance, DateTimeOffset? ExpectedAt, TimeSpan AskAgain)
        : FlashAnswer;

    /// <param name="StartsIn">For <see cref="Refusal.SaleNotStarted"/>.</param>
    public sealed record Refused(Refusal Why, TimeSpan StartsIn = default) : FlashAnswer;
}

/// <summary>A sale as this node knows it, at most about a second old.</summary>
/// <param name="Slug">The storefront it belongs to.</param>
/// <param name="Waiting">People in the waiting room of this node who have not had their turn.</param>
public sealed record SaleView(FlashSale Sale, string Slug, long Waiting);
