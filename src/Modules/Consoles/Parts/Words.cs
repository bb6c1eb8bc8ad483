using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words that several pages use for the same thing (domain.md has one per thing).</summary>
public static class Words
{
    public static string Role(string role, Language language) => role switch
    {
        Roles.Operator => language.Pick("平台方", "operator"),
        Roles.Merchant => language.Pick("代理", "merchant"),
        _ => language.Pick("供应商", "supplier"),
    };

    public static (string Text, string Tone) Status(OrderStatus status, Language language) => status switch
    {
        OrderStatus.Placed => (language.Pick("待付款", "Waiting for payment"), "waiting"),
        OrderStatus.Paid => (language.Pick("已付款", "Paid"), "waiting"),
        OrderStatus.Fulfilling => (language.Pick("履约中", "Fulfilling"), "waiting"),
        OrderStatus.Delivered => (language.Pick("已发货", "Delivered"), "ok"),
        OrderStatus.PartiallyDelivered => (language.Pick("部分发货", "Partly delivered"), "warning"),
        OrderStatus.Refunded => (language.Pick("已退款", "Refunded"), "warning"),
        OrderStatus.Expired => (language.Pick("已过期", "Expired"), ""),
        _ => (language.Pick("已取消", "Cancelled"), ""),
    };

    public static (string Text, string Tone) Settlement(SettlementState state, Language language) => state switch
    {
        SettlementState.Escrowed => (language.Pick("担保中", "In escrow"), "waiting"),
        SettlementState.Released => (language.Pick("已结算", "Released"), "ok"),
        SettlementState.Reversed => (language.Pick("已冲回", "Reversed"), "warning"),
        _ => (language.Pick("未入担保", "Not in escrow"), ""),
    };

    public static string Source(OrderSource source, Language language) => source switch
    {
        OrderSource.Api => language.Pick("接口", "API"),
        OrderSource.Console => language.Pick("控制台", "Console"),
        _ => language.Pick("零售", "Retail"),
    };

    public static string Account(string kind, Language language) => kind switch
    {
        AccountKinds.Wallet => language.Pick("钱包", "Wallet"),
        AccountKinds.Escrow => language.Pick("担保", "Escrow"),
        AccountKinds.CommissionPending => language.Pick("佣金（待结）", "Commission, pending"),
        AccountKinds.CommissionAvailable => language.Pick("佣金（可用）", "Commission, available"),
        AccountKinds.Payable => language.Pick("应付货款", "Payable"),
        AccountKinds.Deposit => language.Pick("保证金", "Deposit"),
        AccountKinds.Receivable => language.Pick("应收", "Receivable"),
        AccountKinds.Promotion => language.Pick("促销预算", "Promotion budget"),
        AccountKinds.Revenue => language.Pick("平台收入", "Revenue"),
        AccountKinds.Fees => language.Pick("通道手续费", "Channel fees"),
        AccountKinds.Marketing => language.Pick("营销", "Marketing"),
        AccountKinds.Bonus => language.Pick("赠金", "Bonus"),
        AccountKinds.Loss => language.Pick("赔付", "Loss"),
        AccountKinds.Suspense => language.Pick("待查", "Suspense"),
        AccountKinds.Rounding => language.Pick("尾差", "Rounding"),
        AccountKinds.Payout => language.Pick("付款在途", "Payout"),
        AccountKinds.Withdrawal => language.Pick("提现在途", "Withdrawal"),
        AccountKinds.Settling => language.Pick("结算过渡", "Settling"),
        "clearing:orders" => language.Pick("订单在途款", "Money between channels and orders"),
        "clearing:bank" => language.Pick("平台银行账户", "The platform's bank account"),
        _ when kind.StartsWith("clearing:", StringComparison.Ordinal) => language.Pick("通道待清算 ", "Clearing ") + kind["clearing:".Length..],
        _ => kind,
    };

    public static (string Text, string Tone) Listing(ListingState state, Language language) => state == ListingState.Listed
        ? (language.Pick("在售", "Listed"), "ok") : (language.Pick("已下架", "Off"), "");

    public static List<Option> ListingOptions(Language language) =>
        [new("Listed", language.Pick("在售", "Listed")), new("Off", language.Pick("下架", "Off"))];

    /// <summary>A SKU with its product, as one line.</summary>
    public static string Sku(SupplyLine line, Language language) =>
        $"{language.PickOr(line.ProductNameZh, line.ProductNameEn)} {language.PickOr(line.SkuNameZh, line.SkuNameEn)}";

    /// <summary>Why the engine said no, in words for the person in front of it.</summary>
    public static string Refusal(Refusal refusal, Language language) => refusal switch
    {
        Orders.Refusal.NotFound => language.Pick("没有这个订单", "There is no such order"),
        Orders.Refusal.RequestInProgress => language.Pick("同一请求正在处理，稍等再看", "The same request is being handled; look again in a moment"),
        Orders.Refusal.IdempotencyConflict => language.Pick("这个单号用过了，内容不一样", "This number was used before for something else"),
        Orders.Refusal.QuantityOutOfRange => language.Pick("数量超出可买范围", "The quantity is outside what can be bought"),
        Orders.Refusal.NotOffered => language.Pick("这个商品现在不卖", "This item is not offered now"),
        Orders.Refusal.PriceMoved => language.Pick("价格变了，看一下新价格再下单", "The price has moved; look at the new price and order again"),
        Orders.Refusal.RiskBlocked => language.Pick("这笔订单没有通过风控", "This order did not pass the risk check"),
        Orders.Refusal.InsufficientFunds => language.Pick("余额不够", "The balance is too low"),
        Orders.Refusal.StockShort => language.Pick("库存不够", "There is not enough stock"),
        Orders.Refusal.NotCancellable => language.Pick("已经付款，不能取消", "Already paid: it cannot be cancelled"),
        Orders.Refusal.NotRefundable => language.Pick("没有可退的份数", "There is nothing left to refund"),
        _ => language.Pick("请求不对", "The request is not usable"),
    };
}
