using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>Refusals that several use cases share, in both languages.</summary>
internal static class Refusals
{
    public static FieldError Taken(string field) =>
        new(field, "taken", "This is in use already; choose another.", "已被使用，请换一个。");

    public static FieldError Unknown(string field) =>
        new(field, "not_found", "There is no such entry.", "没有这一项。");

    public static FieldError TooMany(string field, int max) =>
        new(field, "too_many", $"At most {max} at a time.", $"一次最多 {max} 项。");

    public static FieldError Repeated(string field) =>
        new(field, "repeated", "The same entry stands here twice.", "同一项出现了两次。");

    public static FieldError EndsBeforeStart(string field) =>
        new(field, "ends_before_start", "It must end after it starts, and in the future.", "结束时间须晚于开始时间，且晚于现在。");

    public static FieldError Of(RetailRefusal why) => why switch
    {
        RetailRefusal.NotPositive => new("price", "not_positive", "Must be more than zero.", "必须大于零。"),
        RetailRefusal.NotWholeFen => new("price", "not_whole_fen", "Retail amounts have at most 2 decimals.", "零售金额最多两位小数。"),
        RetailRefusal.BelowFloor => new("price", "below_floor", "Below the lowest retail price allowed for these goods.", "低于该商品允许的最低零售价。"),
        RetailRefusal.AboveCeiling => new("price", "above_ceiling", "Above the highest retail price allowed for these goods.", "高于该商品允许的最高零售价。"),
        RetailRefusal.BelowCost => new("price", "below_cost", "Does not cover your own price and the payment fee.", "低于您的进货价加支付手续费。"),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };
}
