using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>The levels and the tree of merchants.</summary>
/// <remarks>
/// Every change runs in its own transaction and raises the version 'prices'. There is no joining fee anywhere: a merchant
/// is made without money, and nobody earns from it but by goods sold.
/// </remarks>
public sealed class Merchants(Database database, IdSource ids, Ledger.Ledger ledger, Access access, TimeProvider clock)
{
    public const int AncestorsMaxDefault = 2;

    private const string AncestorsMaxSetting = "agents.ancestors_max";
    private const string Columns = "m.id, m.slug, m.name_zh, m.name_en, m.level, m.parent_id, m.state";

    /// <summary>What every merchant has in the ledger from its first moment.</summary>
    private static readonly string[] _accounts =
    [
        AccountKinds.Wallet, AccountKinds.Escrow, AccountKinds.CommissionPending, AccountKinds.CommissionAvailable,
        AccountKinds.Receivable,
    ];

    public Task<List<Level>> ListLevelsAsync(CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<LevelRow>("select rank, name_zh, name_en from level order by rank"))
            .ConvertAll(r => new Level((int)r.Rank, r.NameZh, r.NameEn)), cancel);

    /// <summary>Makes a level, or renames the one of that rank.</summary>
    public async Task<AgentsDecision<Level>> SaveLevelAsync(LevelDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var level = new Level((int)check.Number("rank", draft.Rank, 1, 9), check.Name("name_zh", draft.NameZh), check.Name("name_en", draft.NameEn));
        if (check.Errors.Count > 0) return new AgentsDecision<Level>.Refused(check.Errors);
        await database.WriteAsync(async s =>
        {
            await s.ExecuteAsync(
                """
                insert into level (rank, name_zh, name_en) values (@Rank, @NameZh, @NameEn)
                on conflict (rank) do update set name_zh = excluded.name_zh, name_en = excluded.name_en
                """, level);
            await s.RaisePricesAsync();
        }, cancel);
        return new AgentsDecision<Level>.Saved(level);
    }

    /// <summary>How many ancestors a merchant may have at most: the operator's setting, never above three.</summary>
    public Task<int> AncestorsMaxAsync(CancellationToken cancel = default) => database.ReadAsync(AncestorsMaxAsync, cancel);

    /// <summary>Sets the limit for new places in the tree; those taken already stay.</summary>
    public async Task<AgentsDecision<int>> SetAncestorsMaxAsync(string max, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var value = (int)check.Number("ancestors_max", max, 0, PriceBook.AncestorsMax);
        if (check.Errors.Count > 0) return new AgentsDecision<int>.Refused(check.Errors);
        await database.WriteAsync(s => s.ExecuteAsync(
            "insert into setting (name, value) values (@Name, @Value) on conflict (name) do update set value = excluded.value",
            new { Name = AncestorsMaxSetting, Value = value.ToString() }), cancel);
        return new AgentsDecision<int>.Saved(value);
    }

    /// <summary>Why nobody can join below this merchant; null when somebody can. For invitations, before they are sent.</summary>
    public Task<FieldError?> CheckInvitationAsync(MerchantId parent, CancellationToken cancel = default) =>
        database.ReadAsync(s => CheckPlaceAsync(s, merchant: null, parent), cancel);

    /// <summary>Makes a merchant below its parent, together with its accounts.</summary>
    public async Task<AgentsDecision<MerchantEntry>> CreateAsync(MerchantDraft draft, CancellationToken cancel = default)
    {
        var id = await ids.NextAsync<OfMerchant>();
        return await database.WriteAsync(s => CreateAsync(s, id, draft), cancel);
    }

    /// <summary>The same in the caller's transaction, before it locks anything else of the tree.</summary>
    internal async Task<AgentsDecision<MerchantEntry>> CreateAsync(Session s, MerchantId id, MerchantDraft draft)
    {
        var (merchant, errors) = Read(draft, id);
        if (errors.Count > 0) return new AgentsDecision<MerchantEntry>.Refused(errors);
        // First, because its lock lets only one change of the tree look and write at a time.
        await s.RaisePricesAsync();
        if (await CheckPlaceAsync(s, merchant: null, draft.Parent) is { } place)
            return new AgentsDecision<MerchantEntry>.Refused([place]);
        if (!await LevelExistsAsync(s, merchant.Level))
            return new AgentsDecision<MerchantEntry>.Refused([Refusals.Unknown("level")]);
        var written = await s.ExecuteAsync(
            """
            insert into merchant (id, slug, name_zh, name_en, level, parent_id, created_at)
            values (@Id, @Slug, @NameZh, @NameEn, @Level, @Parent, @At) on conflict (slug) do nothing
            """,
            new { merchant.Id, merchant.Slug, merchant.NameZh, merchant.NameEn, merchant.Level, merchant.Parent, At = clock.Now() });
        if (written == 0) return new AgentsDecision<MerchantEntry>.Refused([Refusals.Taken("slug")]);
        foreach (var kind in _accounts) await ledger.OpenAsync(s, kind, id.Value);
        return new AgentsDecision<MerchantEntry>.Saved(merchant);
    }

    /// <summary>Changes slug, names and level. The place in the tree stays: see <see cref="MoveAsync"/>.</summary>
    public async Task<AgentsDecision<MerchantEntry>> UpdateAsync(MerchantId id, MerchantDraft draft, CancellationToken cancel = default)
    {
        var (merchant, errors) = Read(draft, id);
        if (errors.Count > 0) return new AgentsDecision<MerchantEntry>.Refused(errors);
        return await database.WriteAsync<AgentsDecision<MerchantEntry>>(async s =>
        {
            await s.RaisePricesAsync();
            if (!await LevelExistsAsync(s, merchant.Level))
                return new AgentsDecision<MerchantEntry>.Refused([Refusals.Unknown("level")]);
            if (await s.ScalarAsync<long>("select count(*) from merchant where slug = @Slug and id <> @id", new { merchant.Slug, id }) > 0)
                return new AgentsDecision<MerchantEntry>.Refused([Refusals.Taken("slug")]);
            await s.ExecuteAsync(
                "update merchant set slug = @Slug, name_zh = @NameZh, name_en = @NameEn, level = @Level where id = @id",
                new { merchant.Slug, merchant.NameZh, merchant.NameEn, merchant.Level, id });
            return await FindAsync(s, id) is { } saved ? new AgentsDecision<MerchantEntry>.Saved(saved) : new AgentsDecision<MerchantEntry>.Missing();
        }, cancel);
    }

    /// <summary>Stops the merchant from buying, selling and calling the API. Its children go on; money it has stays its own.</summary>
    public Task<AgentsDecision<MerchantEntry>> SuspendAsync(MerchantId id, CancellationToken cancel = default) => SetStateAsync(id, "suspended", cancel);

    public Task<AgentsDecision<MerchantEntry>> ResumeAsync(MerchantId id, CancellationToken cancel = default) => SetStateAsync(id, "active", cancel);

    /// <summary>Puts a merchant, with everyone below it, under another parent. Orders already accepted keep their shares.</summary>
    /// <param name="parent">Null: directly below the platform.</param>
    public Task<AgentsDecision<MerchantEntry>> MoveAsync(MerchantId id, MerchantId? parent, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<MerchantEntry>>(async s =>
        {
            await s.RaisePricesAsync();
            if (await FindAsync(s, id) is not { } merchant) return new AgentsDecision<MerchantEntry>.Missing();
            if (await CheckPlaceAsync(s, id, parent) is { } place) return new AgentsDecision<MerchantEntry>.Refused([place]);
            if (merchant.Parent != parent)
            {
                await s.ExecuteAsync("update merchant set parent_id = @parent where id = @id", new { id, parent });
                // The former parent's policy ends with its being the parent; it must not come back with a later move.
                await s.ExecuteAsync("delete from markup where child_id = @id", new { id });
            }

            return new AgentsDecision<MerchantEntry>.Saved(merchant with { Parent = parent });
        }, cancel);

    public Task<MerchantEntry?> FindAsync(MerchantId id, CancellationToken cancel = default) => database.ReadAsync(s => FindAsync(s, id), cancel);

    public Task<MerchantEntry?> FindAsync(string slug, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.FirstAsync<MerchantRow>($"select {Columns} from merchant m where m.slug = @slug", new { slug }))?.ToEntry(), cancel);

    public Task<MerchantPage> ListAsync(MerchantFilter filter, CancellationToken cancel = default) => database.ReadAsync(async s =>
    {
        var limit = Math.Clamp(filter.Limit, 1, 200);
        var rows = await s.QueryAsync<MerchantRow>(
            $"""
            select {Columns} from merchant m
            where m.id > @After
              and (@Level = 0 or m.level = @Level)
              and (@Parent = 0 or m.parent_id = @Parent)
              and (@Text = '' or lower(m.slug) like @Like escape '!' or lower(m.name_zh) like @Like escape '!' or lower(m.name_en) like @Like escape '!')
            order by m.id limit @Take
            """,
            new
            {
                After = filter.After?.Value ?? 0,
                Level = (long)(filter.Level ?? 0),
                Parent = filter.Parent?.Value ?? 0,
                Text = filter.Text ?? "",
                Like = LikeOf(filter.Text ?? ""),
                Take = limit + 1L,
            });
        var page = rows.Take(limit).Select(r => r.ToEntry()).ToList();
        return new MerchantPage(page, rows.Count > limit ? page[^1].Id : null);
    }, cancel);

    /// <summary>Everyone below a merchant, by page, each after its parent: first its children, then theirs. Nobody else is in it.</summary>
    /// <param name="tenant">Is not in it itself.</param>
    /// <param name="after">The last of the page before.</param>
    public Task<List<MerchantNode>> BelowAsync(MerchantId tenant, MerchantId? after, int limit, CancellationToken cancel = default) => database.ReadAsync(async s =>
    {
        var rows = await s.QueryAsync<NodeRow>(
            $"""
            {Below}
            select {Columns}, cast(b.depth as bigint) as depth from below b join merchant m on m.id = b.id
            where b.depth > 0 and (@After = 0 or (b.depth, b.id) > (select last.depth, last.id from below last where last.id = @After))
            order by b.depth, b.id limit @limit
            """, new { root = tenant, After = after?.Value ?? 0, limit });
        return rows.ConvertAll(r => new MerchantNode(new(r.Id, r.Slug, r.NameZh, r.NameEn, (int)r.Level, r.ParentId, r.State == "active"), (int)r.Depth));
    }, cancel);

    /// <summary>A merchant, <c>@root</c>, and everyone below it.</summary>
    private static readonly string Below =
        $"""
        with recursive below (id, depth) as (
            select id, 0 from merchant where id = @root
            union all
            select c.id, b.depth + 1 from merchant c join below b on c.parent_id = b.id where b.depth < {PriceBook.AncestorsMax}
        )
        """;

    /// <summary>A merchant anywhere below the tenant; anybody else is as if they did not exist.</summary>
    public async Task<MerchantEntry?> FindBelowAsync(MerchantId tenant, MerchantId id, CancellationToken cancel = default) =>
        await database.ReadAsync(async s =>
        {
            var path = await PathAsync(s, id);
            return path.Skip(1).Contains(tenant) ? await FindAsync(s, id) : null;
        }, cancel);

    private async Task<AgentsDecision<MerchantEntry>> SetStateAsync(MerchantId id, string state, CancellationToken cancel)
    {
        var decision = await database.WriteAsync<AgentsDecision<MerchantEntry>>(async s =>
        {
            await s.RaisePricesAsync();
            await s.RaiseAccessAsync();
            await s.ExecuteAsync("update merchant set state = @state where id = @id", new { id, state });
            return await FindAsync(s, id) is { } saved ? new AgentsDecision<MerchantEntry>.Saved(saved) : new AgentsDecision<MerchantEntry>.Missing();
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    private static (MerchantEntry Merchant, IReadOnlyList<FieldError> Errors) Read(MerchantDraft draft, MerchantId id)
    {
        var check = new FieldCheck();
        var merchant = new MerchantEntry(
            id, check.Slug("slug", draft.Slug), check.Name("name_zh", draft.NameZh), check.Name("name_en", draft.NameEn),
            (int)check.Number("level", draft.Level, 1, 9), draft.Parent, IsActive: true);
        return (merchant, check.Errors);
    }

    internal static async Task<FieldError?> CheckPlaceAsync(Session s, MerchantId? merchant, MerchantId? parent)
    {
        var path = parent is { } above ? await PathAsync(s, above) : [];
        if (parent is not null && path.Count == 0) return Refusals.Unknown("parent");
        var height = merchant is null ? 0 : (int)await s.ScalarAsync<long>(
            $"""
            with recursive below (id, depth) as (
                select id, 0 from merchant where id = @merchant
                union all
                select c.id, b.depth + 1 from merchant c join below b on c.parent_id = b.id where b.depth <= {PriceBook.AncestorsMax}
            )
            select cast(max(depth) as bigint) from below
            """, new { merchant });
        return TreeRules.Attach(merchant, path, height, await AncestorsMaxAsync(s));
    }

    /// <summary>The merchant, then its ancestors; empty when it does not exist.</summary>
    private static Task<List<MerchantId>> PathAsync(Session s, MerchantId merchant) => s.QueryAsync<MerchantId>(
        """
        with recursive up (id, parent_id, depth) as (
            select id, parent_id, 0 from merchant where id = @merchant
            union all
            select p.id, p.parent_id, u.depth + 1 from merchant p join up u on p.id = u.parent_id where u.depth < 10
        )
        select id from up order by depth
        """, new { merchant });

    private static async Task<int> AncestorsMaxAsync(Session s) =>
        await s.ScalarAsync<string>("select value from setting where name = @Name", new { Name = AncestorsMaxSetting }) is { } value
            ? int.Parse(value)
            : AncestorsMaxDefault;

    internal static async Task<MerchantEntry?> FindAsync(Session s, MerchantId id) =>
        (await s.FirstAsync<MerchantRow>($"select {Columns} from merchant m where m.id = @id", new { id }))?.ToEntry();

    private static async Task<bool> LevelExistsAsync(Session s, int rank) =>
        await s.ScalarAsync<long>("select count(*) from level where rank = @Rank", new { Rank = (long)rank }) == 1;

    private static string LikeOf(string text) =>
        $"%{text.ToLowerInvariant().Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%";

    private sealed record LevelRow
    {
        public long Rank { get; init; }
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
    }

    private sealed record NodeRow
    {
        public MerchantId Id { get; init; }
        public string Slug { get; init; } = "";
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
        public long Level { get; init; }
        public MerchantId? ParentId { get; init; }
        public string State { get; init; } = "";
        public long Depth { get; init; }
    }
}
