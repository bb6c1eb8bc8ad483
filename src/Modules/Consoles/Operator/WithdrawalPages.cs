using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What merchants want out; open ones first unless all are asked for.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class WithdrawalsPage(WithdrawalDesk withdrawals, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("代理提现", "Withdrawals");
        var all = Request.Query["show"] == "all";
        Actions.Add(("/console/withdrawal-files", T("打款文件", "Bank files")));
        Actions.Add(("/console/withdrawal-rules", T("提现规则", "Rules")));
        Actions.Add(all ? ("/console/withdrawals", T("只看未完成", "Open ones only")) : ("/console/withdrawals?show=all", T("看全部", "Show all")));
        Table = WithdrawalWords.TableOf(this, await withdrawals.ListAsync(null, PayoutWords.Cursor(this), openOnly: !all),
            w => $"/console/withdrawals/{w.No}", m => names.Merchant(m, Language));
    }
}

/// <summary>One withdrawal: approve it, or refuse it with a reason.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceApprove)]
internal sealed class WithdrawalPage(WithdrawalDesk withdrawals, Payees payees, RealNames realNames, Names names, People people) : ConsolePage
{
    public Withdrawal Withdrawal { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool MayApprove => Withdrawal.State is PayoutState.Requested or PayoutState.ApprovedOnce;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await withdrawals.FindAsync(id) is not { } withdrawal)
        {
            context.Result = NotFound();
            return;
        }

        Withdrawal = withdrawal;
        Title = T($"提现 {withdrawal.No}", $"Withdrawal {withdrawal.No}");
        Up = ("/console/withdrawals", T("代理提现", "Withdrawals"));
        Facts.Add((T("代理", "Merchant"), names.Merchant(withdrawal.MerchantId, Language)));
        Facts.Add((T("从", "From"), WithdrawalWords.Source(withdrawal.Source, Language)));
        Facts.Add((T("金额", "Amount") + " CNY", Show.Money(withdrawal.Amount)));
        Facts.Add((T("手续费", "Fee") + " CNY", Show.Money(withdrawal.Fee)));
        Facts.Add((T("到账", "Paid out") + " CNY", Show.Money(withdrawal.Net)));
        var payee = (await payees.FindAsync(withdrawal.PayeeId))!;
        Facts.Add((T("收款账户", "Payee"), $"{payee.Holder} · {payee.Bank} · {WithdrawalWords.Payee(payee.Kind, payee.Tail, Language)}"));
        if (await realNames.LatestAsync(withdrawal.MerchantId.Value) is { } name)
            Facts.Add((T("实名", "Real name"), $"{name.Name} · {WithdrawalWords.State(name.State, Language).Text}"));
        Facts.Add((T("状态", "State"), PayoutWords.State(withdrawal.State, Language).Text));
        var logins = (await people.OfPartyAsync(Roles.Operator, 0)).Concat(await people.OfPartyAsync(Roles.Merchant, withdrawal.MerchantId.Value)).ToDictionary(p => p.Id, p => p.Login);
        Act(T("申请", "Asked for"), withdrawal.AskedBy, withdrawal.AskedAt);
        Act(T("审批", "First approval"), withdrawal.FirstBy, withdrawal.FirstAt);
        Act(T("复核", "Second approval"), withdrawal.SecondBy, withdrawal.SecondAt);
        if (withdrawal.BankReference is { Length: > 0 } reference) Facts.Add((T("银行流水", "Bank reference"), reference));
        if (withdrawal.Reason is { Length: > 0 } reason) Facts.Add((T("原因", "Reason"), reason));
        if (withdrawal.State is PayoutState.Requested or PayoutState.ApprovedOnce or PayoutState.Approved)
        {
            var back = WithdrawalWords.Source(withdrawal.Source, Language);
            Form = new Form(Language) { Submit = T($"驳回，钱退回{back}", $"Refuse; the money goes back to: {back}"), IsDanger = true }
                .Text("reason", "驳回原因", "Why it is refused", max: 200).Hint("代理看得到", "The merchant sees it");
        }

        await next();

        void Act(string label, long? person, DateTimeOffset? at)
        {
            if (person is { } who) Facts.Add((label, $"{logins.GetValueOrDefault(who, "—")} · {Show.Exact(at!.Value)}"));
        }
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostApproveAsync() => await EndAsync(await withdrawals.ApproveAsync(Withdrawal.Id, Person.Id), "withdrawal.approve", "已审批", "Approved");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(With(), "当前状态已不能这样操作。", "Its state does not allow this any more.");
        if (!await Form.ReadAsync(Request)) return Again();
        return await EndAsync(await withdrawals.RefuseAsync(Withdrawal.Id, Actor, Form["reason"]), "withdrawal.refuse", "已驳回，钱已退回", "Refused; the money is back");
    }

    private async Task<IActionResult> EndAsync(WithdrawalDecision decision, string action, string zh, string en)
    {
        if (decision is WithdrawalDecision.Refused refused) return NotDone($"/console/withdrawals/{Withdrawal.No}", refused.Errors[0].Zh, refused.Errors[0].En);
        await RecordAsync(action, $"{Withdrawal.No} {Withdrawal.Amount}");
        return Done($"/console/withdrawals/{Withdrawal.No}", zh, en);
    }
}

/// <summary>Files of merchants' withdrawals: one for banks, one for Alipay.</summary>
[Needs(Permissions.FinanceApprove, Permissions.FinanceApprove)]
internal sealed class WithdrawalFilesPage(WithdrawalDesk withdrawals, People people) : BankFilesPage(people)
{
    public override string Root => "/console/withdrawal-files";
    protected override string Subject => "withdrawal";

    protected override void Name()
    {
        Title = T("代理打款文件", "Files of withdrawals");
        Up = ("/console/withdrawals", T("代理提现", "Withdrawals"));
    }

    protected override async Task<List<ReadyFile>> ReadyAsync()
    {
        var ready = new List<ReadyFile>();
        foreach (var kind in Enum.GetValues<PayeeKind>()) ready.Add(new(kind.ToString(), await withdrawals.ReadyAsync(kind), WithdrawalWords.Kind(kind, Language)));
        return ready;
    }

    protected override async Task<List<(PayoutFile File, string Kind)>> FilesAsync() =>
        (await withdrawals.FilesAsync()).ConvertAll(f => (f.File, WithdrawalWords.Kind(f.Kind, Language)));

    protected override async Task<PayoutFile?> MakeAsync(string kind) =>
        Enum.TryParse<PayeeKind>(kind, out var of) && Enum.IsDefined(of) ? (await withdrawals.MakeFileAsync(of, Person.Id))?.File : null;

    protected override Task<string?> WriteAsync(long file) => withdrawals.WriteFileAsync(file);

    protected override Task<(IReadOnlyList<BankResult> Rows, FieldError? Error)> TakeAsync(string content) => withdrawals.TakeResultsAsync(content, Actor);
}

/// <summary>Minimum, fee, limits, cool-down.</summary>
[Needs(Permissions.FinanceSee, Permissions.SettingsManage)]
internal sealed class WithdrawalRulesPage(WithdrawalRules rules) : ConsolePage
{
    private Dictionary<string, string> _texts = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("提现规则", "Rules for withdrawals");
        Up = ("/console/withdrawals", T("代理提现", "Withdrawals"));
        _texts = await rules.TextsAsync();
        Form = new Form(Language)
            .Section("金额和手续费", "Amount and fee")
            .Money("least", "最低提现额", "Smallest withdrawal")
            .Whole("fee_bps", "手续费率", "Fee", unit: T("万分之一", "bps")).Hint("10 是 0.1%，不足一分按一分", "10 is 0.1%, up to the next fen").Beside()
            .Money("fee_least", "最低手续费", "Smallest fee")
            .Section("安全", "Safety")
            .Money("two_persons_above", "超过多少要两个人审批", "Two persons approve above").Beside()
            .Whole("cool_down_hours", "安全信息变更后多久不能提现", "No withdrawal after a security change", unit: T("小时", "hours"))
            .Hint("改密码、加登录账号、改收款账户、改实名之后；0 表示不等", "After a password, a log-in, the payee or the real name changed; 0: no wait");
        Limits("person", "个人实名的限额", "Limits of persons");
        Limits("company", "企业实名的限额", "Limits of companies");
        foreach (var field in Form.Fields) field.Value = _texts[field.Name];
        await next();

        void Limits(string tier, string zh, string en) => Form.Section(zh, en)
            .Money($"{tier}_each", "单笔最多", "At once at most")
            .Money($"{tier}_day", "每天最多", "A day at most").Beside()
            .Whole($"{tier}_day_count", "每天次数", "Times a day")
            .Money($"{tier}_month", "每月最多", "A month at most").Beside()
            .Whole($"{tier}_month_count", "每月次数", "Times a month");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        Form.Take(await rules.SetAsync(_texts.Keys.ToDictionary(n => n, n => Form[n])));
        if (!Form.IsFine) return Again();
        await RecordAsync("withdrawal.rules", string.Join(", ", _texts.Where(t => Form[t.Key] != t.Value).Select(t => $"{t.Key} {t.Value} → {Form[t.Key]}")));
        return Done("/console/withdrawal-rules", "已保存，对新的申请生效", "Saved; it holds for new requests");
    }
}
