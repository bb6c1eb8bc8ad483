using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>Where a storefront's cashier leads whoever pays by balance: the logged-in merchant sees what it is, and presses once.</summary>
[Needs(MerchantPermissions.OrdersBuy, MerchantPermissions.OrdersBuy)]
internal sealed class PayPage(WalletDesk wallets, OrderDesk orders, StorefrontBook shops, PriceBooks prices) : ConsolePage
{
    public WalletPayment Payment { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public Money Available { get; private set; }
    public bool ShowsBalance => Person.Rights.Has(MerchantPermissions.MoneySee);
    public bool IsOwn => Payment.MerchantId == Merchant;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await wallets.FindAsync(RouteData.Values["code"] as string ?? "") is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Payment = found;
        Title = T("用余额付店铺订单", "Pay a shop order from the wallet");
        Up = ("/console/merchant/balance", T("余额与流水", "Balance and entries"));
        await next();
    }

    public async Task OnGetAsync()
    {
        Available = await wallets.AvailableAsync(Merchant);
        if (Payment.OrderId is { } id && await orders.FindAsync(id) is { } order)
        {
            if (order.Storefront is { } shop && await shops.FindAsync(null, shop) is { } storefront)
                Facts.Add((T("店铺", "Shop"), Language.PickOr(storefront.NameZh, storefront.NameEn)));
            Facts.Add((T("商品", "Goods"), Payment.Subject));
            Facts.Add((T("订单号", "Order"), order.Id.ToString()));
        }

        if (Payment.IsWaiting(Now)) Facts.Add((T("付款截止", "Pay until"), Show.Exact(Payment.ExpiresAt)));
        if (IsOwn && Payment.PaidAt is { } paid) Facts.Add((T("付款时间", "Paid"), Show.Exact(paid)));
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var here = Request.Path.ToString();
        if ((await prices.RefreshAsync()).Merchant(Merchant) is not { IsActive: true }) return NotDone(here, "账号已停用，不能付款", "This account is suspended and cannot pay");
        switch (await wallets.PayAsync(Payment.Code, Merchant, Actor))
        {
            case WalletDecision.Done done:
                if (!done.IsReplay) await RecordAsync("wallet.pay", $"{done.Value.OrderId} {done.Value.Amount}");
                return Redirect(here);
            case WalletDecision.Refused refused:
                return NotDone(here, refused.Error.Zh, refused.Error.En);
            default:
                return NotFound();
        }
    }
}
