using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Flash;

/// <summary>A flash sale: countdown, ticket, one button, the place in the waiting room.</summary>
internal sealed class SalePage(FlashDesk desk, SaleGoods goods, TicketCookies tickets, OwnOrders own, Gates gates, TimeProvider clock) : ShopPage
{
    public SaleView View { get; private set; } = null!;
    public Product Product { get; private set; } = null!;
    public string Goods { get; private set; } = "";
    public DateTimeOffset Now { get; private set; }
    public SaleStage Stage { get; private set; }
    public FlashAnswer? Answer { get; private set; }
    public bool HasTicket { get; private set; }
    public string ContactText { get; private set; } = "";
    public string CodeText { get; private set; } = "";
    public string QuantityText { get; private set; } = "1";
    public string? ContactProblem { get; private set; }
    public string? CodeProblem { get; private set; }
    public string? QuantityProblem { get; private set; }
    public string? Refused { get; private set; }

    private Ticket _ticket;
    private string _contact = "";

    public async Task<IActionResult> OnGetAsync(string sale, CancellationToken cancel)
    {
        if (!await OpenAsync(sale, cancel)) return Missing();
        return HasTicket ? Show(await desk.FollowAsync(_ticket)) : Show(null);
    }

    /// <summary>A contact gives a ticket; who has one already types it in.</summary>
    public async Task<IActionResult> OnPostTicketAsync(string sale, string? contact, string? code, CancellationToken cancel)
    {
        if (!await OpenAsync(sale, cancel)) return Missing();
        (ContactText, CodeText) = (Shorten(contact, 254), Shorten(code, 100));
        var reach = Contact.Read(ContactText);
        HeldTicket? held = null;
        if (!gates.MayBuy(HttpContext.Connection.RemoteIpAddress)) Refused = T.TooManyTries;
        else if (CodeText.Length > 0 && (!desk.TryRead(CodeText, out var brought) || brought.Sale != View.Sale.Id)) CodeProblem = T.TicketWrong;
        else if (CodeText.Length > 0) held = new HeldTicket(CodeText, reach?.Value ?? "");
        else if (reach is null) ContactProblem = T.ContactWrong;
        else held = new HeldTicket(desk.Issue(View.Sale, reach.Value), reach.Value);
        if (held is null) return Again();
        tickets.Keep(HttpContext, Shop, View.Sale.Id, held);
        return Redirect(Shop.Url($"/flash/{View.Sale.Id}"));
    }

    public async Task<IActionResult> OnPostTryAsync(string sale, string? quantity, CancellationToken cancel)
    {
        if (!await OpenAsync(sale, cancel)) return Missing();
        if (!HasTicket) return Redirect(Shop.Url($"/flash/{View.Sale.Id}"));
        QuantityText = Shorten(quantity ?? "1", 4);
        if (Quantity.Read(QuantityText, View.Sale.Quota) is not { } units)
        {
            QuantityProblem = T.QuantityRange(View.Sale.Quota);
            return Again();
        }

        var answer = await desk.AttemptAsync(_ticket, units, _contact);
        // A place is shown by the page that keeps it fresh, so that reading it again is no second attempt.
        return answer is FlashAnswer.Waiting ? Redirect(Shop.Url($"/flash/{View.Sale.Id}")) : Show(answer);
    }

    private async Task<bool> OpenAsync(string text, CancellationToken cancel)
    {
        if (!SaleId.TryParse(text, out var id) || desk.Find(id) is not { } view || view.Sale.StorefrontId != Shop.Id) return false;
        (View, Now) = (view, clock.Now());
        (Product, var sku) = await goods.FindAsync(view.Sale.SkuId, cancel);
        Goods = $"{Language.PickOr(Product.NameZh, Product.NameEn)} {Language.PickOr(sku.NameZh, sku.NameEn)}";
        if (tickets.Of(HttpContext, id) is { } held && desk.TryRead(held.Ticket, out _ticket) && _ticket.Sale == id)
            (HasTicket, _contact) = (true, held.Contact);
        Frame(T.FlashTitle(Goods), T.FlashDescription(Goods, Shop.Name(Language), view.Sale.Price.Text(2)), "live", "countdown");
        Offer($"/flash/{view.Sale.Id}", picture: Product.Picture);
        return true;
    }

    private IActionResult Show(FlashAnswer? answer)
    {
        if (answer is FlashAnswer.Owned owned) own.Add(HttpContext, Shop, Claim.Bought, owned.Order.Id);
        if (SaleStages.PathOf(answer) is { } path) return Redirect(Shop.Url(path));
        (Answer, Stage) = (answer, SaleStages.Of(View.Sale, answer, Now));
        if (Stage is SaleStage.Waiting or SaleStage.Upcoming) RefreshAfter(answer is FlashAnswer.Waiting waiting ? (int)waiting.AskAgain.TotalSeconds : 5);
        return Page();
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Again()
    {
        Stage = SaleStages.Of(View.Sale, null, Now);
        Response.StatusCode = 422;
        return Page();
    }

    private static string Shorten(string? text, int max) => text is null ? "" : text.Length <= max ? text.Trim() : text[..max];
}
