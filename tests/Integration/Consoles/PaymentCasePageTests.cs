using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Payments;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>F30, F34: what of payments waits for a person, settled by the buttons of the console, and seen on the order's page.</summary>
public sealed class PaymentCasePageTests
{
    private sealed record Desk(ShopWorld Shop, FakeChannel Channel, string NoticePath, Visitor One, Visitor Two) : IAsyncDisposable
    {
        public async Task<(OrderId Order, Attempt Attempt)> SellAsync(string trade)
        {
            var guest = Shop.NewGuest();
            var order = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
            var attempt = (await Shop.Payments.StartAsync(order, new PayAsk(Shop.Merchant, null, PayDevices.Desktop, "goods", "https://shop.example/back")))!.Attempt.ShouldNotBeNull();
            Channel.Pay(attempt.OutNo, trade);
            using var told = await Shop.Http.Client.PostAsync(NoticePath, new StringContent($"signed {attempt.OutNo} {trade} 49.50"));
            told.StatusCode.ShouldBe(HttpStatusCode.OK);
            await ShopWorld.UntilAsync(async () => (await Shop.Orders.FindAsync(order))!.Status == OrderStatus.Delivered);
            return (order, attempt);
        }

        public async Task<string> CaseAsync() => $"{await Shop.CountAsync("select max(id) from payment_case where closed_at is null")}";

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }

    private static async Task<Desk> OpenAsync(DatabaseKind kind)
    {
        var fake = new FakeProtocol();
        var shop = await ShopWorld.CreateAsync(kind, replace: s => s.AddSingleton<IChannelProtocol>(fake));
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        var made = await shop.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "f", Protocol = "fake", NameZh = "假", NameEn = "Fake", Values = new Dictionary<string, string> { ["name"] = "f", ["key"] = "k" },
        });
        foreach (var login in (string[])["zhou", "li"]) await shop.Http.Get<People>().CreateAsync(login, Visitor.Password, Roles.Operator, 0, login);
        return new Desk(shop, fake.Of("f"), made.ShouldBeOfType<ChannelDecision.Saved>().Value.NoticePath, await Visitor.LoggedInAsync(shop.Http, "zhou"), await Visitor.LoggedInAsync(shop.Http, "li"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refused_refund_is_tried_again_and_then_given_back_by_hand_by_two_persons(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, _) = await desk.SellAsync("T1");
        await desk.Shop.SetAsync(RefundDesk.LimitSetting, "10");
        desk.Channel.OnRefund = () => throw new ChannelRefusedException("TOO_LATE", "after a year");
        (await desk.Shop.Orders.RunAsync(new OrderCommand.Refund(order, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await ShopWorld.UntilAsync(async () => (await desk.Shop.Payments.RefundsAsync(order)) is [{ State: RefundState.Failed }]);
        desk.Channel.Refunds.Clear();
        var list = await desk.One.GetAsync("/console/payment-cases");
        list.Html.ShouldContain("The channel refuses the refund");
        list.Html.ShouldContain("TOO_LATE");
        list.Html.ShouldNotContain("handler=end");
        var number = await desk.CaseAsync();

        await desk.One.PostAsync(list, "/console/payment-cases?handler=retry", ("number", number));
        await ShopWorld.UntilAsync(async () => (await desk.Shop.Payments.RefundsAsync(order)) is [{ State: RefundState.Failed, Attempts: > 0 }]);
        await desk.One.PostAsync(list, "/console/payment-cases?handler=byHand", ("number", number), ("place", "bank"), ("reference", " "));
        (await desk.Shop.Payments.RefundsAsync(order)).ShouldHaveSingleItem().Way.ShouldBe(RefundWay.Channel);
        await desk.One.PostAsync(list, "/console/payment-cases?handler=byHand", ("number", number), ("place", "bank"), ("reference", "B77"));
        (await desk.Two.GetAsync("/console/payment-cases")).Html.ShouldContain("operator:zhou gave it back by hand, reference B77. Another person has to agree.");
        (await desk.Two.GetAsync($"/console/orders/{order}")).Html.ShouldContain("Waits for a second person");
        await desk.Two.PostAsync(await desk.Two.GetAsync("/console/payment-cases"), "/console/payment-cases?handler=byHand", ("number", number));
        (await desk.Shop.Payments.RefundsAsync(order)).ShouldHaveSingleItem().State.ShouldBe(RefundState.Done);
        (await desk.Shop.CountAsync("select count(*) from audit where action in ('payment.refund_retry', 'payment.refund_by_hand')")).ShouldBe(3);
        var page = (await desk.Two.GetAsync($"/console/orders/{order}")).Html;
        page.ShouldContain("Returned by bank transfer B77");
        page.ShouldContain("The case of the payment is settled");
        (await desk.Two.GetAsync("/console/payment-cases")).Html.ShouldContain("Nothing to settle");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F34_A_charge_back_stands_on_the_orders_page_and_in_its_timeline_until_two_persons_have_written_it_off(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, attempt) = await desk.SellAsync("T1");
        const string List = "/console/payment-cases";
        await desk.One.PostAsync(await desk.One.GetAsync(List), List, ("out_no", attempt.OutNo), ("amount", "49.50"), ("detail", "their letter"));
        var page = (await desk.One.GetAsync($"/console/orders/{order}")).Html;
        page.ShouldContain("Charged back by the channel");
        page.ShouldContain("A case of the payment");
        var number = await desk.CaseAsync();
        await desk.One.PostAsync(await desk.One.GetAsync(List), $"{List}?handler=writeOff", ("number", number), ("note", "lost"));
        (await desk.One.PostAsync(await desk.One.GetAsync(List), $"{List}?handler=writeOff", ("number", number), ("note", "lost"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await desk.Shop.CountAsync("select count(*) from posting where key like 'case:%'")).ShouldBe(0);
        // Two browsers of the second person at once: it is written off once.
        var two = await desk.Two.GetAsync(List);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.Two.PostAsync(two, $"{List}?handler=writeOff", ("number", number), ("note", "agreed"))));
        (await desk.Shop.CountAsync("select count(*) from posting where key like 'case:%'")).ShouldBe(1);
        page = (await desk.Two.GetAsync($"/console/orders/{order}")).Html;
        page.ShouldContain("Written off");
        page.ShouldContain("operator:zhou: lost; agreed");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_Money_for_nobody_is_given_back_by_a_button_and_two_persons_from_the_limit_on(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        await desk.SellAsync("T1");
        await desk.Shop.SetAsync(RefundDesk.LimitSetting, "8.88");
        var channel = (await desk.Shop.Http.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "f");
        var day = ChannelDays.Of(TimeProvider.System.Now()).AddDays(-1);
        desk.Channel.Statement = of => of == day ? [new StatementLine("another-shop", "X1", null, Money.Parse("8.88"), Money.Zero, ChannelDays.Start(day))] : [];
        (await desk.Shop.Http.Get<Reconciliation>().FetchAsync(channel, day)).ShouldBeOfType<ReconcileDecision.Done>();
        var (list, number) = ($"/console/reconciliation/f/{ChannelDays.Text(day)}", await desk.CaseAsync());
        desk.Channel.GivesNothingBack = new FieldError("case", "no_refunds", "This site gives nothing back by API.", "这个站点不支持用接口退款。");
        var page = await desk.One.GetAsync(list);
        (page.Html.Contains("No button gives it back: This site gives nothing back by API.", StringComparison.Ordinal), page.Html.Contains("handler=giveBack", StringComparison.Ordinal)).ShouldBe((true, false));
        desk.Channel.GivesNothingBack = null;
        (await desk.One.GetAsync(list)).Html.ShouldContain("Give it back");
        await desk.One.PostAsync(await desk.One.GetAsync(list), $"{list}?handler=giveBack", ("number", number), ("note", "not ours"));
        (await desk.Shop.CountAsync("select count(*) from channel_refund")).ShouldBe(0);
        var two = await desk.Two.GetAsync(list);
        two.Html.ShouldContain("operator:zhou asks to give it back: not ours. Another person has to agree.");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.Two.PostAsync(two, $"{list}?handler=giveBack", ("number", number), ("note", "agreed"))));
        await ShopWorld.UntilAsync(async () => await desk.Shop.CountAsync("select count(*) from channel_refund where state = 'done'") == 1);
        desk.Channel.Refunds.Count.ShouldBe(1);
        var after = (await desk.Two.GetAsync("/console/payment-cases?state=closed")).Html;
        after.ShouldContain("Given back to whoever paid it");
        after.ShouldContain("operator:zhou: not ours; agreed");
        after.ShouldNotContain("handler=giveBack");
    }
}
