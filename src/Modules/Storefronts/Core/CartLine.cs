namespace Lianka.Modules.Storefronts.Core;

/// <summary>Goods that a buyer means to buy with others.</summary>
/// <param name="Product">The slug of the product.</param>
/// <param name="Sku">The code of the SKU.</param>
/// <param name="Fields">What was given for a direct SKU, as canonical JSON; empty: nothing.</param>
public sealed record CartLine(string Product, string Sku, long Quantity, string Fields)
{
    /// <summary>So many lines make a cart: each becomes an order of its own.</summary>
    public const int Max = 10;

    /// <summary>Adds goods: more of the same are one line, and other accounts are other lines.</summary>
    /// <param name="quantityMax">The most that one order may ask for.</param>
    /// <returns>Null: there is no room for another line.</returns>
    public static IReadOnlyList<CartLine>? Add(IReadOnlyList<CartLine> cart, CartLine added, long quantityMax)
    {
        var lines = cart.ToList();
        var at = lines.FindIndex(l => l.Sku == added.Sku && l.Fields == added.Fields);
        if (at >= 0) lines[at] = lines[at] with { Quantity = Math.Min(lines[at].Quantity + added.Quantity, Math.Max(1, quantityMax)) };
        else if (lines.Count < Max) lines.Add(added);
        else return null;
        return lines;
    }
}
