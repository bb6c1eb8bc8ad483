using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Reviews;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Reviews;

/// <summary>Some reviews of a product as buyers read them.</summary>
/// <param name="Skus">What each of them bought.</param>
/// <param name="NextUrl">Where the next ones are; null: these are the last.</param>
public sealed record ReviewList(Texts T, Rating Rating, IReadOnlyList<Review> Items, IReadOnlyDictionary<SkuId, string> Skus, string? NextUrl);

/// <param name="Tenths">Tenths of a star.</param>
public sealed record Stars(Texts T, long Tenths)
{
    /// <summary>Drawn by halves: 4.3 is four and a half, 4.8 is five.</summary>
    public bool IsFull(int star) => Tenths >= (star * 10) - 2;
    public bool IsHalf(int star) => !IsFull(star) && Tenths >= (star * 10) - 7;
    public string Words => T.StarsOf($"{Tenths / 10}.{Tenths % 10}");
}

/// <summary>Reads the reviews of a product for its page, and those after them.</summary>
internal sealed class ReviewShelf(ReviewDesk reviews, Catalog.Catalog catalog)
{
    /// <summary>So many stand on the product's own page.</summary>
    public const int FirstMax = 3;

    public async Task<ReviewList> ListAsync(Shop shop, Texts texts, Language language, Product product, OrderId? before, int limit, CancellationToken cancel)
    {
        var rating = await reviews.RatingAsync(shop.Id, product.Id, cancel);
        if (rating.Count == 0) return new ReviewList(texts, rating, [], new Dictionary<SkuId, string>(), null);
        // One more than the page tells whether there is another.
        var found = await reviews.ShownAsync(shop.Id, product.Id, before, limit + 1, cancel);
        var items = found.Count > limit ? found[..limit] : found;
        var skus = (await catalog.ListSkusAsync([product.Id], cancel)).ToDictionary(s => s.Id, s => language.PickOr(s.NameZh, s.NameEn));
        return new ReviewList(texts, rating, items, skus, found.Count > limit ? shop.Url($"/p/{product.Slug}/reviews?after={items[^1].OrderId}") : null);
    }
}
