using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>All merchants' top-ups.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class TopUpsPage(TopUpDesk topUps, Names names) : ConsolePage
{
    public const string Root = "/console/top-ups";

    public async Task OnGetAsync()
    {
        Title = T("代理充值", "Top-ups");
        var isOpen = Request.Query["state"] == "open";
        Actions.Add(("/console/top-ups/terms", T("充值规则", "Rules")));
        Actions.Add(("/console/bonuses", T("充值赠送", "Bonus rules")));
        Actions.Add(isOpen ? (Root, T("看全部", "Show all")) : ($"{Root}?state=open", T("只看待付款", "Open ones only")));
        Table = TopUpWords.TableOf(this, await topUps.ListAsync(null, isOpen ? TopUpState.Open : null, TopUpWords.Cursor(this)), Root, m => names.Merchant(m, Language));
    }
}

/// <summary>One top-up with everything that was tried to pay it.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class TopUpPage(TopUpDesk topUps, PaymentDesk payments, PaymentChannels channels, BonusRules bonuses, Names names) : ConsolePage
{
    public TopUp TopUp { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public Table? Attempts { get; private set; }
    public Table? Refunds { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await topUps.FindAsync(number) is not { } found) return NotFound();
        TopUp = found;
        Title = T($"充值 {found.No}", $"Top-up {found.No}");
        Up = (TopUpsPage.Root, T("代理充值", "Top-ups"));
        Facts.Add((T("代理", "Merchant"), names.Merchant(found.MerchantId, Language)));
        Facts.Add((T("金额", "Amount") + " CNY", Show.Money(found.Amount, 2)));
        Facts.Add(found.Fee is { } fee ? (T("代理承担的手续费", "Fee that the merchant bore") + " CNY", Show.Money(fee, 2)) : (T("代理最多承担的手续费", "Fee that it bears at most") + " CNY", Show.Money(found.FeeMax, 2)));
        if (found.Bonus.IsPositive && found.State != TopUpState.Over)
        {
            var rule = found.RuleId is { } by ? await bonuses.FindAsync(by) : null;
            Facts.Add((T("赠送", "Bonus") + " CNY", $"{Show.Money(found.Bonus, 2)} · {(rule is null ? "—" : Language.PickOr(rule.NameZh, rule.NameEn))}"));
        }

        Facts.Add((T("申请", "Asked for"), $"{OrderWords.Actor(found.AskedBy, Language)} · {Show.Exact(found.CreatedAt)}"));
        Facts.Add(found.PaidAt is { } paid ? (T("到账", "In the wallet since"), Show.Exact(paid)) : (T("付款截止", "To be paid until"), Show.Exact(found.ExpiresAt)));
        var attempts = await payments.AttemptsAsync(found.Payment);
        Attempts = PaymentTables.Attempts(this, attempts, await channels.ListAsync());
        Refunds = PaymentTables.Refunds(this, await payments.RefundsAsync(found.Payment), attempts);
        return Page();
    }
}

/// <summary>The operator's rules for top-ups.</summary>
[Needs(Permissions.FinanceSee, Permissions.SettingsManage)]
internal sealed class TopUpTermsPage(TopUpDesk topUps) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("充值规则", "Rules for top-ups");
        Up = (TopUpsPage.Root, T("代理充值", "Top-ups"));
        var terms = await topUps.TermsAsync();
        Form = new Form(Language) { Back = TopUpsPage.Root }
            .Money("min", "单笔最少", "Smallest").Fill("min", terms.Min.Text(2)).Beside()
            .Money("max", "单笔最多", "Largest").Fill("max", terms.Max.Text(2))
            .Money("day_max", "一个代理每天最多", "Most of one merchant in a day").Fill("day_max", terms.DayMax.Text(2))
            .Whole("fee_bps", "代理承担的手续费，最多", "Fee that merchants bear, at most", unit: T("万分之一", "1/10,000")).Fill("fee_bps", Text(terms.FeeBps))
            .Hint("0：平台承担。实际按收款通道的费率收，不超过这里", "0: the platform bears it. What is charged is the fee of the channel that took the money, never more than this")
            .Whole("hours", "多久内付款", "To be paid within", unit: T("小时", "hours")).Fill("hours", Text(terms.Hours)).Hint("1 到 168；赠送也只保留这么久", "1 to 168; its bonus is promised for as long");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (await topUps.SetTermsAsync(new TopUpTermsDraft(Form["min"], Form["max"], Form["day_max"], Form["fee_bps"], Form["hours"])) is { Count: > 0 } errors)
        {
            Form.Take(errors);
            return Again();
        }

        await RecordAsync("top_up.terms", $"{Form["min"]} {Form["max"]} {Form["day_max"]} {Form["fee_bps"]} {Form["hours"]}");
        return Done(TopUpsPage.Root, "已保存，对以后的充值有效", "Saved, for top-ups from now on");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
