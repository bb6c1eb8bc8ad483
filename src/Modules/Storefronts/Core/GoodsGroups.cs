using Lianka.Modules.Storefronts.Browse;

namespace Lianka.Modules.Storefronts.Core;

/// <param name="Brand">Null: the goods are of no brand, and stand alone.</param>
public sealed record GoodsGroup(Catalog.Brand? Brand, IReadOnlyList<Goods> Goods);

/// <summary>Goods that carry one name beside each other, one line for each region, and what they may be narrowed down to.</summary>
/// <remarks>Held by: tests/Unit/Storefronts/ScenarioExamples.cs.</remarks>
public static class GoodsGroups
{
    /// <returns>In the order in which the goods come; a brand stands where its first goods do.</returns>
    public static IReadOnlyList<GoodsGroup> Of(IEnumerable<Goods> goods, IReadOnlyDictionary<long, Catalog.Brand> brands) =>
        [.. goods.GroupBy(g => g.Product.BrandId is { } brand ? (Brand: brand, Alone: default(ProductId)) : (Brand: 0L, Alone: g.Product.Id))
            .Select(same => new GoodsGroup(brands.GetValueOrDefault(same.Key.Brand), [.. same]))];

    /// <summary>The regions of some goods; empty where there is nothing to choose.</summary>
    public static IReadOnlyList<string> Regions(IEnumerable<Goods> goods) =>
        goods.Select(g => g.Product.Region).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 1 } regions ? regions : [];

    /// <summary>Whether some go to an account and others come as codes.</summary>
    public static bool AreOfBothKinds(IReadOnlyList<Goods> goods) => goods.Any(g => g.IsTopUp) && goods.Any(g => !g.IsTopUp);
}
