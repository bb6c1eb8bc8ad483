using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Tests.Unit.Storefronts;

public sealed class OrderViewExamples
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static Order Order(OrderStatus status) => new()
    {
        Id = new(1), Merchant = new(1), Source = OrderSource.Retail, Sku = new(1), Quantity = 1, MaxTotal = Money.Parse("49.50"),
        Status = status, UnitPrice = Money.Parse("49.50"), Total = Money.Parse("49.50"), PayerAccount = new(1), EscrowAccount = new(2),
        MerchantUnit = Money.Parse("46.00"), TopUnit = Money.Parse("46.00"), CreatedAt = _now, ExpiresAt = _now.AddMinutes(15),
    };

    private static Payment Payment(PaymentState state, string refunded = "0") =>
        new() { State = state, Amount = Money.Parse("49.50"), Refunded = Money.Parse(refunded) };

    private static Refund Refund(RefundState state) => new() { State = state, Amount = Money.Parse("49.50") };

    [Fact]
    public void An_unpaid_order_waits()
    {
        var view = OrderView.Of(Order(OrderStatus.Placed), Payment(PaymentState.Open), [], _now);
        (view.Stage, view.IsFinal, view.Paid).ShouldBe((OrderStage.Unpaid, false, Money.Zero));
    }

    [Fact]
    public void A_delivered_order_is_final()
    {
        var view = OrderView.Of(Order(OrderStatus.Delivered), Payment(PaymentState.Paid), [], _now);
        (view.Stage, view.IsFinal, view.Paid).ShouldBe((OrderStage.Delivered, true, Money.Parse("49.50")));
    }

    [Fact]
    public void F25_A_lapsed_order_is_watched_for_a_late_payment_and_then_left()
    {
        var end = Order(OrderStatus.Expired).ExpiresAt!.Value;
        OrderView.Of(Order(OrderStatus.Expired), Payment(PaymentState.Closed), [], end.AddMinutes(9)).IsFinal.ShouldBeFalse();
        OrderView.Of(Order(OrderStatus.Expired), Payment(PaymentState.Closed), [], end.AddMinutes(10)).IsFinal.ShouldBeTrue();
    }

    [Fact]
    public void Late_money_that_nobody_has_decided_on_is_in_work() =>
        OrderView.Of(Order(OrderStatus.Expired), Payment(PaymentState.Paid), [], _now).Stage.ShouldBe(OrderStage.Working);

    [Fact]
    public void Money_on_its_way_back_is_told_until_the_channel_has_taken_it()
    {
        var going = OrderView.Of(Order(OrderStatus.Cancelled), Payment(PaymentState.Paid, "49.50"), [Refund(RefundState.Pending)], _now);
        (going.Stage, going.IsBackDone, going.IsLate, going.IsFinal).ShouldBe((OrderStage.GoneBack, false, true, false));
        var back = OrderView.Of(Order(OrderStatus.Cancelled), Payment(PaymentState.Paid, "49.50"), [Refund(RefundState.Done)], _now);
        (back.Stage, back.IsBackDone, back.IsFinal).ShouldBe((OrderStage.GoneBack, true, true));
    }

    [Fact]
    public void A_refund_that_the_channel_refused_is_never_told_as_done() =>
        OrderView.Of(Order(OrderStatus.Refunded), Payment(PaymentState.Paid, "49.50"), [Refund(RefundState.Failed)], _now).IsBackDone.ShouldBeFalse();
}
