using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.OpenApi.Edge;

namespace Lianka.Modules.OpenApi.Goods;

/// <summary>GET /products and GET /products/{id}: goods as this account may buy them.</summary>
internal sealed class ListProducts(Catalog.Catalog catalog, PriceBooks books, Inventory.Inventory inventory, TimeProvider clock)
{
    private sealed record Offer(Sku Sku, Money Price, long Stock);

    private sealed record Shown(Product Product, Category Category, IReadOnlyList<Offer> Offers);

    private sealed record Page(IReadOnlyList<Shown> Products, string? Next, int Limit, long Version);

    public async Task PageAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var limit = query.Limit();
        var after = query.Cursor<ProductId>(text => ProductId.TryParse(text, out var id) ? id : null);
        var since = query.Moment("updated_since");
        if (query.Problems.Count > 0)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
            return;
        }

        // Whoever follows changes must also hear of what went off sale; such a product comes without SKUs.
        var cancel = call.Http.RequestAborted;
        var book = await books.RefreshAsync(cancel);
        var page = await catalog.ListProductsAsync(
            new ProductFilter(State: since is null ? ListingState.Listed : null, UpdatedSince: since, After: after, Limit: limit), cancel);
        var shown = await ShowAsync(call.Merchant, book, page.Items, cancel);
        if (since is null) shown.RemoveAll(s => s.Offers.Count == 0);
        await JsonAnswer.OkAsync(call.Http, new Page(shown, page.Next?.ToString(), limit, book.Version), static (json, page) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var product in page.Products) Write(json, product);
            json.WriteEndArray();
            json.WritePage(page.Next, page.Limit);
            json.WriteNumber("prices_version"u8, page.Version);
            json.WriteEndObject();
        });
    }

    public async Task OneAsync(ApiCall call)
    {
        var cancel = call.Http.RequestAborted;
        var product = ProductId.TryParse(call.RouteText("id"), out var id) ? await catalog.FindProductAsync(id, cancel) : null;
        var shown = product is null ? [] : await ShowAsync(call.Merchant, await books.RefreshAsync(cancel), [product], cancel);
        if (shown is [{ Offers.Count: > 0 } only]) await JsonAnswer.OkAsync(call.Http, only, Write);
        else await ProblemBook.WriteAsync(call.Http, "not_found");
    }

    private async Task<List<Shown>> ShowAsync(
        MerchantId merchant, PriceBook book, IReadOnlyList<Product> products, CancellationToken cancel)
    {
        if (products.Count == 0) return [];
        var now = clock.Now();
        var priced = (await catalog.ListSkusAsync([.. products.Select(p => p.Id)], cancel))
            .Select(sku => (Sku: sku, Terms: book.Terms(merchant, sku.Id, 1, now)))
            .Where(p => p.Terms is not null)
            .ToList();
        var stock = new Dictionary<SkuId, long>();
        foreach (var some in priced.Select(p => p.Sku.Id).Chunk(400))
            foreach (var (sku, count) in await inventory.StockOfAsync(some, cancel)) stock[sku] = count;
        var offers = priced.ToLookup(p => p.Sku.ProductId, p => new Offer(p.Sku, p.Terms!.Unit, stock.GetValueOrDefault(p.Sku.Id)));
        var categories = (await catalog.ListCategoriesAsync(cancel)).ToDictionary(c => c.Id);
        return [.. products.Select(p => new Shown(p, categories[p.CategoryId], [.. offers[p.Id]]))];
    }

    private static void Write(Utf8JsonWriter json, Shown shown)
    {
        var product = shown.Product;
        json.WriteStartObject();
        json.WriteString("id"u8, product.Id.ToString());
        json.WriteNames("name"u8, product.NameZh, product.NameEn);
        json.WriteNames("category"u8, shown.Category.NameZh, shown.Category.NameEn);
        json.WriteString("region"u8, product.Region);
        json.WriteNames("description"u8, product.DescriptionZh, product.DescriptionEn);
        json.WriteNames("redeem"u8, product.RedeemZh, product.RedeemEn);
        json.WriteString("redeem_url"u8, product.RedeemUrl);
        json.WriteNumber("version"u8, product.UpdatedAt.ToMicros());
        json.WriteMoment("updated_at"u8, product.UpdatedAt);
        json.WriteStartArray("skus"u8);
        foreach (var offer in shown.Offers) Write(json, offer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Offer offer)
    {
        var sku = offer.Sku;
        json.WriteStartObject();
        json.WriteString("sku"u8, sku.Code);
        json.WriteNames("name"u8, sku.NameZh, sku.NameEn);
        json.WriteString("kind"u8, sku.Kind == SkuKind.Card ? "card" : "direct");
        json.WriteString("face_value"u8, new Money(sku.FaceValue).ToString());
        json.WriteString("face_currency"u8, sku.FaceCurrency);
        json.WriteString("unit_price"u8, offer.Price.ToString());
        json.WriteString("currency"u8, offer.Price.Currency.Code);
        json.WriteNumber("stock"u8, offer.Stock);
        json.WriteNumber("quantity_min"u8, 1);
        json.WriteNumber("quantity_max"u8, sku.QtyMax);
        json.WriteString("retail_floor"u8, sku.RetailFloor.ToString());
        json.WriteString("retail_ceiling"u8, sku.RetailCeiling.ToString());
        json.WriteStartArray("fields"u8);
        foreach (var field in AccountFields.Parse(sku.Fields).Fields)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, field.Key);
            json.WriteNames("label"u8, field.NameZh, field.NameEn);
            json.WriteBoolean("required"u8, field.IsRequired);
            json.WriteString("kind"u8, field.Kind.ToString().ToLowerInvariant());
            json.WriteStartArray("choices"u8);
            foreach (var choice in field.Choices) json.WriteStringValue(choice);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteMoment("updated_at"u8, sku.UpdatedAt);
        json.WriteEndObject();
    }
}
