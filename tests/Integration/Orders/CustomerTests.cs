using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Orders;

/// <summary>Who bought from a merchant: counted as they paid and got back, found by the whole contact, seen by nobody else.</summary>
public sealed class CustomerTests
{
    private static async Task<OrderId> BuyAsync(ShopWorld world, string contact, bool pays = true, string shop = ShopWorld.Slug)
    {
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.GetAsync($"/s/{shop}/p/steam-wallet"), contact: contact);
        if (!pays) return Guest.OrderOf(pay);
        return Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(pay)));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_customer_is_one_contact_with_what_it_paid_and_got_back(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 10);
        var customers = world.Http.Get<Customers>();
        (await customers.ListAsync(world.Merchant)).Customers.ShouldBeEmpty();
        var first = await BuyAsync(world, "13800135567");
        var other = await BuyAsync(world, "guest@example.com");
        var open = await BuyAsync(world, "+86 138-0013-5567", pays: false);
        (await world.Orders.RunAsync(new OrderCommand.Refund(first, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();

        var page = await customers.ListAsync(world.Merchant);
        page.Customers.Select(c => (c.Contact.Value, c.First, c.Last, c.Orders, c.Amount.ToString(), c.Refunded.ToString(), c.IsMore)).ShouldBe(
        [
            ("13800135567", first, open, 1, "49.5000", "49.5000", false),
            ("guest@example.com", other, other, 1, "49.5000", "0.0000", false),
        ]);
        (await world.CountAsync("select count(*) from customer")).ShouldBe(2);

        // What the same person buys elsewhere is that merchant's to know.
        var stranger = Saved(await world.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Id;
        Saved(await world.Http.Get<Shelves>().SetAsync(stranger, world.Sku.Id, "50.00", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)));
        Saved(await world.Http.Get<StorefrontBook>().CreateAsync(stranger, new StorefrontDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));
        await world.Http.Get<PriceBooks>().RefreshAsync();
        var elsewhere = await BuyAsync(world, "13800135567", shop: "other");
        (await customers.ListAsync(stranger)).Customers.Select(c => (c.First, c.Orders, c.Amount.ToString())).ShouldBe([(elsewhere, 1, "50.0000")]);
        (await customers.ListAsync(world.Merchant)).Customers.Select(c => c.Amount.ToString()).ShouldBe(["49.5000", "49.5000"]);

        // Page by page, each once.
        var top = await customers.ListAsync(world.Merchant, limit: 1);
        var rest = await customers.ListAsync(world.Merchant, top.Next, limit: 1);
        (top.Customers.Single().First, rest.Customers.Single().First, rest.Next).ShouldBe((first, other, null));

        // Another merchant's are as if they did not exist.
        (await customers.FindAsync(stranger, first)).ShouldBeNull();
        (await customers.FindAsync(stranger, page.Customers[1].ContactKey)).ShouldBeNull();
        (await customers.FindAsync(world.Merchant, first))!.Last.ShouldBe(open);
    }

    private static T Saved<T>(AgentsDecision<T> decision) => decision.ShouldBeOfType<AgentsDecision<T>.Saved>().Value;

    [Fact]
    public async Task A_merchant_sees_its_customers_masked_finds_one_by_the_whole_contact_and_opens_its_orders()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 10);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        const string path = "/console/merchant/customers";
        (await visitor.GetAsync(path)).Html.ShouldContain("No customers yet");
        var (mine, others) = (await BuyAsync(world, "13800135567"), await BuyAsync(world, "guest@example.com"));

        var list = await visitor.GetAsync(path);
        list.Html.ShouldContain("138****5567");
        list.Html.ShouldContain("g***@example.com");
        list.Html.ShouldNotContain("13800135567");
        var found = await visitor.GetAsync($"{path}?q=138%200013%205567");
        found.Html.ShouldContain("138****5567");
        found.Html.ShouldNotContain("g***@");
        foreach (var part in new[] { "5567", "13800135568", "guest@" }) (await visitor.GetAsync($"{path}?q={part}")).Html.ShouldContain("No customer with this contact");

        var one = await visitor.GetAsync($"{path}/{mine}");
        one.Html.ShouldContain("138****5567");
        one.Html.ShouldContain($"/console/merchant/orders/{mine}");
        one.Html.ShouldNotContain(others.ToString());
        one.Html.ShouldNotContain("13800135567");
        (await visitor.GetAsync($"{path}/{world.Storefront.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
