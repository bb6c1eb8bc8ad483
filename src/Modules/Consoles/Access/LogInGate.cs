using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Lianka.Modules.Consoles.Access;

/// <summary>Bounds how often one address may try to log in or set up, whatever it types.</summary>
internal sealed class LogInGate : IDisposable
{
    public const int TriesMax = 30;

    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = TriesMax, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(2), QueueLimit = 0,
        }));

    public bool TryEnter(IPAddress? address)
    {
        using var lease = _tries.AttemptAcquire(address ?? IPAddress.Loopback);
        return lease.IsAcquired;
    }

    // One household owns a whole /64 of IPv6.
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    public void Dispose() => _tries.Dispose();
}
