using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Modules.Agents;

/// <summary>How a retail price ends; always the next such price upwards.</summary>
public enum RetailEnding { Fen, Jiao, Nine, Yuan }

/// <summary>What price control did to a proposed price.</summary>
public enum RetailCorrection { None, Floor, Ceiling }

/// <param name="Retail">R; null: it cannot be listed.</param>
/// <param name="Why">Why not; null when it can.</param>
public readonly record struct RetailProposal(Money? Retail, RetailCorrection Correction, RetailRefusal? Why);

/// <summary>How a merchant makes retail prices from its own: basis points and an amount on top, a limit for both, an ending.</summary>
/// <param name="MarginBps">Basis points of price(m), rounded half away from zero to 1/10,000.</param>
/// <param name="Added">Per unit.</param>
/// <param name="AddedMax">Basis points and amount together add at most this; null: no limit.</param>
/// <remarks>Held by: tests/Unit/Agents/RetailRuleExamples.cs.</remarks>
public sealed record RetailRule(long MarginBps, Money Added = default, Money? AddedMax = null, RetailEnding Ending = RetailEnding.Fen)
{
    /// <summary>Ten times the price; more is a slip of the keyboard.</summary>
    public const long MarginBpsMax = 100_000;

    /// <summary>R for goods of this price: raised to the floor, brought to its ending, lowered to the ceiling.</summary>
    /// <remarks>
    /// A price that does not cover price(m) and the fee is refused, not raised: who lists without earning should do so knowingly.
    /// At the ceiling the ending is given up.
    /// </remarks>
    public RetailProposal Propose(Money price, Func<Money, Money> expectedFee, Money floor, Money ceiling)
    {
        var added = price.AtBps(MarginBps) + Added;
        if (AddedMax is { } most) added = Money.Min(added, most);
        var wished = price + added;
        var ended = UpToEnding(Money.Max(wished, floor));
        var highest = new Money(ceiling.Units - (ceiling.Units % Money.UnitsPerFen), ceiling.Currency);
        var retail = Money.Min(ended, highest);
        var correction = retail < ended ? RetailCorrection.Ceiling : wished < floor ? RetailCorrection.Floor : RetailCorrection.None;
        return RetailRules.Check(retail, price, retail.IsPositive ? expectedFee(retail) : Money.Zero, floor, ceiling) is { } why
            ? new RetailProposal(null, correction, why)
            : new RetailProposal(retail, correction, null);
    }

    private Money UpToEnding(Money amount)
    {
        var fen = amount.UpToFen().Units / Money.UnitsPerFen;
        fen += Ending switch
        {
            RetailEnding.Jiao => (10 - (fen % 10)) % 10,
            RetailEnding.Nine => (19 - (fen % 10)) % 10,
            RetailEnding.Yuan => (100 - (fen % 100)) % 100,
            _ => 0,
        };
        return new Money(fen * Money.UnitsPerFen, amount.Currency);
    }

    /// <summary>Reads what was typed; empty amounts are none.</summary>
    internal static RetailRule Read(FieldCheck check, RetailRuleDraft draft)
    {
        var margin = check.Number("margin_bps", draft.MarginBps.Length == 0 ? "0" : draft.MarginBps, 0, MarginBpsMax);
        var added = Amount("added", draft.Added);
        var most = Amount("added_max", draft.AddedMax);
        if (!Enum.IsDefined(draft.Ending)) check.Add("ending", "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
        return new RetailRule(margin, added ?? Money.Zero, most, draft.Ending);

        Money? Amount(string field, string text)
        {
            if (text.Length == 0) return null;
            if (Money.TryParse(text, out var amount) && !amount.IsNegative && amount <= PriceChecks.PriceMax) return amount;
            check.Add(field, "not_an_amount", $"Write an amount from 0 to {PriceChecks.PriceMax} with at most 4 decimals, for example 0.5.",
                $"请用半角数字填写 0 到 {PriceChecks.PriceMax} 的金额，最多四位小数，例如 0.5。");
            return null;
        }
    }
}

public sealed record RetailRuleDraft
{
    public string MarginBps { get; init; } = "";
    public string Added { get; init; } = "";
    public string AddedMax { get; init; } = "";
    public RetailEnding Ending { get; init; }
}
