using System.Threading.RateLimiting;

namespace Lianka.Modules.Consoles.Access;

/// <summary>Bounds how often one person may look for cards by their ends: who types finds theirs, who tries all ends does not come through.</summary>
internal sealed class TailGate : IDisposable
{
    public const int TriesMax = 40;

    private readonly PartitionedRateLimiter<long> _tries = PartitionedRateLimiter.Create<long, long>(static person =>
        RateLimitPartition.GetTokenBucketLimiter(person, static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = TriesMax, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(2), QueueLimit = 0,
        }));

    public bool TryEnter(long person)
    {
        using var lease = _tries.AttemptAcquire(person);
        return lease.IsAcquired;
    }

    public void Dispose() => _tries.Dispose();
}
