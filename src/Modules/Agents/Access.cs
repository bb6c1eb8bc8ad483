using System.Collections.Frozen;
using System.Net;
using System.Text;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Agents;

/// <summary>An API key as a request is checked against it.</summary>
/// <param name="Secret">The UTF-8 bytes of the secret, for the signature. Never logged, never sent.</param>
/// <param name="IsOwnerActive">A suspended merchant is known, but may do nothing. A supplier that is suspended delivers what was sold.</param>
public sealed record ApiKeyEntry(
    string Key, KeyOwner Owner, bool IsOwnerActive, ReadOnlyMemory<byte> Secret, FrozenSet<string> Scopes,
    IReadOnlyList<IPNetwork> AllowedIps, int CallsPerSecond, DateTimeOffset? ExpiresAt)
{
    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>True when the list is empty or the address is in one of its networks.</summary>
    public bool Allows(IPAddress address)
    {
        if (AllowedIps.Count == 0) return true;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in AllowedIps)
            if (network.Contains(plain)) return true;
        return false;
    }

    /// <summary>Without the secret, so that no log line can hold it.</summary>
    public override string ToString() => $"{nameof(ApiKeyEntry)} {Key}";
}

/// <summary>Who may come in, and by which shop: keys and storefronts in memory, as old as the version 'access' says.</summary>
/// <remarks>Thread-safe. A change on this node is seen at once, one of another node within a second (<see cref="Refresh"/>).</remarks>
public sealed class Access(Database database, CardVault vault, TimeProvider clock, ILogger<Access> log) : IDisposable
{
    private sealed record Snapshot(long Version, FrozenDictionary<string, ApiKeyEntry> Keys, FrozenDictionary<string, Storefront> Storefronts,
        FrozenDictionary<string, Storefront> ByHost);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private Snapshot _current = new(0, FrozenDictionary<string, ApiKeyEntry>.Empty, FrozenDictionary<string, Storefront>.Empty,
        FrozenDictionary<string, Storefront>.Empty);

    /// <summary>The key when it is known, not revoked and not expired; else null.</summary>
    public ApiKeyEntry? FindKey(string key) =>
        Volatile.Read(ref _current).Keys.TryGetValue(key, out var entry) && (entry.ExpiresAt is not { } end || clock.GetUtcNow() < end)
            ? entry
            : null;

    /// <summary>Higher with every change that this node knows of.</summary>
    public long Version => Volatile.Read(ref _current).Version;

    /// <summary>The storefront of an address, open or closed; null when there is none.</summary>
    public Storefront? FindStorefront(string slug) => Volatile.Read(ref _current).Storefronts.GetValueOrDefault(slug);

    /// <summary>The storefront at a domain of its own that is proved; null when there is none.</summary>
    public Storefront? FindByHost(string host) => Volatile.Read(ref _current).ByHost.GetValueOrDefault(host);

    /// <summary>Reads one row, and everything only when that row moved.</summary>
    public async Task RefreshAsync(CancellationToken cancel = default)
    {
        await _loading.WaitAsync(cancel);
        try
        {
            var have = Volatile.Read(ref _current);
            var loaded = await database.ReadAsync(async s =>
            {
                var version = await s.ScalarAsync<long>("select value from version where name = 'access'");
                return version == have.Version ? have : await LoadAsync(s, version);
            }, cancel);
            Volatile.Write(ref _current, loaded);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<Snapshot> LoadAsync(Session s, long version)
    {
        var keys = await s.QueryAsync<KeyRow>(
            """
            select k.key, k.merchant_id, k.supplier_id, k.secret_sealed, k.scopes, k.allowed_ips, k.calls_per_second, k.expires_at,
                   case when k.supplier_id is not null or m.state = 'active' then 1 else 0 end as active
            from api_key k left join merchant m on m.id = k.merchant_id
            where k.state = 'active'
            """);
        var storefronts = (await s.QueryAsync<StorefrontRow>(StorefrontRow.Select)).ConvertAll(r => r.ToStorefront());
        return new(version,
            keys.Select(Open).OfType<ApiKeyEntry>().ToFrozenDictionary(k => k.Key),
            storefronts.ToFrozenDictionary(f => f.Slug),
            storefronts.Where(f => f.Domain is { State: DomainState.Proved }).ToFrozenDictionary(f => f.Domain!.Name));
    }

    private ApiKeyEntry? Open(KeyRow row)
    {
        try
        {
            return new ApiKeyEntry(
                row.Key, KeyOwner.Of(row.MerchantId, row.SupplierId), row.Active == 1, Encoding.UTF8.GetBytes(vault.Open(row.SecretSealed, ApiKeyRules.SealContext(row.Key))),
                row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(),
                [.. row.AllowedIps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ApiKeyRules.Network).OfType<IPNetwork>()],
                (int)row.CallsPerSecond, row.ExpiresAt);
        }
        catch (SealBrokenException broken)
        {
            // One key that was tampered with must not lock out all others; it alone does not work.
            log.LogError(broken, "The secret of API key {Key} cannot be opened; the key is not accepted.", row.Key);
            return null;
        }
    }

    public void Dispose() => _loading.Dispose();

    private sealed record KeyRow
    {
        public string Key { get; init; } = "";
        public MerchantId? MerchantId { get; init; }
        public SupplierId? SupplierId { get; init; }
        public byte[] SecretSealed { get; init; } = [];
        public string Scopes { get; init; } = "";
        public string AllowedIps { get; init; } = "";
        public long CallsPerSecond { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public long Active { get; init; }
    }
}
