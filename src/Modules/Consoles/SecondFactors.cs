using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Modules.Consoles;

/// <summary>Codes of an app that a person is asked for after the password, and the codes for who has lost it.</summary>
/// <remarks>
/// A copy of the database holds no secret: it is derived from the master key. A code is taken once, and each try counts as one at the log-in
/// (<see cref="People.TryCodeAsync"/>). Held by: tests/Integration/Consoles/SecondFactorTests.cs.
/// </remarks>
public sealed class SecondFactors(Database database, TimeProvider clock, Settings settings)
{
    /// <summary>So many recovery codes are handed out at a time.</summary>
    public const int RecoveryCodes = 10;

    private const int NonceSize = 16;
    private const int SecretSize = 20;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, settings.MasterKey, 32, info: "second factors"u8.ToArray());

    private sealed record Row
    {
        public byte[] Nonce { get; init; } = [];
        public long LastStep { get; init; }
    }

    /// <summary>Begins a new secret; nothing is kept until its first code is there.</summary>
    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceSize);

    /// <summary>The secret that belongs to a number used once; 160 bits, as the standard asks for.</summary>
    public byte[] SecretOf(long person, byte[] nonce) => HMACSHA256.HashData(_key, (byte[])[.. nonce, .. Encoding.ASCII.GetBytes(PublicId.Encode(person))]).AsSpan(0, SecretSize).ToArray();

    public async Task<bool> IsOnAsync(long person) =>
        await database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from second_factor where person_id = @person", new { person })) > 0;

    /// <summary>Turns it on, in place of an earlier one, when the app shows the right code.</summary>
    /// <returns>The recovery codes, shown this once; null: the code is not right.</returns>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(long person, byte[] nonce, string code)
    {
        if (nonce.Length != NonceSize || OneTimeCode.Match(SecretOf(person, nonce), Typed(code), clock.Now(), lastStep: 0) is not { } step) return null;
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => OneTimeCode.Base32(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant()).ToList();
        await database.WriteAsync(async s =>
        {
            await OffAsync(s, person);
            await s.ExecuteAsync("insert into second_factor (person_id, nonce, last_step, created_at) values (@person, @nonce, @step, @Now)",
                new { person, nonce, step, Now = clock.Now() });
            foreach (var one in codes) await s.ExecuteAsync("insert into recovery_code (person_id, hash) values (@person, @Hash)", new { person, Hash = HashOf(person, one) });
        });
        return codes;
    }

    /// <summary>Takes a code of the app, or a recovery code; each once.</summary>
    public async Task<bool> TakeAsync(long person, string code)
    {
        var typed = Typed(code);
        return await database.WriteAsync(async s =>
        {
            if (await s.FirstAsync<Row>($"select nonce, last_step from second_factor where person_id = @person{s.ForUpdate}", new { person }) is not { } row) return false;
            if (OneTimeCode.Match(SecretOf(person, row.Nonce), typed, clock.Now(), row.LastStep) is { } step)
                return await s.ExecuteAsync("update second_factor set last_step = @step where person_id = @person and last_step < @step", new { person, step }) == 1;
            return await s.ExecuteAsync("delete from recovery_code where person_id = @person and hash = @Hash", new { person, Hash = HashOf(person, typed) }) == 1;
        });
    }

    public Task TurnOffAsync(long person) => database.WriteAsync(s => OffAsync(s, person));

    internal static async Task OffAsync(Session session, long person)
    {
        await session.ExecuteAsync("delete from recovery_code where person_id = @person", new { person });
        await session.ExecuteAsync("delete from second_factor where person_id = @person", new { person });
    }

    // Codes are shown in groups, and Chinese keyboards write full-width digits.
    private static string Typed(string code) => string.Concat(FullWidth.Narrow(code).Where(c => !char.IsWhiteSpace(c) && c != '-')).ToLowerInvariant();

    private byte[] HashOf(long person, string code) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{PublicId.Encode(person)} {code}"));
}
