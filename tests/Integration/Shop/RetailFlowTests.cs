using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Shop;

public sealed class RetailFlowTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_guest_goes_from_the_shop_window_to_the_code_without_scripts(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();

        var home = await guest.GetAsync("/s/xiaolu");
        home.Html.ShouldContain("Steam 钱包充值码");
        home.Html.ShouldContain("49.50");
        home.Html.ShouldContain("库存 10");
        var product = await guest.GetAsync(home.Href("/s/xiaolu/p/[^\"]+"));
        var pay = await guest.BuyAsync(product, "2");
        pay.Path.ShouldStartWith("/s/xiaolu/pay/ord_");
        pay.Html.ShouldContain("99.00");
        (await world.StockAsync()).ShouldBe(8);

        var result = await guest.PressAsync(await guest.OpenCashierAsync(pay));

        result.Path.ShouldStartWith("/s/xiaolu/o/ord_");
        result.Html.ShouldContain("2 张卡密都到了");
        result.Html.ShouldContain("CARD-0001");
        result.Html.ShouldContain("CARD-0002");
        result.Html.ShouldContain("<svg viewBox=\"0 0");
        var order = (await world.Orders.FindAsync(Guest.OrderOf(result)))!;
        order.Status.ShouldBe(OrderStatus.Delivered);
        order.Fee.ShouldBe(Money.Parse("0.59"));
        order.RevealedAt.ShouldNotBeNull();
        (await world.CountAsync("select count(*) from reveal_log where order_id = @Id", new { order.Id })).ShouldBe(1);
        (await world.CountAsync("select cast(coalesce(sum(amount), 0) as bigint) from transfer where order_id = @Id", new { order.Id }))
            .ShouldBe(Money.Parse("99.00").Units);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Another_browser_sees_an_order_only_with_number_and_contact_and_the_code_only_after_a_press(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var buyer = world.NewGuest();
        var result = await buyer.PressAsync(await buyer.OpenCashierAsync(await buyer.BuyAsync(await buyer.ProductAsync())));
        var number = Guest.OrderOf(result).ToString();

        var stranger = world.NewGuest();
        var sent = await stranger.GetAsync(result.Path);
        sent.Path.ShouldBe("/s/xiaolu/orders");
        sent.Html.ShouldNotContain("CARD-");
        var wrongContact = await stranger.PostAsync(sent, sent.Path, ("number", number), ("contact", "13900000000"));
        var wrongNumber = await stranger.PostAsync(sent, sent.Path, ("number", "ord_0000000000001"), ("contact", ShopWorld.Contact));
        wrongContact.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrongNumber.Status.ShouldBe(wrongContact.Status);
        Alert(wrongNumber).ShouldBe(Alert(wrongContact));
        (await world.Http.Client.GetAsync($"{result.Path}/status")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // Typed as people type: full-width digits, blanks, country code.
        var found = sent;
        foreach (var typed in new[] { number.ToUpperInvariant(), number[4..] })
        {
            found = await stranger.PostAsync(sent, sent.Path, ("number", typed), ("contact", "+86 138-0013-５567"));
            found.Path.ShouldBe(result.Path);
        }

        found.Html.ShouldNotContain("CARD-0001");
        var opened = await stranger.PostAsync(found, $"{found.Path}?handler=Reveal");
        opened.Html.ShouldContain("CARD-0001");
        (await world.CountAsync("select count(*) from reveal_log")).ShouldBe(2);

        static string Alert(Page page) => page.Html[page.Html.IndexOf("role=\"alert\"", StringComparison.Ordinal)..][..200];
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_double_click_on_buy_is_one_order(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var product = await guest.ProductAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => guest.BuyAsync(product)));

        pages.Select(p => p.Path).Distinct().Count().ShouldBe(1);
        (await world.CountAsync("select count(*) from orders")).ShouldBe(1);
        (await world.CountAsync("select count(*) from test_trade")).ShouldBe(1);
        (await world.StockAsync()).ShouldBe(9);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Going_back_and_changing_the_quantity_is_another_order(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var product = await guest.ProductAsync();
        var one = await guest.BuyAsync(product, "1");
        var three = await guest.BuyAsync(product, "3");
        three.Path.ShouldNotBe(one.Path);
        three.Html.ShouldContain("148.50");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F22_Wrong_fields_are_named_and_nothing_is_ordered(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var product = await guest.ProductAsync();
        foreach (var quantity in (string[])["0", "-1", "1.5", "1e3", "９", "10001", "", "4950abc"])
        {
            var page = await guest.BuyAsync(product, quantity);
            page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            page.Html.ShouldContain("id=\"quantity-problem\"");
        }

        foreach (var contact in (string[])["", "12345", "a@b", "not a contact", "1380013556"])
        {
            var page = await guest.BuyAsync(product, "1", contact);
            page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            page.Html.ShouldContain("id=\"contact-problem\"");
        }

        // What is not sold now, or nothing, is not bought as something else.
        var gone = await guest.GetAsync($"{product.Path}?sku=steam-20");
        gone.Html.ShouldContain("这个规格现在不卖");
        gone.Html.ShouldNotContain("checked");
        gone.Html.ShouldContain("<output data-total for=\"quantity\">—");
        foreach (var (sku, handler) in new[] { ("steam-20", ""), ("", ""), ("steam-20", "?handler=Cart"), ("", "?handler=Cart") })
        {
            var page = await guest.PostAsync(gone, product.Path + handler, ("sku", sku), ("quantity", "1"), ("contact", ShopWorld.Contact), ("token", gone.Field("token")));
            (page.Status, page.Path).ShouldBe((HttpStatusCode.UnprocessableEntity, product.Path));
            page.Html.ShouldContain("href=\"#values\"");
            page.Html.ShouldNotContain("checked");
        }

        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_price_that_moved_is_shown_again_instead_of_charged(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var product = await guest.ProductAsync();
        var page = await guest.PostAsync(product, product.Path, ("sku", "steam-50"), ("quantity", "1"), ("contact", ShopWorld.Contact),
            ("token", product.Field("token")), ("price.steam-50", "48.00"));
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Html.ShouldContain("刚刚调价了");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_form_without_its_token_is_refused(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        using var form = new FormUrlEncodedContent([new("sku", "steam-50"), new("quantity", "1"), new("contact", ShopWorld.Contact)]);
        (await world.Http.Client.PostAsync("/s/xiaolu/p/steam-wallet", form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task More_than_there_is_is_refused_and_the_shop_says_so(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 2);
        var guest = world.NewGuest();
        var page = await guest.BuyAsync(await guest.ProductAsync(), "3");
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Html.ShouldContain("库存不够");
        (await world.StockAsync()).ShouldBe(2);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_reservation_that_lapses_returns_the_stock_and_closes_the_payment(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, holdSeconds: 1);
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync(), "2");
        var id = Guest.OrderOf(pay);

        await ShopWorld.UntilAsync(async () => (await world.Orders.FindAsync(id))!.Status == OrderStatus.Expired);
        (await world.StockAsync()).ShouldBe(10);
        await ShopWorld.UntilAsync(async () => (await world.Payments.FindAsync(id))!.State == PaymentState.Closed);
        (await world.CountAsync("select count(*) from test_trade where state = 'closed'")).ShouldBe(1);
        (await guest.GetAsync(pay.Path)).Html.ShouldContain("没有付款，订单已过期");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_shop_that_is_not_there_or_closed_says_so(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        (await guest.GetAsync("/s/nobody")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await guest.GetAsync("/s/xiaolu/p/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await guest.GetAsync("/s/xiaolu/c/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
        // An address within a shop that is no page's leads back to the shop; elsewhere there is none to lead to.
        var reader = new Guest(world) { Accept = "text/html" };
        (await reader.GetAsync("/s/xiaolu/nothing")).Html.ShouldContain("href=\"/s/xiaolu\"");
        (await reader.GetAsync("/s/nobody/nothing")).Html.ShouldNotContain("href=\"/s/");
        await world.Http.Get<Modules.Agents.StorefrontBook>().UpdateAsync(null, world.Storefront.Id,
            new() { Slug = "xiaolu", NameZh = "小鹿点卡", NameEn = "Xiaolu Cards", IsOpen = false });
        (await guest.GetAsync("/s/xiaolu")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await guest.GetAsync("/s/xiaolu/orders")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Every_page_speaks_English_too(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        (await guest.GetAsync("/s/xiaolu?lang=en")).Html.ShouldContain("Xiaolu Cards");
        var product = await guest.ProductAsync();
        product.Html.ShouldContain("Buy now");
        product.Html.ShouldContain("lang=\"en\"");
        var result = await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(product)));
        result.Html.ShouldContain("Your code is here");
    }
}
