using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>What became of an order; with the codes for the browser that bought, and after a press for the others.</summary>
internal sealed class ResultPage(OwnOrders own, BuyerOrders orders, OrderDesk desk, TimeProvider clock) : OneOrderPage
{
    /// <summary>So long after payment the buying browser sees the codes by itself; afterwards a press opens them.</summary>
    private static readonly TimeSpan _openAfterPayment = TimeSpan.FromMinutes(30);

    /// <summary>More codes than this come without pictures: a page has to load on a phone.</summary>
    private const int QrMax = 20;

    public IReadOnlyList<OrderCard>? Cards { get; private set; }

    public bool HasQr => Cards!.Count <= QrMax;
    public IReadOnlyList<string> RedeemSteps => Lines.Of(Language.PickOr(Buyers.Product.RedeemZh, Buyers.Product.RedeemEn));

    public bool HasGoods => View.Stage is OrderStage.Delivered or OrderStage.PartlyDelivered;

    public async Task<IActionResult> OnGetAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        var isFresh = Order.PaidAt is { } paid && clock.Now() - paid < _openAfterPayment;
        if (HasGoods && Claim == Claim.Bought && isFresh) await RevealAsync(cancel);
        Prepare();
        return Page();
    }

    public async Task<IActionResult> OnPostRevealAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (HasGoods) await RevealAsync(cancel);
        Prepare();
        return Page();
    }

    private void Prepare()
    {
        Frame(T.Stage(View), "", "live", "copy");
        if (!View.IsFinal) RefreshAfter(4);
    }

    private async Task RevealAsync(CancellationToken cancel)
    {
        // The engine marks the cards as seen and logs who saw them before any secret is opened.
        var decision = await desk.RunAsync(new OrderCommand.Reveal(Order.Id, Shop.MerchantId, "buyer", Address), cancel);
        if (decision is OrderDecision.Done done) Cards = await desk.CardsAsync(done.Order);
    }
}
