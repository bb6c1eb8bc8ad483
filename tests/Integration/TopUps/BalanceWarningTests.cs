using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.TopUps;

/// <summary>Whose wallet runs low, as its merchant defines it.</summary>
public sealed class BalanceWarningTests
{
    private const string Page = "/console/merchant/balance/warning", Home = "/console/merchant/home";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Below_its_own_line_a_wallet_warns_its_merchant_and_the_operator(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("lu", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Lu");
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var (lu, zhou) = (await Visitor.LoggedInAsync(shop.Http, "lu"), await Visitor.LoggedInAsync(shop.Http, "zhou"));
        (await lu.GetAsync(Home)).Html.ShouldNotContain("is available");
        var form = await lu.GetAsync(Page);
        foreach (var bad in new[] { "0", "-1", "x" })
            (await lu.PostAsync(form, Page, ("below", bad))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, bad);
        await lu.PostAsync(form, Page, ("below", "500"));
        (await lu.GetAsync(Page)).Field("below").ShouldBe("500.0000");
        (await lu.GetAsync(Home)).Html.ShouldContain("is available");
        (await zhou.GetAsync("/console/home")).Html.ShouldContain("balances run low");

        var warnings = shop.Http.Get<BalanceWarnings>();
        var ledger = shop.Http.Get<Modules.Ledger.Ledger>();
        // What is held cannot be spent; what reaches the line is enough.
        await GiveAsync("500");
        (await warnings.LowAsync()).ShouldBeEmpty();
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update account set held = 1 where kind = 'wallet' and party_id = @Merchant", new { shop.Merchant }));
        (await warnings.LowAsync()).ShouldBe([new LowBalance(shop.Merchant, Money.Parse("499.9999"), Money.Parse("500"))]);
        (await warnings.LowAsync(new MerchantId(1))).ShouldBeEmpty();
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update account set floor = -10000 where kind = 'wallet' and party_id = @Merchant", new { shop.Merchant }));
        (await warnings.LowAsync()).ShouldBeEmpty();
        await lu.PostAsync(await lu.GetAsync(Page), Page, ("below", ""));
        (await warnings.BelowAsync(shop.Merchant)).ShouldBeNull();

        Task GiveAsync(string amount) => shop.Database.WriteAsync(async s =>
        {
            await LedgerWrites.EnterAsync(s);
            var (from, to) = (await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform), await ledger.OpenAsync(s, AccountKinds.Wallet, shop.Merchant.Value));
            await ledger.MustPostAsync(s, new Posting("test", "test", [new Leg(from, to, Money.Parse(amount), "test")], "", "test:1"));
        });
    }
}
