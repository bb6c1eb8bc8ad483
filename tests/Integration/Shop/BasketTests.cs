using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Simulator;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Shop;

/// <summary>Several goods of one cart are paid by one payment, and each is an order of its own: however the money comes, it becomes goods or goes back, to the fen.</summary>
public sealed class BasketTests
{
    private const string Cart = $"/s/{ShopWorld.Slug}/cart";
    private static readonly Money _one = Money.Parse("49.50"), _two = Money.Parse("99.00");

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task One_payment_buys_all_and_each_is_delivered_and_refunded_by_itself(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await world.SecondAsync(cards: 5);
        var guest = world.NewGuest();
        (await guest.GetAsync(Cart)).Html.ShouldContain("购物车还是空的");
        await AddAsync(guest, "steam-50");
        await AddAsync(guest, "steam-100");
        var cart = await AddAsync(guest, "steam-50");
        cart.Path.ShouldBe(Cart);
        cart.Html.ShouldContain("</span>198.00", Case.Sensitive, "two of the one are one line");
        // Nothing is held for what lies in a cart.
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);

        var pay = await PayAsync(guest, cart);
        pay.Html.ShouldContain("198.00");
        (await guest.GetAsync(Cart)).Html.ShouldContain("购物车还是空的");
        var result = await guest.PressAsync(await guest.OpenCashierAsync(pay), "FiveNotices");
        result.Html.ShouldContain("CARD-0001");
        result.Html.ShouldContain("一起付款的");
        var orders = await OrdersAsync(world);
        orders.Select(o => (o.Total, o.Quantity, o.Status)).ShouldBe([(_two, 2, OrderStatus.Delivered), (_two, 1, OrderStatus.Delivered)]);
        (await guest.GetAsync($"/s/{ShopWorld.Slug}/o/{orders[1].Id}")).Html.ShouldContain("CARD-0011");
        (await world.CountAsync("select amount from test_trade")).ShouldBe((_two + _two).Units);
        (await world.CountAsync("select count(*) from transfer where kind = 'channel_paid'")).ShouldBe(1);

        (await world.Orders.RunAsync(new OrderCommand.Refund(orders[0].Id, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        (await world.Orders.RunAsync(new OrderCommand.Refund(orders[1].Id, null, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await RefundedAsync(world, _one + _two);
        (await world.Orders.RunAsync(new OrderCommand.Refund(orders[1].Id, 1, "test", "k2", "test"))).ShouldBeOfType<OrderDecision.Refused>();
        (await world.Payments.RefundsAsync(orders[0].Id)).Single().Amount.ShouldBe(_one);
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Of_money_that_comes_when_reservations_are_over_each_part_buys_again_or_goes_back(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var second = await world.SecondAsync(cards: 1);
        var guest = world.NewGuest();
        await AddAsync(guest, "steam-50");
        var pay = await PayAsync(guest, await AddAsync(guest, "steam-100"));
        var cashier = await guest.OpenCashierAsync(pay);
        // Only the orders: the channel goes on taking money.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update orders set expires_at = 1000000, created_at = 1000000"));
        await ShopWorld.UntilAsync(async () => (await OrdersAsync(world)).All(o => o.Status == OrderStatus.Expired));
        await SellOneAsync(world, second);
        var result = await guest.PressAsync(cashier);
        await RefundedAsync(world, _two);
        var orders = await OrdersAsync(world);
        orders.Select(o => o.Status).ShouldBe([OrderStatus.Expired, OrderStatus.Expired, OrderStatus.Delivered, OrderStatus.Delivered]);
        // The old address leads to the new order, which shows what became of the other.
        var page = await guest.GetAsync(result.Path);
        page.Path.ShouldEndWith(orders[3].Id.ToString());
        page.Html.ShouldContain("CARD-0001");
        page.Html.ShouldContain("已退款");
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task One_line_that_ends_while_the_other_is_paid_goes_back_alone(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await world.SecondAsync(cards: 5);
        var guest = world.NewGuest();
        await AddAsync(guest, "steam-50");
        var cashier = await guest.OpenCashierAsync(await PayAsync(guest, await AddAsync(guest, "steam-100")));
        var orders = await OrdersAsync(world);
        await world.Orders.RunAsync(new OrderCommand.Cancel(orders[0].Id, null, "test"));
        // Whoever comes to the cashier now is not asked for money of which a part would only come back.
        var other = await guest.GetAsync($"/s/{ShopWorld.Slug}/pay/{orders[1].Id}");
        other.Path.ShouldContain("/o/");
        other.Html.ShouldContain("这一单不能再付");
        // Nothing buys a part alone: a payment of one line is the basket's.
        var part = (await world.Payments.FindAsync(orders[1].Id))!;
        (await world.Payments.StartAsync(part.Id, new PayAsk(world.Merchant, null, PayDevices.Desktop, "x", "https://x.test/back")))!.Payment.Amount.ShouldBe(_one + _two);
        (await world.CountAsync("select count(*) from payment_attempt where payment_id <> @Basket", new { Basket = part.PaidBy })).ShouldBe(0);

        await guest.PressAsync(cashier);
        await RefundedAsync(world, _one);
        (await OrdersAsync(world)).Select(o => o.Status).ShouldBe([OrderStatus.Cancelled, OrderStatus.Delivered]);
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task One_that_is_refused_reserves_none_and_the_cart_stays(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var second = await world.SecondAsync(cards: 2);
        var guest = world.NewGuest();
        await AddAsync(guest, "steam-50");
        var cart = await AddAsync(guest, "steam-100", "2");
        // Sold meanwhile.
        await SellOneAsync(world, second);
        var refused = await PayAsync(guest, cart);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // The page says it before the till is asked, and the till says it by itself.
        refused.Html.ShouldContain("只能买 1 份");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(1, "the other buyer's");
        var (baskets, line) = (world.Http.Get<Baskets>(), Line(world));
        var why = (await baskets.ReserveAsync("press", [line, line with { Sku = second.SkuId, Quantity = 2, Retail = _two }])).ShouldBeOfType<BasketDecision.Refused>();
        (why.Line, why.Why.Why).ShouldBe((1, Refusal.StockShort));
        (await baskets.ReserveAsync("press", [line, line with { Sku = second.SkuId, Quantity = 2, Retail = _two }])).ShouldNotBeOfType<BasketDecision.Done>();
        (await OrdersAsync(world)).Skip(1).ShouldAllBe(o => o.Status == OrderStatus.Cancelled);
        (await world.StockAsync()).ShouldBe(10);
        (await world.CountAsync("select count(*) from payment where purpose = 'basket'")).ShouldBe(1, "the other buyer's");
        // What is changed is bought: another press.
        cart = await guest.PostAsync(refused, $"{Cart}?handler=Quantity", ("cart", refused.Field("cart")), ("line", "1"), ("quantity", "1"));
        (await guest.PressAsync(await guest.OpenCashierAsync(await PayAsync(guest, cart)))).Html.ShouldContain("CARD-");
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_Pressed_twice_or_after_a_death_in_between_it_is_one_basket(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var second = await world.SecondAsync(cards: 5);
        var (baskets, line) = (world.Http.Get<Baskets>(), Line(world));
        OrderCommand.Reserve[] lines = [line, line with { Sku = second.SkuId, Retail = _two }];
        var same = (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => baskets.ReserveAsync("press", lines)))).Cast<BasketDecision.Done>().ToList();
        same.Select(d => d.Basket.Id).Distinct().Count().ShouldBe(1);
        var basket = same[0].Basket;
        // It died when the orders were there and the payment was not.
        await world.Database.WriteAsync(s => s.ExecuteAsync("delete from payment where purpose = 'basket'"));
        (await baskets.ReserveAsync("press", lines)).ShouldBeOfType<BasketDecision.Done>().Basket.Id.ShouldBe(basket.Id);
        (await world.CountAsync("select count(*) from orders")).ShouldBe(2);

        // It died when the first order had taken its part of the money: told again, the others take theirs.
        var start = (await world.Payments.StartAsync(basket.Orders[0].Id, new PayAsk(world.Merchant, null, PayDevices.Desktop, "x", "https://x.test/back")))!;
        (await world.Orders.RunAsync(new OrderCommand.Pay(basket.Orders[0].Id, _one, "test", "channel:test"))).ShouldBeOfType<OrderDecision.Done>();
        await ActAsync(world, start, PayAct.Twice);
        await ShopWorld.UntilAsync(async () => (await world.Payments.FindAsync(basket.Id)) is { State: PaymentState.Paid });
        (await OrdersAsync(world)).ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        (await world.CountAsync("select count(*) from transfer where kind = 'order'")).ShouldBe(2);
        (await baskets.ReserveAsync("press", lines)).ShouldBeOfType<BasketDecision.Over>();
        // Five accounts of one SKU are no five unpaid orders that somebody left behind.
        (await baskets.ReserveAsync("five", [.. Enumerable.Repeat(line, 5)])).ShouldBeOfType<BasketDecision.Done>();
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F19_Who_goes_back_to_the_cart_has_it_again_and_money_that_comes_all_the_same_goes_back(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await world.SecondAsync(cards: 5);
        var guest = world.NewGuest();
        await AddAsync(guest, "steam-50");
        var cart = await AddAsync(guest, "steam-100");
        var pay = await PayAsync(guest, cart);
        var cashier = await guest.OpenCashierAsync(pay);
        var back = await guest.PostAsync(pay, $"{pay.Path}?handler=Cancel");
        back.Path.ShouldBe(Cart);
        back.Html.ShouldContain("</span>148.50");
        // Pressed again it puts nothing back again, and the cart's old form buys nothing and empties nothing.
        (await guest.PostAsync(pay, $"{pay.Path}?handler=Cancel")).Path.ShouldContain("/o/");
        (await PayAsync(guest, cart)).Html.ShouldContain("刚才那次已经结束了");
        (await guest.GetAsync(Cart)).Html.ShouldContain("</span>148.50");
        await guest.PressAsync(cashier);
        await RefundedAsync(world, _one + _two);
        (await OrdersAsync(world)).ShouldAllBe(o => o.Status == OrderStatus.Cancelled);
        // Removed line by line it is empty.
        var page = await guest.PostAsync(back, $"{Cart}?handler=Remove", ("cart", back.Field("cart")), ("line", "0"));
        // A form of the page before is not obeyed.
        page = await guest.PostAsync(page, $"{Cart}?handler=Remove", ("cart", back.Field("cart")), ("line", "0"));
        page.Html.ShouldContain("</span>99.00");
        (await guest.PostAsync(page, $"{Cart}?handler=Remove", ("cart", page.Field("cart")), ("line", "0"))).Html.ShouldContain("购物车还是空的");
        await ProveAsync(world);
    }

    private static async Task<Page> AddAsync(Guest guest, string sku, string quantity = "1")
    {
        var product = await guest.ProductAsync();
        return await guest.PostAsync(product, $"{product.Path}?handler=Cart", ("sku", sku), ("quantity", quantity));
    }

    private static Task<Page> PayAsync(Guest guest, Page cart) => guest.PostAsync(
        cart, Cart, ("contact", ShopWorld.Contact), ("token", cart.Field("token")), ("cart", cart.Field("cart")));

    private static OrderCommand.Reserve Line(ShopWorld world) => new(
        world.Storefront.Id, world.Merchant, "", world.Sku.Id, 1, _one, Money.Parse("0.30"), PaymentBook.Clearing, null, "13800135567", [1], DateTimeOffset.UtcNow.AddMinutes(15), "buyer");

    private static async Task<List<Order>> OrdersAsync(ShopWorld world)
    {
        var ids = await world.Database.ReadAsync(s => s.QueryAsync<OrderId>("select id from orders order by id"));
        var orders = new List<Order>();
        foreach (var id in ids) orders.Add((await world.Orders.FindAsync(id))!);
        return orders;
    }

    /// <summary>Waits until so much is back at the channel.</summary>
    private static async Task RefundedAsync(ShopWorld world, Money amount)
    {
        await ShopWorld.UntilAsync(async () => await world.CountAsync("select cast(coalesce(sum(amount), 0) as bigint) from channel_refund where state = 'done'") == amount.Units);
        (await world.CountAsync("select cast(sum(refunded) as bigint) from test_trade")).ShouldBe(amount.Units);
        (await world.CountAsync("select cast(sum(refunded) as bigint) from payment where purpose = 'basket'")).ShouldBe(amount.Units);
        await ShopWorld.UntilAsync(async () => await world.CountAsync("select count(*) from payment where purpose = 'basket' and state <> 'paid'") == 0);
    }

    /// <summary>Another buyer takes one of the second goods.</summary>
    private static async Task SellOneAsync(ShopWorld world, Supply second)
    {
        var basket = (BasketDecision.Done)await world.Http.Get<Baskets>().ReserveAsync("other", [Line(world) with { Sku = second.SkuId, Retail = _two, ContactKey = [2] }]);
        var start = (await world.Payments.StartAsync(basket.Basket.Orders[0].Id, new PayAsk(world.Merchant, null, PayDevices.Desktop, "x", "https://x.test/back")))!;
        await ActAsync(world, start, PayAct.Paid);
        await ShopWorld.UntilAsync(async () => (await world.Payments.FindAsync(basket.Basket.Id)) is { State: PaymentState.Paid });
    }

    private static async Task ActAsync(ShopWorld world, PayStart start, PayAct act)
    {
        start.Problem.ShouldBe(PayProblem.None);
        var gateway = world.Http.Get<TestGateway>();
        var trade = await world.Database.ReadAsync(s => s.ScalarAsync<string>("select trade_no from test_trade where out_no = @OutNo", new { start.Attempt!.OutNo }));
        await gateway.ActAsync((await gateway.FindAsync(trade!, default))!, act, default);
    }

    private static async Task ProveAsync(ShopWorld world)
    {
        var output = new StringWriter();
        (await Host.Proof.Verification.RunAsync(world.Database, TimeProvider.System, output)).ShouldBeTrue(output.ToString());
    }
}
