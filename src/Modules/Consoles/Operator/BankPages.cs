using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payments;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Bank transfers that wait for a person, and what persons have to pay back.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceApprove)]
internal sealed class BankTransfersPage(BankDesk bank) : ConsolePage
{
    public const string Root = "/console/bank-transfers";

    public List<BankRefund> Refunds { get; private set; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("银行转账", "Bank transfers");
        Table = Parts.Table.Of(await bank.WaitingAsync(), T("等待到账，先看已上传回单的", "Awaited, those with a slip first"))
            .Column(T("附言", "Reference"), t => new Cell(t.Reference, $"{Root}/{t.No}", BankWords.For(t, Language), IsMono: true))
            .Badge(T("状态", "State"), t => BankWords.State(t, Language))
            .Column(T("时间", "When"), t => When(t.SentAt ?? t.CreatedAt))
            .Money(T("金额", "Amount"), t => t.Amount)
            .Build();
        Table.Empty = new EmptyState(T("没有等待到账的转账", "No transfers are awaited"), T("付款人选银行转账后会出现在这里。", "Those who choose to pay by bank transfer appear here."), Icon: "finance");
        Refunds = await bank.RefundsAsync();
        Form = new Form(Language).Section("两人确认", "Two persons")
            .Money("two_persons_above", "超过这个金额要两个人确认到账", "Above this, two persons confirm a receipt").Fill("two_persons_above", (await bank.TwoPersonsAboveAsync()).Text(2));
        await next();
    }

    public async Task<IActionResult> OnGetAsync(string? reference)
    {
        if (reference is null) return Page();
        return await bank.OfReferenceAsync(reference.Trim()) is { } found ? Redirect($"{Root}/{found.No}") : NotDone(Root, "没有这个附言的转账", "No transfer has this reference");
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (await bank.SetTwoPersonsAboveAsync(Form["two_persons_above"]) is { Count: > 0 } errors)
        {
            Form.Take(errors);
            return Again();
        }

        await RecordAsync("bank.two_persons_above", Form["two_persons_above"]);
        return Done(Root, "已保存", "Saved");
    }

    public async Task<IActionResult> OnPostBackAsync(string? number, string? receipt)
    {
        if (!PublicId.TryDecode(number, out var refund)) return NotFound();
        switch (await bank.PaidBackAsync(refund, receipt ?? "", Actor))
        {
            case BankDecision.Refused refused: return NotDone(Root, refused.Error.Zh, refused.Error.En);
            case BankDecision.Missing: return NotFound();
            default:
                await RecordAsync("bank.paid_back", $"{number} {receipt}");
                return Done(Root, "已登记退款", "Recorded as paid back");
        }
    }
}

/// <summary>One transfer: its slip, and whether the money is at the bank.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceApprove)]
internal sealed class BankTransferPage(BankDesk bank) : ConsolePage
{
    public BankTransfer Transfer { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool CanRefuse => Transfer.IsToBeChecked && Transfer.FirstBy is null;
    private string Here => $"{BankTransfersPage.Root}/{Transfer.No}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await bank.FindAsync(id) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Transfer = found;
        Title = T($"转账 {found.Reference}", $"Transfer {found.Reference}");
        Up = (BankTransfersPage.Root, T("银行转账", "Bank transfers"));
        Facts.Add((T("应收", "Expected") + " CNY", Show.Money(found.Amount, 2)));
        Facts.Add((T("附言", "Reference"), found.Reference));
        Facts.Add((T("下单", "Asked for"), Show.Exact(found.CreatedAt)));
        if (found.SentAt is { } sent) Facts.Add((T("回单", "Slip sent"), Show.Exact(sent)));
        if (found.Reason.Length > 0) Facts.Add((T("回单被驳回", "Slip refused"), found.Reason));
        if (found.FirstBy is { } first) Facts.Add((T("第一个人确认", "First confirmation"), $"{OrderWords.Actor(first, Language)} · {found.BankNo}"));
        if (found.PaidBy is { } by) Facts.Add((T("确认到账", "Confirmed"), $"{OrderWords.Actor(by, Language)} · {found.BankNo} · {Show.Exact(found.PaidAt!.Value)}"));
        if (found.State != BankTransferState.Paid)
        {
            Form = new Form(Language) { Submit = found.FirstBy is null ? T("确认到账", "Confirm the receipt") : T("第二个人确认到账", "Confirm as the second person") }
                .Text("bank_no", "银行流水号", "The bank's number", max: 64).Hint("在银行对账单上；一个流水号只能确认一笔", "From the bank's statement; one number confirms one transfer").Beside()
                .Money("amount", "到账金额", "What came").Hint("和应收一样才能确认", "Has to be what is expected");
        }

        await next();
    }

    public void OnGet() { }

    /// <summary>Names and account numbers stand in it: every look is recorded before it happens.</summary>
    public async Task<IActionResult> OnGetSlipAsync()
    {
        if (Transfer.SlipId is null) return NotFound();
        await RecordAsync("bank.slip_look", Transfer.Reference);
        if (await bank.SlipAsync(Transfer) is not { } slip) return NotFound();
        Response.Headers.CacheControl = "no-store";
        return File(slip.Content, slip.MediaType);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Here, "这笔已经确认过了", "It is confirmed already");
        if (!await Form.ReadAsync(Request)) return Again();
        switch (await bank.ConfirmAsync(Transfer.AttemptId, Form["bank_no"], Form["amount"], Actor))
        {
            case BankDecision.Refused refused:
                Form.Take([refused.Error]);
                return Again();
            case BankDecision.Done done:
                await RecordAsync("bank.confirm", $"{Transfer.Reference} {Form["bank_no"]} {Form["amount"]}");
                return done.IsFirst ? Done(Here, "已确认，还要另一个人确认", "Confirmed; a second person has to confirm as well") : Done(Here, "已确认，几秒内入账", "Confirmed; it is booked within seconds");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostRefuseAsync(string? reason)
    {
        switch (await bank.RefuseAsync(Transfer.AttemptId, reason ?? ""))
        {
            case BankDecision.Refused refused: return NotDone(Here, refused.Error.Zh, refused.Error.En);
            case BankDecision.Missing: return NotFound();
            default:
                await RecordAsync("bank.refuse", $"{Transfer.Reference} {reason}");
                return Done(Here, "已驳回，付款人看得到原因，可以重传", "Refused; the payer reads why and may send another");
        }
    }
}
