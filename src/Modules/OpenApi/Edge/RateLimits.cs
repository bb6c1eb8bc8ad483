using System.Collections.Concurrent;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Where a caller stands with the calls allowed to it.</summary>
/// <param name="Quota">Calls allowed in a window of one second.</param>
public readonly record struct RateState(bool IsAllowed, long Quota, long Remaining);

/// <summary>A bucket of calls for each caller, refilled evenly; a second's worth may be used at once.</summary>
/// <remarks>In the memory of one node. Thread-safe. Bounded: past <see cref="CallersMax"/> callers it begins anew.</remarks>
public sealed class RateLimits
{
    public const int CallersMax = 50_000;

    /// <summary>Calls without a valid key, per address and second.</summary>
    public const long AnonymousQuota = 200;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <param name="quota">Calls per second.</param>
    /// <param name="nowMicros">A clock that only rises, in microseconds.</param>
    public RateState Take(string caller, long quota, long nowMicros)
    {
        if (!_buckets.TryGetValue(caller, out var bucket))
        {
            if (_buckets.Count >= CallersMax) _buckets.Clear();
            bucket = _buckets.GetOrAdd(caller, static _ => new Bucket());
        }

        return bucket.Take(quota, nowMicros);
    }

    private sealed class Bucket
    {
        private const long PerCall = 1_000_000;
        private readonly Lock _gate = new();

        // Millionths of a call, so that a refill per microsecond is a whole number.
        private long _level = -1, _at;

        public RateState Take(long quota, long nowMicros)
        {
            lock (_gate)
            {
                var full = quota * PerCall;
                var elapsed = Math.Clamp(nowMicros - _at, 0, 1_000_000);
                _level = _level < 0 ? full : Math.Min(full, _level + (elapsed * quota));
                _at = Math.Max(_at, nowMicros);
                if (_level < PerCall) return new RateState(false, quota, 0);
                _level -= PerCall;
                return new RateState(true, quota, _level / PerCall);
            }
        }
    }
}
