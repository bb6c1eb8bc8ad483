using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>Goods found by words, or all of them, page by page.</summary>
internal sealed class SearchPage(Shelf shelf) : ShopPage
{
    private const int WordsMax = 60;

    public FoundGoods Found { get; private set; } = null!;

    public async Task OnGetAsync(string? q, string? after, CancellationToken cancel)
    {
        var query = (q ?? "").Trim();
        if (query.Length > WordsMax) query = query[..WordsMax];
        var heading = query.Length > 0 ? T.FoundFor(query) : T.AllGoods;
        var goods = await shelf.ListAsync(Shop, null, query.Length > 0 ? query : null, after, cancel: cancel);
        Found = new FoundGoods(Shop, Language, T, query, heading, false, goods, goods.Next is null ? ""
            : $"{Shop.Url("/search")}{QueryString.Create("after", goods.Next)}{(query.Length > 0 ? $"&q={Uri.EscapeDataString(query)}" : "")}");
        Share();
        // What follows from a search is no page of its own, so nothing is offered.
        Frame(heading);
    }
}
