using System.Security.Cryptography;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Payments.Test;

/// <summary>The key that this installation and its simulated gateway share: made once, kept sealed in a setting.</summary>
internal sealed class TestChannelKey(Database database, CardVault vault)
{
    private const string Name = "channel.test.key";
    private byte[]? _key;

    internal static SealedColumn Sealed { get; } = new("setting", "name", "value", name => name) { HasTextKey = true, TextOf = Name };

    /// <summary>Waits for the database where it was not asked for before; a notice is read only after a payment was opened.</summary>
    public byte[] Get() => _key ?? GetAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask<byte[]> GetAsync() => _key ??= await OpenAsync();

    private async Task<byte[]> OpenAsync()
    {
        var kept = await database.ReadAsync(s => ReadAsync(s)) ?? await database.WriteAsync(async s =>
        {
            var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
            // Two nodes may come here together: both use the key of the first.
            await s.ExecuteAsync("insert into setting (name, value) values (@Name, @Value) on conflict do nothing",
                new { Name, Value = Convert.ToBase64String(vault.Seal(key, Name)) });
            return await ReadAsync(s);
        });
        return Convert.FromHexString(vault.Open(Convert.FromBase64String(kept!), Name));
    }

    private static Task<string?> ReadAsync(Session session) =>
        session.ScalarAsync<string>("select value from setting where name = @Name", new { Name });
}
