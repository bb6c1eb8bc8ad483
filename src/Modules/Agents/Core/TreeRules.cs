using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>Who may stand below whom (domain.md, "Prices and the split"; the law on pyramid selling).</summary>
/// <remarks>Held by: tests/Unit/Agents/TreeExamples.cs, tests/Integration/Agents/MerchantTests.cs.</remarks>
internal static class TreeRules
{
    /// <summary>May a merchant with descendants so many steps deep stand below that parent?</summary>
    /// <param name="parentPath">The parent, then its ancestors; empty: directly below the platform.</param>
    /// <param name="height">How many steps the longest line below the merchant has; 0 for one without children.</param>
    /// <param name="ancestorsMax">The setting, at most <see cref="PriceBook.AncestorsMax"/>.</param>
    public static FieldError? Attach(MerchantId? merchant, IReadOnlyList<MerchantId> parentPath, int height, int ancestorsMax)
    {
        if (merchant is { } self && parentPath.Contains(self))
            return new("parent", "own_descendant", "A merchant cannot stand below itself.", "代理不能挂在自己或自己的下级名下。");
        if (parentPath.Count + height > ancestorsMax)
            return new("parent", "too_deep",
                $"At most {ancestorsMax} merchants may stand above one: choose a parent nearer to the top.",
                $"任何代理最多只能有 {ancestorsMax} 级上级，请选择层级更靠上的上级。");
        return null;
    }
}
