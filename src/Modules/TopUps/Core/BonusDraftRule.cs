using Lianka.Kernel;

namespace Lianka.Modules.TopUps.Core;

/// <summary>Reads what a form says about a bonus rule. Pure.</summary>
/// <remarks>Held by: tests/Unit/TopUps/BonusExamples.cs.</remarks>
public static class BonusDraftRule
{
    public const int StepsMax = 10;

    /// <param name="made">With its number, its maker and its moment.</param>
    public static BonusRule Check(BonusDraft draft, BonusRule made, FieldCheck check)
    {
        var rule = made with
        {
            NameZh = check.Name("name_zh", draft.NameZh), NameEn = check.Name("name_en", draft.NameEn), FromAt = draft.From, ToAt = draft.To,
            TimesMax = draft.TimesMax.Length == 0 ? null : check.Number("times_max", draft.TimesMax, 1, 1_000_000),
            TotalMax = draft.TotalMax.Length == 0 ? null : check.Amount("total_max", draft.TotalMax, wholeFen: true),
            Budget = check.Amount("budget", draft.Budget, wholeFen: true), Steps = Steps(draft.Steps, check),
        };
        if (rule.ToAt <= rule.FromAt || rule.ToAt <= made.MadeAt) check.Add("to", "ends_before_start", "Must end later than it begins, and later than now.", "结束时间要晚于开始时间和现在。");
        return rule;
    }

    private static List<BonusStep> Steps(string text, FieldCheck check)
    {
        var steps = new List<BonusStep>();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length is 0 or > StepsMax) check.Add("steps", "bad_steps", $"1 to {StepsMax} lines.", $"1 到 {StepsMax} 行。");
        foreach (var (line, no) in lines.Take(StepsMax).Select((l, i) => (l, i + 1)))
        {
            if (Step(line) is not { } step)
                check.Add("steps", "bad_step", $"Line {no}: an amount, a space, and a bonus of 0.01 or more, not above the amount: 100 10, or 500 8%.",
                    $"第 {no} 行：金额、空格、赠送（不小于 0.01，不超过充值金额），例如 100 10 或 500 8%。");
            else if (steps.Count > 0 && step.FromAmount <= steps[^1].FromAmount)
                check.Add("steps", "bad_order", $"Line {no}: must begin above the line before it.", $"第 {no} 行：金额要比上一行大。");
            else steps.Add(step);
        }

        return steps;
    }

    private static BonusStep? Step(string line)
    {
        var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || !Money.TryParse(parts[0], out var from) || !from.IsPositive || !from.IsWholeFen) return null;
        if (parts[1].EndsWith('%'))
        {
            // A percentage with two places is a number of basis points.
            return Money.TryParse(parts[1][..^1], out var percent) && percent.IsPositive && percent.IsWholeFen && percent.Units / Money.UnitsPerFen <= 10_000
                ? new BonusStep { FromAmount = from, Bps = percent.Units / Money.UnitsPerFen } : null;
        }

        return Money.TryParse(parts[1], out var bonus) && bonus.IsPositive && bonus.IsWholeFen && bonus <= from ? new BonusStep { FromAmount = from, Bonus = bonus } : null;
    }
}
