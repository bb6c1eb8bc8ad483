using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Top-ups and their bonus in words and as a table, for merchants and operators.</summary>
internal static class TopUpWords
{
    private const int PageSize = 50;

    public static (string Text, string Tone) State(TopUp topUp, DateTimeOffset now, Language language) => topUp.State switch
    {
        TopUpState.Paid => (language.Pick("已到账", "In the wallet"), "ok"),
        TopUpState.Open when topUp.ExpiresAt > now => (language.Pick("待付款", "Waits for its money"), "waiting"),
        _ => (language.Pick("已过期", "Lapsed"), ""),
    };

    /// <summary>What a step gives.</summary>
    public static string Step(BonusStep step, Language language)
    {
        var from = Show.Money(step.FromAmount, 2);
        return step.Bps == 0 ? language.Pick($"充 {from} 送 {Show.Money(step.Bonus, 2)}", $"{Show.Money(step.Bonus, 2)} from {from} on")
            : language.Pick($"充 {from} 起送 {Show.Percent(step.Bps)}", $"{Show.Percent(step.Bps)} from {from} on");
    }

    public static string Steps(BonusRule rule, Language language) => string.Join(language.Pick("；", "; "), rule.Steps.Select(s => Step(s, language)));

    public static (string Text, string Tone) State(BonusRule rule, DateTimeOffset now, Language language) =>
        rule.EndedAt is not null ? (language.Pick("已停止", "Ended"), "")
        : rule.ToAt <= now ? (language.Pick("结束了", "Over"), "")
        : rule.FromAt > now ? (language.Pick("未开始", "To come"), "waiting")
        : rule.Used >= rule.Budget ? (language.Pick("预算用完", "Budget used up"), "warning")
        : (language.Pick("进行中", "Running"), "ok");

    /// <summary>How a payer knows a way to pay.</summary>
    public static string Way(string way, Language language) => way switch
    {
        PayWays.WeChat => language.Pick("微信支付", "WeChat Pay"),
        PayWays.Alipay => language.Pick("支付宝", "Alipay"),
        PayWays.UnionPay => language.Pick("云闪付 / 银联", "UnionPay"),
        PayWays.Card or "stripe" => language.Pick("银行卡（Visa、万事达等）", "Card (Visa, Mastercard …)"),
        PayWays.Qq => language.Pick("QQ 钱包", "QQ Wallet"),
        PayWays.Bank => language.Pick("银行转账", "Bank transfer"),
        PayWays.Test => language.Pick("测试通道", "Test channel"),
        _ => way,
    };

    /// <summary>Behind which one this page of the list begins.</summary>
    public static long? Cursor(ConsolePage page) => PublicId.TryDecode(page.Request.Query["before"].ToString(), out var id) ? id : null;

    /// <param name="root">Below which the page of each stands.</param>
    /// <param name="merchant">The merchant's name, where the viewer sees several.</param>
    public static Table TableOf(ConsolePage page, List<TopUp> topUps, string root, Func<MerchantId, string>? merchant = null)
    {
        var building = Table.Of(topUps, page.T("充值记录，新的在前", "Top-ups, newest first"))
            .Column(page.T("编号", "Number"), t => new Cell(t.No, $"{root}/{t.No}", Show.Ago(t.CreatedAt, page.Now, page.Language), Title: Show.Exact(t.CreatedAt), IsMono: true));
        if (merchant is not null) building.Column(page.T("代理", "Merchant"), t => new Cell(merchant(t.MerchantId), $"/console/merchants/{t.MerchantId}"));
        var table = building
            .Badge(page.T("状态", "State"), t => State(t, page.Now, page.Language))
            .Money(page.T("赠送", "Bonus"), t => t.State == TopUpState.Over || t.Bonus.IsZero ? null : t.Bonus)
            .Money(page.T("手续费", "Fee"), t => t.Fee)
            .Money(page.T("金额", "Amount"), t => t.Amount)
            .Build();
        table.Next = topUps.Count == PageSize ? page.With(("before", topUps[^1].No)) : null;
        table.First = page.Request.Query.ContainsKey("before") ? page.With(("before", null)) : null;
        table.Empty = new EmptyState(page.T("还没有充值", "No top-ups yet"), page.T("付款后几秒内到账。", "The money is in the wallet seconds after it is paid."), Icon: "finance");
        return table;
    }
}
