using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Platform.Sheets;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Agents;

/// <summary>Files with prices: kept until their preview is forgotten, so that any node can read them, and read again with the goods of now.</summary>
/// <remarks>Held by: tests/Integration/Agents/PriceFileTests.cs.</remarks>
public sealed class PriceFiles(Database database, TimeProvider clock, ILogger<PriceFiles> log)
{
    /// <summary>The most bytes of a file; some 300,000 rows.</summary>
    public const int UploadMax = 16 << 20;

    /// <summary>Rows that were left out and are written down in one transaction.</summary>
    private const int StepRows = 5_000;

    private const int NameMax = 120;

    /// <summary>The rows that were left out, in their order. The caller has found the work with its tenant.</summary>
    public Task<List<PriceFileProblem>> ProblemsAsync(long work, long afterRow = 0, int limit = 100, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<ProblemRow>(
            "select row_no, title, told, fault from price_file_problem where work_id = @work and row_no > @afterRow order by row_no limit @Limit",
            new { work, afterRow, Limit = Math.Clamp(limit, 1, 1_000) })).ConvertAll(r => new PriceFileProblem(r.RowNo, r.Title, r.Told, r.Fault)), cancel);

    /// <summary>What can be said of an upload before it is read.</summary>
    internal static FieldError? Refusal(byte[] content) =>
        content.Length == 0 ? Error("empty_file") : content.Length > UploadMax ? Error($"too_large:{UploadMax >> 20}") : null;

    /// <summary>As it is shown: without folders and what would break a line.</summary>
    internal static string Shown(string name) => Sheet.NameOf(name, NameMax) is { Length: > 0 } shown ? shown : "?";

    internal static Task<int> KeepAsync(Session s, long work, byte[] content) =>
        s.ExecuteAsync("insert into price_file (work_id, content) values (@work, @content)", new { work, content });

    /// <returns>False: it is not kept any more.</returns>
    internal static async Task<bool> CopyAsync(Session s, long from, long to) =>
        await s.ExecuteAsync("insert into price_file (work_id, content) select @to, content from price_file where work_id = @from", new { from, to }) > 0;

    internal static async Task ForgetAsync(Session s, long[] works)
    {
        await s.ExecuteAsync("delete from price_file_problem where work_id in @works", new { works });
        await s.ExecuteAsync("delete from price_file where work_id in @works", new { works });
    }

    /// <summary>Reads the file of a work into a sheet and writes down the rows that are left out.</summary>
    /// <returns>Null: it cannot be read, which the work says now, or it is gone, or enough others are at it.</returns>
    internal async Task<PriceSheet?> ReadAsync<T>(StepTable<T> table, T row, PriceSheet sheet, CancellationToken cancel) where T : StepLine
    {
        var (isRead, failure) = (false, (string?)null);
        if (!await FileTries.ReadAsync(database, table.Name, row.Id, clock.Now(), async () =>
        {
            var content = await database.ReadAsync(s => s.ScalarAsync<byte[]>("select content from price_file where work_id = @Id", new { row.Id }), cancel);
            failure = content is null ? "fault" : await Task.Run(() => FailureOf(content, sheet, row.Id, cancel), cancel);
            isRead = true;
        }, cancel))
            failure = "given_up";
        if (failure is not null)
        {
            await database.WriteAsync(async s =>
            {
                await s.ExecuteAsync(
                    $"update {table.Name} set state = 'done', failure = @failure where id = @Id and state = 'previewing'", new { row.Id, failure });
                await ForgetAsync(s, [row.Id]);
            }, cancel);
            return null;
        }

        return isRead && await NoteAsync(table, row.Id, sheet, cancel) ? sheet : null;
    }

    private string? FailureOf(byte[] content, PriceSheet sheet, long work, CancellationToken cancel)
    {
        try
        {
            var rows = 0;
            using var stream = new MemoryStream(content, writable: false);
            foreach (var row in Sheet.Read(stream, SheetNumbers.Amounts))
            {
                cancel.ThrowIfCancellationRequested();
                if (++rows > PriceSheet.RowsMax + 1) return $"too_many_rows:{PriceSheet.RowsMax}";
                if (sheet.Take(row.No, row.Fields, row.Faults) is { } failure) return failure;
            }

            return sheet.End();
        }
        catch (UnreadableSheetException fault)
        {
            return fault.Failure;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What a file does to its reader must not stop the work of all others.
            log.LogError(fault, "The price file of {Work} could not be read", work);
            return "fault";
        }
    }

    /// <returns>False: the work is gone, or somebody else is further with it.</returns>
    private async Task<bool> NoteAsync<T>(StepTable<T> table, long work, PriceSheet sheet, CancellationToken cancel) where T : StepLine
    {
        var problems = sheet.Problems;
        var at = 0;
        do
        {
            var goesOn = await database.WriteAsync(async s =>
            {
                if (await table.FindAsync(s, work, s.ForUpdate) is not { State: BulkStage.Previewing } now) return false;
                // Who goes on after another node has these rows already.
                var last = await s.ScalarAsync<long?>("select max(row_no) from price_file_problem where work_id = @work", new { work }) ?? 0;
                var step = problems.Skip(at).Take(StepRows).Where(p => p.RowNo > last).ToList();
                await s.InsertAsync("price_file_problem", "work_id, row_no, title, told, fault", step, (p, row) =>
                {
                    row.Number(work);
                    row.Number(p.RowNo);
                    row.Text(p.Title);
                    row.Text(p.Told);
                    row.Text(p.Fault);
                });
                await s.ExecuteAsync($"update {table.Name} set cannot = cannot + @Count, ignored = @Ignored where id = @work",
                    new { work, step.Count, Ignored = sheet.Ignored.Count == 0 ? null : string.Join('\n', sheet.Ignored) });
                return true;
            }, cancel);
            if (!goesOn) return false;
            at += StepRows;
        }
        while (at < problems.Count);

        return true;
    }

    private static FieldError Error(string failure) => new(
        "file", failure.Split(':')[0], PriceFileFailures.Text(failure, isChinese: false), PriceFileFailures.Text(failure, isChinese: true));

    private sealed record ProblemRow
    {
        public long RowNo { get; init; }
        public string Title { get; init; } = "";
        public string Told { get; init; } = "";
        public string Fault { get; init; } = "";
    }
}
