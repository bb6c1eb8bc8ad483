namespace Lianka.Modules.Suppliers.Core;

/// <summary>The published formula of the score and the grade (docs/suppliers.md). Whole numbers, rounded down.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/GradeExamples.cs, GradeProperties.cs.</remarks>
internal static class GradeRule
{
    public const int Days = 30;

    /// <summary>Fewer units sold, rows sent in, or purchases say nothing.</summary>
    public const long Enough = 20;

    /// <summary>What is bad in one thing is not made good by the others: the score is at most so far above the worst part.</summary>
    private const long AboveWorstMax = 50;

    /// <summary>A purchase that takes longer costs a point, and another one for each further step.</summary>
    private const long QuickMilliseconds = 10_000, SlowStepMilliseconds = 3_000;

    /// <summary>A granted appeal keeps the lowest grade from suspending for so long.</summary>
    public static readonly TimeSpan Lift = TimeSpan.FromDays(30);

    /// <summary>A tenth of the units refunded is 0 points, and so on: the steepness is what each per cent costs.</summary>
    public static IReadOnlyList<GradePart> Parts(Figures f) =>
    [
        new(GradePartKind.Refunds, 35, Share(f.Refunded, f.Sold, 10), f.Refunded, f.Sold),
        new(GradePartKind.Success, 25, Share(f.Failed, f.Purchases, 5), f.Failed, f.Purchases),
        new(GradePartKind.Stock, 15, Share(f.OutOfStock, f.Purchases, 10), f.OutOfStock, f.Purchases),
        new(GradePartKind.Duplicates, 15, Share(f.Duplicates, f.Imported, 5), f.Duplicates, f.Imported),
        new(GradePartKind.Speed, 10, f.Timed < Enough ? null : Speed(f.P95Milliseconds), f.P95Milliseconds, f.Timed),
    ];

    /// <returns>0 to 100; null: there is too little to judge by.</returns>
    public static long? Score(Figures figures)
    {
        var (points, weights, worst) = (0L, 0L, 100L);
        foreach (var part in Parts(figures))
        {
            if (part.Points is not { } own) continue;
            points += own * part.Weight;
            weights += part.Weight;
            worst = Math.Min(worst, own);
        }

        return weights == 0 ? null : Math.Min(points / weights, worst + AboveWorstMax);
    }

    public static string Grade(long score) => score switch { >= 90 => "A", >= 75 => "B", >= 60 => "C", >= 40 => "D", _ => "E" };

    /// <summary>100 less <paramref name="steepness"/> points for each per cent that went wrong.</summary>
    private static long? Share(long wrong, long all, long steepness) =>
        all < Enough ? null : Math.Max(0, (long)(100 - (((Int128)wrong * 100 * steepness) + all - 1) / all));

    private static long Speed(long p95)
    {
        var beyond = Math.Max(p95 - QuickMilliseconds, 0);
        var steps = (beyond / SlowStepMilliseconds) + (beyond % SlowStepMilliseconds > 0 ? 1 : 0);
        return Math.Max(0, 100 - steps);
    }
}
