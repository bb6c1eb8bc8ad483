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
    [InlineData(100, 0, 100, 20, 70L)]
    [InlineData(100, 10, 100, 0, 30L)]
    [InlineData(100, 10, 19, 0, 0L)]
    [InlineData(long.MaxValue, long.MaxValue, 0, 0, 0L)]
    public void The_score_follows_the_published_formula(long sold, long refunded, long imported, long duplicates, long? score) =>
        GradeRule.Score(new Figures(sold, refunded, imported, duplicates)).ShouldBe(score);

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
