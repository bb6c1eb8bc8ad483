using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Modules.Consoles.Files;

/// <summary>What the console application asks for.</summary>
/// <param name="Address">Of the page with the list, its filter included.</param>
/// <param name="Table">The list's number on the page.</param>
/// <param name="Columns">Titles; null: all.</param>
public sealed record ExportAsk(string Address, int Table, string Format, IReadOnlyList<string>? Columns = null);

/// <summary>A list on its way into a file, or in it.</summary>
public sealed record ExportFile
{
    public const string Running = "running", Done = "done", Failed = "failed";

    public long Id { get; init; }
    public long PersonId { get; init; }
    public string Name { get; init; } = "";
    public string Path { get; init; } = "";

    /// <summary>With its question mark, or empty.</summary>
    public string Query { get; init; } = "";
    public long TableNo { get; init; }
    public string? Columns { get; init; }

    /// <summary>csv or xlsx.</summary>
    public string Format { get; init; } = "";
    public string Language { get; init; } = "";

    /// <summary>Of the request that asked for it; its faults are logged under this.</summary>
    public string RequestId { get; init; } = "";
    public string State { get; init; } = "";

    /// <summary>A code of <see cref="ExportWords"/>.</summary>
    public string Failure { get; init; } = "";
    public string Heads { get; init; } = "";
    public string? Next { get; init; }

    /// <summary>The codes of all that its person could do when the last of its rows were read, separated by blanks; empty: it was read before that was kept.</summary>
    public string Rights { get; init; } = "";
    public long Rows { get; init; }

    /// <summary>What it takes in the database.</summary>
    public long Bytes { get; init; }
    public long Steps { get; init; }
    public long Tries { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public Language InLanguage => Language == "en" ? Platform.Http.Language.En : Platform.Http.Language.Zh;

    /// <summary>What the person could do while rows were read, and cannot any more: a column may have hung on it. Null: nothing.</summary>
    internal Permission? MissingOf(Person person) => Permissions.AllOf(person.Role, new Rights(Rights)).FirstOrDefault(p => !person.Rights.Has(p.Code));

    internal List<SheetHead> ToHeads() => JsonSerializer.Deserialize<List<SheetHead>>(Heads)!;

    internal List<string>? ToColumns() => Columns is null ? null : JsonSerializer.Deserialize<List<string>>(Columns);
}

/// <summary>The files that people make of lists: rows of a list in parts, compressed and sealed, and how far each has come.</summary>
/// <remarks>In the database, so that any node goes on with a file and any node hands it out (decision 0048). Held by: tests/Integration/Consoles/ExportTests.cs.</remarks>
public sealed class Exports(Database database, IdSource ids, CardVault vault, TimeProvider clock)
{
    /// <summary>Of one person at a time.</summary>
    public const int RunningMax = 3;

    /// <summary>Of one person; whoever wants more removes one.</summary>
    public const int KeptMax = 20;

    /// <summary>Of one file.</summary>
    public const long RowsMax = 2_000_000, BytesMax = 256 << 20;

    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>A node that died in a step is given so long; a step takes seconds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const int TriesMax = 5, SweptAtOnce = 20;

    private const string Columns = "id, person_id, name, path, query, table_no, columns, format, language, request_id, state, failure, heads, next, rights, rows, bytes, steps, tries, created_at";

    internal static SealedColumn Sealed { get; } = new("export_part", "id", "sealed", Context);

    private static string Context(string id) => $"export_part:{id}";

    private sealed record PartRow
    {
        public long Id { get; init; }
        public long Step { get; init; }
        public byte[] Sealed { get; init; } = [];
    }

    /// <returns>The file's number, or what is wrong.</returns>
    public async Task<(long Id, FieldError? Error)> StartAsync(ExportFile draft)
    {
        var id = await ids.NextAsync();
        var error = await database.WriteAsync(async s =>
        {
            // Of two asked for at once by one person, one is counted first.
            await s.ScalarAsync<long>($"select id from person where id = @PersonId{s.ForUpdate}", new { draft.PersonId });
            var states = await s.QueryAsync<string>("select state from export_file where person_id = @PersonId and state <> 'removed'", new { draft.PersonId });
            if (states.Count(x => x == ExportFile.Running) >= RunningMax)
                return new FieldError("file", "too_many_running", $"{RunningMax} files are being made already: wait for one, or cancel it.", $"已经有 {RunningMax} 个文件在生成，请等一个完成，或取消一个。");
            if (states.Count >= KeptMax) return new FieldError("file", "too_many_kept", $"{KeptMax} files are kept already: remove one under My files.", $"已经存了 {KeptMax} 个文件，请先在「我的文件」里删除一个。");
            await s.ExecuteAsync(
                """
                insert into export_file (id, person_id, name, path, query, table_no, columns, format, language, request_id, state, created_at)
                values (@id, @PersonId, @Name, @Path, @Query, @TableNo, @Columns, @Format, @Language, @RequestId, 'running', @At)
                """, new { id, draft.PersonId, draft.Name, draft.Path, draft.Query, draft.TableNo, draft.Columns, draft.Format, draft.Language, draft.RequestId, At = clock.Now() });
            return null;
        });
        return (id, error);
    }

    /// <summary>Those of one person, the newest first.</summary>
    public Task<List<ExportFile>> OfAsync(long person) => database.ReadAsync(s => s.QueryAsync<ExportFile>(
        $"select {Columns} from export_file where person_id = @person and state <> 'removed' order by id desc", new { person }));

    /// <summary>One of that person's own.</summary>
    public Task<ExportFile?> FindAsync(long person, long id) => database.ReadAsync(s => s.FirstAsync<ExportFile>(
        $"select {Columns} from export_file where id = @id and person_id = @person and state <> 'removed'", new { id, person }));

    /// <summary>Cancels it, or takes it away.</summary>
    /// <returns>Null when there is none of that person's own.</returns>
    public Task<ExportFile?> RemoveAsync(long person, long id) => database.WriteAsync(s => s.FirstAsync<ExportFile>(
        $"update export_file set state = 'removed' where id = @id and person_id = @person and state <> 'removed' returning {Columns}", new { id, person }));

    /// <summary>The one that has waited longest for its next step, for the time of a lease.</summary>
    public async Task<ExportFile?> ClaimAsync(CancellationToken cancel)
    {
        const string due = "from export_file where state = 'running' and lease_until <= @now order by lease_until, id limit 1";
        var now = clock.Now();
        if (await database.ReadAsync(s => s.ScalarAsync<long?>($"select id {due}", new { now }), cancel) is null) return null;
        return await database.WriteAsync(s => s.FirstAsync<ExportFile>(
            $"update export_file set lease_until = @Until where id = (select id {due}{s.ForUpdateSkipLocked}) returning {Columns}", new { now, Until = now + Lease }), cancel);
    }

    /// <summary>Adds what a step has read, and frees the file for the next.</summary>
    /// <param name="next">The page to go on with; null: that was all.</param>
    /// <returns>False when somebody else has done this step, or the file was removed: nothing was added.</returns>
    internal async Task<bool> AddAsync(ExportFile file, List<SheetHead> heads, List<string?[]> rows, string? next)
    {
        if (file.Rows + rows.Count > RowsMax) return await FailAsync(file, "too_many_rows");
        var id = await ids.NextAsync();
        var part = rows.Count == 0 ? [] : vault.Seal(Packed(rows), Context($"{id}"));
        if (file.Bytes + part.Length > BytesMax) return await FailAsync(file, "too_large");
        return await database.WriteAsync(async s =>
        {
            var now = clock.Now();
            var taken = await s.ExecuteAsync(
                """
                update export_file set heads = @Heads, next = @next, rights = @Rights, rows = rows + @Count, bytes = bytes + @Length, steps = steps + 1, tries = 0, lease_until = @now, state = @State, ended_at = @EndedAt
                where id = @Id and steps = @Steps and state = 'running'
                """,
                new
                {
                    Heads = JsonSerializer.Serialize(heads), next, file.Rights, rows.Count, part.Length, now, State = next is null ? ExportFile.Done : ExportFile.Running,
                    EndedAt = next is null ? now : (DateTimeOffset?)null, file.Id, file.Steps,
                });
            if (taken == 0) return false;
            if (rows.Count > 0) await s.ExecuteAsync("insert into export_part (id, file_id, step, sealed) values (@id, @File, @Steps, @part)", new { id, File = file.Id, file.Steps, part });
            return true;
        });
    }

    /// <returns>False always: there is nothing to go on with.</returns>
    internal async Task<bool> FailAsync(ExportFile file, string failure)
    {
        await database.WriteAsync(s => s.ExecuteAsync(
            "update export_file set state = 'failed', failure = @failure, ended_at = @At where id = @Id and steps = @Steps and state = 'running'",
            new { failure, At = clock.Now(), file.Id, file.Steps }));
        return false;
    }

    /// <summary>After a fault: again in some seconds, and given up after the fifth.</summary>
    internal async Task TryLaterAsync(ExportFile file)
    {
        if (file.Tries + 1 >= TriesMax) await FailAsync(file, "fault");
        else await database.WriteAsync(s => s.ExecuteAsync(
            "update export_file set tries = tries + 1, lease_until = @Until where id = @Id and steps = @Steps and state = 'running'",
            new { Until = clock.Now() + TimeSpan.FromSeconds(file.Tries + 1), file.Id, file.Steps }));
    }

    /// <summary>All rows of a file that is done, part by part.</summary>
    /// <exception cref="InvalidOperationException">It was removed meanwhile.</exception>
    internal async IAsyncEnumerable<List<string?[]>> ReadAsync(ExportFile file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (rows, step) = (0L, -1L);
        while (rows < file.Rows)
        {
            var part = await database.ReadAsync(s => s.FirstAsync<PartRow>(
                "select id, step, sealed from export_part where file_id = @Id and step > @step order by step limit 1", new { file.Id, step }), cancel)
                ?? throw new InvalidOperationException($"Parts of file {file.Id} are gone.");
            var read = Unpacked(vault.OpenBytes(part.Sealed, Context($"{part.Id}")));
            (rows, step) = (rows + read.Count, part.Step);
            yield return read;
        }
    }

    /// <summary>Takes away what is too old, what failed, and what was removed, some parts at a time.</summary>
    public Task SweepAsync(CancellationToken cancel) => database.WriteAsync(async s =>
    {
        await s.ExecuteAsync("update export_file set state = 'removed' where created_at <= @Before and state <> 'removed'", new { Before = clock.Now() - Kept });
        await s.ExecuteAsync(
            $"""
            delete from export_part where id in (
                select p.id from export_file f join export_part p on p.file_id = f.id where f.state in ('failed', 'removed') limit {SweptAtOnce})
            """);
        await s.ExecuteAsync(
            $"""
            delete from export_file where id in (
                select f.id from export_file f where f.state = 'removed' and not exists (select 1 from export_part p where p.file_id = f.id) limit {SweptAtOnce})
            """);
    }, cancel);

    private static byte[] Packed(List<string?[]> rows)
    {
        using var bytes = new MemoryStream();
        using (var packing = new BrotliStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(packing, rows);
        return bytes.ToArray();
    }

    private static List<string?[]> Unpacked(byte[] bytes)
    {
        using var unpacking = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<string?[]>>(unpacking)!;
    }
}
