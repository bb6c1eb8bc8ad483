using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Payments;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Top-ups, their bonus and bank transfers in the browsers of a merchant and of the platform's staff.</summary>
public sealed class TopUpPageTests
{
    private const string Root = "/console/merchant/top-ups";

    private sealed record Desk(ShopWorld Shop, FakeProtocol Fake, Visitor Merchant, Visitor Operator) : IAsyncDisposable
    {
        public async Task<TopUp> OnlyAsync() => (await Shop.Http.Get<TopUpDesk>().ListAsync(Shop.Merchant)).ShouldHaveSingleItem();

        public Task PaidAsync() => ShopWorld.UntilAsync(async () => (await OnlyAsync()).State == TopUpState.Paid);

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }

    private static async Task<Desk> OpenAsync(DatabaseKind kind)
    {
        var fake = new FakeProtocol();
        var shop = await ShopWorld.CreateAsync(kind, cards: 1, replace: s => s.AddSingleton<IChannelProtocol>(fake));
        await shop.SetAsync(PaymentChannels.AddressSetting, "http://node.example");
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        (await shop.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "fake-1", Protocol = "fake", NameZh = "假", NameEn = "Fake", Methods = ["native"], Values = new Dictionary<string, string> { ["name"] = "f", ["key"] = "k" },
        })).ShouldBeOfType<ChannelDecision.Saved>();
        fake.Of("f").Code = order => new PayCode(PayShape.Qr, $"weixin://pay/{order.OutNo}");
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("xiaolu", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Lu");
        return new Desk(shop, fake, await Visitor.LoggedInAsync(shop.Http, "xiaolu"), await Visitor.LoggedInAsync(shop.Http, "zhou"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_merchant_sees_the_bonus_pays_by_a_code_and_sees_its_money(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        const string Fresh = "/console/bonuses/new";
        var form = await desk.Operator.GetAsync(Fresh);
        (string, string)[] rule = [("name_zh", "充送"), ("name_en", "Autumn bonus"), ("from", "2026-01-01T00:00"), ("to", "2099-01-01T00:00"), ("budget", "100"), ("times_max", ""), ("total_max", "")];
        var slip = await desk.Operator.PostAsync(form, Fresh, [.. rule, ("steps", "100 abc")]);
        (slip.Status, slip.Html.Contains("href=\"#f-steps\"", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        (await desk.Operator.PostAsync(form, Fresh, [.. rule, ("steps", "100 10\n500 8%")])).Status.ShouldBe(HttpStatusCode.Redirect);

        var ask = await desk.Merchant.GetAsync(Root);
        ask.Html.ShouldContain("Autumn bonus");
        (await desk.Merchant.PostAsync(ask, Root, ("amount", "0.001"), ("once", ask.Field("once")))).Html.ShouldContain("href=\"#f-amount\"");
        var asked = await desk.Merchant.PostAsync(ask, Root, ("amount", "1,000"), ("once", ask.Field("once")));
        (await desk.Merchant.PostAsync(ask, Root, ("amount", "1,000"), ("once", ask.Field("once")))).Path.ShouldBe(asked.Path, "F15: pressed twice");
        var page = await desk.Merchant.GetAsync(asked.Path);
        page.Html.ShouldContain("80.00");
        (await desk.Merchant.PostAsync(page, $"{asked.Path}?handler=way", ("way", "alipay"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("There is no way to pay this amount");
        await desk.Merchant.PostAsync(page, $"{asked.Path}?handler=way", ("way", PayWays.WeChat));
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("Scan with WeChat Pay");
        var before = await (await desk.Merchant.RawAsync($"{asked.Path}?handler=status")).Content.ReadAsStringAsync();
        before.ShouldContain("\"final\":false");

        var attempt = (await desk.Shop.Payments.LiveAsync((await desk.OnlyAsync()).Payment))!;
        desk.Fake.Of("f").Pay(attempt.OutNo, "T1");
        await desk.PaidAsync();
        (await (await desk.Merchant.RawAsync($"{asked.Path}?handler=status")).Content.ReadAsStringAsync()).ShouldContain("\"final\":true");
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("The money is in the wallet.");
        (await desk.Merchant.GetAsync("/console/merchant/balance")).Html.ShouldContain("1,000.0000");
        (await desk.Operator.GetAsync("/console/top-ups")).Html.ShouldContain(asked.Path.Split('/')[^1]);
        (await desk.Operator.GetAsync($"/console/top-ups/{asked.Path.Split('/')[^1]}")).Html.ShouldContain("Autumn bonus");

        // F45: another merchant's top-up is as if it did not exist.
        var other = (AgentsDecision<MerchantEntry>.Saved)await desk.Shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" });
        await desk.Shop.Http.Get<People>().CreateAsync("other", Visitor.Password, Roles.Merchant, other.Value.Id.Value, "Other");
        var stranger = await Visitor.LoggedInAsync(desk.Shop.Http, "other");
        foreach (var path in (string[])[asked.Path, $"{asked.Path}?handler=status"]) (await stranger.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        (await stranger.PostAsync(await stranger.GetAsync(Root), $"{asked.Path}?handler=way", ("way", PayWays.WeChat))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_bank_transfer_goes_from_its_slip_to_the_wallet_by_a_persons_word(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        const string Fresh = "/console/channels/new?protocol=bank";
        var form = await desk.Operator.GetAsync(Fresh);
        form.Field("code").ShouldBe("bank-1");
        (string, string)[] fields =
        [
            ("name_zh", "招行"), ("name_en", "CMB"), ("code", "cmb"), ("holder", "联卡科技"), ("bank", "招商银行"), ("account", "7559 0000 1234 5678"), ("note", ""), ("minutes", ""),
            ("method_transfer", "on"), ("fee_bps", "0"), ("priority", "100"), ("weight", "100"),
        ];
        (await desk.Operator.PostAsync(form, Fresh, [.. fields.Where(f => f.Item1 != "account"), ("account", "12")])).Html.ShouldContain("href=\"#f-account\"");
        var made = await desk.Operator.PostAsync(form, Fresh, fields);
        made.Status.ShouldBe(HttpStatusCode.Redirect);
        var channel = await desk.Operator.GetAsync(made.Path);
        channel.Html.ShouldNotContain("Address for notices");
        await desk.Operator.PostAsync(channel, $"{made.Path}?handler=switch", ("to", "on"));

        var ask = await desk.Merchant.GetAsync(Root);
        var asked = await desk.Merchant.PostAsync(ask, Root, ("amount", "300"), ("once", ask.Field("once")));
        var page = await desk.Merchant.GetAsync(asked.Path);
        await desk.Merchant.PostAsync(page, $"{asked.Path}?handler=way", ("way", PayWays.Bank));
        page = await desk.Merchant.GetAsync(asked.Path);
        page.Html.ShouldContain("7559 0000 1234 5678");
        await desk.Merchant.PostFileAsync(page, $"{asked.Path}?handler=slip", "picture", "slip.exe", "MZ"u8.ToArray());
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("Send a whole PNG, JPEG or WebP picture");
        await desk.Merchant.PostFileAsync(page, $"{asked.Path}?handler=slip", "picture", "slip.png", BankTests.Slip);
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("The slip is sent");

        var transfer = (await desk.Shop.Http.Get<BankDesk>().WaitingAsync()).ShouldHaveSingleItem();
        (await desk.Operator.GetAsync("/console/bank-transfers")).Html.ShouldContain("Slip to be checked");
        var found = await desk.Operator.GetAsync($"/console/bank-transfers?reference={transfer.Reference}");
        var own = found.Path;
        var picture = await desk.Operator.RawAsync($"{own}?handler=slip");
        (picture.Content.Headers.ContentType!.MediaType, picture.Headers.CacheControl!.NoStore).ShouldBe(("image/png", true));
        (await picture.Content.ReadAsByteArrayAsync()).ShouldBe(BankTests.Slip);
        var review = await desk.Operator.GetAsync(own);
        await desk.Operator.PostAsync(review, $"{own}?handler=refuse", ("reason", "cannot be read"));
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("cannot be read");
        (await desk.Operator.PostAsync(review, own, ("bank_no", "C1"), ("amount", "299"))).Html.ShouldContain("href=\"#f-amount\"");
        (await desk.Operator.PostAsync(review, own, ("bank_no", "C1"), ("amount", "300"))).Status.ShouldBe(HttpStatusCode.Redirect);
        await desk.PaidAsync();
        (await desk.Merchant.GetAsync(asked.Path)).Html.ShouldContain("The money is in the wallet.");
        (await desk.Operator.GetAsync("/console/bank-transfers")).Html.ShouldContain("No transfers are awaited");
        (await desk.Shop.CountAsync("select count(*) from audit where action in ('bank.slip', 'bank.slip_look', 'bank.refuse', 'bank.confirm')")).ShouldBe(4);
    }
}
