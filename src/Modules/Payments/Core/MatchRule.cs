using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

/// <summary>What the comparison says of a line of a statement, or of money of ours that stands in none.</summary>
public enum MatchVerdict
{
    /// <summary>Channel, payment and ledger agree to the fen.</summary>
    Matched,

    /// <summary>Money for no attempt of ours, or a second sum for one.</summary>
    UnknownMoney,

    /// <summary>They have money for an attempt that is not paid here.</summary>
    UnpaidHere,

    /// <summary>Another amount than we asked for.</summary>
    AmountDiffers,

    /// <summary>They gave back what we did not ask for.</summary>
    UnknownRefund,

    /// <summary>They gave it back, here it is not done.</summary>
    RefundOpen,
    RefundDiffers,

    /// <summary>The ledger has another amount than the payment or the refund.</summary>
    LedgerDiffers,

    /// <summary>Paid here, in no statement.</summary>
    MissingThere,

    /// <summary>Given back here, in no statement.</summary>
    RefundMissing,
}

/// <summary>A line with what we have under its numbers, all of the same channel.</summary>
/// <param name="Id">Of the stored line.</param>
/// <param name="Ledger">What is posted for the attempt or the refund, above zero; null: nothing.</param>
/// <param name="ChargedBack">What a person told that the channel took back of the attempt.</param>
/// <param name="HasTradeNo">Its trade number is of the same kind as the attempt's.</param>
public sealed record MatchLine(
    long Id, StatementLine Line, Attempt? Attempt, Refund? Refund, Money? Ledger, Money? ChargedBack = null, bool HasTradeNo = true)
{
    public bool IsOtherTrade => HasTradeNo && Attempt?.TradeNo is { } known && known != Line.TradeNo;

    public Money Signed => Line.RefundNo is null ? Line.Amount : -Line.Amount;
}

/// <summary>Money of ours of a day that no line names.</summary>
/// <param name="Attempt">Null: what went back is of no attempt.</param>
/// <param name="Refund">Null: the attempt's payment.</param>
public sealed record MatchOwn(Attempt? Attempt, Refund? Refund, Money? Ledger);

/// <summary>One thing as both sides see it: what came is above zero, what went back below.</summary>
/// <param name="Line">Null: no line of a statement names it.</param>
/// <param name="IsInFlight">It may stand in the next day's statement, or be done by itself until then.</param>
public sealed record MatchItem(
    MatchVerdict Verdict, Money Ours, Money Ledger, Money Theirs, MatchLine? Line, Attempt? Attempt, Refund? Refund, bool IsInFlight)
{
    /// <summary>How much more the channel owes us than our books say; below zero: how much less.</summary>
    public Money Gain => Theirs - Ours;
}

/// <summary>The match of a channel's day: statement, payments and ledger. Pure; the order of the lines does not matter.</summary>
/// <remarks>Held by: tests/Unit/Payments/MatchExamples.cs.</remarks>
public static class MatchRule
{
    /// <param name="own">Of the day, named by no line of any statement.</param>
    /// <param name="isNextThere">The statement of the day after is read, too: what stands in neither is missing.</param>
    public static List<MatchItem> Day(IEnumerable<MatchLine> lines, IEnumerable<MatchOwn> own, bool isNextThere)
    {
        var items = new List<MatchItem>();
        var (paid, back) = (new HashSet<long>(), new HashSet<long>());
        foreach (var line in lines.OrderBy(l => l.Line.TradeNo, StringComparer.Ordinal).ThenBy(l => l.Line.RefundNo ?? "", StringComparer.Ordinal).ThenBy(l => l.Line.RefundNo is null ? 0 : 1))
            items.Add(line.Line.RefundNo is null ? Payment(line, paid) : Back(line, back, isNextThere));
        items.AddRange(own.OrderBy(o => o.Attempt?.Id ?? 0).ThenBy(o => o.Refund?.Id ?? 0).Select(o => Own(o, isNextThere)));
        return items;
    }

    private static MatchItem Payment(MatchLine line, HashSet<long> paid)
    {
        if (line.Attempt is not { } attempt) return Item(line, MatchVerdict.UnknownMoney, Money.Zero);
        if (attempt.State != AttemptState.Paid) return Item(line, MatchVerdict.UnpaidHere, Money.Zero);
        // One attempt is paid by one trade; a second one is other money (I6).
        if (line.IsOtherTrade || !paid.Add(attempt.Id)) return Item(line, MatchVerdict.UnknownMoney, Money.Zero);
        if (attempt.Amount != line.Line.Amount) return Item(line, MatchVerdict.AmountDiffers, attempt.Amount);
        return Item(line, line.Ledger == attempt.Amount ? MatchVerdict.Matched : MatchVerdict.LedgerDiffers, attempt.Amount);
    }

    private static MatchItem Back(MatchLine line, HashSet<long> back, bool isNextThere)
    {
        // What went back another way did not go back there; a second sum for one refund is other money.
        if (line.Refund is not { } refund || refund is { State: RefundState.Done, IsAtChannel: false } || !back.Add(refund.Id))
            return line.ChargedBack == line.Line.Amount ? Item(line, MatchVerdict.Matched, -line.Line.Amount) : Item(line, MatchVerdict.UnknownRefund, Money.Zero);
        if (refund.State != RefundState.Done)
            return Item(line, MatchVerdict.RefundOpen, Money.Zero) with { IsInFlight = refund.State == RefundState.Pending && !isNextThere };
        if (refund.Amount != line.Line.Amount) return Item(line, MatchVerdict.RefundDiffers, -refund.Amount);
        return Item(line, line.Ledger == refund.Amount ? MatchVerdict.Matched : MatchVerdict.LedgerDiffers, -refund.Amount);
    }

    private static MatchItem Own(MatchOwn own, bool isNextThere) => own.Refund is { } refund
        ? new MatchItem(MatchVerdict.RefundMissing, -refund.Amount, -(own.Ledger ?? Money.Zero), Money.Zero, null, own.Attempt, refund, !isNextThere)
        : new MatchItem(MatchVerdict.MissingThere, own.Attempt!.Amount, own.Ledger ?? Money.Zero, Money.Zero, null, own.Attempt, null, !isNextThere);

    private static MatchItem Item(MatchLine line, MatchVerdict verdict, Money ours)
    {
        var ledger = ours.IsZero ? Money.Zero : line.ChargedBack is not null ? ours : line.Ledger ?? Money.Zero;
        return new MatchItem(verdict, ours, ours.IsNegative && ledger.IsPositive ? -ledger : ledger, line.Signed, line, line.Attempt, line.Refund, false);
    }
}
