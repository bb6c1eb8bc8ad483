using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Identity;

namespace Lianka.Modules.Consoles;

/// <summary>What a person may do is decided by the role; whose things they see, by the party.</summary>
public static class Roles
{
    public const string Operator = "operator";
    public const string Merchant = "merchant";
    public const string Supplier = "supplier";

    public static bool IsKnown(string role) => role is Operator or Merchant or Supplier;
}

/// <summary>Somebody who logs in.</summary>
/// <param name="PartyId">The merchant or supplier they act for; 0 for operators.</param>
/// <param name="Stamp">Changes with the password; a session that carries another one is over.</param>
public sealed record Person(long Id, string Login, string Role, long PartyId, string DisplayName, string Stamp);

/// <summary>A person who is ready to be saved: id taken, password hashed (which is slow on purpose).</summary>
public sealed record NewPerson(long Id, string Login, string PasswordHash, string Role, long PartyId, string DisplayName, string Stamp);

public abstract record LogInDecision
{
    private LogInDecision() { }

    public sealed record Welcome(Person Person) : LogInDecision;

    /// <summary>Login or password is wrong; which one is not told.</summary>
    public sealed record Wrong : LogInDecision;

    /// <summary>Too many failures for this login, whether it exists or not.</summary>
    public sealed record Locked(DateTimeOffset Until) : LogInDecision;
}

/// <summary>The people who log in to the consoles, and their passwords.</summary>
public sealed class People(Database database, IdSource ids, SecurityChanges changes, SecondFactors factors, TimeProvider clock, Settings settings)
{
    private static readonly PasswordHasher<NewPerson> _hasher = new();

    // A hash that no password fits: a login that does not exist costs the same time as one that does.
    private static readonly string _nobodysHash = _hasher.HashPassword(null!, Guid.NewGuid().ToString());

    private readonly byte[] _attemptKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, settings.MasterKey, 32, info: "login attempts"u8.ToArray());

    private sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string PasswordHash { get; init; } = "";
        public string Role { get; init; } = "";
        public long PartyId { get; init; }
        public string DisplayName { get; init; } = "";
        public string State { get; init; } = "";
        public string Stamp { get; init; } = "";

        public Person ToPerson() => new(Id, Login, Role, PartyId, DisplayName, Stamp);
    }

    private const string Columns = "select id, login, password_hash, role, party_id, display_name, state, stamp from person";

    /// <summary>Makes a person in a transaction of its own.</summary>
    /// <returns>False when the login is taken.</returns>
    public async Task<bool> CreateAsync(string login, string password, string role, long partyId, string displayName)
    {
        var person = await PrepareAsync(login, password, role, partyId, displayName);
        return await database.WriteAsync(s => AddAsync(s, person));
    }

    /// <summary>The slow part of making a person; call it before the transaction that adds them.</summary>
    public async Task<NewPerson> PrepareAsync(string login, string password, string role, long partyId, string displayName)
    {
        if (!Roles.IsKnown(role)) throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role.");
        return new NewPerson(await ids.NextAsync(), LogInRules.Normalise(login), _hasher.HashPassword(null!, password),
            role, partyId, displayName, NewStamp());
    }

    /// <summary>Adds the person in the caller's transaction.</summary>
    /// <returns>False when the login is taken; nothing was written.</returns>
    public async Task<bool> AddAsync(Session session, NewPerson person)
    {
        var added = await session.ExecuteAsync("""
            insert into person (id, login, password_hash, role, party_id, display_name, stamp, created_at)
            values (@Id, @Login, @PasswordHash, @Role, @PartyId, @DisplayName, @Stamp, @At)
            on conflict do nothing
            """,
            new { person.Id, person.Login, person.PasswordHash, person.Role, person.PartyId, person.DisplayName, person.Stamp, At = clock.Now() });
        if (added == 1 && person.Role != Roles.Operator) await changes.NoteAsync(session, person.PartyId, "login", person.Login);
        return added == 1;
    }

    public async Task<bool> AnyOperatorAsync(Session session) =>
        await session.ScalarAsync<long>("select count(*) from person where role = 'operator'") > 0;

    public Task<bool> IsTakenAsync(string login) => database.ReadAsync(async s =>
        await s.ScalarAsync<long>("select count(*) from person where login = @Login", new { Login = LogInRules.Normalise(login) }) > 0);

    public Task<List<Person>> OfPartyAsync(string role, long partyId) => database.ReadAsync(async s =>
        (await s.QueryAsync<Row>($"{Columns} where party_id = @partyId and role = @role order by id", new { role, partyId })).ConvertAll(r => r.ToPerson()));

    /// <summary>The person whose password was right; null when they are gone, blocked, or have changed it since.</summary>
    public Task<Person?> OfStampAsync(long id, string stamp) => database.ReadAsync(async s =>
        (await s.FirstAsync<Row>($"{Columns} where id = @id and stamp = @stamp and state = 'active'", new { id, stamp }))?.ToPerson());

    /// <summary>Checks a log-in. Each try is counted before the password is looked at, so that parallel guesses cannot slip through.</summary>
    public async Task<LogInDecision> LogInAsync(string login, string password)
    {
        login = LogInRules.Normalise(login);
        var key = AttemptKey(login);
        if (await CountAttemptAsync(key) is { } until) return new LogInDecision.Locked(until);

        var row = await database.ReadAsync(s => s.FirstAsync<Row>($"{Columns} where login = @login", new { login }));
        var verdict = _hasher.VerifyHashedPassword(null!, row?.PasswordHash ?? _nobodysHash, password);
        if (row is null || row.State != "active" || verdict == PasswordVerificationResult.Failed) return new LogInDecision.Wrong();

        var rehashed = verdict == PasswordVerificationResult.SuccessRehashNeeded ? _hasher.HashPassword(null!, password) : row.PasswordHash;
        await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("delete from login_attempt where login_key = @key", new { key });
            await s.ExecuteAsync("update person set last_seen_at = @At, password_hash = @rehashed where id = @Id", new { At = clock.Now(), rehashed, row.Id });
        });
        return new LogInDecision.Welcome(row.ToPerson());
    }

    /// <summary>Checks the code that is asked for after the password. Tries are counted apart from those of the password: whoever knows that one does not begin anew with it.</summary>
    public async Task<LogInDecision> TryCodeAsync(Person person, string code)
    {
        var key = AttemptKey($"code {person.Login}");
        if (await CountAttemptAsync(key) is { } until) return new LogInDecision.Locked(until);
        if (!await factors.TakeAsync(person.Id, code)) return new LogInDecision.Wrong();
        await database.WriteAsync(s => s.ExecuteAsync("delete from login_attempt where login_key = @key", new { key }));
        return new LogInDecision.Welcome(person);
    }

    /// <summary>Sets a new password and ends every session of this person.</summary>
    /// <returns>The person with the new stamp; null when the old password is wrong.</returns>
    public async Task<Person?> ChangePasswordAsync(long id, string oldPassword, string newPassword)
    {
        var row = await database.ReadAsync(s => s.FirstAsync<Row>($"{Columns} where id = @id", new { id }));
        if (row is null || _hasher.VerifyHashedPassword(null!, row.PasswordHash, oldPassword) == PasswordVerificationResult.Failed) return null;
        return await SetPasswordAsync(row, newPassword);
    }

    /// <summary>Sets a new password without the old one, for a person of the given party only, and turns second factor and passkeys off: who has lost one has often lost all, and who took them is out.</summary>
    public async Task<bool> ResetPasswordAsync(string login, string role, long partyId, string newPassword)
    {
        var row = await database.ReadAsync(s => s.FirstAsync<Row>(
            $"{Columns} where login = @Login and role = @role and party_id = @partyId", new { Login = LogInRules.Normalise(login), role, partyId }));
        return row is not null && await SetPasswordAsync(row, newPassword, isReset: true) is not null;
    }

    private async Task<Person?> SetPasswordAsync(Row row, string password, bool isReset = false)
    {
        var (hash, stamp) = (_hasher.HashPassword(null!, password), NewStamp());
        // The old hash in the condition: of two changes at once, one wins and the other hears that its password is out of date.
        var changed = await database.WriteAsync(async s =>
        {
            var updated = await s.ExecuteAsync(
                "update person set password_hash = @hash, stamp = @stamp where id = @Id and password_hash = @PasswordHash",
                new { hash, stamp, row.Id, row.PasswordHash });
            if (updated == 1 && row.Role != Roles.Operator) await changes.NoteAsync(s, row.PartyId, "password", row.Login);
            if (updated == 1 && isReset)
            {
                await SecondFactors.OffAsync(s, row.Id);
                await Passkeys.OffAsync(s, row.Id);
            }

            return updated;
        });
        return changed == 1 ? row.ToPerson() with { Stamp = stamp } : null;
    }

    private Task<DateTimeOffset?> CountAttemptAsync(string key)
    {
        var now = clock.Now();
        return database.WriteAsync<DateTimeOffset?>(async s =>
        {
            await s.ExecuteAsync("delete from login_attempt where at < @Before", new { Before = now - LogInRules.Forgotten });
            var failed = await s.ScalarAsync<long?>("""
                insert into login_attempt (login_key, failed, locked_until, at) values (@key, 1, 0, @now)
                on conflict (login_key) do update set failed = login_attempt.failed + 1, at = @now
                where login_attempt.locked_until <= @now
                returning failed
                """, new { key, now });
            if (failed is null)
                return Instants.FromMicros(await s.ScalarAsync<long>("select locked_until from login_attempt where login_key = @key", new { key }));
            var wait = LogInRules.Wait(failed.Value);
            if (wait > TimeSpan.Zero)
                await s.ExecuteAsync("update login_attempt set locked_until = @Until where login_key = @key", new { Until = now + wait, key });
            return null;
        });
    }

    private string AttemptKey(string login) => Convert.ToHexStringLower(HMACSHA256.HashData(_attemptKey, Encoding.UTF8.GetBytes(login)));

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
