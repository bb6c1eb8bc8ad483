using Lianka.Kernel.Routing;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The words for purchases at suppliers'.</summary>
public static class PurchaseWords
{
    public static (string Text, string Tone) State(Purchase purchase, Language language) => purchase.State switch
    {
        PurchaseState.Queued when purchase.ConnectionId is null => (language.Pick("等人发货", "Waits for people"), "waiting"),
        PurchaseState.Queued => (language.Pick("待发送", "Queued"), "waiting"),
        PurchaseState.Sent => (language.Pick("已发送", "Sent"), "waiting"),
        PurchaseState.Accepted => (language.Pick("供应商处理中", "Accepted"), "waiting"),
        PurchaseState.Succeeded => (language.Pick("成功", "Succeeded"), "ok"),
        PurchaseState.Failed => (language.Pick("失败", "Failed"), "error"),
        _ => (language.Pick("结果不明", "Unknown"), "warning"),
    };

    public static string Case(string kind, Language language) => kind switch
    {
        "unknown" => language.Pick("结果不明，已等太久", "Nobody knows what became of it"),
        "slow" => language.Pick("供应商处理太久", "The supplier takes too long"),
        "late_success" => language.Pick("退款后供应商又发了货", "Delivered after the money went back"),
        "overcharged" => language.Pick("供应商多扣了款", "The supplier took more than its cost"),
        "reversed" => language.Pick("供应商说已到账，后来又冲正", "The supplier delivered and then took it back"),
        "duplicate_cards" => language.Pick("供应商发来的卡密已经在库里", "The supplier delivered cards that are known already"),
        _ => kind,
    };

    /// <summary>Why a purchase failed.</summary>
    public static string Fault(string fault, Language language) => fault switch
    {
        "account" => language.Pick("买家填的账号不对", "The buyer's account is wrong"),
        "goods" => language.Pick("供应商没有这个货", "The supplier does not have the goods"),
        "price" => language.Pick("供应商的价高于进价", "The supplier asks more than the cost"),
        "balance" => language.Pick("在供应商处的余额不足", "The balance at the supplier is short"),
        "access" => language.Pick("密钥或地址不被接受", "The key or the address was not accepted"),
        "not_sent" => language.Pick("连不上供应商", "The supplier could not be reached"),
        "other" => language.Pick("供应商说失败", "The supplier says it failed"),
        _ => fault,
    };

    /// <summary>What is known of it: the receipt, why it failed, or their last answer.</summary>
    public static string Detail(Purchase purchase, Language language) =>
        purchase.Receipt ?? (purchase.Fault is { } fault ? Fault(fault, language) : LastAnswer(purchase.Detail ?? "", language));

    public static string LastAnswer(string detail, Language language) =>
        detail == "absent" ? language.Pick("供应商说没有这一单", "The supplier does not know of it") : detail;

    /// <summary>Why this supply was chosen.</summary>
    /// <param name="supply">How a supply is called.</param>
    public static string Route(string route, Func<long, string> supply, Language language) => Decision.FromJson(route) is { } decision
        ? language.Pick(DecisionWords.Zh(decision, supply), DecisionWords.En(decision, supply))
        : "";
}
