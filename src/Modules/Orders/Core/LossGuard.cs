using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>Nothing is bought above what reaches the platform, unless a promotion's own budget pays the difference.</summary>
internal static class LossGuard
{
    /// <summary>May this supply be drawn from? Its cost is known, and covered or paid for by a promotion.</summary>
    public static bool Allows(SupplyEntry supply, Money topUnit, long? promotion) =>
        supply is { CanSell: true, Cost: { } cost } && (cost <= topUnit || promotion is not null);

    public static bool IsSupplied(PriceBook prices, SkuId sku, Terms terms)
    {
        foreach (var supply in prices.Supplies(sku))
            if (Allows(supply, terms.TopUnit, terms.Promotion)) return true;
        return false;
    }

    /// <summary>What the promotion has to add so that every drawn card's cost is covered; zero as a rule.</summary>
    public static Money Subsidy(IReadOnlyList<Draw> draws, Money topUnit, PriceBook prices)
    {
        var sum = Money.Zero;
        foreach (var draw in draws)
            sum += SubsidyUnit(prices.Supply(draw.Supply)!.Cost!.Value, topUnit) * draw.Count;
        return sum;
    }

    public static Money SubsidyUnit(Money cost, Money topUnit) => cost > topUnit ? cost - topUnit : Money.Zero;

    public static bool CanPay(Money subsidy, long? promotion, BatchState state) =>
        !subsidy.IsPositive
        || (promotion is { } id && state.Account(AccountKinds.Promotion, id) is { } budget && budget.Available >= subsidy);
}
