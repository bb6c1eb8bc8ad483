using System.Runtime.CompilerServices;
using Lianka.Kernel;

namespace Lianka.Modules.Agents;

/// <summary>The products of a merchant's shelf, in the order in which they were made, and which of their SKUs stand on it.</summary>
public sealed record OnShelf(ProductId[] Products, ILookup<ProductId, SkuId> Skus)
{
    /// <summary>Where the products made after this one begin, whether it is among them or not.</summary>
    public int After(ProductId before)
    {
        var at = Array.BinarySearch(Products, before);
        return at >= 0 ? at + 1 : ~at;
    }
}

/// <summary>What stands on merchants' shelves, worked out once for each state of a shelf. Thread-safe.</summary>
public sealed class ShelfGoods
{
    // As long as a merchant's shelf stays as it is, so do its goods; the book makes a new one for every change.
    private readonly ConditionalWeakTable<IReadOnlyDictionary<SkuId, Money>, OnShelf> _shelves = [];

    public OnShelf Of(PriceBook book, MerchantId merchant) => _shelves.GetValue(book.Shelf(merchant), shelf =>
    {
        var skus = shelf.Keys.Select(book.Sku).OfType<SkuEntry>().ToLookup(s => s.Product, s => s.Id);
        return new OnShelf([.. skus.Select(s => s.Key).Order()], skus);
    });
}
