using Lianka.Kernel;

namespace Lianka.Modules.Risk;

/// <summary>What risk says to an order, mildest first.</summary>
/// <remarks><see cref="StepUp"/> and <see cref="Review"/> are refused like <see cref="Block"/> until orders can be held for a person.</remarks>
public enum RiskAnswer : short { Allow = 0, StepUp = 1, Review = 2, Block = 3 }

/// <summary>Where an order comes from; the codes are those of the order's own source.</summary>
public enum OrderOrigin : short { Api = 1, Console = 2, Retail = 3 }

/// <summary>What risk may look at when an order is decided: what is known of it by then, and nothing that must be fetched.</summary>
/// <param name="Total">What the payer would pay.</param>
/// <param name="ContactKey">Keyed hash of a retail buyer's contact; null for a merchant's own order.</param>
/// <param name="Buyer">The buyer's account, when there is one.</param>
/// <param name="Address">Where the caller came from, when the command says so.</param>
/// <param name="At">The moment of the batch.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct OrderFacts(
    MerchantId Merchant, SkuId Sku, long Quantity, Money Total, OrderOrigin Origin, byte[]? ContactKey, long? Buyer, string? Address,
    DateTimeOffset At);

/// <summary>An answer and the rules behind it.</summary>
/// <param name="Reasons">Stable codes of rules, for operators and logs; whoever was refused never sees them, or could learn to pass.</param>
public sealed record RiskVerdict(RiskAnswer Answer, IReadOnlyList<string> Reasons)
{
    public static readonly RiskVerdict Allow = new(RiskAnswer.Allow, []);
}

/// <summary>Judges each new order, after its price is settled and before money and stock are looked at.</summary>
/// <remarks>
/// It stands in the order engine's decision: it must answer from memory within microseconds, without waiting, writing or
/// throwing, and the same facts at the same moment must give the same answer, because a batch may be decided again. A
/// replayed order is not judged again. One batch asks at a time; several engines in one process may ask at once.
/// </remarks>
public interface IOrderRisk
{
    RiskVerdict Assess(in OrderFacts facts);
}

/// <summary>No rules: every order may go on.</summary>
public sealed class NoOrderRules : IOrderRisk
{
    public static readonly NoOrderRules Instance = new();

    public RiskVerdict Assess(in OrderFacts facts) => RiskVerdict.Allow;
}
