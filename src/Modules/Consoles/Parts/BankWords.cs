using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Bank transfers in words.</summary>
internal static class BankWords
{
    public static (string Text, string Tone) State(BankTransfer transfer, Language language) => transfer switch
    {
        { State: BankTransferState.Paid } => (language.Pick("已到账", "Received"), "ok"),
        { FirstBy: not null } => (language.Pick("等第二个人确认", "Waits for the second person"), "waiting"),
        { IsToBeChecked: true } => (language.Pick("有回单，待确认", "Slip to be checked"), "warning"),
        { State: BankTransferState.Closed } => (language.Pick("已关闭", "Closed"), ""),
        { Reason.Length: > 0 } => (language.Pick("回单被驳回", "Slip refused"), "error"),
        _ => (language.Pick("等待转账", "Waits for the transfer"), "waiting"),
    };

    /// <summary>What it pays.</summary>
    public static string For(BankTransfer transfer, Language language) => transfer.OrderId is { } order ? language.Pick($"订单 {order}", $"Order {order}")
        : language.Pick($"充值 {PublicId.Encode(transfer.PaymentId.Value)}", $"Top-up {PublicId.Encode(transfer.PaymentId.Value)}");

    public static string Href(BankTransfer transfer) => transfer.OrderId is { } order ? $"/console/orders/{order}" : $"/console/top-ups/{PublicId.Encode(transfer.PaymentId.Value)}";
}
