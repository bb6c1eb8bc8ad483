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
        var form = await till.ChangeAsync(await till.BuyAsync(), PayWays.Alipay);
        form.Policy.ShouldEndWith($"form-action 'self' {Gateway}");
        var own = form.Html[form.Html.IndexOf($"action=\"{Gateway}/in\"", StringComparison.Ordinal)..];
        own = own[..own.IndexOf("</form>", StringComparison.Ordinal)];
        own.ShouldContain("name=\"out_no\"");
        own.ShouldContain("a &quot;b&quot; &lt;c&gt;");
        own.ShouldNotContain("__RequestVerificationToken");

        var code = await till.ChangeAsync(form, PayWays.WeChat);
        code.Policy.ShouldEndWith("form-action 'self'");
        code.Html.ShouldContain("<span class=\"qr\"><svg");
        code.Html.ShouldNotContain(Gateway);
        till.Channel.Trades.Values.Count(t => t.State == TradeState.Open).ShouldBe(1);
        // Reading the page again, or a way that is not offered, opens nothing.
        var before = await till.AttemptsAsync();
        await till.Guest.GetAsync(code.Path);
        (await till.ChangeAsync(code, "cash")).Html.ShouldContain("<span class=\"qr\"><svg");
        (await till.AttemptsAsync()).ShouldBe(before);
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
        till.Channel.Pay(till.Channel.Trades.Single(t => t.Value.State == TradeState.Open).Key, "T1");
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
