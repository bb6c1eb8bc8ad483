using Lianka.Kernel;

namespace Lianka.Modules.TopUps.Core;

/// <summary>What is wrong with the operator's rules for top-ups. Pure.</summary>
internal static class TermsRule
{
    public static TopUpTerms Check(TopUpTermsDraft draft, FieldCheck check)
    {
        var terms = new TopUpTerms(
            check.Amount("min", draft.Min, wholeFen: true), check.Amount("max", draft.Max, wholeFen: true), check.Amount("day_max", draft.DayMax, wholeFen: true),
            check.Number("fee_bps", draft.FeeBps, 0, 500), check.Number("hours", draft.Hours, 1, 168));
        if (check.Errors.Count > 0) return terms;
        if (terms.Max < terms.Min) check.Add("max", "below_minimum", "Not below the smallest one.", "不能小于单笔最少。");
        if (terms.DayMax < terms.Max) check.Add("day_max", "below_maximum", "Not below the largest one.", "不能小于单笔最多。");
        return terms;
    }
}
