using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Cart;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Tests.Unit.Storefronts;

/// <summary>What lies in a cart, and that it stays a cookie.</summary>
public sealed class CartExamples
{
    private static readonly CartLine _card = new("steam", "steam-50", 1, ""), _phone = new("mobile", "mobile-30", 1, """{"account":"13800138000"}""");

    [Fact]
    public void More_of_the_same_is_one_line_up_to_what_one_order_may_have_and_another_account_is_another()
    {
        var cart = CartLine.Add([_card], _card with { Quantity = 2 }, 10)!;
        cart.ShouldBe([_card with { Quantity = 3 }]);
        CartLine.Add(cart, _card with { Quantity = 9 }, 10)!.ShouldBe([_card with { Quantity = 10 }]);
        CartLine.Add([_phone], _phone with { Fields = """{"account":"13900139000"}""" }, 1)!.Count.ShouldBe(2);
    }

    [Fact]
    public void It_takes_ten_lines_and_more_of_one_that_is_there()
    {
        IReadOnlyList<CartLine> cart = [.. Enumerable.Range(0, 10).Select(i => _card with { Sku = $"sku-{i}" })];
        CartLine.Add(cart, _card, 10).ShouldBeNull();
        CartLine.Add(cart, cart[9], 10)![9].Quantity.ShouldBe(2);
    }

    [Fact]
    public void However_much_its_accounts_say_it_stays_a_cookie_and_opens_in_its_shop_only()
    {
        var cart = new ShoppingCart(new EphemeralDataProtectionProvider());
        var (cookie, count) = ("", "");
        for (var i = 0; i < 12; i++)
        {
            var http = Request(cookie);
            var isAdded = cart.Add(http, Shop("xiaolu"), _phone with { Fields = $$"""{"account":"{{new string('9', 300)}}{{i}}"}""" }, 1);
            if (!isAdded) break;
            count = Set(http, "lianka_cart_count_xiaolu");
            cookie = Set(http, "lianka_cart_xiaolu");
        }

        cookie.Length.ShouldBeInRange(1_000, 4_000);
        var lines = cart.Of(Request(cookie), Shop("xiaolu"));
        lines.Count.ShouldBeInRange(4, 9);
        count.ShouldBe($"lianka_cart_count_xiaolu={lines.Count}");
        cart.Of(Request(cookie.Replace("xiaolu", "other", StringComparison.Ordinal)), Shop("xiaolu")).ShouldBeEmpty();
        cart.Of(Request("lianka_cart_xiaolu=nonsense"), Shop("xiaolu")).ShouldBeEmpty();
        // What comes back is one with what is there, and what does not fit is left out.
        var back = Request(cookie);
        cart.Return(back, Shop("xiaolu"), [(lines[0] with { Quantity = 2 }, 5), (_phone with { Fields = new string('9', 300) }, 5)]);
        var more = cart.Of(Request(Set(back, "lianka_cart_xiaolu")), Shop("xiaolu"));
        (more.Count, more[0].Quantity).ShouldBe((lines.Count, 3));
    }

    private static DefaultHttpContext Request(string cookie)
    {
        var http = new DefaultHttpContext();
        if (cookie.Length > 0) http.Request.Headers.Cookie = cookie;
        return http;
    }

    private static string Set(DefaultHttpContext http, string name) =>
        http.Response.Headers.SetCookie.Last(c => c!.StartsWith($"{name}=", StringComparison.Ordinal))!.Split(';')[0];

    private static Shop Shop(string slug) =>
        new(new Storefront(new StorefrontId(1), new MerchantId(1), slug, slug, slug, "", "", "", "", true, DateTimeOffset.UnixEpoch), IsAtOwnHost: false);
}
