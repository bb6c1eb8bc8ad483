using Lianka.Kernel;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>Opens the vault with the data keys of this database; the first start makes the first key.</summary>
public static class VaultKeys
{
    private sealed record Row
    {
        public long Id { get; init; }
        public byte[] Wrapped { get; init; } = [];
    }

    public static async Task<CardVault> OpenAsync(Database database, Settings settings, TimeProvider clock)
    {
        var keys = await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<Row>("select id, wrapped from data_key order by id");
            if (rows.Count > 0) return rows.ConvertAll(r => new WrappedKey((int)r.Id, r.Wrapped));
            var first = CardVault.NewKey(settings.MasterKey, 1);
            // Two nodes may start together: the one that came second uses the key of the first.
            await s.ExecuteAsync(
                "insert into data_key (id, wrapped, created_at) values (1, @Wrapped, @At) on conflict do nothing",
                new { first.Wrapped, At = clock.Now() });
            rows = await s.QueryAsync<Row>("select id, wrapped from data_key order by id");
            return rows.ConvertAll(r => new WrappedKey((int)r.Id, r.Wrapped));
        });
        return new CardVault(settings.MasterKey, keys);
    }
}
