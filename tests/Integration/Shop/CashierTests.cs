using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Shop;

/// <summary>The shop's cashier as a browser without scripts has it: how a payment is opened, and how its way is changed.</summary>
public sealed class CashierTests
{
    private const string Gateway = "https://gateway.example:8443";

    private sealed record Till(ShopWorld Shop, FakeChannel Channel) : IAsyncDisposable
    {
        public Guest Guest { get; } = Shop.NewGuest();

        public async Task<Page> BuyAsync() => await Guest.BuyAsync(await Guest.ProductAsync());

        public Task<Page> ChangeAsync(Page cashier, string way) => Guest.PostAsync(cashier, $"{cashier.Path}?handler=Way", ("way", way));

        /// <summary>Presses "pay": from here on the buyer may have paid.</summary>
        public Task<Page> GoAsync(Page cashier) => Guest.GetAsync(cashier.Href("/s/[^\"]+/go/[^\"]+"));

        public Task<long> AttemptsAsync() => Shop.CountAsync("select count(*) from payment_attempt");

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }

    /// <summary>One channel: Alipay by a form, WeChat by a code.</summary>
    private static async Task<Till> OpenAsync(DatabaseKind kind)
    {
        var fake = new FakeProtocol();
        var shop = await ShopWorld.CreateAsync(kind, replace: s => s.AddSingleton<IChannelProtocol>(fake));
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        await shop.SetAsync(PaymentChannels.AddressSetting, "http://node.example");
        (await shop.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "a", Protocol = "fake", NameZh = "甲", NameEn = "A", Values = new Dictionary<string, string> { ["name"] = "a", ["key"] = "k" },
        })).ShouldBeOfType<ChannelDecision.Saved>();
        var channel = fake.Of("a");
        channel.Code = order => order.Method == "native"
            ? new PayCode(PayShape.Qr, $"weixin://pay/{order.OutNo}")
            : new PayCode(PayShape.Form, $"{Gateway}/in", new Dictionary<string, string> { ["out_no"] = order.OutNo, ["subject"] = "a \"b\" <c>" });
        return new Till(shop, channel);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Another_way_is_chosen_and_only_its_form_may_leave_the_site(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var chosen = await till.ChangeAsync(await till.BuyAsync(), PayWays.Alipay);
        chosen.Policy.ShouldEndWith("form-action 'self'");
        chosen.Html.ShouldNotContain(Gateway);
        var form = await till.GoAsync(chosen);
        // Gateways answer forms with redirects, which browsers hold against this, too.
        form.Policy.ShouldEndWith($"form-action 'self' {Gateway} https://*.onwards.example");
        var own = form.Html[form.Html.IndexOf($"action=\"{Gateway}/in\"", StringComparison.Ordinal)..];
        own = own[..own.IndexOf("</form>", StringComparison.Ordinal)];
        own.ShouldContain("name=\"out_no\"");
        own.ShouldContain("a &quot;b&quot; &lt;c&gt;");
        own.ShouldNotContain("__RequestVerificationToken");

        var code = await till.ChangeAsync(chosen, PayWays.WeChat);
        code.Policy.ShouldEndWith("form-action 'self'");
        code.Html.ShouldContain("<span class=\"qr\"><svg");
        code.Html.ShouldNotContain(Gateway);
        till.Channel.Trades.Values.Count(t => t.State == TradeState.Open).ShouldBe(1);
        // Reading the page again, or a way that is not offered, opens nothing.
        var before = await till.AttemptsAsync();
        await till.Guest.GetAsync(code.Path);
        (await till.ChangeAsync(code, "cash")).Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.AttemptsAsync()).ShouldBe(before);
        (await till.Guest.PostAsync(code, code.Path)).Status.ShouldBe(HttpStatusCode.BadRequest, "no form of this page is sent so");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Who_chose_a_way_and_did_not_go_there_changes_it_at_once(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        // Like Alipay, whose trades cannot be closed before the buyer has opened them.
        till.Channel.CanClose = false;
        var chosen = await till.ChangeAsync(await till.BuyAsync(), PayWays.Alipay);
        var before = await till.AttemptsAsync();
        var code = await till.ChangeAsync(chosen, PayWays.WeChat);
        code.Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.AttemptsAsync()).ShouldBe(before + 1);
        (await till.Shop.CountAsync("select count(*) from payment_attempt where live = 0 and state = 'open' and seen_at is null")).ShouldBe(1);
        // Another tab's door to the first is closed: it leads back to the cashier, and the first stays unseen.
        var back = await till.GoAsync(chosen);
        (back.Path, back.Html.Contains(Gateway, StringComparison.Ordinal)).ShouldBe((code.Path, false));
        (await till.Shop.CountAsync("select count(*) from payment_attempt where seen_at is not null")).ShouldBe(1);
        // Who has gone may have paid.
        till.Channel.CanClose = true;
        var again = await till.ChangeAsync(code, PayWays.Alipay);
        (await till.GoAsync(again)).Html.ShouldContain(Gateway);
        till.Channel.CanClose = false;
        (await till.ChangeAsync(again, PayWays.WeChat)).Html.ShouldContain("还没有确认关闭");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_way_that_was_chosen_begins_the_next_payment(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var first = await till.BuyAsync();
        first.Html.ShouldNotContain("<span class=\"qr\"><svg");
        (await till.ChangeAsync(first, PayWays.WeChat)).Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.BuyAsync()).Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.AttemptsAsync()).ShouldBe(3);
        // A way that is gone is forgotten.
        await till.Shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set methods = 'page' where code = 'a'"));
        (await till.BuyAsync()).Html.ShouldContain("/go/");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_channel_that_sends_the_buyer_back_by_a_form_changes_nothing_and_the_page_shows(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        string? back = null;
        var code = till.Channel.Code!;
        till.Channel.Code = order =>
        {
            back = order.ReturnUrl;
            return code(order);
        };
        var form = await till.ChangeAsync(await till.BuyAsync(), PayWays.Alipay);
        await till.GoAsync(form);
        // Another site's form: no token, and no cookies either.
        using var stranger = till.Shop.Http.NewClient(cookies: false);
        using var fields = new FormUrlEncodedContent([new("orderId", "1"), new("respCode", "00")]);
        using var answer = await stranger.PostAsync(new Uri(back!).PathAndQuery, fields);
        ((int)answer.StatusCode, answer.Headers.Location?.OriginalString).ShouldBe((303, form.Path));
        (await till.Guest.GetAsync(new Uri(back!).PathAndQuery)).Path.ShouldBe(form.Path);
        (await till.Shop.Orders.FindAsync(Guest.OrderOf(form)))!.Status.ShouldBe(OrderStatus.Placed);
        // It leads to pages of this site and nowhere else.
        foreach (var path in (string[])["//evil.example/", "/%2f%2fevil.example", "/\\evil.example", "/https://evil.example"])
        {
            using var elsewhere = await stranger.GetAsync($"/back{path}");
            elsewhere.Headers.Location!.OriginalString.ShouldMatch("^/[^/\\\\]", path);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_While_the_first_is_not_confirmed_closed_the_page_says_so_and_keeps_it(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var code = await till.ChangeAsync(await till.BuyAsync(), PayWays.WeChat);
        var before = await till.AttemptsAsync();
        till.Channel.CanClose = false;
        var refused = await till.ChangeAsync(code, PayWays.Alipay);
        refused.Html.ShouldContain("还没有确认关闭");
        refused.Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.AttemptsAsync()).ShouldBe(before);
        // Paid in the meantime: nothing is opened any more, and the goods come.
        var order = Guest.OrderOf(code);
        till.Channel.Pay((await till.Shop.Payments.LiveAsync((await till.Shop.Payments.FindAsync(order))!.Id))!.OutNo, "T1");
        await till.ChangeAsync(refused, PayWays.Alipay);
        (await till.AttemptsAsync()).ShouldBe(before);
        await ShopWorld.UntilAsync(async () => (await till.Shop.Orders.FindAsync(order))!.Status == OrderStatus.Delivered);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_buyer_without_a_way_is_told_why_in_words(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        till.Channel.OnCreate = () => throw new ChannelException("html with status 200");
        var silent = await till.BuyAsync();
        silent.Html.ShouldContain("支付通道暂时没有回应");
        silent.Html.ShouldContain("value=\"wechat\"");
        await till.Shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        var none = await till.Guest.GetAsync(silent.Path);
        none.Html.ShouldContain("现在没有能用的支付方式");
        (await till.Guest.GetAsync($"{silent.Path}?lang=en")).Html.ShouldContain("There is no way to pay at the moment.");
        // What works only inside an app says so and offers the rest.
        await till.Shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'active' where code = 'a'"));
        (till.Channel.OnCreate, till.Channel.Code) = (null, _ => new PayCode(PayShape.Script, "prepay", new Dictionary<string, string> { ["paySign"] = "signed" }));
        var script = await till.Guest.GetAsync($"{silent.Path}?lang=en");
        script.Html.ShouldContain("only inside its own app");
        script.Html.ShouldNotContain("paySign");
    }
}
