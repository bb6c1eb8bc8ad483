using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Test;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Shop;

public sealed class PaymentFaultTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F23_The_same_notice_five_times_in_a_second_and_a_day_later_delivers_once(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await ShopWorld.CreateAsync(kind, clock: clock);
        var guest = world.NewGuest();
        var result = await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync())), "FiveNotices");
        var id = Guest.OrderOf(result);
        await AssertDeliveredOnceAsync(world, id);
        (await world.CountAsync("select count(*) from payment_notice")).ShouldBe(5);

        clock.Turn(TimeSpan.FromDays(1));
        var payment = (await world.Payments.FindAsync(id))!;
        (await NoticeAsync(world, payment)).ShouldBe(HttpStatusCode.OK);
        await AssertDeliveredOnceAsync(world, id);
        (await world.CountAsync("select count(*) from payment_notice where result = 'repeated'")).ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_Pressing_pay_twice_delivers_once(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var cashier = await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()));
        var pages = await Task.WhenAll(guest.PressAsync(cashier), guest.PressAsync(cashier, "Twice"), guest.PressAsync(cashier));
        await AssertDeliveredOnceAsync(world, Guest.OrderOf(pages[0]));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F26_Without_a_notice_the_question_finds_the_money(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await ShopWorld.CreateAsync(kind, clock: clock);
        var guest = world.NewGuest();
        var waiting = await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync())), "Silent");
        var id = Guest.OrderOf(waiting);
        (await world.CountAsync("select count(*) from payment_notice")).ShouldBe(0);
        (await world.Orders.FindAsync(id))!.Status.ShouldBe(OrderStatus.Placed);

        clock.Turn(TimeSpan.FromSeconds(10));
        await ShopWorld.UntilAsync(async () => (await world.Orders.FindAsync(id))!.Status == OrderStatus.Delivered);
        await AssertDeliveredOnceAsync(world, id);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F27_A_forged_notice_has_no_effect_and_is_logged(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        var payment = (await world.Payments.FindAsync(id))!;

        (await NoticeAsync(world, payment, key: new byte[32])).ShouldBe(HttpStatusCode.Unauthorized);
        (await NoticeAsync(world, payment, key: [])).ShouldBe(HttpStatusCode.Unauthorized);
        (await NoticeAsync(world, payment, at: DateTimeOffset.UtcNow.AddMinutes(-20))).ShouldBe(HttpStatusCode.Unauthorized);
        (await NoticeAsync(world, payment, n => n with { Merchant = "other" })).ShouldBe(HttpStatusCode.Unauthorized);
        (await NoticeAsync(world, payment, n => n with { OutNo = PublicId.Encode(1) })).ShouldBe(HttpStatusCode.BadRequest);
        (await NoticeAsync(world, payment, n => n with { Currency = "USD" })).ShouldBe(HttpStatusCode.BadRequest);
        (await NoticeAsync(world, payment, n => n with { State = TradeState.Open })).ShouldBe(HttpStatusCode.BadRequest);

        await AssertNothingCameAsync(world, id);
        var told = await world.Database.ReadAsync(s => s.QueryAsync<string>("select result from payment_notice order by id"));
        told.ShouldBe(["bad_signature", "bad_signature", "bad_signature", "bad_signature", "unknown_payment", "wrong_currency", "not_paid"]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F27_A_notice_for_another_amount_is_refused_and_logged(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        var payment = (await world.Payments.FindAsync(id))!;
        (await NoticeAsync(world, payment, n => n with { Amount = "0.01" })).ShouldBe(HttpStatusCode.BadRequest);
        (await NoticeAsync(world, payment, n => n with { Amount = "49.51" })).ShouldBe(HttpStatusCode.BadRequest);
        await AssertNothingCameAsync(world, id);
        (await world.CountAsync("select count(*) from payment_notice where result = 'wrong_amount'")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F27_One_channels_notice_does_not_complete_another_channels_order(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            """
            insert into channel (id, code, protocol, name_zh, name_en, base_url, config, notice_key, created_at, updated_at) values (2, 'other', 'test', '别', 'Other', '', '{}', 'o', 0, 0);
            update payment_attempt set channel_id = 2
            """));
        (await NoticeAsync(world, (await world.Payments.FindAsync(id))!)).ShouldBe(HttpStatusCode.BadRequest);
        await AssertNothingCameAsync(world, id);
        (await world.CountAsync("select count(*) from payment_notice where result = 'wrong_channel'")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F28_A_signed_notice_is_not_believed_when_the_channel_says_unpaid(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        (await NoticeAsync(world, (await world.Payments.FindAsync(id))!)).ShouldBe(HttpStatusCode.BadRequest);
        await AssertNothingCameAsync(world, id);
        (await world.CountAsync("select count(*) from payment_notice where result = 'unpaid_at_channel'")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_that_comes_too_late_buys_again_while_there_is_stock(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, holdSeconds: 3);
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        var lapsed = Guest.OrderOf(pay);
        await guest.PressAsync(await guest.OpenCashierAsync(pay), "Late");

        await ShopWorld.UntilAsync(async () => (await world.Payments.FindAsync(lapsed)) is { MovedTo: not null });
        (await world.Orders.FindAsync(lapsed))!.Status.ShouldBe(OrderStatus.Expired);
        var payment = (await world.Payments.FindAsync(lapsed))!;
        await AssertDeliveredOnceAsync(world, payment.MovedTo!.Value);
        // The old address leads to the new order, and the buyer's browser may see it.
        var result = await guest.GetAsync($"/s/xiaolu/o/{lapsed}");
        result.Path.ShouldBe($"/s/xiaolu/o/{payment.MovedTo}");
        result.Html.ShouldContain("CARD-0001");
        // The channel tells it once more: still once.
        (await NoticeAsync(world, payment)).ShouldBe(HttpStatusCode.OK);
        (await world.CountAsync("select count(*) from orders")).ShouldBe(2);
        (await world.StockAsync()).ShouldBe(9);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_that_comes_too_late_for_the_stock_goes_back_whole(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 1, holdSeconds: 3);
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        var id = Guest.OrderOf(pay);
        var cashier = await guest.OpenCashierAsync(pay);
        await ShopWorld.UntilAsync(async () => (await world.Orders.FindAsync(id))!.Status == OrderStatus.Expired);
        await world.Database.WriteAsync(s => s.ExecuteAsync("update lot set next = total + 1"));
        await world.Database.WriteAsync(s => s.ExecuteAsync("delete from card_return"));
        await guest.PressAsync(cashier, "Late");

        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(id)) is [{ State: RefundState.Done }]);
        (await world.Orders.FindAsync(id))!.Status.ShouldBe(OrderStatus.Expired);
        (await world.CountAsync("select refunded from test_trade")).ShouldBe(Money.Parse("49.50").Units);
        (await world.CountAsync("select refunded from payment")).ShouldBe(Money.Parse("49.50").Units);
        var page = await guest.GetAsync(pay.Path);
        page.Html.ShouldContain("¥49.50 已退回");
        page.Html.ShouldContain("钱原路退回");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F19_Pay_cancel_and_expire_at_once_end_in_goods_or_money_never_both(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 20);
        for (var round = 0; round < 4; round++)
        {
            var guest = world.NewGuest();
            var pay = await guest.BuyAsync(await guest.ProductAsync(), contact: $"1380013{round:D4}");
            var id = Guest.OrderOf(pay);
            var cashier = await guest.OpenCashierAsync(pay);
            await Task.WhenAll(
                guest.PressAsync(cashier, "FiveNotices"),
                guest.PostAsync(pay, $"{pay.Path}?handler=Cancel"),
                world.Orders.RunAsync(new OrderCommand.Expire(id)),
                world.Orders.RunAsync(new OrderCommand.Cancel(id, world.Merchant, "test")));

            await ShopWorld.UntilAsync(async () =>
                (await world.Payments.FindAsync(id)) is { State: PaymentState.Paid }
                && (await world.Payments.RefundsAsync(id)).All(r => r.State == RefundState.Done));
            var order = (await world.Orders.FindAsync(id))!;
            var refunded = (await world.Payments.FindAsync(id))!.Refunded;
            order.Status.ShouldBeOneOf(OrderStatus.Delivered, OrderStatus.Cancelled);
            refunded.ShouldBe(order.Status == OrderStatus.Delivered ? Money.Zero : order.Total);
        }

        // What the channel kept is what was delivered (I6, I7).
        (await world.CountAsync("select cast(coalesce(sum(amount - refunded), 0) as bigint) from test_trade where state = 'paid'"))
            .ShouldBe(await world.CountAsync("select cast(coalesce(sum(total), 0) as bigint) from orders where status = 4"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_that_comes_after_a_cancel_goes_back(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        var cashier = await guest.OpenCashierAsync(pay);
        var cancelled = await guest.PostAsync(pay, $"{pay.Path}?handler=Cancel");
        cancelled.Html.ShouldContain("订单已取消");
        (await world.StockAsync()).ShouldBe(10);

        await guest.PressAsync(cashier);
        var id = Guest.OrderOf(pay);
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(id)) is [{ State: RefundState.Done }]);
        (await world.StockAsync()).ShouldBe(10);
        (await guest.GetAsync(pay.Path)).Html.ShouldContain("¥49.50 已退回");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refund_told_again_and_again_gives_the_money_back_once(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync(), "2"))));
        var done = (OrderDecision.Done)await world.Orders.RunAsync(new OrderCommand.Refund(id, 1, "test", "k1", "test"));
        done.RefundDue.ShouldBe(Money.Parse("49.50"));
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(id)) is [{ State: RefundState.Done }]);

        // The answer was lost, so the same refund is told once more.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel_refund set state = 'pending', due_at = 0"));
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(id)) is [{ State: RefundState.Done }]);
        (await world.CountAsync("select refunded from test_trade")).ShouldBe(Money.Parse("49.50").Units);
        (await world.CountAsync("select count(*) from test_refund")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_node_has_every_account_that_releasing_an_order_and_a_refund_after_it_move(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await ShopWorld.CreateAsync(kind, clock: clock);
        var guest = world.NewGuest();
        var id = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        clock.Turn(TimeSpan.FromHours(1));
        await ShopWorld.UntilAsync(async () => (await world.Orders.FindAsync(id))!.Settlement == SettlementState.Released);
        (await world.Orders.RunAsync(new OrderCommand.Refund(id, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(id)) is [{ State: RefundState.Done }]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_test_channel_can_be_turned_off(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'test'"));
        (await guest.OpenCashierAsync(pay)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task AssertDeliveredOnceAsync(ShopWorld world, OrderId id)
    {
        var order = (await world.Orders.FindAsync(id))!;
        order.Status.ShouldBe(OrderStatus.Delivered);
        (await world.CountAsync("select count(*) from fulfilment where order_id = @id", new { id })).ShouldBe(1);
        (await world.CountAsync("select count(*) from transfer where order_id = @id", new { id })).ShouldBe(1);
        (await world.CountAsync("select count(*) from transfer where kind = 'channel_paid'")).ShouldBe(1);
        (await world.CountAsync("select cast(sum(count) as bigint) from fulfilment where live = 1")).ShouldBe(order.Quantity);
        (await world.Payments.RefundsAsync(id)).ShouldBeEmpty();
    }

    private static async Task AssertNothingCameAsync(ShopWorld world, OrderId id)
    {
        (await world.Orders.FindAsync(id))!.Status.ShouldBe(OrderStatus.Placed);
        (await world.CountAsync("select count(*) from payment where state = 'paid'")).ShouldBe(0);
        (await world.CountAsync("select count(*) from transfer")).ShouldBe(0);
    }

    /// <summary>Sends a notice as the gateway would, or as a forger would.</summary>
    private static async Task<HttpStatusCode> NoticeAsync(
        ShopWorld world, Payment payment, Func<TestNotice, TestNotice>? change = null, byte[]? key = null, DateTimeOffset? at = null)
    {
        var attempt = (await world.Payments.AttemptsAsync(payment.Id))[^1].Attempt;
        var notice = new TestNotice
        {
            Merchant = TestWire.Merchant, OutNo = attempt.OutNo, TradeNo = attempt.TradeNo!, Amount = payment.Amount.Text(2),
            Currency = "CNY", State = TradeState.Paid,
        };
        var body = TestWire.Write(change?.Invoke(notice) ?? notice);
        var time = TestWire.Time(at ?? world.Http.Get<TimeProvider>().GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/notify/test") { Content = new ByteArrayContent(body) };
        request.Headers.Add(TestWire.TimeHeader, time);
        request.Headers.Add(TestWire.SignatureHeader, TestWire.Sign(key ?? await world.Http.Get<TestChannelKey>().GetAsync(), time, body));
        using var response = await world.Http.Client.SendAsync(request);
        return response.StatusCode;
    }
}
