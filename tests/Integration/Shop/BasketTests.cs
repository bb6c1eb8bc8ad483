using System.Net;
using System.Text.RegularExpressions;
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
        cart.Html.ShouldContain("<output data-total>198.00", Case.Sensitive, "two of the one are one line");
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
        (await guest.PressAsync(await guest.OpenCashierAsync(await PayAsync(guest, refused, ("quantity.1", "1"), ("total", "148.50"))))).Html.ShouldContain("CARD-");
        await ProveAsync(world);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_stands_in_the_fields_is_bought_and_for_no_other_sum_than_was_seen(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await world.SecondAsync(cards: 5);
        var guest = world.NewGuest();
        await AddAsync(guest, "steam-50");
        var cart = await AddAsync(guest, "steam-100");

        // What is no quantity, or too much of it, is refused at its field, and what was typed stays.
        foreach (var (typed, why) in new[] { ("0", "数量要填 1 到 10 的整数"), ("two", "数量要填 1 到 10 的整数"), ("", "数量要填 1 到 10 的整数"), ("5000", "只能买 10 份"), ("99999999", "数量要填 1 到 10 的整数") })
        {
            cart = await PayAsync(guest, cart, ("quantity.0", typed), ("remember", "on"));
            (cart.Status, cart.Path, cart.Field("quantity.0"), cart.Field("total")).ShouldBe((HttpStatusCode.UnprocessableEntity, Cart, typed, ""), typed);
            cart.Html.ShouldContain(why);
        }

        // Contact and tick outlast a change of quantities and a line that goes.
        cart = await PayAsync(guest, cart, ("quantity.0", "4"), ("act", "update"), ("remember", "on"));
        (cart.Status, cart.Field("quantity.0"), cart.Field("total"), cart.Field("contact")).ShouldBe((HttpStatusCode.OK, "4", "297.00", ShopWorld.Contact));
        cart.Html.ShouldMatch("name=\"remember\" value=\"on\" checked");
        cart = await PayAsync(guest, cart, ("quantity.0", "2"), ("quantity.1", "3"), ("remove", "0"), ("contact", "a@"));
        (cart.Field("quantity.0"), cart.Field("total"), cart.Field("contact")).ShouldBe(("3", "297.00", "a@"));
        (await PayAsync(guest, cart, ("quantity.0", "2"), ("act", "browse"))).Path.ShouldBe($"/s/{ShopWorld.Slug}");
        cart = await guest.GetAsync(Cart);
        (cart.Field("quantity.0"), cart.Field("total")).ShouldBe(("2", "198.00"));

        // The sum that was seen is another: the new one is shown first. Then the price moves, and it is shown again.
        cart = await PayAsync(guest, cart, ("quantity.0", "3"));
        cart.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        cart.Html.ShouldContain("现在合计 ¥297.00");
        await world.RepriceAsync("steam-100", "98.00");
        cart = await PayAsync(guest, cart);
        cart.Html.ShouldContain("现在合计 ¥294.00");
        (await PayAsync(guest, cart, ("total", ""))).Html.ShouldContain("现在合计 ¥294.00");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);

        // Pressed twice at once it is one order, of what was typed, for what a script had counted.
        Page[] presses = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => PayAsync(guest, cart, ("quantity.0", "4"), ("total", "392.00"))))];
        var pay = await guest.GetAsync(presses.First(p => p.Path.Contains("/pay/", StringComparison.Ordinal)).Path);
        await guest.PressAsync(await guest.OpenCashierAsync(pay));
        (await OrdersAsync(world)).Select(o => (o.Total, o.Quantity)).ShouldBe([(Money.Parse("392.00"), 4L)]);
        (await world.CountAsync("select amount from test_trade")).ShouldBe(Money.Parse("392.00").Units);
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
        back.Html.ShouldContain("<output data-total>148.50");
        // Pressed again it puts nothing back again, and the cart's old form buys nothing and empties nothing.
        (await guest.PostAsync(pay, $"{pay.Path}?handler=Cancel")).Path.ShouldContain("/o/");
        (await PayAsync(guest, cart)).Html.ShouldContain("刚才那次已经结束了");
        (await guest.GetAsync(Cart)).Html.ShouldContain("<output data-total>148.50");
        await guest.PressAsync(cashier);
        await RefundedAsync(world, _one + _two);
        (await OrdersAsync(world)).ShouldAllBe(o => o.Status == OrderStatus.Cancelled);
        // Removed line by line it is empty.
        var page = await PayAsync(guest, back, ("remove", "0"));
        // A form of the page before is not obeyed.
        page = await PayAsync(guest, page, ("cart", back.Field("cart")), ("remove", "0"));
        page.Html.ShouldContain("<output data-total>99.00");
        (await PayAsync(guest, page, ("remove", "0"))).Html.ShouldContain("购物车还是空的");
        await ProveAsync(world);
    }

    private static async Task<Page> AddAsync(Guest guest, string sku, string quantity = "1")
    {
        var product = await guest.ProductAsync();
        return await guest.PostAsync(product, $"{product.Path}?handler=Cart", ("sku", sku), ("quantity", quantity));
    }

    /// <summary>Sends the cart's form as the page has it, but for what was typed; without another button it pays.</summary>
    private static Task<Page> PayAsync(Guest guest, Page cart, params (string Name, string Value)[] typed)
    {
        var form = Regex.Matches(cart.Html, "name=\"(quantity\\.[0-9]+)\"").Select(m => m.Groups[1].Value).Concat(["token", "cart", "total"])
            .ToDictionary(name => name, cart.Field);
        form["contact"] = ShopWorld.Contact;
        foreach (var (name, value) in typed) form[name] = value;
        return guest.PostAsync(cart, Cart, [.. form.Select(f => (f.Key, f.Value))]);
    }

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
