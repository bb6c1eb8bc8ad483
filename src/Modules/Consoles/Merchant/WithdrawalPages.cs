using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>How much may be taken out and why not more, the form, and what became of earlier ones.</summary>
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyMove)]
internal sealed class WithdrawalsPage(WithdrawalDesk withdrawals, WithdrawalRules rules, Payees payees, RealNames realNames) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];

    /// <summary>What is in the way, each with the page that helps; null: only time or money does.</summary>
    public List<(string Words, string? Href, string Label)> Blocks { get; } = [];
    public List<string> Bounds { get; } = [];

    /// <summary>Nobody has approved these yet.</summary>
    public List<Withdrawal> Waiting { get; private set; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("提现", "Withdrawals");
        var (name, payee, terms) = (await realNames.LatestAsync(Merchant.Value), await payees.OfAsync(Merchant), await rules.TermsAsync());
        Actions.Add(("/console/merchant/payee", payee is null ? T("填写收款账户", "Enter the payee") : T("更换收款账户", "Change the payee")));
        // The first is the one to press: a payee needs a real name.
        Actions.Insert(name is null ? 0 : 1, ("/console/merchant/real-name", T("实名认证", "Real name")));
        var able = new Dictionary<WithdrawalSource, Withdrawable>();
        foreach (var source in Enum.GetValues<WithdrawalSource>())
        {
            var now = able[source] = await withdrawals.AbleAsync(Merchant, source);
            var label = WithdrawalWords.Source(source, Language);
            Figures.Add((label + " CNY", Show.Money(now.Balance), ""));
            Figures.Add((T("现在可提", "Can leave now") + " CNY", Show.Money(now.Most, 2), label));
            if (now.Most.IsPositive) Bounds.AddRange(now.Bounds.Select(b => T($"{label}：{b.Zh}", $"{label}: {b.En}")));
        }

        // Once for both sources; an account that is too small says so by its figure.
        foreach (var block in able.Values.SelectMany(a => a.Blocks).DistinctBy(b => b.Code).Where(b => b.Code != "below_least" || able.Values.All(a => a.Blocks.Any(x => x.Code == "below_least"))))
        {
            var (href, label) = block.Field switch
            {
                "real_name" when name?.State == RealNameState.Waiting => ((string?)null, ""),
                "real_name" => ("/console/merchant/real-name", T("实名认证", "Enter the real name")),
                "payee" => ("/console/merchant/payee", T("填写收款账户", "Enter the payee")),
                _ => (null, ""),
            };
            var words = block.Field == "real_name" && name?.State == RealNameState.Waiting
                ? T("实名认证已提交，等平台审核，通过后才能提现。", "Your real name waits for review; withdrawals are possible after it is verified.") : Language.Pick(block.Zh, block.En);
            Blocks.Add((words, href, label));
        }

        var open = able.Where(a => a.Value.Most.IsPositive).ToList();
        if (open.Count > 0 && payee is not null)
        {
            Form = new Form(Language) { Submit = T("下一步：看手续费", "Next: the fee") }
                .Choice("source", "从哪里提", "From", open.Select(a => new Option(a.Key.ToString(),
                    WithdrawalWords.Source(a.Key, Language) + T($"（可提 {Show.Money(a.Value.Most, 2)}）", $" (up to {Show.Money(a.Value.Most, 2)})"))))
                .Fill("source", open[0].Key.ToString())
                .Money("amount", "提现金额", "Amount")
                .Hint($"打到 {payee.Holder} {WithdrawalWords.Payee(payee.Kind, payee.Tail, Language)}；{FeeWords(terms)}",
                    $"Goes to {payee.Holder}, {WithdrawalWords.Payee(payee.Kind, payee.Tail, Language)}. {FeeWords(terms)}");
        }

        var list = await withdrawals.ListAsync(Merchant, PayoutWords.Cursor(this));
        Waiting = list.FindAll(w => Approvals.TakeBack(w) is null);
        Table = WithdrawalWords.TableOf(this, list, href: null);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostTakeBackAsync(string? number)
    {
        const string Here = "/console/merchant/withdrawals";
        if (!PublicId.TryDecode(number ?? "", out var id)) return NotFound();
        switch (await withdrawals.TakeBackAsync(Merchant, id, Actor))
        {
            case WithdrawalDecision.Done done:
                await RecordAsync("withdrawal.take_back", $"{done.Withdrawal.No} {done.Withdrawal.Amount}");
                return Done(Here, "已撤回，钱已退回", "Taken back; the money is back");
            case WithdrawalDecision.Refused:
                return NotDone(Here, "已有人审批或已处理，不能再撤回。", "Somebody has approved it or ended it: it cannot be taken back any more.");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return Again();
        if (!await Form.ReadAsync(Request)) return Again();
        var (source, amount) = (Enum.Parse<WithdrawalSource>(Form["source"]), Form.MoneyOf("amount"));
        Form.Take(await withdrawals.CheckAsync(Merchant, source, amount));
        return Form.IsFine ? Redirect($"/console/merchant/withdrawals/new?source={source}&amount={amount}") : Again();
    }

    private string FeeWords(WithdrawalTerms terms) => terms.FeeBps == 0 && terms.FeeLeast.IsZero ? T("不收手续费。", "No fee.")
        : T($"手续费 {Show.Percent(terms.FeeBps)}，最低 {Show.Money(terms.FeeLeast, 2)}，从金额里扣。", $"The fee is {Show.Percent(terms.FeeBps)}, at least {Show.Money(terms.FeeLeast, 2)}, out of the amount.");
}

/// <summary>What a withdrawal costs and where it goes, confirmed with the password.</summary>
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyMove)]
internal sealed class NewWithdrawalPage(WithdrawalDesk withdrawals, Payees payees, People people) : ConsolePage
{
    private const string Back = "/console/merchant/withdrawals";
    private WithdrawalSource _source;
    private Money _amount;
    public List<(string Label, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("确认提现", "Confirm the withdrawal");
        Up = (Back, T("提现", "Withdrawals"));
        if (!Enum.TryParse(Request.Query["source"], out _source) || !Enum.IsDefined(_source) || !Money.TryParse(Request.Query["amount"], out _amount) || !_amount.IsPositive
            || await payees.OfAsync(Merchant) is not { } payee)
        {
            context.Result = Redirect(Back);
            return;
        }

        var fee = await withdrawals.FeeAsync(_amount);
        Facts.Add((T("从", "From"), WithdrawalWords.Source(_source, Language)));
        Facts.Add((T("扣款", "Taken") + " CNY", Show.Money(_amount, 2)));
        Facts.Add((T("手续费", "Fee") + " CNY", Show.Money(fee, 2)));
        Facts.Add((T("到账", "You receive") + " CNY", Show.Money(_amount - fee, 2)));
        Facts.Add((T("收款账户", "Payee"), $"{payee.Holder} · {payee.Bank} · {WithdrawalWords.Payee(payee.Kind, payee.Tail, Language)}"));
        Form = PasswordWords.AskAgain(new Form(Language) { Submit = T("确认提现", "Withdraw"), Back = Back }).OnlyOnce();
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        await PasswordWords.CheckAgainAsync(Form, people, Person, Now);
        if (!Form.IsFine) return Again();
        var decision = await withdrawals.RequestAsync(Merchant, Person.Id, Actor, _source, _amount, $"console:{Form.Once}");
        if (decision is WithdrawalDecision.Refused refused)
        {
            Form.Take(refused.Errors);
            return Again();
        }

        if (decision is not WithdrawalDecision.Done done) return NotFound();
        if (!done.IsReplay) await RecordAsync("withdrawal.request", $"{done.Withdrawal.No} {done.Withdrawal.Amount}");
        return Done(Back, $"已申请提现 {Show.Money(_amount, 2)}，等平台审批", $"Asked for {Show.Money(_amount, 2)}; the platform approves it next");
    }
}

/// <summary>The account that the money goes to.</summary>
[Needs(MerchantPermissions.MoneyMove, MerchantPermissions.MoneyMove)]
internal sealed class PayeePage(Payees payees, RealNames realNames, People people) : ConsolePage
{
    private const string Back = "/console/merchant/withdrawals";
    public string? InUse { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("收款账户", "Payee");
        Up = (Back, T("提现", "Withdrawals"));
        var (name, payee) = (await realNames.LatestAsync(Merchant.Value), await payees.OfAsync(Merchant));
        if (payee is not null) InUse = $"{payee.Holder} · {payee.Bank} · {WithdrawalWords.Payee(payee.Kind, payee.Tail, Language)}";
        Form = PasswordWords.AskAgain(new Form(Language) { Back = Back }
            .Choice("kind", "类型", "Kind", Enum.GetValues<PayeeKind>().Select(k => new Option(k.ToString(), WithdrawalWords.Kind(k, Language)))).Fill("kind", nameof(PayeeKind.Bank))
            .Text("holder", "户名", "Holder", max: 120).Hint("要和实名一致", "The verified real name").Fill("holder", name?.Name)
            .Text("bank", "开户行", "Bank and branch", optional: true, max: 120).Hint("支付宝不用填", "Not for Alipay")
            .Text("number", "账号", "Account", max: 100, autocomplete: "off")
            .Hint("银行账号，或支付宝的手机号 / 邮箱。加密保存；已经申请的提现仍打到原账户", "Of the bank account, or phone or e-mail of the Alipay account. Kept sealed; what was asked for before keeps its account"));
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        await PasswordWords.CheckAgainAsync(Form, people, Person, Now);
        if (!Form.IsFine) return Again();
        Form.Take(await payees.SetAsync(Merchant, new PayeeDraft(Enum.Parse<PayeeKind>(Form["kind"]), Form["holder"], Form["bank"], Form["number"]), Actor));
        if (!Form.IsFine) return Again();
        await RecordAsync("payee", $"…{(await payees.OfAsync(Merchant))!.Tail}");
        return Done(Back, "收款账户已保存", "The payee is saved");
    }
}

/// <summary>Who the merchant is by its papers.</summary>
[Needs(MerchantPermissions.MoneyMove, MerchantPermissions.MoneyMove)]
internal sealed class RealNamePage(RealNames realNames, People people) : ConsolePage
{
    public RealName? Latest { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("实名认证", "Real name");
        Up = ("/console/merchant/withdrawals", T("提现", "Withdrawals"));
        Latest = await realNames.LatestAsync(Merchant.Value);
        Form = PasswordWords.AskAgain(new Form(Language) { Submit = T("提交审核", "Send for review"), Back = "/console/merchant/withdrawals" }
            .Choice("kind", "类型", "Kind", Enum.GetValues<RealNameKind>().Select(k => new Option(k.ToString(), WithdrawalWords.Kind(k, Language)))).Fill("kind", nameof(RealNameKind.Person))
            .Text("name", "姓名 / 企业名称", "Name, or the company's name", max: 120).Hint("和证件一致；收款账户也要是这个名字", "As on the papers; the payee must bear it too")
            .Text("number", "身份证号 / 统一社会信用代码", "Identity card, or unified social credit code", max: 40, autocomplete: "off")
            .Hint("加密保存，页面上只显示后四位", "Kept sealed, pages show its last four characters"));
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        await PasswordWords.CheckAgainAsync(Form, people, Person, Now);
        if (!Form.IsFine) return Again();
        var decision = await realNames.SubmitAsync(Merchant.Value, new RealNameDraft(Enum.Parse<RealNameKind>(Form["kind"]), Form["name"], Form["number"]), Actor);
        if (decision is RealNameDecision.Refused refused)
        {
            Form.Take(refused.Errors);
            return Again();
        }

        await RecordAsync("real_name", PublicId.Encode(((RealNameDecision.Done)decision).Name.Id));
        return Done("/console/merchant/real-name", "已提交，等平台审核", "Sent; the platform reviews it");
    }
}
