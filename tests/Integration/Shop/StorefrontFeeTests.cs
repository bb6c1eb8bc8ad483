using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Settle;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Notices;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.FlashSales;

namespace Lianka.Tests.Integration.Shop;

/// <summary>The fee that storefronts pay for each payment is the operator's: a change counts from the next order on and unbalances none.</summary>
public sealed class StorefrontFeeTests
{
    private static async Task SetAsync(ShopWorld shop, string bps) => (await shop.Http.Get<StorefrontFees>().SetAsync(bps)).ShouldBeEmpty();

    /// <summary>Pays and is delivered, also when the channel's notice was lost: it is asked and the order told here, and no worker's look waited for.</summary>
    private static async Task<OrderId> PayAsync(ShopWorld shop, Guest guest, Page pay)
    {
        await guest.PressAsync(await guest.OpenCashierAsync(pay));
        var order = Guest.OrderOf(pay);
        var payment = (await shop.Payments.FindAsync(order))!.Id;
        foreach (var (attempt, _) in await shop.Payments.AttemptsAsync(payment)) await shop.Http.Get<PaymentFollower>().FollowAsync(attempt, default);
        await shop.Http.Get<PaidNews>().TellAsync(payment, default);
        (await shop.Orders.FindAsync(order))!.Status.ShouldBe(OrderStatus.Delivered);
        return order;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task An_order_keeps_the_fee_it_was_opened_with_until_it_is_settled_or_given_back(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var shop = await ShopWorld.CreateAsync(kind, clock: clock);
        var guest = shop.NewGuest();
        var (before, returned) = (await guest.BuyAsync(await guest.ProductAsync()), await guest.BuyAsync(await guest.ProductAsync()));
        await SetAsync(shop, "500");
        var (old, back) = (await PayAsync(shop, guest, before), await PayAsync(shop, guest, returned));
        var fresh = await PayAsync(shop, guest, await guest.BuyAsync(await guest.ProductAsync()));
        await SetAsync(shop, "0");
        (await shop.Orders.RunAsync(new OrderCommand.Refund(back, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        (await shop.CountAsync("select fee from orders where id = @old", new { old })).ShouldBe(Money.Parse("0.30").Units);
        (await shop.CountAsync("select fee from orders where id = @fresh", new { fresh })).ShouldBe(Money.Parse("2.48").Units);
        clock.Turn(TimeSpan.FromDays(30));
        // Beside the node's own clock: what that one has begun, this one waits for.
        await shop.Http.Get<SettleOrders>().RunAsync();
        (await shop.CountAsync("select count(*) from orders where settlement_id is not null")).ShouldBe(2);
        (await shop.CountAsync(
            "select cast(coalesce(sum(t.amount), 0) as bigint) from transfer t join account a on a.id = t.credit_account where a.kind = 'fees'")).ShouldBe(Money.Parse("2.78").Units);
        await ProveAsync(shop, clock);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Goods_whose_margin_does_not_bear_the_fee_leave_the_shelf_and_the_till(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        var guest = shop.NewGuest();
        (await shop.Http.Get<Shelves>().SetAsync(shop.Merchant, shop.Sku.Id, "48.00", r => ChannelFees.At(r, 100))).ShouldBeOfType<AgentsDecision<RetailLine>.Saved>();
        await shop.Http.Get<PriceBooks>().RefreshAsync();
        await SetAsync(shop, "384");
        var product = await guest.ProductAsync();
        // 46.1550 and 1.84 are 47.9950; one basis point more is 1.85.
        await SetAsync(shop, "385");
        (await guest.ProductAsync()).Html.ShouldNotContain("steam-50");
        (await guest.BuyAsync(product)).Path.ShouldNotContain("/pay/");
        (await shop.CountAsync("select count(*) from orders")).ShouldBe(0);
        await SetAsync(shop, "384");
        (await guest.BuyAsync(product)).Path.ShouldContain("/pay/");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_flash_sale_keeps_the_rate_it_was_made_with(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 2);
        // Of 48.00 at 46.1550 a merchant can bear 3.84 %.
        await SetAsync(world.Shop, "385");
        (await world.TryAsync(1))["status"].ShouldBe("reserved");
        (await world.Shop.CountAsync("select fee from orders")).ShouldBe(Money.Parse("0.29").Units);
        (await world.Shop.Http.Get<SaleBook>().CreateAsync(world.Shop.Merchant, new FlashSaleDraft
        {
            Storefront = world.Shop.Storefront.Id, Sku = world.Shop.Sku.Id, Units = "1", Price = "48.00", From = world.Clock.Now(), To = world.Clock.Now().AddHours(1),
        })).ShouldBeOfType<AgentsDecision<FlashSale>.Refused>();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_operator_sets_it_in_the_settings_from_0_to_500(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        const string Settings = "/console/settings";
        var (fees, zhou) = (shop.Http.Get<StorefrontFees>(), await Visitor.LoggedInAsync(shop.Http, "zhou"));
        var form = await zhou.GetAsync(Settings);
        form.Field("fee_bps").ShouldBe("60");
        foreach (var bad in new[] { "501", "-1", "x", "" })
        {
            (await zhou.PostAsync(form, Settings, ("ancestors_max", "1"), ("fee_bps", bad))).Status.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity, bad);
            (await fees.BpsAsync()).ShouldBe(60);
        }

        await zhou.PostAsync(form, Settings, ("ancestors_max", "2"), ("fee_bps", "500"));
        ((await fees.BpsAsync()), (await zhou.GetAsync(Settings)).Field("fee_bps")).ShouldBe((500, "500"));
        (await shop.CountAsync("select count(*) from audit where action = 'settings.storefront_fee_bps'")).ShouldBe(1);
    }

    private static async Task ProveAsync(ShopWorld shop, TimeProvider clock)
    {
        var output = new StringWriter();
        (await Host.Proof.Verification.RunAsync(shop.Database, clock, output)).ShouldBeTrue(output.ToString());
    }
}
