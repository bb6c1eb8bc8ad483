using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Cart;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Modules.Storefronts.Reviews;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>One product: choose, give a contact, buy.</summary>
internal sealed class ProductPage(Shelf shelf, Catalog.Catalog catalog, Till till, OwnOrders own, BuyerMemory memory, Gates gates, ReviewShelf reviews, ShoppingCart cart)
    : BuyPage(till, own, memory, gates)
{
    public Goods Goods { get; private set; } = null!;

    /// <summary>What the buyer chose, or what is offered first; null: a choice was asked for that is not sold now, and no other is put in its place.</summary>
    public Choice? Chosen { get; private set; }

    /// <summary>What price and fields are shown of: the choice, or the first that can be had.</summary>
    public Choice Shown { get; private set; } = null!;
    public Category Category { get; private set; } = null!;
    public ReviewList Reviews { get; private set; } = null!;

    public string Name => Language.PickOr(Goods.Product.NameZh, Goods.Product.NameEn);
    public string CategoryName => Language.PickOr(Category.NameZh, Category.NameEn);
    public string Description => Language.PickOr(Goods.Product.DescriptionZh, Goods.Product.DescriptionEn);
    public IReadOnlyList<string> RedeemSteps => Lines.Of(Language.PickOr(Goods.Product.RedeemZh, Goods.Product.RedeemEn));

    /// <summary>What was asked for is not sold now.</summary>
    public bool IsGone { get; private set; }
    public bool HasStock => Shown.QuantityMax > 0;

    /// <summary>What the page says without scripts; the script counts along.</summary>
    public Money? Total => Chosen?.Retail * (Quantity.Read(QuantityText, Math.Max(1, Shown.QuantityMax)) ?? 1);

    public string Label(Choice choice) => Language.PickOr(choice.Sku.NameZh, choice.Sku.NameEn);

    public async Task<IActionResult> OnGetAsync(string product, string? sku, string? quantity, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        await ShowAsync(goods, sku, mayOffer: string.IsNullOrEmpty(sku), cancel);
        QuantityText = Quantity.Read(quantity, Math.Max(1, Shown.QuantityMax)) is { } wanted ? $"{wanted}" : "1";
        return Open();
    }

    public async Task<IActionResult> OnPostAsync(
        string product, string? sku, string? quantity, string? contact, string? token, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        await ShowAsync(goods, sku, mayOffer: false, cancel);
        return await BuyAsync(Chosen, quantity, contact, token, cancel);
    }

    /// <summary>Puts it into the cart; contact and payment come there.</summary>
    public async Task<IActionResult> OnPostCartAsync(string product, string? sku, string? quantity, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        await ShowAsync(goods, sku, mayOffer: false, cancel);
        Open();
        if (ReadGoods(Chosen, quantity) is not { } wanted || Chosen is null) return Again();
        return cart.Add(HttpContext, Shop, new CartLine(Goods.Product.Slug, Chosen.Sku.Code, wanted.Units, Canonical(wanted.Values)), Chosen.QuantityMax)
            ? Redirect(Shop.Url("/cart")) : Again(T.CartFull);
    }

    /// <param name="mayOffer">Nothing was asked for yet: what can be had is chosen beforehand.</param>
    private async Task ShowAsync(Goods goods, string? sku, bool mayOffer, CancellationToken cancel)
    {
        Goods = goods;
        Category = (await catalog.FindCategoryAsync(goods.Product.CategoryId, cancel))!;
        Chosen = goods.Choices.FirstOrDefault(c => c.Sku.Code == sku);
        Shown = Chosen ?? goods.Choices.FirstOrDefault(c => c.Stock > 0) ?? goods.Choices[0];
        if (mayOffer) Chosen = Shown;
        IsGone = Chosen is null && !string.IsNullOrEmpty(sku);
        Reviews = await reviews.ListAsync(Shop, T, Language, goods.Product, null, ReviewShelf.FirstMax, cancel);
        Ask(AccountFields.Parse(Shown.Sku.Fields).Fields);
        Frame(Name, T.ProductDescription(Name, Shop.Name(Language), goods.From.Text(2), Shown.IsTopUp), "quantity", "fields", "busy");
        Offer($"/p/{goods.Product.Slug}", About(), goods.Product.Picture);
    }

    private string About()
    {
        var (shop, page) = (Shop.Name(Language), Shop.Address(HttpContext, $"/p/{Goods.Product.Slug}"));
        return StructuredData.Graph(
            StructuredData.Product(Name, Description.Length > 0 ? Description : T.ProductDescription(Name, shop, Goods.From.Text(2), Shown.IsTopUp), page,
                ImageOf(Goods.Product.Picture), CategoryName, shop,
                [.. Goods.Choices.Select(c => new OfferFact(c.Sku.Code, Label(c), c.Retail.Text(2), c.Stock > 0, $"{page}?sku={c.Sku.Code}"))],
                Reviews.Rating.Count == 0 ? null : new RatingFact(Reviews.Rating.Average, Reviews.Rating.Count)),
            StructuredData.Crumbs((shop, Shop.Address(HttpContext)), (CategoryName, Shop.Address(HttpContext, $"/c/{Category.Slug}")), (Name, page)));
    }
}
