using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Withdrawals in words and as a table, for merchants and operators.</summary>
internal static class WithdrawalWords
{
    public static string Source(WithdrawalSource source, Language language) => source == WithdrawalSource.Commission
        ? language.Pick("可用佣金", "Available commission") : language.Pick("钱包", "Wallet");

    public static string Kind(PayeeKind kind, Language language) => kind == PayeeKind.Alipay ? language.Pick("支付宝", "Alipay") : language.Pick("银行卡", "Bank account");

    public static string Payee(PayeeKind kind, string tail, Language language) => $"{Kind(kind, language)} "
        + (tail.Contains('@', StringComparison.Ordinal) ? tail : language.Pick($"尾号 {tail}", $"ending in {tail}"));

    public static string Kind(RealNameKind kind, Language language) => kind == RealNameKind.Company ? language.Pick("企业", "Company") : language.Pick("个人", "Person");

    public static string NumberOf(RealNameKind kind, Language language) => kind == RealNameKind.Company
        ? language.Pick("统一社会信用代码", "Unified social credit code") : language.Pick("身份证号", "Identity card");

    public static (string Text, string Tone) State(RealNameState state, Language language) => state switch
    {
        RealNameState.Waiting => (language.Pick("待审核", "Waits for review"), "waiting"),
        RealNameState.Verified => (language.Pick("已认证", "Verified"), "ok"),
        RealNameState.Refused => (language.Pick("未通过", "Refused"), "error"),
        _ => (language.Pick("已被替换", "Replaced"), ""),
    };

    /// <param name="href">Where one withdrawal's page is; null: there is none.</param>
    /// <param name="merchant">The merchant's name, where the viewer sees several.</param>
    public static Table TableOf(ConsolePage page, List<Withdrawal> withdrawals, Func<Withdrawal, string>? href, Func<MerchantId, string>? merchant = null)
    {
        var building = Table.Of(withdrawals, page.T("提现，新的在前", "Withdrawals, newest first"))
            .Column(page.T("编号", "Number"), w => new Cell(w.No, href?.Invoke(w), Show.Ago(w.AskedAt, page.Now, page.Language), Title: Show.Exact(w.AskedAt), IsMono: true));
        if (merchant is not null) building.Column(page.T("代理", "Merchant"), w => merchant(w.MerchantId));
        var table = building
            .Column(page.T("从 / 到", "From / to"), w => new Cell(Source(w.Source, page.Language), Sub: Payee(w.PayeeKind, w.Tail, page.Language)))
            .Badge(page.T("状态", "State"), w => PayoutWords.State(w.State, page.Language))
            .Column(page.T("流水 / 原因", "Reference / reason"), w => string.Join(" · ", new[] { w.BankReference, w.Reason }.Where(t => !string.IsNullOrEmpty(t))) is { Length: > 0 } text ? text : "—")
            .Money(page.T("金额", "Amount"), w => w.Amount)
            .Money(page.T("手续费", "Fee"), w => w.Fee)
            .Money(page.T("到账", "Paid out"), w => w.Net)
            .Build();
        table.Next = withdrawals.Count == 50 ? page.With(("before", withdrawals[^1].No)) : null;
        table.First = page.Request.Query.ContainsKey("before") ? page.With(("before", null)) : null;
        table.Empty = new EmptyState(page.T("还没有提现", "No withdrawals yet"), page.T("申请后会显示在这里，直到到账。", "What is asked for stands here until it is paid."), Icon: "finance");
        return table;
    }
}
