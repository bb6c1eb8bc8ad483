using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class GradeExamples
{
    [Theory] // sold, refunded, imported, duplicates → score
    [InlineData(0, 0, 0, 0, null)]
    [InlineData(19, 19, 19, 19, null)]
    [InlineData(20, 0, 0, 0, 100L)]
    [InlineData(100, 1, 0, 0, 90L)]
    [InlineData(1000, 1, 0, 0, 99L)]
    [InlineData(100, 5, 0, 0, 50L)]
    [InlineData(100, 10, 0, 0, 0L)]
    [InlineData(100, 100, 0, 0, 0L)]
    [InlineData(0, 0, 100, 4, 80L)]
    [InlineData(0, 0, 100, 20, 0L)]
    [InlineData(100, 5, 100, 4, 59L)]
    [InlineData(100, 0, 100, 20, 50L)] // 70 by weight, but no more than 50 above the worst part
    [InlineData(100, 10, 100, 0, 30L)]
    [InlineData(100, 10, 19, 0, 0L)]
    [InlineData(long.MaxValue, long.MaxValue, 0, 0, 0L)]
    public void The_score_follows_the_published_formula(long sold, long refunded, long imported, long duplicates, long? score) =>
        GradeRule.Score(new Figures(sold, refunded, imported, duplicates)).ShouldBe(score);

    [Theory] // purchases, failed, out of stock, timed, p95 → score
    [InlineData(19, 19, 19, 19, 999_999, null)]
    [InlineData(100, 0, 0, 19, 999_999, 100L)]
    [InlineData(100, 0, 0, 100, 10_000, 100L)]
    [InlineData(100, 2, 0, 100, 10_000, 95L)] // (90 × 25 + 100 × 15 + 100 × 10) / 50
    [InlineData(100, 2, 2, 100, 10_000, 89L)] // (90 × 25 + 80 × 15 + 100 × 10) / 50
    [InlineData(100, 0, 0, 100, 10_001, 99L)]
    [InlineData(100, 0, 0, 100, 13_000, 99L)]
    [InlineData(100, 0, 0, 100, 13_001, 99L)]
    [InlineData(100, 0, 0, 100, 307_000, 51L)] // The speed has 1 point.
    [InlineData(100, 0, 0, 100, long.MaxValue, 50L)]
    [InlineData(100, 20, 0, 80, 1_000, 50L)]
    [InlineData(100, 100, 0, 0, 0, 37L)] // Nothing succeeds: (0 × 25 + 100 × 15) / 40.
    public void Purchases_count_by_success_stock_and_speed(long purchases, long failed, long outOfStock, long timed, long p95, long? score) =>
        GradeRule.Score(new Figures(Purchases: purchases, Failed: failed, OutOfStock: outOfStock, Timed: timed, P95Milliseconds: p95)).ShouldBe(score);

    /// <summary>The worked example of docs/suppliers.md.</summary>
    [Fact]
    public void All_parts_together_make_the_score()
    {
        var figures = new Figures(2_000, 40, 5_000, 50, 400, 12, 4, 388, 25_000);
        GradeRule.Parts(figures).Select(p => (p.Kind, p.Weight, p.Points)).ShouldBe([
            (GradePartKind.Refunds, 35, 80), (GradePartKind.Success, 25, 85), (GradePartKind.Stock, 15, 90),
            (GradePartKind.Duplicates, 15, 95), (GradePartKind.Speed, 10, 95)]);
        GradeRule.Score(figures).ShouldBe(86);
        GradeRule.Grade(86).ShouldBe("B");
    }

    [Theory]
    [InlineData(100, "A")]
    [InlineData(90, "A")]
    [InlineData(89, "B")]
    [InlineData(75, "B")]
    [InlineData(74, "C")]
    [InlineData(60, "C")]
    [InlineData(59, "D")]
    [InlineData(40, "D")]
    [InlineData(39, "E")]
    [InlineData(0, "E")]
    public void A_grade_begins_at_its_score(long score, string grade) => GradeRule.Grade(score).ShouldBe(grade);
}
