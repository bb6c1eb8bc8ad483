using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Payouts in words and as a table, for suppliers and operators.</summary>
internal static class PayoutWords
{
    public static (string Text, string Tone) State(PayoutState state, Language language) => state switch
    {
        PayoutState.Requested => (language.Pick("待审批", "Waits for approval"), "waiting"),
        PayoutState.ApprovedOnce => (language.Pick("待复核", "Waits for the second approval"), "waiting"),
        PayoutState.Approved => (language.Pick("待打款", "Approved"), "waiting"),
        PayoutState.InBatch => (language.Pick("银行处理中", "At the bank"), "waiting"),
        PayoutState.Paid => (language.Pick("已到账", "Paid"), "ok"),
        PayoutState.TakenBack => (language.Pick("已撤回，钱已退回", "Taken back, the money is back"), ""),
        PayoutState.Refused => (language.Pick("已驳回，钱已退回", "Refused, the money is back"), "error"),
        _ => (language.Pick("打款失败，钱已退回", "Failed, the money is back"), "error"),
    };

    /// <summary>Behind which payout this page of the list begins.</summary>
    public static long? Cursor(ConsolePage page) => PublicId.TryDecode(page.Request.Query["before"].ToString(), out var id) ? id : null;

    /// <param name="href">Where one payout's page is; null: there is none.</param>
    /// <param name="supplier">The supplier's name, where the viewer sees several.</param>
    public static Table TableOf(ConsolePage page, List<Payout> payouts, Func<Payout, string>? href, Func<SupplierId, string>? supplier = null)
    {
        var building = Table.Of(payouts, page.T("提现，新的在前", "Payouts, newest first"))
            .Column(page.T("编号", "Number"), p => new Cell(p.No, href?.Invoke(p), Show.Ago(p.AskedAt, page.Now, page.Language), Title: Show.Exact(p.AskedAt), IsMono: true));
        if (supplier is not null) building.Column(page.T("供应商", "Supplier"), p => supplier(p.SupplierId));
        var table = building
            .Column(page.T("账户", "Account"), p => page.T($"尾号 {p.Tail}", $"ending in {p.Tail}"))
            .Badge(page.T("状态", "State"), p => State(p.State, page.Language))
            .Column(page.T("银行流水 / 原因", "Reference / reason"), p => string.Join(" · ", new[] { p.BankReference, p.Reason }.Where(t => !string.IsNullOrEmpty(t))) is { Length: > 0 } text ? text : "—")
            .Money(page.T("金额", "Amount"), p => p.Amount)
            .Build();
        table.Next = payouts.Count == 50 ? page.With(("before", payouts[^1].No)) : null;
        table.First = page.Request.Query.ContainsKey("before") ? page.With(("before", null)) : null;
        table.Empty = new EmptyState(page.T("还没有提现", "No payouts yet"), page.T("结算后的货款可以申请提现。", "What is released can be asked for."), Icon: "finance");
        return table;
    }
}
