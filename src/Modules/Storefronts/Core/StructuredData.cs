using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>One way to buy goods, as search engines read it.</summary>
public sealed record OfferFact(string Code, string Name, string Price, bool IsInStock, string Address);

/// <summary>What buyers gave in the mean, of 5, and how many did.</summary>
public sealed record RatingFact(string Average, long Count);

/// <summary>What a page is about, in the words of schema.org, for programs that read pages.</summary>
/// <remarks>
/// Only what the page itself shows: no rating, sale or date is made up. It stands in a block of data that no browser runs; what could end the
/// block is written as an escape.
/// Held by: tests/Unit/Storefronts/FoundExamples.cs.
/// </remarks>
public static class StructuredData
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Graph(params JsonObject[] things) =>
        new JsonObject { ["@context"] = "https://schema.org", ["@graph"] = new JsonArray([.. things]) }.ToJsonString(_json);

    public static JsonObject Shop(string name, string address, string searchAddress) => new()
    {
        ["@type"] = "WebSite", ["name"] = name, ["url"] = address,
        ["potentialAction"] = new JsonObject
        {
            ["@type"] = "SearchAction", ["target"] = $"{searchAddress}?q={{words}}", ["query-input"] = "required name=words",
        },
    };

    public static JsonObject Crumbs(params (string Name, string Address)[] trail) => new()
    {
        ["@type"] = "BreadcrumbList",
        ["itemListElement"] = new JsonArray([.. trail.Select((t, i) => new JsonObject
        {
            ["@type"] = "ListItem", ["position"] = i + 1, ["name"] = t.Name, ["item"] = t.Address,
        })]),
    };

    public static JsonObject Product(
        string name, string description, string address, string image, string category, string seller, IReadOnlyList<OfferFact> offers, RatingFact? rating)
    {
        var product = new JsonObject
        {
            ["@type"] = "Product", ["name"] = name, ["description"] = description, ["url"] = address, ["image"] = image, ["category"] = category,
            ["offers"] = new JsonArray([.. offers.Select(o => new JsonObject
            {
                ["@type"] = "Offer", ["sku"] = o.Code, ["name"] = o.Name, ["price"] = o.Price, ["priceCurrency"] = "CNY",
                ["availability"] = o.IsInStock ? "https://schema.org/InStock" : "https://schema.org/OutOfStock", ["url"] = o.Address,
                ["seller"] = new JsonObject { ["@type"] = "Organization", ["name"] = seller },
            })]),
        };
        // A rating of nobody is none.
        if (rating is not null)
            product["aggregateRating"] = new JsonObject
            {
                ["@type"] = "AggregateRating", ["ratingValue"] = rating.Average, ["reviewCount"] = rating.Count, ["bestRating"] = 5, ["worstRating"] = 1,
            };
        return product;
    }
}
