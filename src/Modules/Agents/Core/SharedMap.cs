using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Lianka.Modules.Agents.Core;

/// <summary>A dictionary that never changes. A changed copy shares with it all parts in which nothing changed.</summary>
/// <remarks>
/// Keys are spread over parts by their hash; a part is a small dictionary. A look-up finds the part and looks there; a change
/// copies the list of parts and the parts it touches. Enumerated in no particular order.
/// Held by: tests/Unit/Agents/SharedMapProperties.cs.
/// </remarks>
internal sealed class SharedMap<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    public static readonly SharedMap<TKey, TValue> Empty = new([null], 0);

    /// <summary>Entries of a part: so many at most on average, before they are spread over more, and so many then.</summary>
    private const int PartMost = 256, PartLeast = 64;

    private readonly Dictionary<TKey, TValue>?[] _parts;

    private SharedMap(Dictionary<TKey, TValue>?[] parts, int count) => (_parts, Count) = (parts, count);

    public int Count { get; }

    public IEnumerable<TKey> Keys => this.Select(e => e.Key);

    public IEnumerable<TValue> Values => this.Select(e => e.Value);

    public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"{key}");

    public bool ContainsKey(TKey key) => _parts[PartOf(key, _parts.Length)]?.ContainsKey(key) == true;

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_parts[PartOf(key, _parts.Length)] is { } part) return part.TryGetValue(key, out value);
        value = default;
        return false;
    }

    public TValue? GetValueOrDefault(TKey key) => TryGetValue(key, out var value) ? value : default;

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var part in _parts)
        {
            if (part is null) continue;
            foreach (var entry in part) yield return entry;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <param name="more">How many entries are about to be added, so that many are spread once.</param>
    public Edit Change(int more = 0) => new(this, more);

    // Ids that were given one after the other stay together, because they are often changed together. The golden ratio mixes what
    // is left, its upper bits choose, and the part's dictionary uses all of the hash.
    private static int PartOf(TKey key, int parts) => (int)(((ulong)(((uint)key.GetHashCode() >> 6) * 0x9E37_79B9u) * (ulong)parts) >> 32);

    /// <summary>A copy in the making, used by one caller. What it was made of stays as it is.</summary>
    public sealed class Edit
    {
        private readonly SharedMap<TKey, TValue> _before;
        private Dictionary<TKey, TValue>?[]? _parts; // Null until something changes.
        private bool[] _isOwn = [];
        private int _count;

        internal Edit(SharedMap<TKey, TValue> before, int more)
        {
            (_before, _count) = (before, before.Count);
            if (before.Count + more > before._parts.Length * PartMost) Spread(before._parts, before.Count + more);
        }

        public TValue this[TKey key]
        {
            set
            {
                var part = Own(key);
                if (!part.TryAdd(key, value)) part[key] = value;
                else if (++_count > _parts!.Length * PartMost) Spread(_parts, _count);
            }
        }

        public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
        {
            var parts = _parts ?? _before._parts;
            if (parts[PartOf(key, parts.Length)] is { } part) return part.TryGetValue(key, out value);
            value = default;
            return false;
        }

        public bool Remove(TKey key)
        {
            if (!TryGetValue(key, out _)) return false;
            Own(key).Remove(key);
            _count--;
            return true;
        }

        /// <summary>The changed copy, or the same again when nothing was touched. The edit is used up.</summary>
        public SharedMap<TKey, TValue> Done()
        {
            if (_parts is null) return _before;
            var parts = _parts;
            _parts = null;
            return new SharedMap<TKey, TValue>(parts, _count);
        }

        private Dictionary<TKey, TValue> Own(TKey key)
        {
            if (_parts is null) (_parts, _isOwn) = ([.. _before._parts], new bool[_before._parts.Length]);
            var at = PartOf(key, _parts.Length);
            if (!_isOwn[at])
            {
                if (_parts[at] is { } shared) _parts[at] = new Dictionary<TKey, TValue>(shared);
                _isOwn[at] = true;
            }

            return _parts[at] ??= [];
        }

        private void Spread(Dictionary<TKey, TValue>?[] from, int count)
        {
            var parts = new Dictionary<TKey, TValue>?[BitOperations.RoundUpToPowerOf2((uint)(count / PartLeast))];
            foreach (var part in from)
            {
                if (part is null) continue;
                foreach (var (key, value) in part) (parts[PartOf(key, parts.Length)] ??= []).Add(key, value);
            }

            _parts = parts;
            _isOwn = new bool[parts.Length];
            Array.Fill(_isOwn, true);
        }
    }
}
