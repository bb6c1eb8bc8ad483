using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What happened to an order, in words.</summary>
internal static class OrderWords
{
    public static (string Text, string Tone) Event(TimelineEvent line, Language language) => line.Kind switch
    {
        "placed" => (language.Pick("下单，等待付款", "Placed, waiting for payment"), "waiting"),
        "paid" => (language.Pick("收到付款", "Money received"), "ok"),
        "delivered" => (language.Pick("发货", "Delivered"), "ok"),
        "revealed" => (language.Pick("看过卡密", "Codes were looked at"), "waiting"),
        "released" => (language.Pick("货款结算完成", "Settled: everyone was paid"), "ok"),
        "refunded" => (language.Pick("退款（结算前）", "Refunded before settlement"), "warning"),
        "refunded_late" => (language.Pick("退款（结算后，从各方扣回）", "Refunded after settlement, taken back from the parties"), "warning"),
        "cancelled" => (language.Pick("取消", "Cancelled"), ""),
        "expired" => (language.Pick("没有付款，已过期", "Expired unpaid"), ""),
        "fulfilling" => (language.Pick("正在向供应商下单", "Being bought from a supplier"), "waiting"),
        "supplied" => (language.Pick("供应商已交付", "The supplier delivered"), "ok"),
        "supply_failed" => (language.Pick("供应商没发出", "The supplier did not deliver"), "warning"),
        "person_asked" => (language.Pick("请人查看", "A person was asked"), "warning"),
        "bought_again" => (language.Pick("付款晚到，按新订单重新发货", "The money came late and bought again as a new order"), "warning"),
        CaseOpened => (language.Pick("支付待处理", "A case of the payment"), "error"),
        CaseClosed => (language.Pick("支付待处理已结束", "The case of the payment is settled"), "ok"),
        "payment_returned" => (language.Pick("付款退回", "The payment was returned"), "warning"),
        _ => (line.Kind, ""),
    };

    private const string CaseOpened = "payment_case", CaseClosed = "payment_case_closed";

    /// <summary>The cases of an order's payment (F34) among what happened to it.</summary>
    public static IReadOnlyList<TimelineEvent> With(IReadOnlyList<TimelineEvent> events, IEnumerable<PaymentCase> cases, Language language) =>
    [
        .. events.Concat(cases.SelectMany(c => (TimelineEvent[])
        [
            new(CaseOpened, "system", c.OpenedAt, $"{ReconcileWords.Case(c.Kind, language)} {Show.Money(new Money(Math.Abs(c.Gain.Units)))} CNY"),
            .. c.ClosedAt is { } at ? (TimelineEvent[])[new(CaseClosed, c.ClosedBy ?? "system", at, $"{ReconcileWords.Case(c.Kind, language)}: {ReconcileWords.Resolution(c, language)}")] : [],
        ])).OrderBy(e => e.At),
    ];

    public static string Actor(string actor, Language language) => actor switch
    {
        "system" => language.Pick("系统", "system"),
        "buyer" => language.Pick("买家", "buyer"),
        "upstream" => language.Pick("供应商系统", "the supplier's system"),
        _ => actor.Split(':', 2) switch
        {
            ["channel", var channel] => language.Pick("支付通道 ", "channel ") + channel,
            [Roles.Operator, var login] => language.Pick("平台 ", "platform: ") + login,
            [Roles.Merchant, var login] => language.Pick("代理 ", "merchant: ") + login,
            [Roles.Supplier, var login] => language.Pick("供应商 ", "supplier: ") + login,
            _ => actor,
        },
    };

    public static string Data(TimelineEvent line, Language language) => line.Data switch
    {
        null => "",
        // The actor's line names the channel already.
        _ when line.Actor == "channel:" + line.Data => "",
        "inverted_prices" => language.Pick("价格倒挂：下级的拿货价比上级低，上级这单没有差价。", "Inverted prices: the one below buys cheaper than its parent, who earns nothing on this order."),
        _ when line.Kind == "person_asked" => PurchaseWords.Case(line.Data, language),
        _ when line.Kind == "supply_failed" => PurchaseWords.Fault(line.Data, language),
        _ => line.Data,
    };

    public static string Role(SplitRole role, Language language) => role switch
    {
        SplitRole.Supplier => language.Pick("供货款", "Supplier's cost"),
        SplitRole.Ancestor => language.Pick("上级分润", "Ancestor's margin"),
        SplitRole.Merchant => language.Pick("销售方所得", "Seller's margin"),
        SplitRole.Fees => language.Pick("通道手续费", "Channel fee"),
        _ => language.Pick("平台所得", "Platform's share"),
    };

    public static (string Text, string Tone) Fulfilment(Fulfilment part, Language language) => part.State switch
    {
        FulfilmentState.Held when part.IsPurchase => (language.Pick("供应商处理中", "Under way"), "waiting"),
        FulfilmentState.Returned when part.IsPurchase => (language.Pick("没发出", "Failed"), "error"),
        FulfilmentState.Held => (language.Pick("已留货", "Held"), "waiting"),
        FulfilmentState.Delivered => (language.Pick("已发", "Delivered"), "ok"),
        FulfilmentState.Returned => (language.Pick("退回库存", "Returned to stock"), ""),
        _ => (language.Pick("作废（已被看过）", "Void (was seen)"), "warning"),
    };

    /// <summary>What a transfer was for.</summary>
    public static string Transfer(string kind, Language language) => kind switch
    {
        "order" => language.Pick("下单付款", "Order payment"),
        "refund" => language.Pick("退款", "Refund"),
        "refund_late" => language.Pick("结算后退款", "Refund after settlement"),
        "settle_in" or "settle_out" => language.Pick("结算", "Settlement"),
        "commission_mature" => language.Pick("佣金转为可用", "Commission became available"),
        "top_up" => language.Pick("上款", "Wallet credit"),
        "top_up_fee" => language.Pick("充值手续费", "Fee of a top-up"),
        "bonus" => language.Pick("充值赠送", "Top-up bonus"),
        "bonus_free" => language.Pick("赠金转入钱包", "Bonus to wallet"),
        "take_out" => language.Pick("扣款", "Wallet debit"),
        "commission_transfer" => language.Pick("佣金转入钱包", "Commission to wallet"),
        "wallet_payment" => language.Pick("余额付店铺订单", "Shop order paid from the wallet"),
        "wallet_refund" => language.Pick("店铺订单退款", "Refund of a shop order"),
        "refund_wallet" => language.Pick("退款到钱包", "Refund to the wallet"),
        "take_back" => language.Pick("售后扣回", "Taken back after a refund"),
        "payout_request" => language.Pick("提现申请", "Payout requested"),
        "payout_back" => language.Pick("提现退回", "Payout returned"),
        "payout_paid" => language.Pick("打款成功", "Payout paid"),
        "withdrawal_request" => language.Pick("提现申请", "Withdrawal requested"),
        "withdrawal_back" => language.Pick("提现退回", "Withdrawal returned"),
        "withdrawal_paid" => language.Pick("提现到账", "Withdrawal paid"),
        "withdrawal_fee" => language.Pick("提现手续费", "Withdrawal fee"),
        "promotion_fund" => language.Pick("促销拨款", "Promotion funding"),
        _ => kind,
    };
}
