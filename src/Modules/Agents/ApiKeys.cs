using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Agents;

/// <summary>What a key may be allowed to do.</summary>
public static class ApiScopes
{
    public const string OrdersWrite = "orders:write";
    public const string OrdersRead = "orders:read";
    public const string CardsRead = "cards:read";
    public const string AccountRead = "account:read";

    /// <summary>A supplier's own supplies, standing and imports.</summary>
    public const string SupplyRead = "supply:read";

    /// <summary>Send cards in and change costs.</summary>
    public const string StockWrite = "stock:write";

    /// <summary>See what is to be delivered, with what the buyer gave, and deliver it.</summary>
    public const string Deliver = "deliver";
    public const string MoneyRead = "money:read";

    /// <summary>What merchants' keys may be allowed.</summary>
    public static readonly IReadOnlyList<string> All = [OrdersWrite, OrdersRead, CardsRead, AccountRead];

    /// <summary>What suppliers' keys may be allowed. No scope is in both.</summary>
    public static readonly IReadOnlyList<string> OfSuppliers = [SupplyRead, StockWrite, Deliver, MoneyRead];
}

/// <summary>Whose a key is: a merchant's or a supplier's, never both. The tenant of every query for keys.</summary>
public readonly record struct KeyOwner
{
    private KeyOwner(MerchantId? merchant, SupplierId? supplier) => (Merchant, Supplier) = (merchant, supplier);

    public MerchantId? Merchant { get; }
    public SupplierId? Supplier { get; }

    public static KeyOwner Of(MerchantId merchant) => new(merchant, null);
    public static KeyOwner Of(SupplierId supplier) => new(null, supplier);

    public static implicit operator KeyOwner(MerchantId merchant) => Of(merchant);
    public static implicit operator KeyOwner(SupplierId supplier) => Of(supplier);

    internal static KeyOwner Of(MerchantId? merchant, SupplierId? supplier) => new(merchant, supplier);

    /// <summary>What a key of this owner may be allowed.</summary>
    public IReadOnlyList<string> Scopes => Supplier is null ? ApiScopes.All : ApiScopes.OfSuppliers;
}

public sealed record ApiKeyDraft
{
    public string Name { get; init; } = "";
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Addresses or networks, separated by spaces, commas or line ends; empty: from everywhere.</summary>
    public string AllowedIps { get; init; } = "";
    public string CallsPerSecond { get; init; } = "2000";
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key as its owner sees it: everything but the secret.</summary>
public sealed record ApiKeyLine(
    long Id, string Key, KeyOwner Owner, string Name, IReadOnlyList<string> Scopes, string AllowedIps, long CallsPerSecond,
    bool IsRevoked, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>A new key with its secret, which is shown this once and cannot be had again.</summary>
public sealed record NewApiKey(ApiKeyLine Line, string Secret)
{
    /// <summary>Without the secret, so that no log line can hold it.</summary>
    public override string ToString() => $"{nameof(NewApiKey)} {Line.Key}";
}

/// <summary>The keys by which merchants and suppliers call the API. Requests are checked with <see cref="Find"/>, from memory.</summary>
public sealed class ApiKeys(Database database, IdSource ids, CardVault vault, Access access, TimeProvider clock)
{
    /// <summary>How many keys that work one owner may have.</summary>
    public const int ActiveMax = 20;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int KeyLength = 24, SecretLength = 40;
    private const string Select =
        "select id, key, merchant_id, supplier_id, name, scopes, allowed_ips, calls_per_second, state, created_at, expires_at from api_key";

    /// <summary>The key when it is known, not revoked and not expired; else null. No database.</summary>
    public ApiKeyEntry? Find(string key) => access.FindKey(key);

    private const string Own = "(merchant_id = @Merchant or supplier_id = @Supplier)";

    public async Task<AgentsDecision<NewApiKey>> CreateAsync(KeyOwner owner, ApiKeyDraft draft, CancellationToken cancel = default)
    {
        var now = clock.Now();
        var check = new FieldCheck();
        var line = new ApiKeyLine(
            await ids.NextAsync(), $"lk_live_{RandomNumberGenerator.GetString(Alphabet, KeyLength)}", owner,
            check.Text("name", draft.Name, 80, lines: false), [.. check.Scopes(draft.Scopes, owner.Scopes).Split(' ')], check.AllowedIps(draft.AllowedIps),
            check.Number("calls_per_second", draft.CallsPerSecond, 1, ApiKeyRules.CallsPerSecondMax), IsRevoked: false, now, draft.ExpiresAt?.Stored());
        if (draft.ExpiresAt <= now) check.Add("expires_at", "in_the_past", "Must be in the future.", "须晚于现在。");
        if (check.Errors.Count > 0) return new AgentsDecision<NewApiKey>.Refused(check.Errors);

        // 40 characters of 32: 200 bits, more than the signature's own strength.
        var secret = RandomNumberGenerator.GetString(Alphabet, SecretLength);
        var secretSealed = vault.Seal(secret, ApiKeyRules.SealContext(line.Key));
        var decision = await database.WriteAsync<AgentsDecision<NewApiKey>>(async s =>
        {
            // First: its lock makes the count below exact.
            await s.RaiseAccessAsync();
            var isThere = await s.ScalarAsync<long>(owner.Supplier is null
                ? "select count(*) from merchant where id = @Merchant" : "select count(*) from supplier where id = @Supplier", owner);
            if (isThere == 0)
                return new AgentsDecision<NewApiKey>.Missing();
            var active = await s.ScalarAsync<long>(
                $"select count(*) from api_key where {Own} and state = 'active' and (expires_at is null or expires_at > @now)",
                new { owner.Merchant, owner.Supplier, now });
            if (active >= ActiveMax)
                return new AgentsDecision<NewApiKey>.Refused([new("name", "too_many",
                    $"At most {ActiveMax} keys may be in use: revoke one first.", $"最多同时使用 {ActiveMax} 个密钥，请先停用一个。")]);
            await s.ExecuteAsync(
                """
                insert into api_key (id, key, merchant_id, supplier_id, name, secret_sealed, scopes, allowed_ips, calls_per_second, created_at, expires_at)
                values (@Id, @Key, @Merchant, @Supplier, @Name, @Sealed, @Scopes, @AllowedIps, @CallsPerSecond, @CreatedAt, @ExpiresAt)
                """,
                new
                {
                    line.Id,
                    line.Key,
                    owner.Merchant,
                    owner.Supplier,
                    line.Name,
                    Sealed = secretSealed,
                    Scopes = string.Join(' ', line.Scopes),
                    line.AllowedIps,
                    line.CallsPerSecond,
                    line.CreatedAt,
                    line.ExpiresAt,
                });
            return new AgentsDecision<NewApiKey>.Saved(new(line, secret));
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    /// <summary>Ends a key for ever; this node refuses it when this returns, others within a second.</summary>
    /// <param name="tenant">The owner; another's key is as if it did not exist. Null: the operator.</param>
    public async Task<AgentsDecision<ApiKeyLine>> RevokeAsync(KeyOwner? tenant, long id, CancellationToken cancel = default)
    {
        var decision = await database.WriteAsync<AgentsDecision<ApiKeyLine>>(async s =>
        {
            await s.RaiseAccessAsync();
            var own = tenant is null ? "" : $" and {Own}";
            var args = new { id, tenant?.Merchant, tenant?.Supplier };
            await s.ExecuteAsync($"update api_key set state = 'revoked' where id = @id{own}", args);
            var row = await s.FirstAsync<LineRow>($"{Select} where id = @id{own}", args);
            return row is null ? new AgentsDecision<ApiKeyLine>.Missing() : new AgentsDecision<ApiKeyLine>.Saved(row.ToLine());
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    /// <summary>An owner's keys, the newest first (at most 200), revoked ones included.</summary>
    public Task<List<ApiKeyLine>> ListAsync(KeyOwner owner, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<LineRow>($"{Select} where {Own} order by id desc limit 200", owner))
            .ConvertAll(r => r.ToLine()), cancel);

    private sealed record LineRow
    {
        public long Id { get; init; }
        public string Key { get; init; } = "";
        public MerchantId? MerchantId { get; init; }
        public SupplierId? SupplierId { get; init; }
        public string Name { get; init; } = "";
        public string Scopes { get; init; } = "";
        public string AllowedIps { get; init; } = "";
        public long CallsPerSecond { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }

        public ApiKeyLine ToLine() => new(
            Id, Key, KeyOwner.Of(MerchantId, SupplierId), Name, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), AllowedIps, CallsPerSecond,
            State == "revoked", CreatedAt, ExpiresAt);
    }
}
