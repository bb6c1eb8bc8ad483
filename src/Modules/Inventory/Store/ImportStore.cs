using System.Buffers.Binary;
using Lianka.Kernel;
using Lianka.Modules.Inventory.Import;
using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory.Store;

/// <summary>A card ready to be written.</summary>
/// <param name="Seq">Its number in the lot, from 1.</param>
/// <param name="Fingerprint">16 bytes, big-endian.</param>
internal readonly record struct SealedCard(int Seq, ReadOnlyMemory<byte> Fingerprint, ReadOnlyMemory<byte> Sealed);

/// <summary>The SQL of imports: jobs, cards in bulk, problem rows.</summary>
internal static class ImportStore
{
    /// <summary>Fingerprints asked for in one statement. A power of two above it costs SQLite nothing but a longer text.</summary>
    private const int ProbeSqlite = 500, ProbePostgres = 10_000;

    private const string Columns =
        """
        id, supply_id, supplier_id, lot_id, actor, source, state, rows, imported, duplicate_in_file, duplicate_in_stock, malformed,
        failure, started_at, ended_at
        """;

    /// <param name="print">Of the content, when the caller gave a key.</param>
    public static async Task InsertAsync(Session s, long id, ImportRequest request, SupplierId supplier, DateTimeOffset at, byte[]? print)
    {
        // What failed brought nothing, so its key may be used again.
        if (request.ClientKey is not null)
            await s.ExecuteAsync("update import_job set client_key = null where supplier_id = @supplier and client_key = @ClientKey and state = 'failed'",
                new { supplier, request.ClientKey });
        await s.ExecuteAsync(
            """
            insert into import_job (id, supply_id, supplier_id, actor, source, state, started_at, beat_at, client_key, content)
            values (@id, @Supply, @supplier, @Actor, @Source, 'running', @at, @at, @ClientKey, @print)
            """, new { id, request.Supply, supplier, request.Actor, request.Source, at, request.ClientKey, print });
    }

    internal sealed record Keyed
    {
        public long Id { get; init; }
        public ImportState State { get; init; }
        public byte[] Content { get; init; } = [];
    }

    public static Task<Keyed?> FindByKeyAsync(Session s, SupplierId supplier, string key) => s.FirstAsync<Keyed>(
        "select id, state, content from import_job where supplier_id = @supplier and client_key = @key", new { supplier, key });

    /// <summary>Says that the import is still alive, and how far it is.</summary>
    public static Task BeatAsync(Session s, long id, ImportTally tally, DateTimeOffset at) => s.ExecuteAsync(
        """
        update import_job set beat_at = @at, rows = @Rows, imported = @Imported, duplicate_in_file = @DuplicateInFile,
               duplicate_in_stock = @DuplicateInStock, malformed = @Malformed
        where id = @id and state = 'running'
        """, Args(id, tally, at));

    public static Task FailAsync(Session s, long id, ImportTally tally, string failure, DateTimeOffset at) => s.ExecuteAsync(
        """
        update import_job set state = 'failed', failure = @failure, ended_at = @at, rows = @Rows, imported = 0,
               duplicate_in_file = @DuplicateInFile, duplicate_in_stock = @DuplicateInStock, malformed = @Malformed
        where id = @id and state = 'running'
        """, new { id, failure, at, tally.Rows, tally.DuplicateInFile, tally.DuplicateInStock, tally.Malformed });

    /// <returns>False: someone has given this import up meanwhile, so it must not take effect.</returns>
    public static async Task<bool> FinishAsync(Session s, long id, LotId? lot, ImportTally tally, DateTimeOffset at) => await s.ExecuteAsync(
        """
        update import_job set state = 'done', lot_id = @lot, ended_at = @at, rows = @Rows, imported = @Imported,
               duplicate_in_file = @DuplicateInFile, duplicate_in_stock = @DuplicateInStock, malformed = @Malformed
        where id = @id and state = 'running'
        """, new { id, lot, at, tally.Rows, tally.Imported, tally.DuplicateInFile, tally.DuplicateInStock, tally.Malformed }) == 1;

    /// <summary>Gives up imports whose node died: nothing of them was written but the job.</summary>
    public static Task<int> SweepAsync(Session s, DateTimeOffset before, DateTimeOffset at) => s.ExecuteAsync(
        """
        update import_job set state = 'failed', failure = 'interrupted', imported = 0, ended_at = @at
        where state = 'running' and beat_at < @before
        """, new { before, at });

    public static Task<ImportJob?> FindAsync(Session s, long id, SupplierId? supplier) => s.FirstAsync<ImportJob>(
        $"select {Columns} from import_job where id = @id{Tenant(supplier)}", new { id, supplier });

    public static Task<List<ImportJob>> ListAsync(Session s, SupplierId? supplier, int limit) => s.QueryAsync<ImportJob>(
        $"select {Columns} from import_job where 1 = 1{Tenant(supplier)} order by id desc limit @limit", new { supplier, limit });

    public static Task<List<ImportProblem>> ProblemsAsync(Session s, long id, long afterRow, int limit) => s.QueryAsync<ImportProblem>(
        """
        select row_no, status, detail from import_problem where import_id = @id and row_no > @afterRow
        order by row_no limit @limit
        """, new { id, afterRow, limit });

    private static string Tenant(SupplierId? supplier) => supplier is null ? "" : " and supplier_id = @supplier";

    private static object Args(long id, ImportTally tally, DateTimeOffset at) => new
    {
        id, at, tally.Rows, tally.Imported, tally.DuplicateInFile, tally.DuplicateInStock, tally.Malformed,
    };

    /// <summary>Which of these fingerprints any card has, sold ones included.</summary>
    public static async Task<HashSet<UInt128>> KnownAsync(Session s, IReadOnlyList<UInt128> asked, CancellationToken cancel)
    {
        var known = new HashSet<UInt128>();
        if (asked.Count == 0 || await s.ScalarAsync<long?>("select 1 from card limit 1") is null) return known;
        var size = s.Kind == DatabaseKind.Postgres ? ProbePostgres : ProbeSqlite;
        await using var probe = s.Command(s.Kind == DatabaseKind.Postgres
            ? "select fingerprint from card where fingerprint = any($1)"
            : $"select fingerprint from card where fingerprint in ({string.Join(", ", Enumerable.Range(0, size).Select(i => $"@f{i}"))})");
        for (var i = 0; i < (s.Kind == DatabaseKind.Postgres ? 1 : size); i++)
        {
            var parameter = probe.CreateParameter();
            if (s.Kind == DatabaseKind.Sqlite) parameter.ParameterName = $"@f{i}";
            probe.Parameters.Add(parameter);
        }

        for (var start = 0; start < asked.Count; start += size)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(size, asked.Count - start);
            if (s.Kind == DatabaseKind.Postgres)
                probe.Parameters[0].Value = Enumerable.Range(start, count).Select(i => Bytes(asked[i])).ToArray();
            else
                // The last statement is filled up with repeats, so that one prepared text serves all.
                for (var i = 0; i < size; i++) probe.Parameters[i].Value = Bytes(asked[start + Math.Min(i, count - 1)]);
            await using var reader = await probe.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) known.Add(BinaryPrimitives.ReadUInt128BigEndian((byte[])reader[0]));
        }

        return known;
    }

    /// <summary>Writes the cards, then the lot that makes them visible.</summary>
    public static async Task InsertLotAsync(
        Session s, LotId lot, ImportRequest request, SkuId sku, SupplierId supplier, IEnumerable<SealedCard> cards, long total, DateTimeOffset at,
        Action<int> progress, CancellationToken cancel)
    {
        await s.InsertAsync("card", "lot_id, seq, sealed, fingerprint", cards, (card, w) =>
        {
            if (card.Seq % 1_024 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress(card.Seq);
            }

            w.Number(lot.Value);
            w.Number(card.Seq);
            w.Bytes(card.Sealed.Span);
            w.Bytes(card.Fingerprint.Span);
        });
        await s.ExecuteAsync(
            """
            insert into lot (id, sku_id, supply_id, supplier_id, expires_at, next, total, state, created_at, note)
            values (@lot, @sku, @Supply, @supplier, @ExpiresAt, 1, @total, 'active', @at, @Note)
            """, new { lot, sku, request.Supply, supplier, request.ExpiresAt, total, at, request.Note });
    }

    /// <summary>Writes what became of the rows: which were read, and which of these are no cards now.</summary>
    public static async Task InsertResultsAsync(Session s, long id, IReadOnlyList<RowRange> rows, IReadOnlyList<ImportProblem> problems)
    {
        await s.InsertAsync("import_rows", "import_id, from_row, count", rows, (range, w) =>
        {
            w.Number(id);
            w.Number(range.FromRow);
            w.Number(range.Count);
        });
        await s.InsertAsync("import_problem", "import_id, row_no, status, detail", problems, (problem, w) =>
        {
            w.Number(id);
            w.Number(problem.RowNo);
            w.Text(problem.Status);
            w.Text(problem.Detail);
        });
    }

    public static Task<List<RowRange>> RowsAsync(Session s, long id, long afterRow, int limit) => s.QueryAsync<RowRange>(
        "select from_row, count from import_rows where import_id = @id and from_row > @afterRow order by from_row limit @limit",
        new { id, afterRow, limit });

    private static byte[] Bytes(UInt128 fingerprint)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, fingerprint);
        return bytes;
    }
}
