using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Access;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lianka.Modules.Consoles;

/// <summary>A key of a device that opens the log-in of one person.</summary>
public sealed record Passkey
{
    public long Id { get; init; }

    /// <summary>What the browser that made it said of itself.</summary>
    public string Agent { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>A question to a device.</summary>
/// <param name="Options">For the browser's <c>navigator.credentials</c>, as JSON.</param>
/// <param name="Ticket">What the answer is held against; sealed, for five minutes.</param>
public sealed record PasskeyQuestion(string Options, string Ticket);

/// <summary>Passkeys (WebAuthn): a device proves that it holds a key and that its owner is there, in place of password and code.</summary>
/// <remarks>
/// The checks are the framework's; here stands what is kept, and that an answer is taken once (decision 0059).
/// Held by: tests/Integration/Consoles/PasskeyTests.cs, tests/Browser/console.test.mjs.
/// </remarks>
public sealed class Passkeys
{
    /// <summary>Of one person.</summary>
    public const int KeysMax = 20;

    private const int AgentMax = 300;
    private static readonly TimeSpan _answerWithin = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly IdSource _ids;
    private readonly TimeProvider _clock;
    private readonly SecurityChanges _changes;
    private readonly IDataProtectionProvider _protection;
    private readonly PasskeyHandler<Person> _handler;

    public Passkeys(Database database, IdSource ids, TimeProvider clock, SecurityChanges changes, IDataProtectionProvider protection)
    {
        (_database, _ids, _clock, _changes, _protection) = (database, ids, clock, changes, protection);
        var people = new UserManager<Person>(
            new PasskeyStore(database), Options.Create(new IdentityOptions()), new PasswordHasher<Person>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(),
            EmptyServices.Instance, NullLogger<UserManager<Person>>.Instance);
        _handler = new PasskeyHandler<Person>(people, Options.Create(new IdentityPasskeyOptions
        {
            AuthenticatorTimeout = _answerWithin,
            // In place of password and code: the device itself asks who it is.
            UserVerificationRequirement = "required",
            // The device knows the login, nobody types it.
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = context => ValueTask.FromResult(IsOwn(context)),
        }));
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }

    // The page that asked was this host's own, and nobody could have changed it on its way.
    private static bool IsOwn(PasskeyOriginValidationContext context) =>
        !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin)
        && string.Equals(origin.Host, context.HttpContext.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && (origin.Scheme == Uri.UriSchemeHttps || origin.IsLoopback);

    /// <summary>Asks the device of a person who is logged in for a new key.</summary>
    public async Task<PasskeyQuestion> AskForNewAsync(HttpContext http, Person person)
    {
        var asked = await _handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = PublicId.Encode(person.Id), Name = person.Login, DisplayName = person.DisplayName }, http);
        return new PasskeyQuestion(asked.CreationOptionsJson, NewTickets(person).Protect(asked.AttestationState!, _answerWithin));
    }

    /// <returns>False when the answer fits no question of ours, came too late, or the person has as many keys as one may.</returns>
    public async Task<bool> AddAsync(HttpContext http, Person person, string ticket, string answer)
    {
        if (StateIn(NewTickets(person), ticket) is not { } state) return false;
        var made = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer, AttestationState = state });
        if (!made.Succeeded || made.UserEntity.Id != PublicId.Encode(person.Id)) return false;
        var (key, agent) = (made.Passkey, http.Request.Headers.UserAgent.ToString());
        return await _database.WriteAsync(async s =>
        {
            if (!await IsFirstAsync(s, state)) return false;
            var added = await s.ExecuteAsync("""
                insert into passkey (id, person_id, credential_id, public_key, sign_count, transports, is_backup_eligible, agent, created_at)
                select @Id, @Person, @CredentialId, @PublicKey, @SignCount, @Transports, @Eligible, @Agent, @Now
                where (select count(*) from passkey where person_id = @Person) < @KeysMax
                on conflict do nothing
                """,
                new
                {
                    Id = await _ids.NextAsync(s), Person = person.Id, key.CredentialId, key.PublicKey, SignCount = (long)key.SignCount,
                    Transports = string.Join(' ', key.Transports ?? []), Eligible = key.IsBackupEligible ? 1L : 0L,
                    Agent = string.Concat(agent.Where(char.IsAscii).Take(AgentMax)), Now = _clock.Now(), KeysMax,
                });
            if (added == 1 && person.Role != Roles.Operator && person.Rights.PayOut) await _changes.NoteAsync(s, person.PartyId, "passkey", person.Login);
            return added == 1;
        });
    }

    /// <summary>Asks whatever device is there who its owner is.</summary>
    public async Task<PasskeyQuestion> AskAsync(HttpContext http)
    {
        var asked = await _handler.MakeRequestOptionsAsync(null, http);
        return new PasskeyQuestion(asked.RequestOptionsJson, LogInTickets.Protect(asked.AssertionState!, _answerWithin));
    }

    /// <returns>Who the device says is there; null when it proves nothing, was too late, or its answer has been taken before.</returns>
    public async Task<Person?> LogInAsync(HttpContext http, string ticket, string answer)
    {
        if (StateIn(LogInTickets, ticket) is not { } state) return null;
        var shown = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer, AssertionState = state });
        if (!shown.Succeeded) return null;
        var (key, person) = (shown.Passkey, shown.User);
        return await _database.WriteAsync(async s =>
        {
            if (!await IsFirstAsync(s, state)) return null;
            var used = await s.ExecuteAsync(
                "update passkey set sign_count = @SignCount, used_at = @Now where credential_id = @CredentialId and person_id = @Id",
                new { SignCount = (long)key.SignCount, Now = _clock.Now(), key.CredentialId, person.Id });
            if (used == 1) await s.ExecuteAsync("update person set last_seen_at = @Now where id = @Id", new { Now = _clock.Now(), person.Id });
            return used == 1 ? person : null;
        });
    }

    public Task<List<Passkey>> OfAsync(long person) =>
        _database.ReadAsync(s => s.QueryAsync<Passkey>("select id, agent, created_at, used_at from passkey where person_id = @person order by id", new { person }));

    /// <returns>False when this person has no such key.</returns>
    public async Task<bool> RemoveAsync(long person, long key) =>
        await _database.WriteAsync(s => s.ExecuteAsync("delete from passkey where id = @key and person_id = @person", new { key, person })) == 1;

    internal static Task OffAsync(Session session, long person) => session.ExecuteAsync("delete from passkey where person_id = @person", new { person });

    /// <summary>A copy of an answer, caught on its way, opens nothing.</summary>
    private async Task<bool> IsFirstAsync(Session session, string state)
    {
        var now = _clock.Now();
        await session.ExecuteAsync("delete from passkey_answer where at < @Before", new { Before = now - 2 * _answerWithin });
        return await session.ExecuteAsync("insert into passkey_answer (hash, at) values (@Hash, @now) on conflict do nothing",
            new { Hash = SHA256.HashData(Encoding.UTF8.GetBytes(state)), now }) == 1;
    }

    private ITimeLimitedDataProtector LogInTickets => _protection.CreateProtector("log-in with a passkey").ToTimeLimitedDataProtector();

    private ITimeLimitedDataProtector NewTickets(Person person) => _protection.CreateProtector("new passkey", PublicId.Encode(person.Id)).ToTimeLimitedDataProtector();

    private static string? StateIn(ITimeLimitedDataProtector tickets, string ticket)
    {
        try
        {
            return tickets.Unprotect(ticket);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
