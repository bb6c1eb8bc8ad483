using System.Net;
using System.Net.Sockets;

namespace Lianka.Platform.Http;

/// <summary>Which addresses this node may call when somebody else has named them.</summary>
/// <remarks>Held by: tests/Unit/Platform/AddressGuardExamples.cs.</remarks>
public static class AddressGuard
{
    // RFC 6890 and its registries: what is not the public Internet.
    private static readonly IPNetwork[] _private =
        [.. new[] { "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7" }.Select(n => IPNetwork.Parse(n))];

    private static readonly IPNetwork[] _never =
    [
        .. new[]
        {
            "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "100::/64", "2001::/32", "2001:db8::/32", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static readonly IPNetwork _nat64 = IPNetwork.Parse("64:ff9b::/96"), _sixToFour = IPNetwork.Parse("2002::/16");

    /// <param name="allowsPrivate">Also this machine and the networks behind the same router; never what a cloud keeps at link-local addresses.</param>
    public static bool MayCall(IPAddress address, bool allowsPrivate)
    {
        var plain = Plain(address);
        return !Array.Exists(_never, n => Has(n, plain)) && (allowsPrivate || !Array.Exists(_private, n => Has(n, plain)));
    }

    /// <summary>The IPv4 address inside an IPv6 one: written another way it is still the same machine.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (Has(_nat64, address)) return new IPAddress(bytes.AsSpan(12, 4));
        return Has(_sixToFour, address) ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }

    private static bool Has(IPNetwork network, IPAddress address) =>
        network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);
}
