using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>Strict reading of prices and rates.</summary>
internal static class PriceChecks
{
    /// <summary>
    /// A million yuan for one unit. With three mark-ups of at most double each and 10,000 units an order stays four
    /// orders of magnitude below what 64 bits hold.
    /// </summary>
    public static readonly Money PriceMax = new(1_000_000 * Money.UnitsPerYuan);

    /// <summary>A mark-up of more than the price itself is a slip of the keyboard.</summary>
    public const long MarkupBpsMax = 10_000;

    public static Money Price(this FieldCheck check, string field, string value)
    {
        var price = check.Amount(field, value);
        if (price > PriceMax) check.Add(field, "out_of_range", $"At most {PriceMax}.", $"最高 {PriceMax}。");
        return price;
    }

    /// <summary>The moment as the database keeps it, so that what is answered equals what is stored.</summary>
    public static DateTimeOffset Stored(this DateTimeOffset at) => Instants.FromMicros(at.ToMicros());

    /// <summary>The value of a mark-up: units of money when fixed, else basis points; zero passes the price through.</summary>
    public static long MarkupValue(this FieldCheck check, string mode, string value)
    {
        if (mode == "bps") return check.Number("value", value, 0, MarkupBpsMax);
        if (mode != "fixed")
        {
            check.Add("mode", "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
            return 0;
        }

        if (!Money.TryParse(value, out var amount))
            check.Add("value", "not_an_amount", "Write an amount in plain digits with at most 4 decimals, for example 0.0500.",
                "请用半角数字填写金额，最多四位小数，例如 0.0500。");
        else if (amount.IsNegative || amount > PriceMax)
            check.Add("value", "out_of_range", $"Must be 0 to {PriceMax}.", $"须在 0 到 {PriceMax} 之间。");
        return amount.Units;
    }

    /// <summary>Tiers must fall with the quantity, or a larger order would cost more per unit.</summary>
    public static List<QuantityTier> Tiers(this FieldCheck check, SkuId sku, IReadOnlyList<QuantityTierDraft> drafts)
    {
        var tiers = new List<QuantityTier>(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
            tiers.Add(new(0, sku,
                check.Number($"tiers/{i}/min_qty", drafts[i].QuantityMin, 2, 10_000),
                check.Number($"tiers/{i}/off_bps", drafts[i].OffBps, 1, 9_999)));
        for (var i = 1; i < tiers.Count && check.Errors.Count == 0; i++)
        {
            if (tiers[i].QuantityMin <= tiers[i - 1].QuantityMin)
                check.Add($"tiers/{i}/min_qty", "not_rising", "Each step needs a larger quantity than the one before.", "每一档的数量须大于上一档。");
            if (tiers[i].OffBps <= tiers[i - 1].OffBps)
                check.Add($"tiers/{i}/off_bps", "not_rising", "Each step needs a larger reduction than the one before.", "每一档的优惠须大于上一档。");
        }

        return tiers;
    }
}
