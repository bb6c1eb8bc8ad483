namespace Lianka.Modules.Suppliers.Core;

/// <summary>The published formula of the score and the grade (docs/suppliers.md). Whole numbers, rounded down.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/GradeExamples.cs.</remarks>
internal static class GradeRule
{
    public const int Days = 30;

    /// <summary>Fewer units sold, or rows sent in, say nothing.</summary>
    public const long Enough = 20;

    private const long RefundWeight = 70, DuplicateWeight = 30;

    /// <summary>A granted appeal keeps the lowest grade from suspending for so long.</summary>
    public static readonly TimeSpan Lift = TimeSpan.FromDays(30);

    /// <returns>0 to 100; null: there is too little to judge by.</returns>
    public static long? Score(Figures figures)
    {
        // A tenth of the units refunded is 0 points; a fifth of the rows known before is 0 points.
        var refunds = Part(figures.Refunded, figures.Sold, 10);
        var duplicates = Part(figures.Duplicates, figures.Imported, 5);
        return (refunds, duplicates) switch
        {
            ({ } r, { } d) => ((r * RefundWeight) + (d * DuplicateWeight)) / (RefundWeight + DuplicateWeight),
            ({ } r, null) => r,
            (null, { } d) => d,
            _ => null,
        };
    }

    public static string Grade(long score) => score switch { >= 90 => "A", >= 75 => "B", >= 60 => "C", >= 40 => "D", _ => "E" };

    /// <summary>100 less <paramref name="steepness"/> points for each per cent that went wrong.</summary>
    private static long? Part(long wrong, long all, long steepness) =>
        all < Enough ? null : Math.Max(0, (long)(100 - (((Int128)wrong * 100 * steepness) + all - 1) / all));
}
