namespace Lianka.Modules.Catalog;

/// <summary>What a supplier's grade brings about (docs/suppliers.md).</summary>
/// <param name="HoldSecondsMore">The money for its goods stays in escrow for so much longer than was agreed.</param>
/// <param name="WeightBps">What the margin of a purchase from it counts for when supplies are compared, in basis points.</param>
/// <param name="Place">Supplies of a lower place are drawn first, whatever their priority.</param>
/// <remarks>A worse grade never has a better effect. Held by: tests/Unit/Catalog/GradeEffectExamples.cs.</remarks>
public sealed record GradeEffect(long HoldSecondsMore, long WeightBps, long Place)
{
    private const long Day = 24 * 60 * 60;

    private static readonly GradeEffect _a = new(0, 10_000, 0), _b = new(0, 9_500, 0), _c = new(Day, 8_500, 1), _d = new(3 * Day, 6_000, 2), _e = new(7 * Day, 3_000, 3);

    /// <param name="grade">A to E; null, of whom too little is known to judge by: as B.</param>
    public static GradeEffect Of(string? grade) => grade switch
    {
        "A" => _a,
        "B" or null => _b,
        "C" => _c,
        "D" => _d,
        "E" => _e,
        _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "A grade is A to E."),
    };
}
