using Lianka.Modules.Analytics.Core;

namespace Lianka.Tests.Unit.Analytics;

public sealed class FailingExamples
{
    [Theory]
    [InlineData(0, 4, null, false)]
    [InlineData(0, 5, null, true)]
    [InlineData(8, 2, null, false)]
    [InlineData(79, 21, null, true)]
    [InlineData(89, 11, 9_900L, false)]
    [InlineData(88, 12, 9_900L, true)]
    // One that was never better is no news.
    [InlineData(30, 70, 3_500L, false)]
    [InlineData(24, 76, 3_500L, true)]
    public void A_supply_fails_when_it_does_worse_than_usual(long succeeded, long failed, long? usual, bool isFailing) =>
        Failing.Is(succeeded, failed, usual).ShouldBe(isFailing);

    [Theory]
    [InlineData(0, 4, null, false)]
    [InlineData(0, 5, null, true)]
    [InlineData(1, 4, null, false)]
    [InlineData(0, 5, 9_900L, true)]
    // One that never worked is no news.
    [InlineData(0, 5, 900L, false)]
    public void One_that_is_tried_seldom_fails_by_its_last_tries(long succeeded, long failed, long? usual, bool isFailing) =>
        Failing.InARow(succeeded, failed, usual).ShouldBe(isFailing);
}
