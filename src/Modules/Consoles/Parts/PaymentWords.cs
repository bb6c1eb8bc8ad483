using Lianka.Kernel.Routing;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words for payments from outside.</summary>
public static class PaymentWords
{
    public static (string Text, string Tone) State(Attempt attempt, Language language) => attempt.State switch
    {
        AttemptState.Paid => (language.Pick("已付", "Paid"), "ok"),
        AttemptState.Open when !attempt.IsSeen => (language.Pick("买家还没去付", "The buyer has not gone there"), ""),
        AttemptState.Open => (language.Pick("等待付款", "Waits for the buyer"), "waiting"),
        AttemptState.Closed when attempt is { PayValue: null, Booked: 1 } => (language.Pick("没有给出付款码，已关闭", "No pay code; closed"), "warning"),
        AttemptState.New => (language.Pick("没有给出付款码", "No pay code"), "warning"),
        _ => (language.Pick("已关闭", "Closed"), ""),
    };

    public static (string Text, string Tone) Refund(Refund refund, Language language) => refund switch
    {
        { State: RefundState.Done, Way: RefundWay.Wallet } => (language.Pick("已退到钱包", "Returned to the wallet"), "ok"),
        { State: RefundState.Done, Way: RefundWay.Bank } => (language.Pick($"已转账退款 {refund.RefundNo}", $"Returned by bank transfer {refund.RefundNo}"), "ok"),
        { State: RefundState.Done, Way: RefundWay.Console } => (language.Pick("已在通道后台退款", "Returned in the channel's own console"), "ok"),
        { State: RefundState.Done } => (language.Pick("已退", "Returned"), "ok"),
        { State: RefundState.Failed } => (language.Pick("被拒绝，要人处理", "Refused: needs a person"), "error"),
        _ when refund.AcceptedAt is not null => (language.Pick("通道已受理", "Accepted by the channel"), "waiting"),
        _ => (language.Pick("退款中", "Under way"), "waiting"),
    };

    /// <summary>Why this channel was chosen.</summary>
    /// <param name="channel">How a channel is called.</param>
    public static string Route(string route, Func<long, string> channel, Language language) => Decision.FromJson(route) is { } decision
        ? language.Pick(DecisionWords.Zh(decision, channel), DecisionWords.En(decision, channel))
        : "";

    public static string Name(Channel channel, Language language) => language.PickOr(channel.NameZh, channel.NameEn);

    public static (string Text, string Tone) State(Channel channel, Language language) => channel.State == ChannelState.Active
        ? (language.Pick("启用", "On"), "ok") : (language.Pick("停用", "Off"), "warning");

    /// <summary>How a method brings the buyer to the channel, and from where.</summary>
    public static string Method(PayMethod method, Language language)
    {
        var shape = method.Shape switch
        {
            PayShape.Qr => language.Pick("扫码", "QR code"),
            PayShape.Transfer => language.Pick("转账到银行账号", "a transfer to the account"),
            PayShape.Form or PayShape.Redirect => language.Pick("跳转到通道页面", "the channel's page"),
            _ => language.Pick("App 内支付", "inside its app"),
        };
        var devices = new List<string>(3);
        if (method.Devices.HasFlag(PayDevices.Desktop)) devices.Add(language.Pick("电脑", "desktop"));
        if (method.Devices.HasFlag(PayDevices.Phone)) devices.Add(language.Pick("手机", "phone"));
        if (method.Devices.HasFlag(PayDevices.InApp)) devices.Add(language.Pick("App 内", "in the app"));
        return $"{method.Name} · {shape} · {string.Join(language.Pick("、", ", "), devices)}";
    }
}
