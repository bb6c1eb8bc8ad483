using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Modules.Storefronts.Reviews;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>A field of a direct SKU on the page.</summary>
public sealed record AccountInput(AccountField Field, string Label, string Value, string? Problem)
{
    public string Id => $"field-{Field.Key}";

    /// <summary>The keyboard that a phone shows.</summary>
    public string InputMode => Field.Kind switch
    {
        AccountFieldKind.Phone => "tel",
        AccountFieldKind.Digits => "numeric",
        AccountFieldKind.Email => "email",
        _ => "text",
    };
}

/// <summary>One product: choose, give a contact, buy.</summary>
internal sealed class ProductPage(Shelf shelf, Catalog.Catalog catalog, Till till, OwnOrders own, Gates gates, ReviewShelf reviews) : ShopPage
{
    public Goods Goods { get; private set; } = null!;
    public Choice Chosen { get; private set; } = null!;
    public Category Category { get; private set; } = null!;
    public ReviewList Reviews { get; private set; } = null!;
    public string QuantityText { get; private set; } = "1";
    public string ContactText { get; private set; } = "";

    /// <summary>One number per page that was handed out: pressing twice is one order.</summary>
    public string Token { get; private set; } = "";

    /// <summary>What the chosen SKU asks for, with what was typed and what is wrong with it.</summary>
    public IReadOnlyList<AccountInput> Inputs { get; private set; } = [];

    public string? QuantityProblem { get; private set; }
    public string? ContactProblem { get; private set; }

    /// <summary>Why the order did not come about, when no field is to blame.</summary>
    public string? Refused { get; private set; }

    public string Name => Language.PickOr(Goods.Product.NameZh, Goods.Product.NameEn);
    public string CategoryName => Language.PickOr(Category.NameZh, Category.NameEn);
    public string Description => Language.PickOr(Goods.Product.DescriptionZh, Goods.Product.DescriptionEn);
    public IReadOnlyList<string> RedeemSteps => Lines.Of(Language.PickOr(Goods.Product.RedeemZh, Goods.Product.RedeemEn));
    public bool HasStock => Chosen.QuantityMax > 0;

    /// <summary>What the page says without scripts; the script counts along.</summary>
    public Money Total => Chosen.Retail * (Quantity.Read(QuantityText, Math.Max(1, Chosen.QuantityMax)) ?? 1);

    public string Label(Choice choice) => Language.PickOr(choice.Sku.NameZh, choice.Sku.NameEn);

    public async Task<IActionResult> OnGetAsync(string product, string? sku, string? quantity, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        await ShowAsync(goods, sku, cancel);
        QuantityText = Quantity.Read(quantity, Math.Max(1, Chosen.QuantityMax)) is { } wanted ? $"{wanted}" : "1";
        Token = NewToken();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        string product, string? sku, string? quantity, string? contact, string? token, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        await ShowAsync(goods, sku, cancel);
        QuantityText = Shorten(quantity, 8);
        ContactText = Shorten(contact, 254);
        Token = IsToken(token) ? token! : NewToken();

        var units = Quantity.Read(QuantityText, Chosen.Sku.QtyMax);
        var reach = Contact.Read(ContactText);
        var values = ReadInputs();
        if (units is null) QuantityProblem = T.QuantityRange(Chosen.Sku.QtyMax);
        if (reach is null) ContactProblem = T.ContactWrong;
        if (units is null || reach is null || values is null) return Again();
        if (!gates.MayBuy(HttpContext.Connection.RemoteIpAddress)) return Again(T.TooManyTries);

        var seen = SeenPrice() ?? Chosen.Retail;
        OrderDecision decision;
        try
        {
            decision = await till.ReserveAsync(Shop, Chosen, units.Value, seen, reach, values, Token, Buyer.IdOf(HttpContext), cancel);
        }
        catch (EngineBusyException)
        {
            return Again(T.Busy, StatusCodes.Status503ServiceUnavailable);
        }

        if (decision is not OrderDecision.Done done) return Again(T.Refusal((OrderDecision.Refused)decision));
        if (done is { IsReplay: true, Order.IsFinal: true })
        {
            // The way back from a finished order: whoever presses here means another one.
            Token = NewToken();
            return Again(T.BoughtAlready);
        }

        own.Add(HttpContext, Shop, done.Order.Id, Claim.Bought);
        return Redirect(Shop.Url($"/pay/{done.Order.Id}"));
    }

    private PageResult Again(string? refused = null, int status = StatusCodes.Status422UnprocessableEntity)
    {
        Refused = refused;
        Response.StatusCode = status;
        return Page();
    }

    private async Task ShowAsync(Goods goods, string? sku, CancellationToken cancel)
    {
        Goods = goods;
        Category = (await catalog.FindCategoryAsync(goods.Product.CategoryId, cancel))!;
        Chosen = goods.Choices.FirstOrDefault(c => c.Sku.Code == sku)
            ?? goods.Choices.FirstOrDefault(c => c.Stock > 0)
            ?? goods.Choices[0];
        Reviews = await reviews.ListAsync(Shop, T, Language, goods.Product, null, ReviewShelf.FirstMax, cancel);
        Inputs = [.. AccountFields.Parse(Chosen.Sku.Fields).Fields.Select(f => new AccountInput(f, Language.PickOr(f.NameZh, f.NameEn), "", null))];
        Frame(Name, T.ProductDescription(Name, Shop.Name(Language), goods.From.Text(2), Chosen.IsTopUp), "quantity", "busy");
        Offer($"/p/{goods.Product.Slug}", About(), goods.Product.Picture);
    }

    private string About()
    {
        var (shop, page) = (Shop.Name(Language), Shop.Address(HttpContext, $"/p/{Goods.Product.Slug}"));
        return StructuredData.Graph(
            StructuredData.Product(Name, Description.Length > 0 ? Description : T.ProductDescription(Name, shop, Goods.From.Text(2), Chosen.IsTopUp), page,
                ImageOf(Goods.Product.Picture), CategoryName, shop,
                [.. Goods.Choices.Select(c => new OfferFact(c.Sku.Code, Label(c), c.Retail.Text(2), c.Stock > 0, $"{page}?sku={c.Sku.Code}"))],
                Reviews.Rating.Count == 0 ? null : new RatingFact(Reviews.Rating.Average, Reviews.Rating.Count)),
            StructuredData.Crumbs((shop, Shop.Address(HttpContext)), (CategoryName, Shop.Address(HttpContext, $"/c/{Category.Slug}")), (Name, page)));
    }

    /// <returns>The values by key as canonical JSON, empty when nothing is asked for; null when something is wrong with one.</returns>
    private string? ReadInputs()
    {
        var given = Inputs.ToDictionary(i => i.Field.Key, i => Shorten(Request.Form[$"field.{i.Field.Key}"], 200));
        var (values, errors) = AccountFields.Check([.. Inputs.Select(i => i.Field)], given);
        Inputs = [.. Inputs.Select(i => i with
        {
            Value = given[i.Field.Key],
            Problem = errors.FirstOrDefault(e => e.Field == i.Field.Key) is { } error ? Language.PickOr(error.Zh, error.En) : null,
        })];
        return errors.Count > 0 ? null : values.Count == 0 ? "" : JsonSerializer.Serialize(new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal), _plain);
    }

    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The price that stood beside the chosen SKU; the engine refuses when it has moved since.</summary>
    private Money? SeenPrice() =>
        Request.Form[$"price.{Chosen.Sku.Code}"].ToString() is { Length: > 0 } text && Money.TryParse(text, out var price) ? price : null;

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static bool IsToken(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);

    private static string Shorten(string? text, int max) => text is null ? "" : text.Length <= max ? text.Trim() : text[..max];
}
