using System.Net;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>From a shop's cashier to a merchant's wallet and back to the goods, in browsers.</summary>
public sealed class WalletPayPageTests
{
    private static async Task<MerchantId> MerchantAsync(ShopWorld shop, string login, string money)
    {
        var made = (AgentsDecision<MerchantEntry>.Saved)await shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = login, NameZh = login, NameEn = login, Level = "1" });
        await shop.Http.Get<People>().CreateAsync(login, Visitor.Password, Roles.Merchant, made.Value.Id.Value, login);
        await shop.Database.WriteAsync(async s =>
        {
            var ledger = shop.Http.Get<Modules.Ledger.Ledger>();
            var (bank, wallet) = (await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform), await ledger.OpenAsync(s, AccountKinds.Wallet, made.Value.Id.Value));
            await ledger.MustPostAsync(s, new Posting("top_up", "test", [new Leg(bank, wallet, Money.Parse(money), "top_up")], null, $"money:{login}"));
        });
        return made.Value.Id;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_merchant_pays_a_shops_order_after_logging_in_and_nobody_pays_it_again(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var richest = await MerchantAsync(shop, "rich", "100");
        await MerchantAsync(shop, "poor", "49.49");

        // The operator makes it in the console and switches it on.
        var staff = await Visitor.LoggedInAsync(shop.Http, "zhou");
        const string Fresh = "/console/channels/new?protocol=wallet";
        var form = await staff.GetAsync(Fresh);
        (form.Field("code"), form.Field("fee_bps")).ShouldBe(("wallet", "0"));
        var made = await staff.PostAsync(form, Fresh,
            ("name_zh", "余额"), ("name_en", "Balance"), ("code", "wallet"), ("method_balance", "on"), ("fee_bps", "0"), ("priority", "100"), ("weight", "100"));
        made.Status.ShouldBe(HttpStatusCode.Redirect, made.Html);
        var channel = await staff.GetAsync(made.Path);
        channel.Html.ShouldNotContain("Address for notices");
        channel.Html.ShouldContain("leave the fee at 0");
        await staff.PostAsync(channel, $"{made.Path}?handler=switch", ("to", "on"));

        // The buyer chooses it and ends at the log-in, which leads on to the page.
        var guest = shop.NewGuest();
        var cashier = await guest.BuyAsync(await guest.ProductAsync());
        var chosen = await guest.PostAsync(cashier, $"{cashier.Path}?handler=Way", ("way", PayWays.Wallet));
        var door = await guest.GetAsync(chosen.Href("/s/[^\"]+/go/[^\"]+"));
        door.Path.ShouldBe("/login");
        var page = door.Field("next");
        page.ShouldMatch("^/console/merchant/pay/[0-9a-f]{32}$");
        var order = cashier.Path.Split('/')[^1];

        var poor = await Visitor.LoggedInAsync(shop.Http, "poor");
        var seen = await poor.GetAsync(page);
        seen.Html.ShouldContain("Too little is available");
        seen.Html.ShouldContain(order);
        seen.Html.ShouldContain("Xiaolu Cards");
        (await poor.GetAsync($"{page[..^1]}{(page[^1] == '0' ? '1' : '0')}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var flash = await poor.PostAsync(await poor.GetAsync("/console/merchant/top-ups"), page);
        (flash.Status, flash.Path).ShouldBe((HttpStatusCode.Redirect, page));
        (await poor.GetAsync(page)).Html.ShouldContain("Too little money of your own");

        var rich = new Visitor(shop.Http);
        var login = await rich.GetAsync($"/login?next={page}");
        (await rich.PostAsync(login, "/login", ("login", "rich"), ("password", Visitor.Password), ("next", page))).Path.ShouldBe(page);
        var offer = await rich.GetAsync(page);
        offer.Html.ShouldContain("Pay ¥49.50 from the wallet");
        for (var press = 0; press < 2; press++) (await rich.PostAsync(offer, page)).Path.ShouldBe(page);
        var paid = await rich.GetAsync(page);
        paid.Html.ShouldContain("Paid from your wallet");
        paid.Html.ShouldContain("50.5000");
        // Who may only order for the merchant is not told what it has.
        var (own, team) = (await people.OfPartyAsync(Roles.Merchant, richest.Value), shop.Http.Get<Staff>());
        var buys = ((StaffDecision.Saved)await team.SaveRoleAsync(own.Single().Id, 0, "采购", "Buyer", Rights.Of([MerchantPermissions.OrdersBuy]))).Id;
        await team.AddAsync(own.Single().Id, "buyer", Visitor.Password, "Buyer", buys);
        var shown = (await (await Visitor.LoggedInAsync(shop.Http, "buyer")).GetAsync(page)).Html;
        shown.ShouldContain("Paid from your wallet");
        shown.ShouldNotContain("50.5000");
        (await shop.CountAsync("select count(*) from audit where action = 'wallet.pay'")).ShouldBe(1);
        Regex.Match(paid.Html, "href=\"(/back/s/[^\"]+)\"").Groups[1].Value.ShouldBe($"/back{cashier.Path}");
        (await poor.GetAsync(page)).Html.ShouldContain("It is paid already");

        await ShopWorld.UntilAsync(async () => (await guest.GetAsync($"/back{cashier.Path}")).Html.Contains("CARD-0001", StringComparison.Ordinal));
        (await rich.GetAsync("/console/merchant/balance")).Html.ShouldContain("Shop order paid from the wallet");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_suspended_merchant_pays_nothing(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        var merchant = await MerchantAsync(shop, "rich", "100");
        (await shop.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft { Code = "wallet", Protocol = "wallet", NameZh = "余额", NameEn = "Balance" })).ShouldBeOfType<ChannelDecision.Saved>();
        var guest = shop.NewGuest();
        var cashier = await guest.BuyAsync(await guest.ProductAsync());
        var chosen = await guest.PostAsync(cashier, $"{cashier.Path}?handler=Way", ("way", PayWays.Wallet));
        var page = (await guest.GetAsync(chosen.Href("/s/[^\"]+/go/[^\"]+"))).Field("next");
        var rich = await Visitor.LoggedInAsync(shop.Http, "rich");
        var offer = await rich.GetAsync(page);
        await shop.Http.Get<Merchants>().SuspendAsync(merchant);
        await rich.PostAsync(offer, page);
        (await shop.CountAsync("select count(*) from wallet_payment where state = 'paid'")).ShouldBe(0);
    }
}
