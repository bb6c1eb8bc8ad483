using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>Asking for a payout, and what became of earlier ones.</summary>
[Needs(SupplierPermissions.MoneySee, SupplierPermissions.MoneyPayOut)]
internal sealed class PayoutsPage(PayoutDesk payouts) : ConsolePage
{
    public Money Available { get; private set; }
    public BankInUse? Bank { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("提现", "Payouts");
        Up = ("/console/supplier/money", T("货款与流水", "Money and entries"));
        Bank = await payouts.BankAsync(Supplier);
        Available = (await payouts.AgeingAsync(Supplier)).Available;
        Actions.Add(("/console/supplier/bank", Bank is null ? T("填写收款账户", "Enter the bank account") : T("更换收款账户", "Change the bank account")));
        if (Bank is not null)
        {
            Form = new Form(Language) { Submit = T("申请提现", "Ask for it") }
                .Money("amount", "提现金额", "Amount").Hint(
                    $"可提 {Show.Money(Available)}；打到尾号 {Bank.Tail} 的账户", $"Available {Show.Money(Available)}; goes to the account ending in {Bank.Tail}")
                .OnlyOnce();
        }

        Table = PayoutWords.TableOf(this, await payouts.ListAsync(Supplier, PayoutWords.Cursor(this)), href: null);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotFound();
        if (!await Form.ReadAsync(Request)) return Again();
        var decision = await payouts.RequestAsync(Supplier, Person.Id, Actor, Form.MoneyOf("amount"), $"console:{Form.Once}");
        if (decision is not PayoutDecision.Done done)
        {
            Form.Take(((PayoutDecision.Refused)decision).Errors);
            return Again();
        }

        if (!done.IsReplay) await RecordAsync("payout.request", $"{done.Payout.No} {done.Payout.Amount}");
        return Done("/console/supplier/payouts", $"已申请提现 {Show.Money(done.Payout.Amount)}，等平台审批", $"Asked for {Show.Money(done.Payout.Amount)}; the platform approves it next");
    }
}

[Needs(SupplierPermissions.BankEdit, SupplierPermissions.BankEdit)]
internal sealed class BankPage(PayoutDesk payouts) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("收款账户", "Bank account");
        Up = ("/console/supplier/payouts", T("提现", "Payouts"));
        Form = new Form(Language) { Back = "/console/supplier/payouts" }
            .Text("holder", "户名", "Account holder", max: 80).Hint("要和营业执照上的名称一致", "As on the business licence")
            .Text("bank", "开户行", "Bank and branch", max: 120)
            .Text("number", "账号", "Account number", max: 40, autocomplete: "off").Hint("加密保存，页面上只显示后四位；已经申请的提现仍打到原账户", "Kept sealed, pages show its last four digits; payouts asked for before keep their account");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var errors = await payouts.SetBankAsync(Supplier, new BankDraft { Holder = Form["holder"], Bank = Form["bank"], Number = Form["number"] }, Actor);
        Form.Take(errors);
        if (!Form.IsFine) return Again();
        await RecordAsync("payout.bank_account", $"…{(await payouts.BankAsync(Supplier))!.Tail}");
        return Done("/console/supplier/payouts", "收款账户已保存", "The bank account is saved");
    }
}
