using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Reviews;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>What became of an order; with the codes for the browser that bought, and after a press for the others.</summary>
internal sealed class ResultPage(OwnOrders own, BuyerOrders orders, OrderDesk desk, ReviewDesk reviews, TimeProvider clock) : OneOrderPage
{
    /// <summary>So long after payment the buying browser sees the codes by itself; afterwards a press opens them.</summary>
    private static readonly TimeSpan _openAfterPayment = TimeSpan.FromMinutes(30);

    /// <summary>More codes than this come without pictures: a page has to load on a phone.</summary>
    private const int QrMax = 20;

    public IReadOnlyList<OrderCard>? Cards { get; private set; }

    public bool HasQr => Cards!.Count <= QrMax;
    public IReadOnlyList<string> RedeemSteps => Lines.Of(Language.PickOr(Buyers.Product.RedeemZh, Buyers.Product.RedeemEn));

    /// <summary>What the buyer gave for a direct top-up, with the words of its fields.</summary>
    public IReadOnlyList<(string Label, string Value)> Given { get; private set; } = [];

    /// <summary>The suppliers' words, for example a carrier's serial number.</summary>
    public IReadOnlyCollection<string> Receipts { get; private set; } = [];

    /// <summary>What the buyer said of it; null: nothing yet.</summary>
    public Review? Review { get; private set; }

    /// <summary>There is a review, or there may be one.</summary>
    public bool HasReview => Review is not null || MayReview;
    public bool MayReview { get; private set; }

    public bool HasCodes => HasGoods && !Texts.IsTopUp(Order);
    public bool HasGoods => View.Stage is OrderStage.Delivered or OrderStage.PartlyDelivered;

    public async Task<IActionResult> OnGetAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        var isFresh = Order.PaidAt is { } paid && clock.Now() - paid < _openAfterPayment;
        if (HasCodes && Claim == Claim.Bought && isFresh) await RevealAsync(cancel);
        await PrepareAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRevealAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (HasCodes) await RevealAsync(cancel);
        await PrepareAsync();
        return Page();
    }

    private async Task PrepareAsync()
    {
        var given = Order.Fields is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(Order.Fields)!;
        Given = [.. AccountFields.Parse(Buyers.Sku.Fields).Fields.Where(f => given.ContainsKey(f.Key))
            .Select(f => (Language.PickOr(f.NameZh, f.NameEn), given[f.Key]))];
        if (HasGoods)
        {
            Review = await reviews.FindAsync(Order.Id);
            MayReview = reviews.BarOf(Order, Review) is null;
        }

        Receipts = [.. (await desk.ReceiptsAsync(Order)).Values];
        Frame(T.Stage(View), "", "live", "copy");
        if (!Buyers.IsFinal) RefreshAfter(4);
    }

    private async Task RevealAsync(CancellationToken cancel)
    {
        // The engine marks the cards as seen and logs who saw them before any secret is opened.
        var decision = await desk.RunAsync(new OrderCommand.Reveal(Order.Id, Shop.MerchantId, "buyer", Address), cancel);
        if (decision is OrderDecision.Done done) Cards = await desk.CardsAsync(done.Order);
    }
}
