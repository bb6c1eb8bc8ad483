using Lianka.Kernel;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Refusals of the engine as problems.</summary>
internal static class Refusals
{
    /// <summary>Units one order may have of any SKU.</summary>
    public const long QuantityMax = 10_000;

    public static Task WriteAsync(ApiCall call, OrderDecision.Refused refused, long? quantityMax)
    {
        var (code, field) = OrderWords.Of(refused.Why, quantityMax ?? QuantityMax);
        return field is null ? ProblemBook.WriteAsync(call.Http, code) : ProblemBook.WriteAsync(call.Http, code, field);
    }

    /// <summary>An order of this account's wallet. What its storefront sold belongs to the buyer, and is not shown here.</summary>
    public static async Task<Order?> FindOwnAsync(this OrderDesk desk, OrderId id, MerchantId merchant) =>
        await desk.FindAsync(id, merchant) is { Source: not OrderSource.Retail } order ? order : null;
}
