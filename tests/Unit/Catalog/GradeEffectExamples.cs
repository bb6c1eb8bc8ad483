using Lianka.Modules.Catalog;

namespace Lianka.Tests.Unit.Catalog;

public sealed class GradeEffectExamples
{
    [Theory] // grade → hours more in escrow, weight, place
    [InlineData("A", 0, 10_000, 0)]
    [InlineData("B", 0, 9_500, 0)]
    [InlineData(null, 0, 9_500, 0)]
    [InlineData("C", 24, 8_500, 1)]
    [InlineData("D", 72, 6_000, 2)]
    [InlineData("E", 168, 3_000, 3)]
    public void A_grade_acts_as_published(string? grade, long hours, long weight, long place) =>
        GradeEffect.Of(grade).ShouldBe(new GradeEffect(hours * 3_600, weight, place));

    [Fact]
    public void A_worse_grade_never_has_a_better_effect()
    {
        string[] grades = ["A", "B", "C", "D", "E"];
        foreach (var (better, worse) in grades.Zip(grades.Skip(1), (a, b) => (GradeEffect.Of(a), GradeEffect.Of(b))))
        {
            worse.HoldSecondsMore.ShouldBeGreaterThanOrEqualTo(better.HoldSecondsMore);
            worse.WeightBps.ShouldBeLessThan(better.WeightBps);
            worse.Place.ShouldBeGreaterThanOrEqualTo(better.Place);
        }
    }
}
