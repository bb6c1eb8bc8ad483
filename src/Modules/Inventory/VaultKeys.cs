using Lianka.Kernel;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>The data keys of this database: the first start makes the first one, a rotation adds one.</summary>
/// <remarks>
/// A new key opens at once but seals only after <see cref="Settling"/>: until then every running node has learned it
/// (<see cref="RefreshAsync(Database, CardVault, TimeProvider, CancellationToken)"/>, every 30 s), so no node meets a secret that it cannot open.
/// </remarks>
public static class VaultKeys
{
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    private sealed record Row
    {
        public long Id { get; init; }
        public byte[] Wrapped { get; init; } = [];
        public DateTimeOffset CreatedAt { get; init; }
    }

    public static async Task<CardVault> OpenAsync(Database database, Settings settings, TimeProvider clock)
    {
        var rows = await database.WriteAsync(async s =>
        {
            var there = await LoadAsync(s);
            if (there.Count > 0) return there;
            var first = CardVault.NewKey(settings.MasterKey, 1);
            // Two nodes may start together: the one that came second uses the key of the first.
            await s.ExecuteAsync(
                "insert into data_key (id, wrapped, created_at) values (1, @Wrapped, @At) on conflict do nothing",
                new { first.Wrapped, At = clock.Now() });
            return await LoadAsync(s);
        });
        return new CardVault(settings.MasterKey, Wrapped(rows), SealingOf(rows, clock.Now()));
    }

    /// <summary>Adds a data key, and has everything re-sealed under it (<see cref="Resealing"/>). Older ones stay: they open backups, and tickets that are out.</summary>
    /// <returns>Its id, and when it begins to seal.</returns>
    public static Task<(int Id, DateTimeOffset SealsFrom)> RotateAsync(Database database, Settings settings, TimeProvider clock) =>
        database.WriteAsync(async s =>
        {
            var id = (int)await s.ScalarAsync<long>("select max(id) + 1 from data_key");
            var now = clock.Now();
            var key = CardVault.NewKey(settings.MasterKey, id);
            await s.ExecuteAsync("insert into data_key (id, wrapped, created_at) values (@id, @Wrapped, @now)", new { id, key.Wrapped, now });
            // Cards go to the newest key only; work for one before is not finished any more.
            await s.ExecuteAsync("update reseal set ended_at = @now where ended_at is null", new { now });
            await s.ExecuteAsync("insert into reseal (key_id, started_at) values (@id, @now)", new { id, now });
            return (id, now + Settling);
        });

    /// <summary>Tells a running vault of the keys as they stand now.</summary>
    public static async Task RefreshAsync(Database database, CardVault vault, TimeProvider clock, CancellationToken cancel = default)
    {
        await database.ReadAsync(async s =>
        {
            await RefreshAsync(s, vault, clock);
            return 0;
        }, cancel);
    }

    /// <summary>As it stands in the transaction of this session.</summary>
    internal static async Task RefreshAsync(Session session, CardVault vault, TimeProvider clock)
    {
        var rows = await LoadAsync(session);
        vault.Learn(Wrapped(rows), SealingOf(rows, clock.Now()));
    }

    private static Task<List<Row>> LoadAsync(Session s) => s.QueryAsync<Row>("select id, wrapped, created_at from data_key order by id");

    private static List<WrappedKey> Wrapped(List<Row> rows) => rows.ConvertAll(r => new WrappedKey((int)r.Id, r.Wrapped));

    /// <summary>The newest key that everyone knows; the first one seals from its first moment.</summary>
    private static int SealingOf(List<Row> rows, DateTimeOffset now) =>
        (int)(rows.FindLast(r => r.CreatedAt + Settling <= now) ?? rows[0]).Id;
}
