using Lianka.Modules.Risk;

namespace Lianka.Modules.Orders.Core;

/// <summary>The risk verdict on a new order.</summary>
internal static class JudgeOrder
{
    /// <summary>Null when the order may go on.</summary>
    /// <remarks>
    /// An order cannot be held for a person yet, so what should be looked at, or asked for more proof, is refused as well:
    /// better no order than one that nobody looks at. The detail says which it was; the reasons are for the log alone.
    /// </remarks>
    public static Verdict? WhyNot(in OrderFacts facts, BatchState state)
    {
        var verdict = state.Risk.Assess(in facts);
        return verdict.Answer == RiskAnswer.Allow ? null : new Verdict(new OrderDecision.Refused(Refusal.RiskBlocked, DetailOf(verdict.Answer))
        {
            Risk = verdict,
        });
    }

    private static string? DetailOf(RiskAnswer answer) => answer switch
    {
        RiskAnswer.StepUp => "step_up",
        RiskAnswer.Review => "review",
        _ => null,
    };
}
