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
/// <param name="Rights">What they may do in the pages of their role; all, but for people with a role that their employer made.</param>
public sealed record Person(long Id, string Login, string Role, long PartyId, string DisplayName, string Stamp, Rights Rights);

/// <summary>A person as the database has them, for those here who read them.</summary>
internal sealed record PersonRow
{
    public const string Columns = """
        select p.id, p.login, p.password_hash, p.role, p.party_id, p.display_name, p.state, p.stamp, p.person_role_id, r.permissions
        """;

    /// <summary>Behind <c>person p</c>.</summary>
    public const string WithRole = "left join person_role r on r.id = p.person_role_id";

    public long Id { get; init; }
    public string Login { get; init; } = "";
    public string PasswordHash { get; init; } = "";
    public string Role { get; init; } = "";
    public long PartyId { get; init; }
    public string DisplayName { get; init; } = "";
    public string State { get; init; } = "";
    public string Stamp { get; init; } = "";
    public long? PersonRoleId { get; init; }
    public string? Permissions { get; init; }

    /// <summary>Of the session they were found by.</summary>
    public DateTimeOffset SeenAt { get; init; }

    public Person ToPerson() => new(Id, Login, Role, PartyId, DisplayName, Stamp, PersonRoleId is null ? Rights.All : new Rights(Permissions ?? ""));
}

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
    private static readonly string _nobodysHash = HashOf(Guid.NewGuid().ToString());

    private readonly byte[] _attemptKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, settings.MasterKey, 32, info: "login attempts"u8.ToArray());

    private const string Columns = $"{PersonRow.Columns} from person p {PersonRow.WithRole}";

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
        return new NewPerson(await ids.NextAsync(), LogInRules.Normalise(login), HashOf(password),
            role, partyId, displayName, NewStamp());
    }

    /// <summary>Adds the person, to whom everything is permitted, in the caller's transaction.</summary>
    /// <returns>False when the login is taken; nothing was written.</returns>
    public Task<bool> AddAsync(Session session, NewPerson person) => AddAsync(session, person, role: null, Rights.All);

    /// <param name="role">A role of their own, which permits <paramref name="rights"/>.</param>
    internal async Task<bool> AddAsync(Session session, NewPerson person, long? role, Rights rights)
    {
        var added = await session.ExecuteAsync("""
            insert into person (id, login, password_hash, role, party_id, display_name, stamp, created_at, person_role_id)
            values (@Id, @Login, @PasswordHash, @Role, @PartyId, @DisplayName, @Stamp, @At, @StaffRole)
            on conflict do nothing
            """,
            new { person.Id, person.Login, person.PasswordHash, person.Role, person.PartyId, person.DisplayName, person.Stamp, At = clock.Now(), StaffRole = role });
        if (added == 1 && person.Role != Roles.Operator && rights.PayOut) await changes.NoteAsync(session, person.PartyId, "login", person.Login);
        return added == 1;
    }

    public async Task<bool> AnyOperatorAsync(Session session) =>
        await session.ScalarAsync<long>("select count(*) from person where role = 'operator'") > 0;

    public Task<bool> IsTakenAsync(string login) => database.ReadAsync(async s =>
        await s.ScalarAsync<long>("select count(*) from person where login = @Login", new { Login = LogInRules.Normalise(login) }) > 0);

    public Task<List<Person>> OfPartyAsync(string role, long partyId) => database.ReadAsync(async s =>
        (await s.QueryAsync<PersonRow>($"{Columns} where p.party_id = @partyId and p.role = @role order by p.id", new { role, partyId })).ConvertAll(r => r.ToPerson()));

    /// <summary>The person whose password was right; null when they are gone, blocked, or have changed it since.</summary>
    public Task<Person?> OfStampAsync(long id, string stamp) => database.ReadAsync(async s =>
        (await s.FirstAsync<PersonRow>($"{Columns} where p.id = @id and p.stamp = @stamp and p.state = 'active'", new { id, stamp }))?.ToPerson());

    /// <summary>Somebody who may log in, as they are now.</summary>
    public Task<Person?> FindAsync(long id) => database.ReadAsync(async s =>
        (await s.FirstAsync<PersonRow>($"{Columns} where p.id = @id and p.state = 'active'", new { id }))?.ToPerson());

    /// <summary>Checks a log-in. Each try is counted before the password is looked at, so that parallel guesses cannot slip through.</summary>
    public async Task<LogInDecision> LogInAsync(string login, string password)
    {
        login = LogInRules.Normalise(login);
        var key = AttemptKey(login);
        if (await CountAttemptAsync(key) is { } until) return new LogInDecision.Locked(until);

        var row = await database.ReadAsync(s => s.FirstAsync<PersonRow>($"{Columns} where p.login = @login", new { login }));
        var verdict = _hasher.VerifyHashedPassword(null!, row?.PasswordHash ?? _nobodysHash, password);
        if (row is null || row.State != "active" || verdict == PasswordVerificationResult.Failed) return new LogInDecision.Wrong();

        var rehashed = verdict == PasswordVerificationResult.SuccessRehashNeeded ? HashOf(password) : row.PasswordHash;
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
        var row = await database.ReadAsync(s => s.FirstAsync<PersonRow>($"{Columns} where p.id = @id", new { id }));
        if (row is null || _hasher.VerifyHashedPassword(null!, row.PasswordHash, oldPassword) == PasswordVerificationResult.Failed) return null;
        var hash = HashOf(newPassword);
        // The old hash in the condition: of two changes at once, one wins and the other hears that its password is out of date.
        var stamp = await database.WriteAsync(s => SetPasswordAsync(s, id, hash, row.PasswordHash));
        return stamp is null ? null : row.ToPerson() with { Stamp = stamp };
    }

    /// <summary>Sets a new password without the old one, for a person of the given party only, and turns second factor and passkeys off: who has lost one has often lost all, and who took them is out.</summary>
    public async Task<bool> ResetPasswordAsync(string login, string role, long partyId, string newPassword)
    {
        var hash = HashOf(newPassword);
        return await database.WriteAsync(async s =>
            await s.ScalarAsync<long?>("select id from person where login = @Login and role = @role and party_id = @partyId", new { Login = LogInRules.Normalise(login), role, partyId }) is { } id
            && await ResetPasswordAsync(s, id, hash));
    }

    /// <summary>As the other one, in the caller's transaction; the slow part, <see cref="HashOf"/>, comes before it.</summary>
    internal async Task<bool> ResetPasswordAsync(Session session, long id, string hash)
    {
        if (await SetPasswordAsync(session, id, hash, old: null) is null) return false;
        await SecondFactors.OffAsync(session, id);
        await Passkeys.OffAsync(session, id);
        return true;
    }

    internal static string HashOf(string password) => _hasher.HashPassword(null!, password);

    /// <param name="old">Null: whatever it is now.</param>
    /// <returns>The new stamp; null when it was not set.</returns>
    private async Task<string?> SetPasswordAsync(Session session, long id, string hash, string? old)
    {
        var stamp = NewStamp();
        var row = await session.FirstAsync<PersonRow>(
            """
            update person set password_hash = @hash, stamp = @stamp where id = @id and (cast(@old as text) is null or password_hash = @old)
            returning role, party_id, login, person_role_id,
            (select r.permissions from person_role r where r.id = person.person_role_id) as permissions
            """, new { id, hash, stamp, old });
        if (row is null) return null;
        // Who cannot take the money anywhere does not hold it up either.
        if (row.Role != Roles.Operator && row.ToPerson().Rights.PayOut) await changes.NoteAsync(session, row.PartyId, "password", row.Login);
        return stamp;
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
