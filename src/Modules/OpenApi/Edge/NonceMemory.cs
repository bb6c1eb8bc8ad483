using System.Security.Cryptography;
using System.Text;
using Lianka.Modules.OpenApi.Core;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Remembers the nonces of each key for ten minutes, in memory, so that a recorded request cannot be sent again.</summary>
/// <remarks>
/// Bounded: at most <see cref="Most"/> nonces stay. Beyond that the oldest minute is forgotten early; what such a replay
/// could reach is still limited by the timestamp (300 s) and, for money, by the idempotency keys. Thread-safe.
/// </remarks>
public sealed class NonceMemory(int most = NonceMemory.Most)
{
    public const int Minutes = 10;
    public const int Most = 1 << 22;

    private const int ShardCount = 16;
    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard(most / ShardCount))];

    /// <returns>False when the key used this nonce during the last ten minutes.</returns>
    public bool TryUse(string key, string nonce, DateTimeOffset now)
    {
        // 128 bits of a hash stand for key and nonce: two different ones do not meet.
        Span<byte> text = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(key, text, out var name) || !Encoding.UTF8.TryGetBytes(nonce, text[(name + 1)..], out var length))
            throw new ArgumentException("A key or nonce longer than any that is handed out or let through.", nameof(key));
        text[name] = 0; // Stands in neither, so that no two pairs run together to one text.
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text[..(name + 1 + length)], hash);
        return _shards[hash[31] % ShardCount].TryUse(BitConverter.ToUInt128(hash), now.ToUnixTimeSeconds() / 60);
    }

    private sealed class Shard(int most)
    {
        private readonly Lock _gate = new();

        // Oldest minute first.
        private readonly List<(long Minute, HashSet<UInt128> Seen)> _minutes = [];
        private int _count;

        public bool TryUse(UInt128 nonce, long minute)
        {
            lock (_gate)
            {
                while (_minutes.Count > 0 && (_minutes[0].Minute < minute - Minutes || _count >= most)) Forget();
                foreach (var (_, seen) in _minutes)
                    if (seen.Contains(nonce)) return false;
                if (_minutes.Count == 0 || _minutes[^1].Minute != minute) _minutes.Add((minute, []));
                _minutes[^1].Seen.Add(nonce);
                _count++;
                return true;
            }
        }

        private void Forget()
        {
            _count -= _minutes[0].Seen.Count;
            _minutes.RemoveAt(0);
        }
    }
}
