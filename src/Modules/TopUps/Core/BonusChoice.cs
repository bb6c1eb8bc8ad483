using Lianka.Kernel;

namespace Lianka.Modules.TopUps.Core;

/// <summary>What one merchant was promised and given of a rule.</summary>
public readonly record struct BonusUse(long Times, Money Total);

/// <summary>Which bonus a top-up gets. Pure.</summary>
/// <remarks>All of a step or nothing: a part of a bonus is not what was announced. Held by: tests/Unit/TopUps/BonusExamples.cs, BonusProperties.cs.</remarks>
public static class BonusChoice
{
    /// <summary>What the highest step that the amount reaches gives, down to a whole fen.</summary>
    public static Money Of(IReadOnlyList<BonusStep> steps, Money amount)
    {
        var step = steps.LastOrDefault(s => s.FromAmount <= amount);
        if (step is null) return Money.Zero;
        return step.Bps == 0 ? step.Bonus : new Money((long)((Int128)amount.Units * step.Bps / (10_000 * Money.UnitsPerFen)) * Money.UnitsPerFen);
    }

    /// <summary>Whether a rule may still promise this much to a merchant.</summary>
    /// <param name="at">When the merchant asked.</param>
    public static bool Allows(BonusRule rule, BonusUse use, Money bonus, DateTimeOffset at) =>
        bonus.IsPositive && rule.EndedAt is null && rule.FromAt <= at && at < rule.ToAt
        && rule.Used + bonus <= rule.Budget
        && (rule.TimesMax is not { } times || use.Times < times)
        && (rule.TotalMax is not { } total || use.Total + bonus <= total);

    /// <summary>The largest bonus that a rule allows; of equal ones the older rule's.</summary>
    public static (BonusRule Rule, Money Bonus)? Best(IEnumerable<BonusRule> rules, Func<BonusRule, BonusUse> used, Money amount, DateTimeOffset at)
    {
        (BonusRule Rule, Money Bonus)? best = null;
        foreach (var rule in rules.OrderBy(r => r.Id))
        {
            var bonus = Of(rule.Steps, amount);
            if (Allows(rule, used(rule), bonus, at) && (best is null || bonus > best.Value.Bonus)) best = (rule, bonus);
        }

        return best;
    }
}
