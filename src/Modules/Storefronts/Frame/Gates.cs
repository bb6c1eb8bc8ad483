using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>Bounds what one address may do: opening orders holds stock, and looking up orders is guessing.</summary>
internal sealed class Gates : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _buys = Limiter(burst: 30, perMinute: 30);
    private readonly PartitionedRateLimiter<IPAddress> _lookUps = Limiter(burst: 10, perMinute: 10);

    public bool MayBuy(IPAddress? address, int orders = 1) => IsFree(_buys, address, orders);

    public bool MayLookUp(IPAddress? address) => IsFree(_lookUps, address, 1);

    private static bool IsFree(PartitionedRateLimiter<IPAddress> limiter, IPAddress? address, int count)
    {
        using var lease = limiter.AttemptAcquire(address ?? IPAddress.Loopback, count);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<IPAddress> Limiter(int burst, int perMinute) =>
        PartitionedRateLimiter.Create<IPAddress, string>(address => RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 / perMinute), QueueLimit = 0,
            }));

    // One household owns a whole /64 of IPv6.
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    public void Dispose()
    {
        _buys.Dispose();
        _lookUps.Dispose();
    }
}
