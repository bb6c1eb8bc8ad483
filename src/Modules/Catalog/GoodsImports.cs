using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Import;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;
using Lianka.Platform.Sheets;

namespace Lianka.Modules.Catalog;

/// <summary>Products and SKUs from a sheet: first a preview with a row per line, then all that it shows.</summary>
/// <remarks>
/// The operator's. Both go in steps: each is one short transaction that also says how far it came, so that any node goes on where another died, and orders wait for no more than a step. A line whose goods are not as the preview found them is left alone.
/// The lines are kept, so that they can be looked at again with the goods of then.
/// Held by: tests/Integration/Catalog/GoodsImportTests.cs. Decision 0064.
/// </remarks>
public sealed class GoodsImports(Database database, IdSource ids, TimeProvider clock)
{
    /// <summary>Bytes of a file.</summary>
    public const int FileMax = 16 << 20;

    /// <summary>How many there are; a further one takes the place of the oldest.</summary>
    public const int KeptMax = 10;

    /// <summary>Lines of one step of doing, and rows of one of the preview: some tenths of a second.</summary>
    internal const int StepLines = 500, StepRows = 2_500;

    /// <summary>After this time a step of doing ends where it is: on SQLite all other writers wait for it.</summary>
    private static readonly TimeSpan _stepTime = TimeSpan.FromMilliseconds(200);

    private const int DuplicatesMax = 5;

    /// <summary>Reads the file and begins its preview. Nothing is kept of a file that is refused.</summary>
    /// <param name="content">Can be gone back in.</param>
    public async Task<CatalogDecision<long>> StartAsync(Stream content, string source, string actor, CancellationToken cancel = default)
    {
        var file = GoodsFile.Read(content);
        if (file.Problems.Count > 0) return new CatalogDecision<long>.Refused(file.Problems);
        return await OpenAsync(new GoodsImportLine { Source = Sheet.NameOf(source), Ignored = JsonSerializer.Serialize(file.Ignored), Total = file.Lines.Count, CreatedBy = actor }, GoodsImportStore.Packed(file.Lines), cancel);
    }

    /// <summary>The same lines with the goods of now.</summary>
    public async Task<CatalogDecision<long>> PreviewAgainAsync(long id, string actor, CancellationToken cancel = default)
    {
        var (before, lines) = await database.ReadAsync(async s => (await GoodsImportStore.FindAsync(s, id), await GoodsImportStore.LinesAsync(s, id)), cancel);
        if (before is null || lines is null) return new CatalogDecision<long>.Missing();
        return await OpenAsync(new GoodsImportLine { Source = before.Source, Ignored = before.Ignored, Total = GoodsImportStore.Unpacked(lines).Count, CreatedBy = actor }, lines, cancel);
    }

    /// <summary>Begins to do what the preview shows. Pressed twice, it is done once.</summary>
    public Task<CatalogDecision<long>> ApplyAsync(long id, CancellationToken cancel = default) => database.WriteAsync<CatalogDecision<long>>(async s =>
    {
        if (await GoodsImportStore.FindAsync(s, id, s.ForUpdate) is not { } row) return new CatalogDecision<long>.Missing();
        if (row.State == BulkStage.Previewing)
            return new CatalogDecision<long>.Refused([new("state", "not_ready", "The preview is not finished yet.", "预览还没算完。")]);
        if (row.State == BulkStage.Ready) await GoodsImportStore.SaveAsync(s, row with { State = BulkStage.Applying, AtLine = 0, Done = 0, Total = row.Changes });
        return new CatalogDecision<long>.Saved(id);
    }, cancel);

    public async Task<GoodsImport?> FindAsync(long id, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => GoodsImportStore.FindAsync(s, id), cancel))?.ToImport();

    /// <summary>The newest first.</summary>
    public Task<List<GoodsImport>> ListAsync(CancellationToken cancel = default) =>
        database.ReadAsync(async s => (await GoodsImportStore.AllAsync(s)).ConvertAll(r => r.ToImport()), cancel);

    /// <summary>Rows in the order of the file.</summary>
    public Task<List<GoodsRow>> RowsAsync(long id, GoodsRowFilter filter, CancellationToken cancel = default) =>
        database.ReadAsync(s => GoodsImportStore.RowsAsync(s, id, filter with { Limit = Math.Clamp(filter.Limit, 1, 1_000) }), cancel);

    /// <summary>Those that somebody has to go on with.</summary>
    public Task<List<long>> WaitingAsync(CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<long>("select id from goods_import where state in ('previewing', 'applying') order by id limit 100"), cancel);

    /// <summary>Goes on until the present stage is over, or another node does it.</summary>
    public async Task AdvanceAsync(long id, CancellationToken cancel = default)
    {
        if (await database.ReadAsync(s => GoodsImportStore.FindAsync(s, id), cancel) is not { } row) return;
        if (row.State == BulkStage.Previewing) await PreviewAsync(row, cancel);
        else if (row.State == BulkStage.Applying) await ApplyAsync(row, cancel);
    }

    private async Task<CatalogDecision<long>> OpenAsync(GoodsImportLine draft, byte[] lines, CancellationToken cancel)
    {
        var row = draft with { Id = await ids.NextAsync(), CreatedAt = clock.Now() };
        await database.WriteAsync(async s =>
        {
            await GoodsImportStore.ForgetAsync(s, KeptMax - 1);
            await GoodsImportStore.InsertAsync(s, row, lines);
        }, cancel);
        return new CatalogDecision<long>.Saved(row.Id);
    }

    private async Task PreviewAsync(GoodsImportLine row, CancellationToken cancel)
    {
        if (!await FileTries.ReadAsync(database, "goods_import", row.Id, clock.Now(), () => WorkOutAsync(row, cancel), cancel))
            await database.WriteAsync(s => GoodsImportStore.GiveUpAsync(s, row.Id), cancel);
    }

    private async Task WorkOutAsync(GoodsImportLine row, CancellationToken cancel)
    {
        // Thought out before any transaction, so that others wait for the rows alone.
        if (await database.ReadAsync(s => GoodsImportStore.LinesAsync(s, row.Id), cancel) is not { } packed) return;
        var lines = GoodsImportStore.Unpacked(packed);
        var book = await database.ReadAsync(s => GoodsImportStore.BookAsync(
            s, lines.Select(l => l.At(GoodsSheet.ProductKey)), lines.Select(l => l.At(GoodsSheet.SkuKey)), isLocked: false), cancel);
        var rows = GoodsPlan.Of(lines, book);
        foreach (var step in rows.Where(r => r.Line > row.AtLine).Chunk(StepRows))
        {
            var next = await database.WriteAsync(async s =>
            {
                if (await GoodsImportStore.FindAsync(s, row.Id, s.ForUpdate) is not { State: BulkStage.Previewing } now || now.AtLine != row.AtLine) return null;
                await GoodsImportStore.InsertRowsAsync(s, now.Id, step);
                return await GoodsImportStore.SaveAsync(s, now with
                {
                    State = step[^1].Line == rows[^1].Line ? BulkStage.Ready : BulkStage.Previewing, AtLine = step[^1].Line, Done = now.Done + step.Length,
                    Changes = now.Changes + step.Count(r => r.Outcome is BulkOutcome.Add or BulkOutcome.Change), Cannot = now.Cannot + step.Count(r => r.Outcome == BulkOutcome.Cannot),
                });
            }, cancel);
            if (next is null) return;
            row = next;
        }
    }

    private async Task ApplyAsync(GoodsImportLine row, CancellationToken cancel)
    {
        var duplicates = 0;
        while (row.State == BulkStage.Applying)
        {
            try
            {
                if (await database.WriteAsync(s => StepAsync(s, row), cancel) is not { } next) return;
                row = next;
            }
            catch (DbException fault) when (Database.IsDuplicate(fault) && ++duplicates < DuplicatesMax)
            {
                // Somebody made the same product or SKU in between: looked at again, it is there, and the line is left alone.
            }
        }
    }

    /// <returns>How far it is now; null: another node goes on with it.</returns>
    private async Task<GoodsImportLine?> StepAsync(Session s, GoodsImportLine before)
    {
        if (await GoodsImportStore.FindAsync(s, before.Id, s.ForUpdate) is not { State: BulkStage.Applying } now || now.AtLine != before.AtLine) return null;
        var rows = await GoodsImportStore.ToApplyAsync(s, now.Id, now.AtLine, StepLines);
        var book = await GoodsImportStore.BookAsync(s, rows.Select(r => r.Product), rows.Select(r => r.Sku), isLocked: true);
        var (at, began) = (clock.Now(), Stopwatch.GetTimestamp());
        var (done, moved) = (0, 0);
        foreach (var row in rows)
        {
            if (done > 0 && Stopwatch.GetElapsedTime(began) > _stepTime) break;
            done++;
            var step = GoodsPlan.Step(row, book, at);
            if (step.Problems.Count > 0)
            {
                moved++;
                await GoodsImportStore.MarkMovedAsync(s, now.Id, row with { Problems = step.Problems });
            }
            else
            {
                await WriteAsync(s, step, book, row, at);
            }
        }

        if (moved < done) await CatalogWrites.BumpAsync(s);
        return await GoodsImportStore.SaveAsync(s, now with
        {
            State = done == rows.Count && done < StepLines ? BulkStage.Done : BulkStage.Applying,
            AtLine = done > 0 ? rows[done - 1].Line : now.AtLine, Done = now.Done + done, Moved = now.Moved + moved,
        });
    }

    /// <summary>Writes what a line wants, and puts it into the book for the lines after it.</summary>
    private async Task WriteAsync(Session s, GoodsStep step, GoodsBook book, GoodsRow row, DateTimeOffset at)
    {
        if (step.Product is { } product)
        {
            if (step.IsNewProduct) await CatalogWrites.InsertAsync(s, product = product with { Id = new(await ids.NextAsync(s)) });
            else await CatalogWrites.UpdateAsync(s, product);
            book.Products[product.Slug] = product;
        }

        if (step.Sku is not { } sku) return;
        if (step.IsNewSku) await CatalogWrites.InsertAsync(s, sku = sku with { Id = new(await ids.NextAsync(s)), ProductId = book.Products[row.Product].Id });
        else await CatalogWrites.UpdateAsync(s, sku);
        if (step.Product is null) await CatalogWrites.TouchProductAsync(s, sku.ProductId, at);
        book.Skus[sku.Code] = sku;
    }
}
