using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>What the rows of <c>listing</c> and <c>repricing</c> have in common: the choice of goods and how far the work has come.</summary>
internal abstract record StepLine
{
    public long Id { get; init; }
    public string? Words { get; init; }
    public string? Categories { get; init; }
    public string? Skus { get; init; }
    public long KeepsOwn { get; init; }
    public BulkStage State { get; init; }
    public long AtSku { get; init; }
    public long Total { get; init; }
    public long Done { get; init; }
    public long Changes { get; init; }
    public long Cannot { get; init; }
    public long Moved { get; init; }
    public string? File { get; init; }
    public string? Failure { get; init; }
    public string? Ignored { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string> IgnoredTitles => Ignored?.Split('\n') ?? [];

    public GoodsChoice Choice
    {
        get => new()
        {
            Words = Words ?? "", Categories = Categories?.Split(' ') ?? [], KeepsOwn = KeepsOwn == 1,
            Skus = [.. (Skus?.Split(' ') ?? []).Select(s => new SkuId(long.Parse(s, CultureInfo.InvariantCulture)))],
        };
        init
        {
            Words = value.Words.Length == 0 ? null : value.Words;
            Categories = value.Categories.Count == 0 ? null : string.Join(' ', value.Categories);
            Skus = value.Skus.Count == 0 ? null : string.Join(' ', value.Skus.Select(s => s.Value));
            KeepsOwn = value.KeepsOwn ? 1 : 0;
        }
    }
}

/// <param name="Name">A constant of the program.</param>
/// <param name="FindAsync">Reads a row; the text is appended to the select.</param>
internal sealed record StepTable<T>(string Name, Func<Session, long, string, Task<T?>> FindAsync) where T : StepLine;

/// <summary>Goes through many goods step by step. Each step is one transaction that also says how far it came, so any node goes on after it.</summary>
internal static class Stepping
{
    /// <summary>SKUs of one step: a fraction of a second, during which other writers of a SQLite database wait.</summary>
    public const int StepRows = 5_000;

    public static async Task<T> SaveAsync<T>(Session s, StepTable<T> table, T row) where T : StepLine
    {
        await s.ExecuteAsync(
            $"""
            update {table.Name} set state = @State, at_sku = @AtSku, total = @Total, done = @Done, changes = @Changes, cannot = @Cannot, moved = @Moved
            where id = @Id
            """, new { row.Id, State = row.State.ToString().ToLowerInvariant(), row.AtSku, row.Total, row.Done, row.Changes, row.Cannot, row.Moved });
        return row;
    }

    /// <summary>Begins to do what the preview shows. Pressed twice, it is done once.</summary>
    public static async Task<AgentsDecision<long>> PressAsync<T>(Session s, StepTable<T> table, long id, Func<T, bool> isTheirs) where T : StepLine
    {
        if (await table.FindAsync(s, id, s.ForUpdate) is not { } row || !isTheirs(row)) return new AgentsDecision<long>.Missing();
        if (row.State == BulkStage.Previewing)
            return new AgentsDecision<long>.Refused([new("state", "not_ready", "The preview is not finished yet.", "预览还没算完。")]);
        if (row.State == BulkStage.Ready) await SaveAsync(s, table, row with { State = BulkStage.Applying, AtSku = 0, Done = 0, Total = row.Changes });
        return new AgentsDecision<long>.Saved(id);
    }

    /// <param name="left">What is still to be looked at, in the order of ids.</param>
    /// <param name="writeAsync">Writes down what would become of these SKUs; says how many rows would change and how many cannot.</param>
    public static async Task PreviewAsync<T>(
        Database database, PriceBooks books, StepTable<T> table, T row, SkuId[] left,
        Func<Session, PriceBook, SkuId[], Task<(int Changes, int Cannot)>> writeAsync, CancellationToken cancel) where T : StepLine
    {
        var goesOn = true;
        for (var from = 0; goesOn; from += StepRows)
        {
            var step = left[Math.Min(from, left.Length)..Math.Min(from + StepRows, left.Length)];
            // Outside the transaction: whoever writes does not wait for a book to be read.
            await books.RefreshAsync(cancel);
            goesOn = await database.WriteAsync(async s =>
            {
                if (await table.FindAsync(s, row.Id, s.ForUpdate) is not { State: BulkStage.Previewing } now || now.AtSku != row.AtSku) return false;
                var (changes, cannot) = await writeAsync(s, await books.LoadAsync(s), step);
                var isOver = from + StepRows >= left.Length;
                row = await SaveAsync(s, table, now with
                {
                    State = isOver ? BulkStage.Ready : BulkStage.Previewing,
                    AtSku = step.Length > 0 ? step[^1].Value : now.AtSku,
                    Total = from == 0 ? now.Done + left.Length : now.Total,
                    Done = now.Done + step.Length,
                    Changes = now.Changes + changes,
                    Cannot = now.Cannot + cannot,
                });
                return !isOver;
            }, cancel);
        }
    }

    /// <param name="writeAsync">Does the next rows after a SKU; says the last SKU it came to (null: none is left), how many rows and how many of them had moved.</param>
    public static async Task ApplyAsync<T>(
        Database database, PriceBooks books, StepTable<T> table, T row,
        Func<Session, PriceBook, long, Task<(SkuId? Last, int Rows, int Moved)>> writeAsync, CancellationToken cancel) where T : StepLine
    {
        var goesOn = true;
        while (goesOn)
        {
            await books.RefreshAsync(cancel);
            goesOn = await database.WriteAsync(async s =>
            {
                if (await table.FindAsync(s, row.Id, s.ForUpdate) is not { State: BulkStage.Applying } now || now.AtSku != row.AtSku) return false;
                var (last, rows, moved) = await writeAsync(s, await books.LoadAsync(s), now.AtSku);
                row = await SaveAsync(s, table, last is { } at
                    ? now with { AtSku = at.Value, Done = now.Done + rows, Moved = now.Moved + moved }
                    : now with { State = BulkStage.Done });
                return last is not null;
            }, cancel);
        }
    }

    /// <summary>The shape of a choice, before it is kept.</summary>
    public static GoodsChoice Check(this FieldCheck check, GoodsChoice choice, int skusMax)
    {
        var words = check.Text("words", choice.Words, 80, lines: false);
        if (choice.Skus.Count > skusMax) check.Add(Core.Refusals.TooMany("skus", skusMax));
        if (choice.Categories.Count > 100) check.Add(Core.Refusals.TooMany("categories", 100));
        return choice with { Words = words };
    }

    /// <summary>The SKUs that a choice means, in the order of their ids, after the one where the work stands.</summary>
    public static async Task<SkuId[]> ChosenAsync(
        PriceBook book, Finder finder, IEnumerable<SkuId> among, StepLine row, CancellationToken cancel)
    {
        var choice = row.Choice;
        var skus = choice.Skus.Count > 0 ? choice.Skus.Distinct() : among;
        var entries = skus.Where(s => s.Value > row.AtSku).Select(book.Sku).OfType<SkuEntry>().ToList();
        if (choice.Words.Length > 0 || choice.Categories.Count > 0)
        {
            ProductId[] products = [.. entries.Select(e => e.Product).Distinct()];
            string?[] categories = choice.Categories.Count > 0 ? [.. choice.Categories] : [null];
            var found = new HashSet<ProductId>();
            foreach (var category in categories) found.UnionWith((await finder.FindAsync(products, category, choice.Words, cancel)).Products);
            entries.RemoveAll(e => !found.Contains(e.Product));
        }

        return [.. entries.Select(e => e.Id).Order()];
    }
}
