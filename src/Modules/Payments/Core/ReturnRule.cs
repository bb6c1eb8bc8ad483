using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

/// <summary>Which money that only a statement knows of may go back to whoever paid it. Pure.</summary>
/// <remarks>Held by: tests/Unit/Payments/ReturnExamples.cs.</remarks>
public static class ReturnRule
{
    /// <summary>Kinds of cases about money that came in and pays nothing of ours; what went back of such money is an unknown refund.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["unknown_money", "unpaid_here", "amount_differs"];

    /// <param name="attempt">That the line names; null: none of ours.</param>
    /// <param name="line">What the trade took.</param>
    /// <returns>What goes back: the difference of the case. Null: it is not such money.</returns>
    public static Money? Amount(PaymentCase about, Attempt? attempt, Money line)
    {
        Money? nobodys = about.Kind switch
        {
            "unknown_money" => line,
            // Of the asked amount it would be taken as soon as the channel's own book says so: then it pays.
            "unpaid_here" when attempt is not null && attempt.Amount != line => line,
            // What we asked for has paid; only what is more is nobody's.
            "amount_differs" when attempt is not null => line - attempt.Amount,
            _ => null,
        };
        return nobodys is { IsPositive: true } amount && amount == about.Gain ? amount : null;
    }
}
