using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What a supplier is judged by. Each module that knows some of it fills in its part.</summary>
/// <param name="Sold">Units sold and paid.</param>
/// <param name="Refunded">Of them those refunded since.</param>
/// <param name="Imported">Rows of cards sent in.</param>
/// <param name="Duplicates">Of them those that were known before, in the file or in stock.</param>
/// <param name="Purchases">Purchases for single orders that ended, without those in which the supplier could do nothing.</param>
/// <param name="Failed">Of them those that failed, or brought cards that were known before.</param>
/// <param name="OutOfStock">Of them those that it refused although it offered the goods at that cost.</param>
/// <param name="Timed">Of them those that its system delivered.</param>
/// <param name="P95Milliseconds">Within so long from the call, 95 in 100 of the timed ones were delivered; exact, by rank.</param>
public sealed record Figures(
    long Sold = 0, long Refunded = 0, long Imported = 0, long Duplicates = 0,
    long Purchases = 0, long Failed = 0, long OutOfStock = 0, long Timed = 0, long P95Milliseconds = 0)
{
    /// <summary>Puts together what different sources know; only one of them may know times, which do not add up.</summary>
    public static Figures operator +(Figures a, Figures b) => new(
        a.Sold + b.Sold, a.Refunded + b.Refunded, a.Imported + b.Imported, a.Duplicates + b.Duplicates,
        a.Purchases + b.Purchases, a.Failed + b.Failed, a.OutOfStock + b.OutOfStock, a.Timed + b.Timed, Math.Max(a.P95Milliseconds, b.P95Milliseconds));
}

public enum GradePartKind { Refunds, Success, Stock, Duplicates, Speed }

/// <summary>One thing that the score is made of.</summary>
/// <param name="Weight">Against the weights of the other parts that say something.</param>
/// <param name="Points">0 to 100; null: too few to judge by.</param>
/// <param name="Wrong">How many went wrong; of the speed the milliseconds within which 95 in 100 were delivered.</param>
/// <param name="Of">Of how many.</param>
public sealed record GradePart(GradePartKind Kind, long Weight, long? Points, long Wrong, long Of);

/// <summary>A part of the figures, from whoever knows it.</summary>
public interface ISupplierFigures
{
    /// <summary>What happened from the first moment to before the last; read once a day.</summary>
    Task<IReadOnlyDictionary<SupplierId, Figures>> OfAsync(Session session, DateTimeOffset from, DateTimeOffset to);
}

/// <summary>One day's grade with the figures it came from.</summary>
public sealed record SupplierGrade
{
    public SupplierId SupplierId { get; init; }
    public long Day { get; init; }

    /// <summary>0 to 100.</summary>
    public long Score { get; init; }

    /// <summary>A to E.</summary>
    public string Grade { get; init; } = "";
    public long Sold { get; init; }
    public long Refunded { get; init; }
    public long Imported { get; init; }
    public long Duplicates { get; init; }
    public long Purchases { get; init; }
    public long Failed { get; init; }
    public long OutOfStock { get; init; }
    public long Timed { get; init; }

    /// <summary>Milliseconds.</summary>
    public long P95Ms { get; init; }

    /// <summary>What the score is made of.</summary>
    public IReadOnlyList<GradePart> Parts =>
        GradeRule.Parts(new Figures(Sold, Refunded, Imported, Duplicates, Purchases, Failed, OutOfStock, Timed, P95Ms));
}

public enum AppealState { Waiting, Granted, Refused }

public sealed record Appeal
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }
    public string Words { get; init; } = "";
    public AppealState State { get; init; }
    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public DateTimeOffset? LiftedUntil { get; init; }
}

/// <summary>Suppliers' grades, once a day, by the published formula; they act on hold times and on who is drawn first, the lowest suspends, and an appeal lifts it.</summary>
/// <remarks>Held by: tests/Integration/Onboarding/GradeTests.cs.</remarks>
public sealed class Grades(Database database, IEnumerable<ISupplierFigures> sources, IdSource ids, TimeProvider clock)
{
    private const string DaySetting = "grade.day";
    private const string Columns = "select id, supplier_id, words, state, reason, decided_by, created_at, decided_at, lifted_until from grade_appeal";

    /// <summary>The grades of the last day that was graded.</summary>
    public Task<List<SupplierGrade>> LatestAsync(CancellationToken cancel = default) => database.ReadAsync(LatestAsync, cancel);

    public Task<List<Appeal>> AppealsAsync(SupplierId? supplier = null, CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<Appeal>(
        $"""
        {Columns} {(supplier is null ? "" : "where supplier_id = @supplier")}
        order by case when state = 'waiting' then 0 else 1 end, id desc limit 100
        """, new { supplier }), cancel);

    public Task<Appeal?> FindAppealAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Appeal>($"{Columns} where id = @id", new { id }), cancel);

    /// <summary>Takes an appeal of a supplier whom its grade suspends; one may wait.</summary>
    public async Task<CatalogDecision<Appeal>> AppealAsync(SupplierId supplier, string words, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        words = check.Text("words", words, 1_000, lines: true);
        if (words.Length == 0) check.Add("words", "required", "Fill this in.", "请填写此项。");
        if (check.Errors.Count > 0) return new CatalogDecision<Appeal>.Refused(check.Errors);
        var appeal = new Appeal { Id = await ids.NextAsync(), SupplierId = supplier, Words = words, CreatedAt = clock.Now() };
        try
        {
            return await database.WriteAsync<CatalogDecision<Appeal>>(async s =>
            {
                if (!(await Selling.StopsAsync(s, supplier)).Exists(t => t.Reason == StopReasons.Grade)) return new CatalogDecision<Appeal>.Missing();
                await s.ExecuteAsync(
                    "insert into grade_appeal (id, supplier_id, words, state, created_at) values (@Id, @SupplierId, @Words, 'waiting', @CreatedAt)", appeal);
                return new CatalogDecision<Appeal>.Saved(appeal);
            }, cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<Appeal>.Refused([new FieldError("words", "taken", "An appeal is waiting already.", "已有一份申诉在等处理。")]);
        }
    }

    /// <summary>A person's verdict. Granted, the supplier is offered again with the same commit.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public Task<bool> DecideAsync(long id, bool isGranted, string reason, string actor, CancellationToken cancel = default) => database.WriteAsync(async s =>
    {
        var now = clock.Now();
        var changed = await s.ExecuteAsync(
            """
            update grade_appeal set state = @State, reason = @reason, decided_by = @actor, decided_at = @now, lifted_until = @Until
            where id = @id and state = 'waiting'
            """,
            new { id, State = isGranted ? "granted" : "refused", reason, actor, now, Until = isGranted ? now + GradeRule.Lift : (DateTimeOffset?)null });
        if (changed == 0) return false;
        var supplier = await s.ScalarAsync<SupplierId>("select supplier_id from grade_appeal where id = @id", new { id });
        await Notices.AddAsync(s, await ids.NextAsync(s), supplier, isGranted ? NoticeKinds.AppealGranted : NoticeKinds.AppealRefused, id, now);
        await LookAsync(s);
        return true;
    }, cancel);

    /// <summary>Grades everybody for the last whole day, unless it is done. Safe beside itself and other nodes.</summary>
    internal async Task GradeAsync(CancellationToken cancel)
    {
        var day = CoverRule.LastClosed(clock.Now());
        if (await database.ReadAsync(DayAsync, cancel) >= day) return;
        // Read before the transaction that writes: thirty days of orders take their time, and nobody shall wait for it.
        var sheets = await database.ReadAsync(async s =>
        {
            var sums = new Dictionary<SupplierId, Figures>();
            var (from, to) = (CoverRule.StartOf(day - GradeRule.Days + 1), CoverRule.StartOf(day + 1));
            foreach (var source in sources)
                foreach (var (supplier, part) in await source.OfAsync(s, from, to))
                    sums[supplier] = sums.GetValueOrDefault(supplier, new Figures()) + part;
            return sums;
        }, cancel);
        await database.WriteAsync(s => WriteAsync(s, day, sheets), cancel);
    }

    private async Task WriteAsync(Session s, long day, Dictionary<SupplierId, Figures> sheets)
    {
        foreach (var (supplier, figures) in sheets.OrderBy(f => f.Key))
        {
            if (GradeRule.Score(figures) is not { } score) continue;
            await s.ExecuteAsync(
                """
                insert into supplier_grade (supplier_id, day, score, grade, sold, refunded, imported, duplicates, purchases, failed, out_of_stock, timed, p95_ms)
                values (@supplier, @day, @score, @Grade, @Sold, @Refunded, @Imported, @Duplicates, @Purchases, @Failed, @OutOfStock, @Timed, @P95Milliseconds)
                on conflict do nothing
                """,
                new
                {
                    supplier, day, score, Grade = GradeRule.Grade(score), figures.Sold, figures.Refunded, figures.Imported, figures.Duplicates,
                    figures.Purchases, figures.Failed, figures.OutOfStock, figures.Timed, figures.P95Milliseconds,
                });
        }

        await s.ExecuteAsync(
            "insert into setting (name, value) values (@DaySetting, @Value) on conflict (name) do update set value = excluded.value",
            new { DaySetting, Value = $"{day}" });
        await ActAsync(s);
        await LookAsync(s);
    }

    /// <summary>The grades of the last day act from the same commit on; who falls to a worse one is told, once.</summary>
    private async Task ActAsync(Session s)
    {
        var now = clock.Now();
        var latest = await LatestAsync(s);
        foreach (var change in await Selling.GradeAsync(s, latest.ToDictionary(g => g.SupplierId, g => g.Grade)))
            // Of E the suspension tells.
            if (change.To != "E" && GradeEffect.Of(change.To).Place > GradeEffect.Of(change.From).Place)
                await Notices.AddAsync(s, await ids.NextAsync(s), change.Supplier, NoticeKinds.Graded(change.To!), latest[0].Day, now);
    }

    /// <summary>Suspends those of the lowest grade whose appeal was not granted, and nobody else; tells them, once.</summary>
    private async Task LookAsync(Session s)
    {
        var now = clock.Now();
        var stops = await Selling.StopsAsync(s);
        var lifted = (await s.QueryAsync<SupplierId>("select supplier_id from grade_appeal where state = 'granted' and lifted_until > @now", new { now })).ToHashSet();
        var lowest = (await LatestAsync(s)).Where(g => g.Grade == "E" && !lifted.Contains(g.SupplierId)).Select(g => g.SupplierId).ToHashSet();
        foreach (var begun in await Selling.StopAsync(s, StopReasons.Grade, stops, lowest, now))
            await Notices.AddAsync(s, await ids.NextAsync(s), begun, NoticeKinds.Suspended, now.ToMicros(), now);
    }

    private static async Task<List<SupplierGrade>> LatestAsync(Session s) => await s.QueryAsync<SupplierGrade>(
        """
        select supplier_id, day, score, grade, sold, refunded, imported, duplicates, purchases, failed, out_of_stock, timed, p95_ms
        from supplier_grade where day = @Day order by supplier_id
        """,
        new { Day = await DayAsync(s) });

    private static async Task<long> DayAsync(Session s) =>
        long.TryParse(await s.ScalarAsync<string>("select value from setting where name = @DaySetting", new { DaySetting }), out var day) ? day : 0;
}
