using System.Net;
using System.Net.Sockets;

namespace Lianka.Host.Web;

/// <summary><c>GET /metrics</c>, for machines of the own network only: it tells how the business goes.</summary>
internal static class MetricsPage
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", static (HttpContext http, Metrics metrics) =>
        IsNear(http.Connection.RemoteIpAddress)
            ? Results.Text(metrics.Text(), "text/plain; version=0.0.4; charset=utf-8")
            : Results.NotFound()).ExcludeFromDescription();

    /// <summary>Loopback and the private ranges of RFC 1918 and RFC 4193.</summary>
    internal static bool IsNear(IPAddress? address)
    {
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return true;
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? (bytes[0] & 0xfe) == 0xfc
            : bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168);
    }
}
