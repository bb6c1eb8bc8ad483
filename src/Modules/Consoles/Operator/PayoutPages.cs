using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What suppliers asked for; open ones first unless all are asked for.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class PayoutsPage(PayoutDesk payouts, Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("供应商提现", "Payouts");
        var all = Request.Query["show"] == "all";
        Actions.Add(("/console/payout-files", T("打款文件", "Bank files")));
        Actions.Add(all ? ("/console/payouts", T("只看未完成", "Open ones only")) : ("/console/payouts?show=all", T("看全部", "Show all")));
        var names = (await catalog.ListSuppliersAsync()).ToDictionary(s => s.Id, s => Language.PickOr(s.NameZh, s.NameEn));
        Table = PayoutWords.TableOf(this, await payouts.ListAsync(null, PayoutWords.Cursor(this), openOnly: !all),
            p => $"/console/payouts/{p.No}", s => names.GetValueOrDefault(s, s.ToString()));
    }
}

/// <summary>One payout: approve it, or refuse it with a reason.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceApprove)]
internal sealed class PayoutPage(PayoutDesk payouts, Catalog.Catalog catalog, People people) : ConsolePage
{
    public Payout Payout { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool MayApprove => Payout.State is PayoutState.Requested or PayoutState.ApprovedOnce;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await payouts.FindAsync(id) is not { } payout)
        {
            context.Result = NotFound();
            return;
        }

        Payout = payout;
        Title = T($"提现 {payout.No}", $"Payout {payout.No}");
        Up = ("/console/payouts", T("供应商提现", "Payouts"));
        var supplier = await catalog.FindSupplierAsync(payout.SupplierId);
        Facts.Add((T("供应商", "Supplier"), supplier is null ? payout.SupplierId.ToString() : Language.PickOr(supplier.NameZh, supplier.NameEn)));
        Facts.Add((T("金额", "Amount") + " CNY", Show.Money(payout.Amount)));
        Facts.Add((T("收款账户", "Bank account"), T($"尾号 {payout.Tail}", $"ending in {payout.Tail}")));
        Facts.Add((T("状态", "State"), PayoutWords.State(payout.State, Language).Text));
        var logins = (await people.OfPartyAsync(Roles.Operator, 0)).Concat(await people.OfPartyAsync(Roles.Supplier, payout.SupplierId.Value)).ToDictionary(p => p.Id, p => p.Login);
        Act(T("申请", "Asked for"), payout.AskedBy, payout.AskedAt);
        Act(T("审批", "First approval"), payout.FirstBy, payout.FirstAt);
        Act(T("复核", "Second approval"), payout.SecondBy, payout.SecondAt);
        if (payout.BankReference is { Length: > 0 } reference) Facts.Add((T("银行流水", "Bank reference"), reference));
        if (payout.Reason is { Length: > 0 } reason) Facts.Add((T("原因", "Reason"), reason));
        if (payout.State is PayoutState.Requested or PayoutState.ApprovedOnce or PayoutState.Approved)
        {
            Form = new Form(Language) { Submit = T("驳回，钱退回应付货款", "Refuse; the money goes back to the payable"), IsDanger = true }
                .Text("reason", "驳回原因", "Why it is refused", max: 200).Hint("供应商看得到", "The supplier sees it");
        }

        await next();

        void Act(string label, long? person, DateTimeOffset? at)
        {
            if (person is { } id) Facts.Add((label, $"{logins.GetValueOrDefault(id, "—")} · {Show.Exact(at!.Value)}"));
        }
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostApproveAsync() => await EndAsync(await payouts.ApproveAsync(Payout.Id, Person.Id), "payout.approve", "已审批", "Approved");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(With(), "当前状态已不能这样操作。", "Its state does not allow this any more.");
        if (!await Form.ReadAsync(Request)) return Again();
        return await EndAsync(await payouts.RefuseAsync(Payout.Id, Actor, Form["reason"]), "payout.refuse", "已驳回，钱已退回", "Refused; the money is back");
    }

    private async Task<IActionResult> EndAsync(PayoutDecision decision, string action, string zh, string en)
    {
        if (decision is PayoutDecision.Refused refused) return NotDone($"/console/payouts/{Payout.No}", refused.Errors[0].Zh, refused.Errors[0].En);
        await RecordAsync(action, $"{Payout.No} {Payout.Amount}");
        return Done($"/console/payouts/{Payout.No}", zh, en);
    }
}

/// <summary>Files of suppliers' payouts.</summary>
[Needs(Permissions.FinanceApprove, Permissions.FinanceApprove)]
internal sealed class PayoutFilesPage(PayoutDesk payouts, People people) : BankFilesPage(people)
{
    public override string Root => "/console/payout-files";
    protected override string Subject => "payout";

    protected override void Name()
    {
        Title = T("打款文件", "Bank files");
        Up = ("/console/payouts", T("供应商提现", "Payouts"));
    }

    protected override async Task<List<ReadyFile>> ReadyAsync() =>
        [new("bank", (await payouts.ListAsync(null, openOnly: true, limit: 500)).Count(p => p.State == PayoutState.Approved), T("银行", "Bank"))];

    protected override async Task<List<(PayoutFile File, string Kind)>> FilesAsync() => (await payouts.FilesAsync()).ConvertAll(f => (f, ""));

    protected override Task<PayoutFile?> MakeAsync(string kind) => payouts.MakeFileAsync(Person.Id);

    protected override Task<string?> WriteAsync(long file) => payouts.WriteFileAsync(file);

    protected override Task<(IReadOnlyList<BankResult> Rows, FieldError? Error)> TakeAsync(string content) => payouts.TakeResultsAsync(content, Actor);
}
