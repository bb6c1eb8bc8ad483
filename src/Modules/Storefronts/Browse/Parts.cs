using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Browse;

public sealed record SearchBox(Shop Shop, Texts T, string Query);

public sealed record GoodsList(Shop Shop, Language Language, Texts T, IReadOnlyList<Goods> Goods);

/// <summary>A page of goods.</summary>
/// <param name="NextUrl">Of the page after this; empty: there is none.</param>
public sealed record FoundGoods(Shop Shop, Language Language, Texts T, string Query, string Heading, bool IsCategory, GoodsPage Goods, string NextUrl);

/// <summary>Which line icon stands for a category. Operators name their own; the common names have a picture.</summary>
internal static class Icons
{
    public static string Of(string slug) => slug switch
    {
        "phone" or "traffic" or "video" or "music" or "software" or "power" => slug,
        "games" or "game" or "overseas" => "game",
        "vouchers" or "gift" or "gifts" => "gift",
        "office" or "course" => "course",
        "food" => "orders",
        _ => "products",
    };
}

/// <summary>The picture of goods, or the letter tile that stands in for it.</summary>
public sealed record TileView(Catalog.Product Product, string Name, bool IsLarge = false);

/// <summary>The letter tile that stands in for a picture: the same product always has the same hue.</summary>
internal static class Tile
{
    public static string Hue(string slug) => $"hue-{slug.Aggregate(7, (sum, c) => (sum * 31 + c) & 0xffff) % 8}";

    public static string Letter(string initial, string name) =>
        System.Globalization.StringInfo.GetNextTextElement(initial.Length > 0 ? initial : name);
}
