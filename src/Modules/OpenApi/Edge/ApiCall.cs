using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>A call whose key, signature, scope and rate were found right.</summary>
/// <param name="Body">The raw bytes; empty when there were none.</param>
internal sealed record ApiCall(HttpContext Http, ApiKeyEntry Key, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whose key it is. The gate lets only merchants' keys to merchants' calls.</summary>
    public MerchantId Merchant => Key.Owner.Merchant!.Value;

    /// <summary>As <see cref="Merchant"/>, for suppliers' calls: the tenant of everything they ask.</summary>
    public SupplierId Supplier => Key.Owner.Supplier!.Value;

    /// <summary>For timelines and logs. The key is a name; its secret is the secret.</summary>
    public string Actor => $"key:{Key.Key}";

    public string Address => $"{Http.Connection.RemoteIpAddress}";

    public bool IsChinese => ApiLanguage.Of(Http.Request) == Language.Zh;

    public string? RouteText(string name) => Http.GetRouteValue(name) as string;
}
