using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words for statements of channels and cases of payments.</summary>
public static class ReconcileWords
{
    public static (string Text, string Tone) State(ChannelDay day, Language language) => day switch
    {
        { State: ChannelDayState.Waiting, Fault: "" } => (language.Pick("等对账单", "Waits for the statement"), "waiting"),
        { State: ChannelDayState.Waiting } => (language.Pick("没拿到，会再试", "Not there yet, asked again"), "warning"),
        { State: ChannelDayState.Closed } => (language.Pick("已结账", "Closed"), "ok"),
        { Differences: > 0 } => (language.Pick("有差异", "Differences"), "error"),
        { InFlight: > 0 } => (language.Pick("等次日对账单", "Waits for the next day"), "waiting"),
        _ => (language.Pick("一致，待结账", "Agrees, to be closed"), "waiting"),
    };

    public static (string Text, string Tone) Verdict(string verdict, Language language) =>
        verdict == "matched" ? (language.Pick("一致", "Agrees"), "ok") : (Case(verdict, language), "error");

    public static string Case(string kind, Language language) => kind switch
    {
        "unknown_money" => language.Pick("通道收到的钱，我方没有对应的支付", "Money at the channel for no payment of ours"),
        "unpaid_here" => language.Pick("通道说已付，我方未付", "Paid there, not paid here"),
        "amount_differs" => language.Pick("金额不同", "Another amount than asked"),
        "unknown_refund" => language.Pick("通道退了款，我方没有这笔退款（或是拒付）", "Given or charged back there, not by us"),
        "refund_open" => language.Pick("通道已退款，我方未完成", "Given back there, not done here"),
        "refund_differs" => language.Pick("退款金额不同", "Another amount given back"),
        "ledger_differs" => language.Pick("账本与支付不同", "The ledger has another amount"),
        "missing_there" => language.Pick("我方已付，对账单里没有", "Paid here, in no statement"),
        "refund_missing" => language.Pick("我方已退款，对账单里没有", "Given back here, in no statement"),
        "charge_back" => language.Pick("拒付：通道把钱扣走了", "Charged back by the channel"),
        "trade_reused" => language.Pick("同一笔交易号对应两次支付", "One trade told for two attempts"),
        "refund_failed" => language.Pick("通道拒绝退款", "The channel refuses the refund"),
        _ => kind,
    };

    public static string Resolution(PaymentCase settled, Language language) => settled switch
    {
        { Return: RefundState.Done } => language.Pick("已退回给付款人", "Given back to whoever paid it"),
        { Return: RefundState.Pending } => language.Pick("退回中，等通道", "Going back, waits for the channel"),
        { Return: RefundState.Failed } => language.Pick("通道拒绝退回，见“通道拒绝退款”", "The channel refuses to give it back; see its own case"),
        _ => Resolution(settled.Resolution, language),
    };

    private static string Resolution(string resolution, Language language) => resolution switch
    {
        "booked" => language.Pick("已入待查款", "Booked as nobody's money"),
        "written_off" => language.Pick("已核销为损失", "Written off"),
        "back_by_channel" => language.Pick("通道已退款", "Given back by the channel"),
        "back_by_wallet" => language.Pick("已退到钱包", "Given back to the wallet"),
        "back_by_bank" => language.Pick("已人工转账退款", "Given back by a bank transfer"),
        "back_by_console" => language.Pick("已在通道后台退款", "Given back in the channel's own console"),
        "vanished" => language.Pick("差异已消失", "Gone by itself"),
        _ => language.Pick("已处理", "Settled"),
    };
}
