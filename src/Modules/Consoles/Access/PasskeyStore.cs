using Lianka.Kernel;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Identity;

namespace Lianka.Modules.Consoles.Access;

/// <summary>What the framework's checks of passkeys ask for: whose key it is, and the key. They write nothing.</summary>
internal sealed class PasskeyStore(Database database) : IUserPasskeyStore<Person>
{
    private sealed record KeyRow
    {
        public long PersonId { get; init; }
        public byte[] CredentialId { get; init; } = [];
        public byte[] PublicKey { get; init; } = [];
        public long SignCount { get; init; }
        public string Transports { get; init; } = "";
        public long IsBackupEligible { get; init; }
        public DateTimeOffset CreatedAt { get; init; }

        // Whether it was backed up, and the papers of its making, decide nothing later.
        public UserPasskeyInfo ToInfo() => new(
            CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            isUserVerified: true, IsBackupEligible == 1, isBackedUp: false, attestationObject: [], clientDataJson: []);
    }

    private const string Keys = "select person_id, credential_id, public_key, sign_count, transports, is_backup_eligible, created_at from passkey";

    public async Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!PublicId.TryDecode(userId, out var id)) return null;
        return (await database.ReadAsync(s => s.FirstAsync<PersonRow>(
            $"{PersonRow.Columns} from person p {PersonRow.WithRole} where p.id = @id and p.state = 'active'", new { id }), cancellationToken))?.ToPerson();
    }

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(PublicId.Encode(user.Id));

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Login);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken) =>
        (await database.ReadAsync(s => s.QueryAsync<KeyRow>($"{Keys} where person_id = @Id", new { user.Id }), cancellationToken)).ConvertAll(k => k.ToInfo());

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        await KeyAsync(credentialId, cancellationToken) is { } key && key.PersonId == user.Id ? key.ToInfo() : null;

    public async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await KeyAsync(credentialId, cancellationToken) is { } key ? await FindByIdAsync(PublicId.Encode(key.PersonId), cancellationToken) : null;

    private Task<KeyRow?> KeyAsync(byte[] credentialId, CancellationToken cancel) => database.ReadAsync(s => s.FirstAsync<KeyRow>($"{Keys} where credential_id = @credentialId", new { credentialId }), cancel);

    public void Dispose() { }

    // People and keys are written elsewhere; the checks use none of these.
    private static NotSupportedException NotHere() => new("People and passkeys are written by their own front doors.");

    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotHere();
    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) => throw NotHere();
    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => throw NotHere();
    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => throw NotHere();
    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => throw NotHere();
    public Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) => throw NotHere();
    public Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken) => throw NotHere();
    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw NotHere();
    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotHere();
}
