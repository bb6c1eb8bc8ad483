using System.IO.Compression;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog.Store;

/// <summary>A row of <c>goods_import</c>, but for its lines.</summary>
internal sealed record GoodsImportLine
{
    public long Id { get; init; }
    public string Source { get; init; } = "";
    public string Ignored { get; init; } = "";
    public BulkStage State { get; init; }
    public long AtLine { get; init; }
    public long Total { get; init; }
    public long Done { get; init; }
    public long Changes { get; init; }
    public long Cannot { get; init; }
    public long Moved { get; init; }
    public string? Failure { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    public GoodsImport ToImport() => new()
    {
        Id = Id, Source = Source, Ignored = JsonSerializer.Deserialize<List<string>>(Ignored)!, State = State, Total = Total, Done = Done,
        Changes = Changes, Cannot = Cannot, Moved = Moved, Failure = Failure, CreatedAt = CreatedAt,
    };
}

/// <summary>Imports of goods, their rows, and what the catalog has of them, in the caller's transaction.</summary>
internal static class GoodsImportStore
{
    /// <summary>Slugs or codes that are looked up at once.</summary>
    private const int NamesAtOnce = 500;

    // It stands in no page: what is not ASCII stays as short as it is.
    private static readonly JsonSerializerOptions _json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Select = "select id, source, ignored, state, at_line, total, done, changes, cannot, moved, failure, created_by, created_at from goods_import";

    public static Task<GoodsImportLine?> FindAsync(Session s, long id, string lockRow = "") => s.FirstAsync<GoodsImportLine>($"{Select} where id = @id{lockRow}", new { id });

    public static Task<List<GoodsImportLine>> AllAsync(Session s) => s.QueryAsync<GoodsImportLine>($"{Select} order by id desc limit 100");

    public static Task InsertAsync(Session s, GoodsImportLine row, byte[] lines) => s.ExecuteAsync(
        """
        insert into goods_import (id, source, lines, ignored, state, total, created_by, created_at)
        values (@Id, @Source, @lines, @Ignored, 'previewing', @Total, @CreatedBy, @CreatedAt)
        """, new { row.Id, row.Source, lines, row.Ignored, row.Total, row.CreatedBy, row.CreatedAt });

    public static async Task<GoodsImportLine> SaveAsync(Session s, GoodsImportLine row)
    {
        await s.ExecuteAsync(
            """
            update goods_import set state = @State, at_line = @AtLine, total = @Total, done = @Done, changes = @Changes, cannot = @Cannot, moved = @Moved
            where id = @Id
            """, new { row.Id, State = Word(row.State), row.AtLine, row.Total, row.Done, row.Changes, row.Cannot, row.Moved });
        return row;
    }

    /// <summary>Ends a preview that never came to its end, with nothing of it.</summary>
    public static async Task GiveUpAsync(Session s, long id)
    {
        if (await s.ExecuteAsync("update goods_import set state = 'done', failure = 'given_up', changes = 0, cannot = 0 where id = @id and state = 'previewing'", new { id }) > 0)
            await s.ExecuteAsync("delete from goods_import_row where import_id = @id", new { id });
    }

    /// <summary>Deletes the oldest, so that so many stay; one that is being done stays too.</summary>
    public static async Task ForgetAsync(Session s, int stay)
    {
        // Locked first: a step that writes rows holds this lock, and none can follow.
        var old = (await s.QueryAsync<long>($"select id from goods_import where state <> 'applying' order by id desc{s.ForUpdate}")).Skip(stay).ToArray();
        if (old.Length == 0) return;
        await s.ExecuteAsync("delete from goods_import_row where import_id in @old", new { old });
        await s.ExecuteAsync("delete from goods_import where id in @old", new { old });
    }

    public static byte[] Packed(List<GoodsLine> lines)
    {
        using var bytes = new MemoryStream();
        using (var packing = new BrotliStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(packing, lines);
        return bytes.ToArray();
    }

    public static List<GoodsLine> Unpacked(byte[] lines)
    {
        using var unpacking = new BrotliStream(new MemoryStream(lines), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<GoodsLine>>(unpacking)!;
    }

    public static Task<byte[]?> LinesAsync(Session s, long id) => s.ScalarAsync<byte[]>("select lines from goods_import where id = @id", new { id });

    public static Task InsertRowsAsync(Session s, long import, IReadOnlyCollection<GoodsRow> rows) => s.InsertAsync(
        "goods_import_row", "import_id, line, outcome, product, sku, name_zh, name_en, changes, problems", rows, (r, row) =>
        {
            row.Number(import);
            row.Number(r.Line);
            row.Text(Word(r.Outcome));
            row.Text(r.Product);
            row.Text(r.Sku);
            row.Text(r.NameZh);
            row.Text(r.NameEn);
            row.Text(JsonSerializer.Serialize(r.Changes.Select(c => (string?[])[c.Column, c.Was, c.Becomes]), _json));
            row.Text(Text(r.Problems));
        });

    public static async Task<List<GoodsRow>> RowsAsync(Session s, long import, GoodsRowFilter filter) => await ReadAsync(
        s, filter.Outcome is null ? "" : " and outcome = @Outcome", new { import, filter.After, Outcome = filter.Outcome is { } o ? Word(o) : "", filter.Limit });

    /// <summary>The next rows to be done.</summary>
    public static Task<List<GoodsRow>> ToApplyAsync(Session s, long import, long after, int limit) =>
        ReadAsync(s, " and outcome in ('add', 'change')", new { import, After = after, Limit = limit });

    public static Task MarkMovedAsync(Session s, long import, GoodsRow row) => s.ExecuteAsync(
        "update goods_import_row set outcome = 'moved', problems = @Problems where import_id = @import and line = @Line",
        new { import, row.Line, Problems = Text(row.Problems) });

    /// <summary>What the catalog has of these goods.</summary>
    /// <param name="isLocked">Until the end of the transaction nobody else changes them, nor adds a forbidden word.</param>
    public static async Task<GoodsBook> BookAsync(Session s, IEnumerable<string> slugs, IEnumerable<string> codes, bool isLocked)
    {
        // A plan that is kept was made when there were few goods, or none: it would go through all of them for each of these hundreds of names.
        if (s.Kind == DatabaseKind.Postgres) await s.ExecuteAsync("set local plan_cache_mode = force_custom_plan");
        var words = isLocked ? await ForbiddenWords.LockAsync(s) : await ForbiddenWords.ReadAsync(s);
        var lockRows = isLocked ? s.ForUpdate : "";
        // SKUs before their products, as everywhere.
        var skus = new List<Sku>();
        foreach (var some in codes.Where(c => c.Length > 0).Distinct().Chunk(NamesAtOnce))
            skus.AddRange(await s.QueryAsync<Sku>($"{CatalogReads.Sku} where code in @some order by id{lockRows}", new { some }));
        var products = new Dictionary<ProductId, Product>();
        foreach (var some in slugs.Where(c => c.Length > 0).Distinct().Chunk(NamesAtOnce))
            foreach (var product in await s.QueryAsync<Product>($"{CatalogReads.Product} where slug in @some order by id{lockRows}", new { some })) products[product.Id] = product;
        foreach (var some in skus.Select(k => k.ProductId).Where(p => !products.ContainsKey(p)).Distinct().Chunk(NamesAtOnce))
            foreach (var product in await CatalogReads.ProductsAsync(s, some)) products[product.Id] = product;
        return new GoodsBook(await CatalogReads.CategoriesAsync(s), await s.QueryAsync<Brand>("select id, slug, name_zh, name_en from brand"), words,
            products.Values.ToDictionary(p => p.Slug), skus.ToDictionary(k => k.Code));
    }

    private static async Task<List<GoodsRow>> ReadAsync(Session s, string only, object args) => (await s.QueryAsync<RowLine>(
        $"""
        select line, outcome, product, sku, name_zh, name_en, changes, problems from goods_import_row
        where import_id = @import and line > @After{only} order by line limit @Limit
        """, args)).ConvertAll(r => r.ToRow());

    private static string Text(IEnumerable<FieldError> problems) => JsonSerializer.Serialize(problems.Select(p => (string[])[p.Field, p.Code, p.En, p.Zh]), _json);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private sealed record RowLine
    {
        public long Line { get; init; }
        public BulkOutcome Outcome { get; init; }
        public string Product { get; init; } = "";
        public string Sku { get; init; } = "";
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
        public string Changes { get; init; } = "";
        public string Problems { get; init; } = "";

        public GoodsRow ToRow() => new(Line, Outcome, Product, Sku, NameZh, NameEn,
            JsonSerializer.Deserialize<List<string[]>>(Changes)!.ConvertAll(c => new GoodsChange(c[0], c[1], c[2])),
            JsonSerializer.Deserialize<List<string[]>>(Problems)!.ConvertAll(p => new FieldError(p[0], p[1], p[2], p[3])));
    }
}
