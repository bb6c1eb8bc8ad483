using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>A row of <c>repricing</c>.</summary>
internal sealed record RepricingLine : StepLine
{
    public PriceBase Base { get; init; }

    /// <summary>"1:300:500 2:500:0": rank, basis points and units of each level.</summary>
    public string Levels { get; init; } = "";
    public Money AddedMin { get; init; }
    public PriceStep Step { get; init; }

    /// <param name="rule">Null: a file has the prices, and the columns of a rule say nothing.</param>
    public static RepricingLine Of(long id, GoodsChoice choice, LevelRule? rule, string? file, string actor, DateTimeOffset now) => new()
    {
        Id = id, Choice = choice, Base = rule?.Base ?? PriceBase.Nothing, AddedMin = rule?.AddedMin ?? default, Step = rule?.Step ?? default, File = file, CreatedBy = actor, CreatedAt = now,
        Levels = string.Join(' ', (rule?.Levels ?? []).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Level}:{l.Bps}:{l.Added.Units}"))),
    };

    public Repricing ToRepricing() => new()
    {
        Id = Id, Choice = Choice, State = State, Total = Total, Done = Done, Changes = Changes, Cannot = Cannot, Moved = Moved, CreatedAt = CreatedAt,
        File = File, Failure = Failure, Ignored = IgnoredTitles,
        Rule = File is null ? new LevelRule(Base, [.. Levels.Split(' ').Select(LevelOf)], AddedMin, Step) : null,
    };

    private static LevelAdd LevelOf(string text)
    {
        var parts = text.Split(':').Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new LevelAdd((int)parts[0], parts[1], new Money(parts[2]));
    }
}

/// <summary>Repricings and their rows, in the caller's transaction.</summary>
internal static class RepricingStore
{
    private const string Select =
        """
        select id, words, categories, skus, keeps_own, base, levels, added_min, step,
               state, at_sku, total, done, changes, cannot, moved, file, failure, ignored, created_by, created_at
        from repricing
        """;

    private const string SelectRow = "select sku_id, level, outcome, cost, was, price, why, warnings from repricing_row";

    public static readonly StepTable<RepricingLine> Table = new("repricing", FindAsync);

    public static Task<RepricingLine?> FindAsync(Session s, long id, string lockRow = "") => s.FirstAsync<RepricingLine>($"{Select} where id = @id{lockRow}", new { id });

    public static Task<List<RepricingLine>> AllAsync(Session s) => s.QueryAsync<RepricingLine>($"{Select} order by id desc limit 100");

    public static Task<int> InsertAsync(Session s, RepricingLine row) => s.ExecuteAsync(
        """
        insert into repricing (id, words, categories, skus, keeps_own, base, levels, added_min, step, state, file, created_by, created_at)
        values (@Id, @Words, @Categories, @Skus, @KeepsOwn, @Base, @Levels, @AddedMin, @Step, 'previewing', @File, @CreatedBy, @CreatedAt)
        """, new
        {
            row.Id, row.Words, row.Categories, row.Skus, row.KeepsOwn, Base = Word(row.Base), row.Levels, row.AddedMin, Step = Word(row.Step), row.File, row.CreatedBy, row.CreatedAt,
        });

    /// <summary>Deletes the oldest, so that so many stay; one that is being done stays too.</summary>
    public static async Task ForgetAsync(Session s, int stay)
    {
        // Locked first: a step that writes rows holds this lock, and none can follow.
        var old = (await s.QueryAsync<long>($"select id from repricing where state <> 'applying' order by id desc{s.ForUpdate}")).Skip(stay).ToArray();
        if (old.Length == 0) return;
        await PriceFiles.ForgetAsync(s, old);
        await s.ExecuteAsync("delete from repricing_row where repricing_id in @old", new { old });
        await s.ExecuteAsync("delete from repricing where id in @old", new { old });
    }

    public static Task InsertRowsAsync(Session s, long repricing, IReadOnlyCollection<RepricingRow> rows) => s.InsertAsync(
        "repricing_row", "repricing_id, sku_id, level, outcome, cost, was, price, why, warnings", rows, (r, row) =>
        {
            row.Number(repricing);
            row.Number(r.Sku.Value);
            row.Number(r.Level);
            row.Text(Word(r.Outcome));
            row.Number(r.Cost?.Units);
            row.Number(r.Was?.Units);
            row.Number(r.Price?.Units);
            row.Text(Word(r.Why));
            row.Small((short)r.Warnings);
        });

    public static async Task<List<RepricingRow>> RowsAsync(Session s, long repricing, RepricingFilter filter)
    {
        var only = filter.Outcome is null ? "" : " and outcome = @Outcome";
        if (filter.IsWarned) only += " and warnings <> 0";
        if (filter.After is not null) only += " and (sku_id, level) > (@Sku, @Level)";
        return (await s.QueryAsync<RowLine>($"{SelectRow} where repricing_id = @repricing{only} order by sku_id, level limit @Limit", new
        {
            repricing, Outcome = filter.Outcome is { } outcome ? Word(outcome) : "", Sku = filter.After?.Sku.Value ?? 0, Level = filter.After?.Level ?? 0, filter.Limit,
        })).ConvertAll(r => r.ToRow());
    }

    /// <summary>The next rows to be done: all levels of a SKU together, because a step ends with a SKU.</summary>
    public static async Task<List<RepricingRow>> ToApplyAsync(Session s, long repricing, long after, int limit)
    {
        var rows = (await s.QueryAsync<RowLine>(
            $"{SelectRow} where repricing_id = @repricing and sku_id > @after and outcome in ('add', 'change') order by sku_id, level limit @limit",
            new { repricing, after, limit })).ConvertAll(r => r.ToRow());
        if (rows.Count < limit) return rows;
        // Its other levels may stand beyond the limit.
        var last = rows[^1].Sku;
        rows.RemoveAll(r => r.Sku == last);
        return rows;
    }

    /// <summary>The caller has loaded the book before: this raises the version 'prices'.</summary>
    public static async Task WriteAsync(Session s, ILookup<int, RepricingRow> byLevel)
    {
        if (byLevel.Count == 0) return;
        // First, because the row it locks lets one writer after the other take rows away and put them back.
        await s.RaisePricesAsync();
        foreach (var level in byLevel)
        {
            await s.ExecuteAsync($"delete from level_price where level = @Key and {s.AnyOf("sku_id", "@Skus")}",
                new { level.Key, Skus = s.List(level.Select(r => r.Sku.Value)) });
            await s.InsertAsync("level_price", "sku_id, level, price", level.ToList(), (r, row) =>
            {
                row.Number(r.Sku.Value);
                row.Number(r.Level);
                row.Number(r.Price!.Value.Units);
            });
        }
    }

    public static async Task MarkMovedAsync(Session s, long repricing, List<RepricingRow> rows)
    {
        foreach (var level in rows.ToLookup(r => r.Level))
            await s.ExecuteAsync($"update repricing_row set outcome = 'moved' where repricing_id = @repricing and level = @Key and {s.AnyOf("sku_id", "@Skus")}",
                new { repricing, level.Key, Skus = s.List(level.Select(r => r.Sku.Value)) });
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private sealed record RowLine
    {
        public SkuId SkuId { get; init; }
        public long Level { get; init; }
        public BulkOutcome Outcome { get; init; }
        public Money? Cost { get; init; }
        public Money? Was { get; init; }
        public Money? Price { get; init; }
        public LevelRefusal Why { get; init; }
        public long Warnings { get; init; }

        public RepricingRow ToRow() => new(SkuId, (int)Level, Outcome, Cost, Was, Price, Why, (PriceWarnings)Warnings);
    }
}
