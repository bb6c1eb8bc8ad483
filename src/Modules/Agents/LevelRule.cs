using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Modules.Agents;

/// <summary>What a level's price is made from: the cost, the price it has, or nothing (the amount is the price).</summary>
public enum PriceBase { Cost, Price, Nothing }

/// <summary>What a price is rounded up to.</summary>
public enum PriceStep { Exact, Fen, Jiao, Yuan }

/// <summary>Why a rule gives no price.</summary>
public enum LevelRefusal { None, NoCost, NoPrice, NotPositive, TooHigh }

/// <summary>What somebody should look at before such a price is set. None of them forbids it.</summary>
/// <remarks>Above the ceiling nobody of that level can sell in a shop without losing.</remarks>
[Flags]
public enum PriceWarnings { None = 0, BelowCost = 1, UpsideDown = 2, AboveCeiling = 4 }

/// <summary>What one level adds.</summary>
/// <param name="Bps">Basis points of the base, rounded half away from zero to 1/10,000; less than zero takes off.</param>
/// <param name="Added">Per unit.</param>
public readonly record struct LevelAdd(int Level, long Bps, Money Added);

/// <summary>How prices of levels are made for many goods. Levels that are not named are left alone.</summary>
/// <param name="AddedMin">Over the cost basis points and amount together add at least this.</param>
/// <remarks>Held by: tests/Unit/Agents/LevelRuleExamples.cs.</remarks>
public sealed record LevelRule(PriceBase Base, IReadOnlyList<LevelAdd> Levels, Money AddedMin = default, PriceStep Step = PriceStep.Exact)
{
    /// <summary>Ten times the base; more is a slip of the keyboard.</summary>
    public const long BpsMax = 100_000;

    /// <param name="cost">Per unit; null: unknown, and never taken for zero.</param>
    /// <param name="was">The price that the level has; null: none.</param>
    /// <returns>The price, or why there is none.</returns>
    public (Money? Price, LevelRefusal Why) Propose(LevelAdd level, Money? cost, Money? was)
    {
        var known = Base switch { PriceBase.Cost => cost, PriceBase.Price => was, _ => Money.Zero };
        if (known is not { } stand) return (null, Base == PriceBase.Cost ? LevelRefusal.NoCost : LevelRefusal.NoPrice);
        var added = stand.AtBps(level.Bps) + level.Added;
        if (Base == PriceBase.Cost) added = Money.Max(added, AddedMin);
        var price = stand + added;
        if (!price.IsPositive) return (null, LevelRefusal.NotPositive);
        price = UpTo(price);
        return price > PriceChecks.PriceMax ? (null, LevelRefusal.TooHigh) : (price, LevelRefusal.None);
    }

    private Money UpTo(Money price)
    {
        var step = Step switch
        {
            PriceStep.Fen => Money.UnitsPerFen, PriceStep.Jiao => 10 * Money.UnitsPerFen, PriceStep.Yuan => Money.UnitsPerYuan, _ => 1,
        };
        return new Money((price.Units + step - 1) / step * step, price.Currency);
    }

    /// <summary>What is odd about the price of a level.</summary>
    /// <param name="others">The prices of all levels as they would stand then; rank 1 is the best level and pays least.</param>
    public static PriceWarnings Look(int level, Money price, Money? cost, Money ceiling, IEnumerable<(int Level, Money Price)> others)
    {
        var found = PriceWarnings.None;
        if (price < cost) found |= PriceWarnings.BelowCost;
        if (price > ceiling) found |= PriceWarnings.AboveCeiling;
        if (others.Any(o => o.Level < level ? o.Price > price : o.Level > level && o.Price < price)) found |= PriceWarnings.UpsideDown;
        return found;
    }

    /// <summary>Basis points of what a price stands above its cost, rounded half away from zero; null without a cost.</summary>
    public static long? MarginBps(Money price, Money? cost) =>
        cost is { IsPositive: true } paid ? Rounding.HalfAwayFromZero((Int128)(price - paid).Units * 10_000, paid.Units) : null;

    /// <summary>Reads what was typed; a level with neither a percentage nor an amount is left alone.</summary>
    internal static LevelRule Read(FieldCheck check, LevelRuleDraft draft)
    {
        var levels = new List<LevelAdd>();
        check.Defined("base", draft.Base);
        check.Defined("step", draft.Step);
        foreach (var level in draft.Levels.Where(l => l.Percent.Length + l.Added.Length > 0))
        {
            if (levels.Exists(l => l.Level == level.Level)) check.Add(Refusals.Repeated($"percent_{level.Level}"));
            if (draft.Base == PriceBase.Nothing && level.Percent.Length > 0)
                check.Add($"percent_{level.Level}", "out_of_place", "A fixed price has no percentage; write the amount.", "定死的价格没有百分比，请填金额。");
            levels.Add(new LevelAdd(level.Level, Percent($"percent_{level.Level}", level.Percent), Amount($"added_{level.Level}", level.Added, isSigned: true)));
        }

        if (levels.Count == 0) check.Add("levels", "required", "Fill in a percentage or an amount for at least one level.", "至少给一个等级填百分比或金额。");
        if (draft.AddedMin.Length > 0 && draft.Base != PriceBase.Cost)
            check.Add("added_min", "out_of_place", "This belongs to prices made from the cost.", "只有按进价加价时才能填。");
        return new LevelRule(draft.Base, levels, Amount("added_min", draft.AddedMin, isSigned: false), draft.Step);

        // "2.5" is 250 basis points: an amount of two decimals, without a floating point.
        long Percent(string field, string text)
        {
            if (text.Length == 0) return 0;
            if (Money.TryParse(text, out var typed) && typed.IsWholeFen && typed.Units / Money.UnitsPerFen is > -10_000 and <= BpsMax) return typed.Units / Money.UnitsPerFen;
            check.Add(field, "not_a_percentage", "Write a percentage from -99.99 to 1000 with at most two decimals, for example 2.5.", "请用半角数字填写 -99.99 到 1000 的百分比，最多两位小数，例如 2.5。");
            return 0;
        }

        Money Amount(string field, string text, bool isSigned)
        {
            if (text.Length == 0) return Money.Zero;
            if (Money.TryParse(text, out var amount) && amount <= PriceChecks.PriceMax && (isSigned ? amount >= -PriceChecks.PriceMax : !amount.IsNegative)) return amount;
            check.Add(field, "not_an_amount", $"Write an amount up to {PriceChecks.PriceMax} with at most 4 decimals, for example 0.05.", $"请用半角数字填写不超过 {PriceChecks.PriceMax} 的金额，最多四位小数，例如 0.05。");
            return Money.Zero;
        }
    }
}

/// <param name="Percent">"3", "-2.5"; empty: none.</param>
/// <param name="Added">"0.2", "-0.05"; empty: none.</param>
public sealed record LevelAddDraft(int Level, string Percent, string Added);

public sealed record LevelRuleDraft
{
    public PriceBase Base { get; init; }
    public IReadOnlyList<LevelAddDraft> Levels { get; init; } = [];
    public string AddedMin { get; init; } = "";
    public PriceStep Step { get; init; }
}
