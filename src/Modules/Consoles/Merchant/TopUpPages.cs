using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>Asks for a top-up; what it brings on top, and all that were before.</summary>
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyAdd)]
internal sealed class TopUpsPage(TopUpDesk topUps, BonusRules bonuses, Database database) : ConsolePage
{
    public const string Root = "/console/merchant/top-ups";

    public List<(string Label, string Value, string Note)> Figures { get; } = [];

    /// <summary>What is given now, a line for each rule.</summary>
    public List<(string Name, string Steps, string Until)> Offers { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("充值", "Top up");
        var terms = await topUps.TermsAsync();
        var fee = terms.FeeBps == 0 ? T("手续费由平台承担", "the platform bears the fee")
            : T($"手续费最多 {Show.Percent(terms.FeeBps)}，由你承担", $"you bear the fee, at most {Show.Percent(terms.FeeBps)}");
        Form = new Form(Language) { Submit = T("下一步，选支付方式", "Go on to paying") }
            .Money("amount", "充值金额", "Amount")
            .Hint($"单笔 {Show.Money(terms.Min, 2)} 到 {Show.Money(terms.Max, 2)}，每天最多 {Show.Money(terms.DayMax, 2)}；{fee}",
                $"{Show.Money(terms.Min, 2)} to {Show.Money(terms.Max, 2)} at a time, at most {Show.Money(terms.DayMax, 2)} a day; {fee}")
            .OnlyOnce();
        var accounts = await database.ReadAsync(s => Statements.BalancesAsync(s, Merchant.Value));
        Figures.Add((T("余额", "Balance") + " CNY", Show.Money(accounts.Find(a => a.Kind == AccountKinds.Wallet)?.Balance ?? default), ""));
        Figures.Add((T("赠金", "Bonus") + " CNY", Show.Money(accounts.Find(a => a.Kind == AccountKinds.Bonus)?.Balance ?? default),
            T("订单结算多少，就有多少赠金转入钱包", "comes into the wallet as your orders are settled, yuan for yuan")));
        foreach (var rule in await bonuses.RunningAsync())
            Offers.Add((Language.PickOr(rule.NameZh, rule.NameEn), TopUpWords.Steps(rule, Language), Show.Exact(rule.ToAt)));
        Table = TopUpWords.TableOf(this, await topUps.ListAsync(Merchant, before: TopUpWords.Cursor(this)), Root);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        switch (await topUps.OpenAsync(Merchant, Form["amount"], $"console:{Form.Once}", Actor))
        {
            case TopUpDecision.Done done:
                if (!done.IsReplay) await RecordAsync("top_up.ask", $"{done.Value.No} {done.Value.Amount}");
                return Redirect($"{Root}/{done.Value.No}");
            case TopUpDecision.Refused refused:
                Form.Take(refused.Errors);
                Form.OnlyOnce();
                break;
        }

        return Again();
    }
}

/// <summary>One top-up of the merchant: a way to pay is chosen, and how it stands is seen without reading the page again.</summary>
[RequestSizeLimit(SlipFile.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = SlipFile.RequestMax, MemoryBufferThreshold = SlipFile.RequestMax)]
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyAdd)]
internal sealed class TopUpPage(TopUpDesk topUps, PaymentDesk payments, BankDesk bank) : ConsolePage
{
    private sealed record Answer(string Version, bool Final, string? Goto);

    public TopUp TopUp { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];

    /// <summary>The attempt whose pay code may be used now.</summary>
    public Attempt? Attempt { get; private set; }
    public string? Way { get; private set; }
    public IReadOnlyList<string> Ways { get; private set; } = [];

    /// <summary>Where the merchant pays by a bank transfer: how that stands.</summary>
    public BankTransfer? Transfer { get; private set; }

    /// <summary>Money has come, or may still come for what the merchant was shown.</summary>
    public bool IsWaiting => TopUp.State == TopUpState.Open && TopUp.ExpiresAt > Now;

    public IReadOnlyDictionary<string, string> Fields =>
        Attempt?.PayFields is { } fields ? JsonSerializer.Deserialize<Dictionary<string, string>>(fields)! : new Dictionary<string, string>();

    private string Here => $"{TopUpsPage.Root}/{TopUp.No}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await topUps.FindAsync(id, Merchant) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        TopUp = found;
        Title = T($"充值 {found.No}", $"Top-up {found.No}");
        Up = (TopUpsPage.Root, T("充值", "Top up"));
        if (await payments.LiveAsync(found.Payment) is { State: AttemptState.Open } live && live.ExpiresAt > Now) Attempt = live;
        if (Attempt?.Shape == PayShape.Transfer) Transfer = await bank.OfAsync(found.Payment);
        await next();
    }

    public async Task OnGetAsync()
    {
        Facts.Add((T("付款金额", "To be paid") + " CNY", Show.Money(TopUp.Amount, 2)));
        if (TopUp.Fee is { } fee) Facts.Add((T("手续费", "Fee") + " CNY", Show.Money(fee, 2)));
        else if (TopUp.FeeMax.IsPositive) Facts.Add((T("手续费，最多", "Fee, at most") + " CNY", Show.Money(TopUp.FeeMax, 2)));
        if (TopUp.State != TopUpState.Over && TopUp.Bonus.IsPositive) Facts.Add((T("赠送", "Bonus") + " CNY", Show.Money(TopUp.Bonus, 2)));
        Facts.Add((T("申请时间", "Asked for"), Show.Exact(TopUp.CreatedAt)));
        if (TopUp.PaidAt is { } paid) Facts.Add((T("到账时间", "In the wallet since"), Show.Exact(paid)));
        else Facts.Add((T("请在此前付款", "To be paid until"), Show.Exact(TopUp.ExpiresAt)));
        if (!IsWaiting) return;

        Ways = await payments.WaysAsync(PaymentPurposes.TopUp, TopUp.MerchantId, TopUp.Amount, Device, TopUp.ExpiresAt);
        Way = Attempt is null ? null : await payments.WayOfAsync(Attempt);
        if (Attempt is { Shape: PayShape.Form, PayValue: { } target } && Uri.TryCreate(target, UriKind.Absolute, out var address))
            FormTarget.Allow(HttpContext, address, await payments.FormTargetsAsync(Attempt));
    }

    /// <summary>What live.js asks.</summary>
    public JsonResult OnGetStatus()
    {
        Response.Headers.CacheControl = "no-store";
        return new JsonResult(new Answer($"{TopUp.State}:{IsWaiting}:{Attempt?.Id}:{Transfer?.SlipId}:{Transfer?.Reason}", TopUp.State != TopUpState.Open, null));
    }

    public async Task<IActionResult> OnPostWayAsync(string? way)
    {
        // Channels that send the browser back by a form are taken in at /back.
        var ask = new PayAsk(TopUp.MerchantId, way, Device, T("钱包充值", "Wallet top-up"), $"{PathPrefix.Origin(HttpContext)}/back{Here}", Address);
        return await payments.StartAsync(TopUp.Payment, ask) switch
        {
            { Problem: PayProblem.None } => Redirect(Here),
            { Problem: PayProblem.NotClosed } => NotDone(Here, "还不能换：原来的支付方式还没有确认关闭，稍后再试，不要付两次", "Not changed yet: the first payment is not confirmed closed. Try again soon, and do not pay twice"),
            { Problem: PayProblem.Busy } => NotDone(Here, "正在打开支付，几秒后再试", "The payment is being opened, try again in a few seconds"),
            { Problem: PayProblem.Over } => Redirect(Here),
            { Problem: PayProblem.NoChannel } => NotDone(Here, "这个金额现在没有能用的支付方式", "There is no way to pay this amount at the moment"),
            _ => NotDone(Here, "支付通道没有回应，没有扣款，换一种方式或稍后再试", "The channel did not answer. Nothing was charged: try another way, or again later"),
        };
    }

    /// <summary>A picture of the bank's receipt.</summary>
    public async Task<IActionResult> OnPostSlipAsync(IFormFile? picture)
    {
        switch (await bank.SendSlipAsync(TopUp.Payment, picture?.OpenReadStream(), Actor))
        {
            case BankDecision.Refused refused: return NotDone(Here, refused.Error.Zh, refused.Error.En);
            case BankDecision.Missing: return NotDone(Here, "这笔转账已经不在等待了", "This transfer is not waited for any more");
            default:
                await RecordAsync("bank.slip", TopUp.No);
                return Done(Here, "回单已上传，等平台确认到账", "The slip is sent; the platform confirms the receipt");
        }
    }

    private PayDevices Device => Devices.Of(Request.Headers.UserAgent.ToString());
}
