using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>The words by which suppliers' programs are told states and reasons; the codes are a promise, the details may change.</summary>
internal static class SupplierWords
{
    public static string Of(SkuKind kind) => kind == SkuKind.Direct ? "direct" : "card";

    public static string Of(PurchaseState state) => state switch
    {
        PurchaseState.Queued => "queued",
        PurchaseState.Sent => "sent",
        PurchaseState.Accepted => "accepted",
        PurchaseState.Succeeded => "succeeded",
        PurchaseState.Failed => "failed",
        _ => "unknown",
    };

    public static string Of(GradePartKind part) => part switch
    {
        GradePartKind.Refunds => "refunds",
        GradePartKind.Success => "success",
        GradePartKind.Stock => "stock",
        GradePartKind.Duplicates => "duplicates",
        _ => "speed",
    };

    /// <summary>Why something of a supplier is not sold.</summary>
    public static string Why(string reason, bool isChinese)
    {
        var (english, chinese) = reason switch
        {
            SupplyReasons.Off => ("The operator took this supply off.", "平台停用了这个货源。"),
            SupplyReasons.Paused => ("You paused this supply.", "你暂停了这个货源。"),
            SupplyReasons.NoCost => ("There is no cost yet.", "还没有进价。"),
            SupplyReasons.NotListed => ("The operator does not list these goods now.", "平台现在没有上架这个商品。"),
            SupplyReasons.Suspended => ("The operator suspended you.", "平台暂停了你的供货。"),
            SupplyReasons.Brand => ("You have no valid authorisation of this brand.", "没有这个品牌的有效授权。"),
            SupplyReasons.Exclusive => ("By contract another supplier supplies these goods alone.", "按合同，这个商品由另一家独家供应。"),
            SupplyReasons.OutOfStock => ("There are no cards left.", "卡密已经卖完。"),
            StopReasons.Deposit => ("The deposit does not cover what you offer.", "保证金不足。"),
            StopReasons.Licence => ("The business licence has run out.", "营业执照已过期。"),
            StopReasons.Grade => ("Your grade suspends you; you can appeal in the console.", "评级为 E，已暂停；可以在后台申诉。"),
            _ => (reason, reason),
        };
        return isChinese ? chinese : english;
    }
}
