using System.Security.Cryptography;
using System.Text;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Host.Scenarios;

/// <summary>The log-in passwords of a demo: random for each installation, and the same again after each restart.</summary>
/// <remarks>They are derived from one random seed, which stands sealed in the database.</remarks>
internal sealed class DemoPasswords
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 14;

    private const string Before = "scenario:", After = ":seed";

    private readonly byte[] _seed;

    internal static SealedColumn Sealed { get; } = new("setting", "name", "value", name => name[..^After.Length]) { HasTextKey = true, TextOf = $"{Before}%{After}" };

    private DemoPasswords(byte[] seed) => _seed = seed;

    public static async Task<DemoPasswords> OpenAsync(Database database, CardVault vault, string scenario)
    {
        var name = $"{Before}{scenario}{After}";
        var context = Sealed.Context(name);
        var fresh = Convert.ToBase64String(vault.Seal(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), context));
        var kept = await database.WriteAsync(async s =>
        {
            // Of two nodes that start together, both use what the first one wrote.
            await s.ExecuteAsync("insert into setting (name, value) values (@name, @fresh) on conflict do nothing", new { name, fresh });
            return await s.ScalarAsync<string>("select value from setting where name = @name", new { name });
        });
        return new DemoPasswords(Convert.FromBase64String(vault.Open(Convert.FromBase64String(kept!), context)));
    }

    public string Of(string login)
    {
        var bytes = HMACSHA256.HashData(_seed, Encoding.UTF8.GetBytes(login));
        // 31 characters over 256 values: the slight preference of some is of no use to a guesser of 14.
        return string.Create(Length, bytes, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Alphabet[from[i] % Alphabet.Length];
        });
    }
}
