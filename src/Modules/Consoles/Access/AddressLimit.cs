using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Lianka.Modules.Consoles.Access;

/// <summary>Bounds how often one address may do something, whatever it sends.</summary>
/// <param name="most">So many at once.</param>
/// <param name="each">After that, one more each such time.</param>
internal abstract class AddressLimit(int most, TimeSpan each) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = most, TokensPerPeriod = 1, ReplenishmentPeriod = each, QueueLimit = 0,
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

/// <summary>Bounds how often one address may try to log in or set up.</summary>
internal sealed class LogInGate() : AddressLimit(TriesMax, TimeSpan.FromSeconds(2))
{
    public const int TriesMax = 30;
}

/// <summary>Bounds how often one address may become an agent by an invitation: each try hashes a password, each success is a merchant.</summary>
internal sealed class JoinGate() : AddressLimit(TriesMax, TimeSpan.FromMinutes(2))
{
    public const int TriesMax = 10;
}

/// <summary>Bounds how often one address may send files without a log-in: each is megabytes in the database.</summary>
internal sealed class ApplyGate() : AddressLimit(TriesMax, TimeSpan.FromMinutes(2))
{
    public const int TriesMax = 20;
}
