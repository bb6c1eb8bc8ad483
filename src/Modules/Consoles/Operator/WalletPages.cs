using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Pages about the wallet of one merchant.</summary>
internal abstract class OneWalletPage(Merchants merchants, Database database) : ConsolePage
{
    protected Database Database => database;
    protected MerchantEntry Owner { get; private set; } = null!;
    public AccountBalance Wallet { get; private set; } = null!;
    protected string OwnerUrl => $"/console/merchants/{Owner.Id}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var merchant = MerchantId.TryParse(RouteData.Values["id"] as string, out var id) ? await merchants.FindAsync(id) : null;
        var accounts = merchant is null ? [] : await database.ReadAsync(s => Statements.BalancesAsync(s, id.Value));
        if (accounts.Find(a => a.Kind == AccountKinds.Wallet) is not { } wallet)
        {
            context.Result = NotFound();
            return;
        }

        (Owner, Wallet) = (merchant!, wallet);
        Up = (OwnerUrl, Language.PickOr(Owner.NameZh, Owner.NameEn));
        MakeForm();
        await next();
    }

    protected abstract void MakeForm();

    public void OnGet() { }
}

/// <summary>Money that reached or left the bank by hand becomes a posting with its reason.</summary>
[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class WalletPage(Merchants merchants, Database database, Ledger.Ledger ledger) : OneWalletPage(merchants, database)
{
    protected override void MakeForm()
    {
        Title = T("上款 / 扣款", "Credit or debit the wallet");
        Form = new Form(Language) { Back = OwnerUrl, Submit = T("入账", "Post") }
            .Choice("direction", "方向", "Direction", [new("in", T("上款：银行收到了钱", "Credit: the bank received money")), new("out", T("扣款：钱付出去了", "Debit: money was paid out"))]).Fill("direction", "in").Beside()
            .Money("amount", "金额", "Amount")
            .Text("reason", "事由", "Reason", max: 200).Hint("例如银行流水号；对方在流水里看得到", "The bank's reference, say; the merchant sees it in its statement")
            .OnlyOnce();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var amount = Form.MoneyOf("amount");
        if (!amount.IsPositive) Form.Fail("amount", "要大于 0", "It must be above 0");
        if (!Form.IsFine) return Again();

        var isIn = Form["direction"] == "in";
        var kind = isIn ? "top_up" : "take_out";
        var decision = await Database.WriteAsync(async s =>
        {
            var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
            var leg = isIn ? new Leg(bank, Wallet.Id, amount, kind) : new Leg(Wallet.Id, bank, amount, kind);
            // The token of the form is the key: a double click is one posting.
            return await ledger.PostAsync(s, new Posting(kind, Actor, [leg], Form["reason"], $"console:{Person.Id}:{Form.Once}"));
        });
        switch (decision)
        {
            case PostDecision.Posted posted:
                if (!posted.IsReplay) await RecordAsync($"wallet.{kind}", $"{Owner.Slug} {amount}");
                return Done(OwnerUrl, $"已入账 {Show.Money(amount)}", $"Posted {Show.Money(amount)}");
            case PostDecision.InsufficientFunds:
                Form.Fail("amount", "钱包里没有这么多", "The wallet does not hold that much");
                return Again();
            default:
                Form.Fail("这张表已经用别的内容入过账，请重新打开页面", "This form was posted before with other content: open the page again").OnlyOnce();
                return Again();
        }
    }
}

[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class CreditPage(Merchants merchants, Database database, Ledger.Ledger ledger) : OneWalletPage(merchants, database)
{
    protected override void MakeForm()
    {
        Title = T("信用额度", "Credit line");
        Form = new Form(Language) { Back = OwnerUrl }
            .Money("credit", "钱包最多可以欠多少", "How far below zero the wallet may go").Hint("调低只挡以后的扣款，已经欠的不受影响", "A lower line only blocks further debits")
            .Fill("credit", Wallet.Credit.ToString());
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var credit = Form.MoneyOf("credit");
        if (credit.IsNegative) Form.Fail("credit", "不能是负数", "It cannot be negative");
        if (!Form.IsFine) return Again();
        await Database.WriteAsync(s => ledger.SetCreditAsync(s, Wallet.Id, credit, Actor));
        await RecordAsync("wallet.credit_line", $"{Owner.Slug} {credit}");
        return Done(OwnerUrl, $"信用额度改为 {Show.Money(credit)}", $"The credit line is now {Show.Money(credit)}");
    }
}
