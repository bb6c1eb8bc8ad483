using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Compliance.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Compliance;

/// <summary>Who merchants are by their papers: they enter it, a person of the operator compares it and decides.</summary>
/// <remarks>
/// Name and number are sealed together. Of a party at most one waits and at most one is verified; the verified one stays in force while a new one waits.
/// Held by: tests/Integration/Withdrawals/RealNameTests.cs.
/// </remarks>
public sealed class RealNames(Database database, IdSource ids, SecurityChanges changes, CardVault vault, TimeProvider clock)
{
    /// <summary>Numbers of identity cards count their days in China.</summary>
    private static readonly TimeSpan _zone = TimeSpan.FromHours(8);

    private const string Columns =
        """
        select r.id, r.party_id, r.kind, r.sealed, r.tail, r.state, r.asked_by, r.asked_at, r.decided_by, r.decided_at, r.reason,
               (select count(distinct o.party_id) from real_name o where o.fingerprint = r.fingerprint and o.party_id <> r.party_id and o.state in (1, 2)) as others
        from real_name r
        """;

    private sealed record Content(string Name, string Number);

    /// <summary>Enters a real name. One that still waits is replaced by it.</summary>
    public async Task<RealNameDecision> SubmitAsync(long party, RealNameDraft draft, string actor)
    {
        var (value, errors) = RealNameRules.Check(draft, DateOnly.FromDateTime(clock.Now().ToOffset(_zone).DateTime));
        if (errors.Count > 0) return new RealNameDecision.Refused(errors);
        var id = await ids.NextAsync();
        var isEntered = await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update real_name set state = 4 where party_id = @party and state = 1", new { party });
            // Of two at the same moment the unique index lets one in.
            return await s.ExecuteAsync(
                """
                insert into real_name (id, party_id, kind, sealed, tail, fingerprint, state, asked_by, asked_at)
                values (@id, @party, @Kind, @Sealed, @Tail, @Fingerprint, 1, @actor, @Now) on conflict do nothing
                """, new
                {
                    id, party, Kind = (int)value.Kind, Sealed = vault.Seal(JsonSerializer.Serialize(new Content(value.Name, value.Number)), Context(id)),
                    Tail = value.Number[^4..], Fingerprint = vault.Fingerprint(value.Number, "real_name"), actor, Now = clock.Now(),
                }) == 1;
        });
        return isEntered ? await DoneAsync(id) : new RealNameDecision.Refused([_other]);
    }

    /// <summary>Verifies a real name that waits, or refuses it with a reason.</summary>
    /// <remarks>From then on it is the party's only one: a security change, whatever stood there before.</remarks>
    public async Task<RealNameDecision> DecideAsync(long id, bool isVerified, string reason, string actor)
    {
        var check = new FieldCheck();
        var why = isVerified ? null : check.Name("reason", reason, 200);
        if (check.Errors.Count > 0) return new RealNameDecision.Refused(check.Errors);
        if (await FindAsync(id) is not { } waiting) return new RealNameDecision.Missing();
        var isDecided = await database.WriteAsync(async s =>
        {
            // Locked: what waited may have been decided or replaced, and then the one in force must stay.
            if (await s.ScalarAsync<long>($"select state from real_name where id = @id{s.ForUpdate}", new { id }) != (long)RealNameState.Waiting) return false;
            if (isVerified)
            {
                await s.ExecuteAsync("update real_name set state = 4 where party_id = @PartyId and state = 2", new { waiting.PartyId });
                await changes.NoteAsync(s, waiting.PartyId, "real_name", actor);
            }

            await s.ExecuteAsync("update real_name set state = @State, decided_by = @actor, decided_at = @Now, reason = @why where id = @id",
                new { id, State = (int)(isVerified ? RealNameState.Verified : RealNameState.Refused), actor, Now = clock.Now(), why });
            return true;
        });
        return isDecided ? await DoneAsync(id) : new RealNameDecision.Refused([_decided]);
    }

    /// <summary>The one in force.</summary>
    public async Task<RealName?> VerifiedAsync(Session session, long party) => Opened(await session.FirstAsync<Row>(
        $"{Columns} where r.party_id = @party and r.state = 2", new { party }));

    /// <summary>The one entered last, whatever became of it.</summary>
    public async Task<RealName?> LatestAsync(long party) => Opened(await database.ReadAsync(s => s.FirstAsync<Row>(
        $"{Columns} where r.party_id = @party order by r.id desc limit 1", new { party })));

    public async Task<RealName?> FindAsync(long id) => Opened(await database.ReadAsync(s => s.FirstAsync<Row>($"{Columns} where r.id = @id", new { id })));

    /// <summary>Newest first.</summary>
    /// <param name="before">The id of the last one of the page before.</param>
    public async Task<List<RealName>> ListAsync(bool waitingOnly, long? before = null, int limit = 50) => (await database.ReadAsync(s => s.QueryAsync<Row>(
        $"{Columns} where r.id < @Before{(waitingOnly ? " and r.state = 1" : "")} order by r.id desc limit @limit",
        new { Before = before ?? long.MaxValue, limit }))).ConvertAll(r => Opened(r)!);

    /// <summary>The whole number, for the person who compares it with the papers. Whoever asks must be recorded.</summary>
    public async Task<string?> NumberAsync(long id) => await database.ReadAsync(s => s.ScalarAsync<byte[]>("select sealed from real_name where id = @id", new { id })) is { } sealedBytes
        ? ContentOf(sealedBytes, id).Number : null;

    private async Task<RealNameDecision> DoneAsync(long id) => new RealNameDecision.Done((await FindAsync(id))!);

    private RealName? Opened(Row? row) => row is null ? null : new RealName
    {
        Id = row.Id, PartyId = row.PartyId, Kind = row.Kind, Name = ContentOf(row.Sealed, row.Id).Name, Tail = row.Tail, State = row.State,
        AskedBy = row.AskedBy, AskedAt = row.AskedAt, DecidedBy = row.DecidedBy, DecidedAt = row.DecidedAt, Reason = row.Reason, Others = row.Others,
    };

    private Content ContentOf(byte[] sealedBytes, long id) => JsonSerializer.Deserialize<Content>(vault.Open(sealedBytes, Context(id)))!;

    private static readonly FieldError _other =
        new("name", "entered_twice", "Another one was entered at this moment: look at it first.", "刚刚有另一份提交，请先看一下。");

    private static readonly FieldError _decided = new("name", "wrong_state", "It was decided or replaced meanwhile.", "它已经审过，或被新的替换了。");

    internal static SealedColumn Sealed { get; } = new("real_name", "id", "sealed", id => $"real_name:{id}");

    private static string Context(long id) => Sealed.Context(id.ToString());

    private sealed record Row
    {
        public long Id { get; init; }
        public long PartyId { get; init; }
        public RealNameKind Kind { get; init; }
        public byte[] Sealed { get; init; } = [];
        public string Tail { get; init; } = "";
        public RealNameState State { get; init; }
        public string AskedBy { get; init; } = "";
        public DateTimeOffset AskedAt { get; init; }
        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? Reason { get; init; }
        public long Others { get; init; }
    }
}
