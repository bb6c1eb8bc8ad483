using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Reviews;
using Lianka.Modules.Reviews.Core;

namespace Lianka.Tests.Unit.Reviews;

public sealed class ReviewExamples
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static Order Order(OrderStatus status, long refundedUnits) => new()
    {
        Id = new(1), Merchant = new(2), Source = OrderSource.Retail, Sku = new(3), Quantity = 3, MaxTotal = new(30), Status = status,
        UnitPrice = new(10), Total = new(30), RefundedUnits = refundedUnits, PayerAccount = new(4), EscrowAccount = new(5), MerchantUnit = new(9), TopUnit = new(8), CreatedAt = _now,
    };

    [Theory]
    [InlineData(OrderStatus.Delivered, 0, null)]
    [InlineData(OrderStatus.Delivered, 2, null)]
    [InlineData(OrderStatus.Delivered, 3, ReviewBar.Refunded)]
    [InlineData(OrderStatus.PartiallyDelivered, 1, null)]
    [InlineData(OrderStatus.PartiallyDelivered, 3, ReviewBar.Refunded)]
    [InlineData(OrderStatus.Refunded, 3, ReviewBar.Refunded)]
    [InlineData(OrderStatus.Placed, 0, ReviewBar.NotDelivered)]
    [InlineData(OrderStatus.Paid, 0, ReviewBar.NotDelivered)]
    [InlineData(OrderStatus.Fulfilling, 0, ReviewBar.NotDelivered)]
    [InlineData(OrderStatus.Expired, 0, ReviewBar.NotDelivered)]
    [InlineData(OrderStatus.Cancelled, 0, ReviewBar.NotDelivered)]
    public void Who_keeps_something_that_was_delivered_may_write(OrderStatus status, long refundedUnits, ReviewBar? expected) =>
        ReviewRules.BarOf(Order(status, refundedUnits), null, _now).ShouldBe(expected);

    [Theory]
    [InlineData(30 * 24 * 60, ReviewStatus.Shown, null)]
    [InlineData((30 * 24 * 60) + 1, ReviewStatus.Shown, ReviewBar.TooOld)]
    [InlineData(0, ReviewStatus.Waiting, null)]
    [InlineData(0, ReviewStatus.Hidden, ReviewBar.Hidden)]
    public void A_review_may_be_changed_for_thirty_days_unless_it_is_hidden(long minutes, ReviewStatus state, ReviewBar? expected) =>
        ReviewRules.BarOf(Order(OrderStatus.Delivered, 0), new Review { State = state, CreatedAt = _now }, _now.AddMinutes(minutes)).ShouldBe(expected);

    [Theory]
    [InlineData("到账很快，好评", false)]
    [InlineData("买了 3 次，50 元的，12345 次也行", false)]
    [InlineData("加我 138 0013-5567", true)]
    [InlineData("ＱＱ１２３４５６", true)]
    [InlineData("see https://x.example", true)]
    [InlineData("WWW.x.example", true)]
    [InlineData("a@b.c", true)]
    public void A_text_with_ways_to_reach_somebody_waits_for_a_person(string text, bool expected) => ReviewRules.NeedsPerson(text).ShouldBe(expected);

    [Theory]
    [InlineData(0, "x")]
    [InlineData(6, "x")]
    [InlineData(5, null)]
    [InlineData(1, null)]
    public void Stars_are_one_to_five(long stars, string? problem) => (ReviewRules.CheckStars(stars) is null).ShouldBe(problem is null);

    [Theory]
    [InlineData(500, false, 0)]
    [InlineData(501, false, 1)]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 1)]
    public void A_text_has_at_most_five_hundred_characters(int length, bool isRequired, int problems) =>
        ReviewRules.Read("text", new string('好', length), isRequired).Errors.Count.ShouldBe(problems);

    [Theory]
    [InlineData(0, 0, "0.0")]
    [InlineData(1, 5, "5.0")]
    [InlineData(4, 17, "4.3")]
    [InlineData(3, 13, "4.3")]
    [InlineData(3, 14, "4.7")]
    public void The_average_is_rounded_half_up_to_a_tenth(long count, long stars, string expected) => new Rating(count, stars).Average.ShouldBe(expected);
}
