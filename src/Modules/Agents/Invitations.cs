using System.Security.Cryptography;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

public enum InvitationState
{
    Open,
    UsedUp,
    Expired,
    Revoked,
}

/// <param name="Level">What newcomers become.</param>
public sealed record Invitation(long Id, MerchantId Merchant, int Level, string Note, int Uses, int UsesMax, DateTimeOffset ExpiresAt, InvitationState State, DateTimeOffset CreatedAt);

public sealed record InvitationDraft
{
    public string Level { get; init; } = "";
    public string UsesMax { get; init; } = "";
    public string Days { get; init; } = "";
    public string Note { get; init; } = "";
}

/// <param name="Code">Told here and nowhere else: only its hash is kept.</param>
public sealed record NewInvitation(Invitation Invitation, string Code);

/// <param name="Contact">How its owner can be reached.</param>
public sealed record Newcomer(string Name, string Login, string Contact);

/// <summary>Links by which newcomers become sub-agents of a merchant, without a person between.</summary>
/// <remarks>
/// Where a newcomer stands is said by the link: directly below who made it, at the level it names. Rules of the tree hold when it is
/// made and again when it is used. Nobody pays or earns anything by it. Held by: tests/Integration/Agents/InvitationTests.cs.
/// </remarks>
public sealed class Invitations(Database database, IdSource ids, Merchants merchants, TimeProvider clock)
{
    /// <summary>How many of one merchant can be open at a time.</summary>
    public const int OpenMax = 50;

    private const string OffSetting = "agents.self_registration";

    private const string Columns = "i.id, i.merchant_id, i.level, i.note, i.uses, i.uses_max, i.expires_at, i.revoked_at, i.created_at";

    /// <summary>False: the operator makes every agent itself, and no link works.</summary>
    public Task<bool> AreAllowedAsync(CancellationToken cancel = default) => database.ReadAsync(AreAllowedAsync, cancel);

    public Task AllowAsync(bool isAllowed, CancellationToken cancel = default) => database.WriteAsync(s => s.ExecuteAsync(
        "insert into setting (name, value) values (@Name, @Value) on conflict (name) do update set value = excluded.value",
        new { Name = OffSetting, Value = isAllowed ? "on" : "off" }), cancel);

    public async Task<AgentsDecision<NewInvitation>> CreateAsync(MerchantId merchant, InvitationDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var level = (int)check.Number("level", draft.Level, 1, 9);
        var uses = (int)check.Number("uses_max", draft.UsesMax, 1, InvitationRules.UsesMax);
        var days = check.Number("days", draft.Days, 1, InvitationRules.DaysMax);
        var note = check.Text("note", draft.Note, 80, lines: false);
        if (check.Errors.Count > 0) return new AgentsDecision<NewInvitation>.Refused(check.Errors);
        var (id, now, code) = (await ids.NextAsync(), clock.Now(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)));
        return await database.WriteAsync<AgentsDecision<NewInvitation>>(async s =>
        {
            if (await Merchants.FindAsync(s, merchant) is not { IsActive: true } parent) return new AgentsDecision<NewInvitation>.Missing();
            if (await RefusalAsync(s, parent, level) is { } refusal) return new AgentsDecision<NewInvitation>.Refused([refusal]);
            if (await s.ScalarAsync<long>("select count(*) from invitation where merchant_id = @merchant and revoked_at is null and expires_at > @now and uses < uses_max", new { merchant, now }) >= OpenMax)
                return new AgentsDecision<NewInvitation>.Refused([new("note", "too_many", $"At most {OpenMax} open links: revoke one first.", $"最多 {OpenMax} 个有效链接，请先作废一个。")]);
            await s.ExecuteAsync(
                """
                insert into invitation (id, merchant_id, level, note, code_hash, uses_max, expires_at, created_at)
                values (@id, @merchant, @Level, @note, @Hash, @Uses, @Until, @now)
                """, new { id, merchant, Level = (long)level, note, Hash = HashOf(code), Uses = (long)uses, Until = now.AddDays(days), now });
            return new AgentsDecision<NewInvitation>.Saved(new NewInvitation(
                new Invitation(id, merchant, level, note, 0, uses, now.AddDays(days), InvitationState.Open, now), code));
        }, cancel);
    }

    /// <summary>A merchant's links, newest first (at most 200).</summary>
    public Task<List<Invitation>> ListAsync(MerchantId merchant, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<Row>($"select {Columns} from invitation i where i.merchant_id = @merchant order by i.id desc limit 200", new { merchant }))
            .ConvertAll(r => r.ToInvitation(clock.Now())), cancel);

    /// <summary>Ends a link at once; who came by it stays.</summary>
    public Task<AgentsDecision<Invitation>> RevokeAsync(MerchantId merchant, long id, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<Invitation>>(async s =>
        {
            var now = clock.Now();
            await s.ExecuteAsync("update invitation set revoked_at = @now where id = @id and merchant_id = @merchant and revoked_at is null", new { id, merchant, now });
            var row = await s.FirstAsync<Row>($"select {Columns} from invitation i where i.id = @id and i.merchant_id = @merchant", new { id, merchant });
            return row is null ? new AgentsDecision<Invitation>.Missing() : new AgentsDecision<Invitation>.Saved(row.ToInvitation(now));
        }, cancel);

    /// <summary>The open invitation of a code, and who invites; null when there is none (any more), for whatever reason.</summary>
    public Task<(Invitation Invitation, MerchantEntry From)?> FindAsync(string code, CancellationToken cancel = default) =>
        database.ReadAsync<(Invitation, MerchantEntry)?>(async s =>
        {
            var row = await s.FirstAsync<Row>($"select {Columns} from invitation i where i.code_hash = @Hash", new { Hash = HashOf(code) });
            if (row?.ToInvitation(clock.Now()) is not { State: InvitationState.Open } invitation || !await AreAllowedAsync(s)) return null;
            return await Merchants.FindAsync(s, invitation.Merchant) is { IsActive: true } from && await RefusalAsync(s, from, invitation.Level) is null
                ? (invitation, from) : null;
        }, cancel);

    /// <summary>Makes the newcomer a sub-agent in the caller's transaction, and counts the link's use.</summary>
    /// <returns>Missing: the link does not work (any more). Whoever hears anything but Saved rolls back.</returns>
    public async Task<AgentsDecision<MerchantEntry>> JoinAsync(Session s, string code, MerchantId id, Newcomer newcomer)
    {
        var now = clock.Now();
        // The use is counted by the condition itself: of two newcomers at the last place, one comes too late.
        var row = await s.FirstAsync<Row>(
            """
            update invitation set uses = uses + 1 where code_hash = @Hash and revoked_at is null and expires_at > @now and uses < uses_max
            returning id, merchant_id, level, note, uses, uses_max, expires_at, revoked_at, created_at
            """, new { Hash = HashOf(code), now });
        if (row is null || !await AreAllowedAsync(s)) return new AgentsDecision<MerchantEntry>.Missing();
        if (await Merchants.FindAsync(s, row.MerchantId) is not { IsActive: true } parent || await RefusalAsync(s, parent, (int)row.Level) is not null)
            return new AgentsDecision<MerchantEntry>.Missing();
        var draft = new MerchantDraft
        {
            Slug = InvitationRules.Slug(newcomer.Login, id), NameZh = newcomer.Name, NameEn = newcomer.Name, Level = row.Level.ToString(), Parent = row.MerchantId,
        };
        var decision = await merchants.CreateAsync(s, id, draft);
        if (decision is not AgentsDecision<MerchantEntry>.Saved) return decision;
        await s.ExecuteAsync("insert into invitation_use (merchant_id, invitation_id, contact, at) values (@id, @Invitation, @Contact, @now)",
            new { id, Invitation = row.Id, newcomer.Contact, now });
        return decision;
    }

    /// <summary>How a sub-agent that came by a link of this merchant can be reached; null when it did not.</summary>
    public Task<string?> ContactAsync(MerchantId inviter, MerchantId newcomer, CancellationToken cancel = default) => database.ReadAsync(s => s.ScalarAsync<string?>(
        "select u.contact from invitation_use u join invitation i on i.id = u.invitation_id where u.merchant_id = @newcomer and i.merchant_id = @inviter",
        new { newcomer, inviter }), cancel);

    private static async Task<FieldError?> RefusalAsync(Session s, MerchantEntry parent, int level) =>
        InvitationRules.Level(parent.Level, level)
        ?? (await s.ScalarAsync<long>("select count(*) from level where rank = @Rank", new { Rank = (long)level }) == 0 ? Refusals.Unknown("level") : null)
        ?? await Merchants.CheckPlaceAsync(s, merchant: null, parent.Id);

    private static async Task<bool> AreAllowedAsync(Session s) =>
        await s.ScalarAsync<string>("select value from setting where name = @OffSetting", new { OffSetting }) != "off";

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private sealed record Row
    {
        public long Id { get; init; }
        public MerchantId MerchantId { get; init; }
        public long Level { get; init; }
        public string Note { get; init; } = "";
        public long Uses { get; init; }
        public long UsesMax { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
        public DateTimeOffset CreatedAt { get; init; }

        public Invitation ToInvitation(DateTimeOffset now) => new(Id, MerchantId, (int)Level, Note, (int)Uses, (int)UsesMax, ExpiresAt,
            RevokedAt is not null ? InvitationState.Revoked : Uses >= UsesMax ? InvitationState.UsedUp : ExpiresAt <= now ? InvitationState.Expired : InvitationState.Open,
            CreatedAt);
    }
}
