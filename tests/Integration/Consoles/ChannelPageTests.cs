using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Payments;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Payment channels and what of payments waits for a person, in the operator's browser.</summary>
public sealed class ChannelPageTests
{
    private const string Secret = "k-never-shown";

    private static async Task<(ShopWorld Shop, Visitor Visitor, FakeProtocol Fake)> OpenAsync(DatabaseKind kind)
    {
        var fake = new FakeProtocol();
        var shop = await ShopWorld.CreateAsync(kind, replace: s => s.AddSingleton<IChannelProtocol>(fake));
        await shop.SetAsync(PaymentChannels.AddressSetting, "http://node.example");
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        return (shop, await Visitor.LoggedInAsync(shop.Http, "zhou"), fake);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_channel_is_made_tried_switched_and_changed_without_showing_its_secrets(DatabaseKind kind)
    {
        var (shop, visitor, fake) = await OpenAsync(kind);
        await using var _ = shop;
        (await visitor.GetAsync("/console/channels/protocols")).Html.ShouldContain("/console/channels/new?protocol=fake");
        foreach (var protocol in shop.Http.Get<PaymentChannels>().Protocols)
            (await visitor.GetAsync($"/console/channels/new?protocol={protocol.Name}")).Status.ShouldBe(HttpStatusCode.OK, protocol.Name);
        const string Fresh = "/console/channels/new?protocol=fake";
        var form = await visitor.GetAsync(Fresh);
        (string, string)[] fields =
        [
            ("name_zh", "假通道"), ("name_en", "Fake one"), ("code", "fake-1"), ("name", "f"), ("method_page", "on"), ("fee_bps", "38"), ("priority", "5"), ("weight", "100"),
            ("daily_limit", "5000"), ("open_from", "08:30"), ("open_to", "23:00"),
        ];
        var slip = await visitor.PostAsync(form, Fresh, [.. fields, ("key", "bad")]);
        slip.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        slip.Html.ShouldContain("This key cannot be read.");
        (await visitor.PostAsync(form, Fresh, [.. fields.Where(f => f.Item1 != "method_page"), ("key", Secret)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var made = await visitor.PostAsync(form, Fresh, [.. fields, ("key", Secret)]);
        made.Status.ShouldBe(HttpStatusCode.Redirect);

        async Task<Channel> ChannelAsync() => (await shop.Http.Get<PaymentChannels>().ListAsync()).Single(c => c.Code == "fake-1");
        var channel = await ChannelAsync();
        (channel.State, channel.Methods, channel.FeeBps, channel.DailyLimit, channel.OpenFrom).ShouldBe((ChannelState.Off, "page", 38, Money.Parse("5000"), 510));
        var page = await visitor.GetAsync(made.Path);
        page.Html.ShouldNotContain(Secret);
        page.Html.ShouldContain(channel.NoticePath);
        (await visitor.PostAsync(page, $"{made.Path}?handler=try")).Html.ShouldContain("It works");
        fake.Of("f").OnQuery = () => throw new ChannelRefusedException("SIGN_ERROR", "the signature is wrong");
        (await visitor.PostAsync(page, $"{made.Path}?handler=try")).Html.ShouldContain("SIGN_ERROR · the signature is wrong");
        fake.Of("f").OnQuery = () => throw new ChannelException("It cannot be reached.");
        (await visitor.PostAsync(page, $"{made.Path}?handler=try")).Html.ShouldContain("It cannot be reached.");

        (await visitor.PostAsync(page, $"{made.Path}?handler=switch", ("to", "on"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await ChannelAsync()).State.ShouldBe(ChannelState.Active);
        (await visitor.PostAsync(page, made.Path, [.. fields.Where(f => f.Item1 is not ("code" or "name_en")), ("name_en", "Renamed")])).Status.ShouldBe(HttpStatusCode.Redirect);
        var changed = await ChannelAsync();
        (changed.NameEn, changed.State).ShouldBe(("Renamed", ChannelState.Active));
        (await shop.Http.Get<PaymentChannels>().KnownSecretsAsync(changed.Id)).ShouldBe(["key"]);
        (await visitor.GetAsync("/console/channels")).Html.ShouldContain("Renamed");
        (await visitor.PostAsync(page, $"{made.Path}?handler=switch", ("to", "off"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await ChannelAsync()).State.ShouldBe(ChannelState.Off);
        (await shop.CountAsync("select count(*) from audit where action in ('channel.save', 'channel.try', 'channel.switch')")).ShouldBe(7);
        (await shop.CountAsync("select count(*) from audit where subject like '%never-shown%'")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F31_A_key_is_replaced_with_the_former_beside_it_until_the_overlap_is_ended(DatabaseKind kind)
    {
        var (shop, visitor, fake) = await OpenAsync(kind);
        await using var _ = shop;
        var channels = shop.Http.Get<PaymentChannels>();
        var made = (await channels.CreateAsync(new ChannelDraft
        {
            Code = "fake-1", Protocol = "fake", NameZh = "假", NameEn = "Fake", Values = new Dictionary<string, string> { ["name"] = "f", ["key"] = Secret },
        })).ShouldBeOfType<ChannelDecision.Saved>().Value;
        var path = $"/console/channels/{PublicId.Encode(made.Id)}";
        var page = await visitor.GetAsync(path);
        Task<Page> PostAsync(string handler, params (string, string)[] fields) => visitor.PostAsync(page, $"{path}?handler={handler}", fields);
        foreach (var (value, words) in new[] { ("", "Give the new key"), (Secret, "the key that is in use"), ("bad", "This key cannot be read.") })
        {
            var refused = await PostAsync("replace", ("field", "key"), ("value", value));
            (refused.Status, refused.Html.Contains(words, StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true), value);
        }

        (await PostAsync("replace", ("field", "name"), ("value", "x"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync("end", ("field", "key"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync("replace", ("field", "key"), ("value", "k-second"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await channels.KnownSecretsAsync(made.Id)).ShouldBe(["key", "key_old"], ignoreOrder: true);
        (await OpenedAsync()).ShouldBe(("k-second", Secret));
        var between = await visitor.GetAsync(path);
        between.Html.ShouldContain("Being changed: both count");
        between.Html.ShouldNotContain("k-second");
        between.Html.ShouldNotContain(Secret);
        // Another change now would throw away the key that the channel may still use.
        (await channels.ReplaceKeyAsync(made.Id, "key", "k-third")).ShouldBeOfType<ChannelDecision.Refused>().Errors.ShouldHaveSingleItem().Code.ShouldBe("overlap");
        // The form leaves both as they are.
        (await visitor.PostAsync(between, path, ("name_zh", "假"), ("name_en", "Fake"), ("name", "f"), ("method_page", "on"), ("fee_bps", "60"), ("priority", "5"), ("weight", "100")))
            .Status.ShouldBe(HttpStatusCode.Redirect);
        (await OpenedAsync()).ShouldBe(("k-second", Secret));
        (await PostAsync("end", ("field", "key"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await OpenedAsync()).ShouldBe(("k-second", ""));
        (await visitor.GetAsync(path)).Html.ShouldNotContain("both count");
        (await shop.CountAsync("select count(*) from audit where action = 'channel.key'")).ShouldBe(2);
        (await shop.CountAsync("select count(*) from audit where subject like '%k-second%' or subject like '%never-shown%'")).ShouldBe(0);

        async Task<(string, string)> OpenedAsync()
        {
            var channel = (await channels.FindAsync(made.Id))!;
            await channels.OpenAsync(channel);
            return (fake.Last["key"], fake.Last["key_old"]);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task An_order_shows_its_attempts_and_refunds_and_a_case_is_settled_with_a_note(DatabaseKind kind)
    {
        var (shop, visitor, _) = await OpenAsync(kind);
        await using var __ = shop;
        await shop.Database.WriteAsync(s => s.ExecuteAsync("delete from setting where name = @name", new { name = PaymentChannels.AddressSetting }));
        var guest = shop.NewGuest();
        var order = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        var refund = await visitor.GetAsync($"/console/orders/{order}/refund");
        await visitor.PostAsync(refund, $"/console/orders/{order}/refund", ("reason", "test"), ("once", refund.Field("once")));
        var page = await visitor.GetAsync($"/console/orders/{order}");
        page.Html.ShouldContain("no other can take it");
        page.Html.ShouldContain("/console/channels/");
        page.Html.ShouldContain("Back to the buyer");
        // A try is judged by when its code has run out.
        (await visitor.GetAsync("/console/channels")).Html.ShouldNotContain("1 / 1");
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update payment_attempt set expires_at = paid_at"));
        (await visitor.GetAsync("/console/channels")).Html.ShouldContain("1 / 1");

        var payment = (await shop.Payments.FindAsync(order))!;
        await shop.Database.WriteAsync(s => s.ExecuteAsync(
            "insert into payment_case (kind, about, channel_id, payment_id, ours, theirs, detail, opened_at) values ('amount_differs', 'attempt:1', 1, @Id, 495000, 494900, 'one fen', 1)",
            new { payment.Id }));
        var list = await visitor.GetAsync("/console/payment-cases");
        list.Html.ShouldContain("Another amount than asked");
        list.Html.ShouldContain(order.ToString());
        var number = $"{await shop.CountAsync("select max(id) from payment_case")}";
        async Task<Page> EndAsync(string note) => await visitor.PostAsync(list, "/console/payment-cases?handler=end", ("number", number), ("note", note));
        await EndAsync(" ");
        (await shop.CountAsync("select count(*) from payment_case where closed_at is null")).ShouldBe(1);
        (await EndAsync("booked by hand")).Status.ShouldBe(HttpStatusCode.Redirect);
        await EndAsync("again");
        (await visitor.GetAsync("/console/payment-cases?state=closed")).Html.ShouldContain("operator:zhou: booked by hand");
        (await visitor.GetAsync("/console/payment-cases")).Html.ShouldContain("Nothing to settle");
    }
}
