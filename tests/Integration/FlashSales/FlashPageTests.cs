using System.Net;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.FlashSales;

/// <summary>The page of a sale as a browser without scripts has it.</summary>
public sealed class FlashPageTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task From_the_ticket_to_the_codes(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 1);
        var path = $"/s/{ShopWorld.Slug}/flash/{world.Sale.Id}";
        var (first, second) = (world.Shop.NewGuest(), world.Shop.NewGuest());
        (await first.GetAsync($"/s/{ShopWorld.Slug}")).Html.ShouldContain(path, Case.Sensitive, "the shop window leads to it");

        var page = await first.GetAsync(path);
        page.Html.ShouldContain("48.00");
        (await first.PostAsync(page, $"{path}?handler=Ticket", ("contact", "nobody"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await first.PostAsync(page, $"{path}?handler=Ticket", ("code", "AAAA"))).Html.ShouldContain("抢购码不对");
        page = await first.PostAsync(page, $"{path}?handler=Ticket", ("contact", "+86 138-0013-5567"));
        page.Html.ShouldContain("立即抢");
        var pay = await first.PostAsync(page, $"{path}?handler=Try");
        pay.Path.ShouldContain("/pay/ord_");
        (await first.GetAsync(path)).Path.ShouldBe(pay.Path, "whoever comes back is where the order is");

        // The second brings a ticket of a campaign, and waits.
        page = await second.PostAsync(await second.GetAsync(path), $"{path}?handler=Ticket", ("code", world.Ticket(7)));
        page = await second.PostAsync(page, $"{path}?handler=Try");
        page.Html.ShouldContain("就快轮到你了");
        page.Html.ShouldContain("http-equiv=\"refresh\"");
        (await second.GetAsync($"{path}?lang=en")).Html.ShouldContain("You are next");
        (await second.GetAsync($"{path}/status")).Html.ShouldContain("\"final\":false");

        var result = await first.PressAsync(await first.OpenCashierAsync(pay));
        await ShopWorld.UntilAsync(async () => await world.Shop.CountAsync("select sold from flash_sale") == 1);
        (await first.GetAsync(result.Path)).Html.ShouldContain("CARD-0001");
        await world.Desk.RefreshAsync();
        (await second.GetAsync(path)).Html.ShouldContain("Sold out");
        (await world.Shop.Orders.FindByContactAsync(Guest.OrderOf(pay), world.Shop.Http.Vault.Fingerprint("13800135567", "order contact"))).ShouldNotBeNull();
        await world.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Before_the_start_there_is_a_countdown_and_units_that_come_back_open_the_cashier(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 1, startsIn: TimeSpan.FromSeconds(100), quota: "2");
        var path = $"/s/{ShopWorld.Slug}/flash/{world.Sale.Id}";
        var guest = world.Shop.NewGuest();
        var page = await guest.PostAsync(await guest.GetAsync(path), $"{path}?handler=Ticket", ("contact", "a@example.com"));
        page.Html.ShouldContain("data-countdown");
        page.Html.ShouldNotContain("handler=Try");
        world.Clock.Turn(TimeSpan.FromSeconds(100));
        page = await guest.GetAsync(path);
        page.Html.ShouldContain("handler=Try");
        (await guest.PostAsync(page, $"{path}?handler=Try", ("quantity", "3"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.TryAsync(1)).Status.ShouldBe(HttpStatusCode.Created);
        (await guest.PostAsync(page, $"{path}?handler=Try", ("quantity", "1"))).Html.ShouldContain("就快轮到你了");
        await world.LapseAsync();
        // The node's own clock may be at it in this moment.
        await ShopWorld.UntilAsync(async () => (await guest.GetAsync($"{path}/status")).Html.Contains("/pay/ord_", StringComparison.Ordinal));
        (await guest.GetAsync(path)).Path.ShouldContain("/pay/ord_");
        (await guest.GetAsync($"/s/{ShopWorld.Slug}/flash/sale_0000000000000")).Status.ShouldBe(HttpStatusCode.NotFound);
        await world.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_pay_address_of_the_api_leads_to_the_channel(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 1);
        var reserved = await world.TryAsync(1);
        var cashier = await world.Shop.NewGuest().GetAsync(reserved["pay_url"]);
        cashier.Path.ShouldStartWith("/sim/cashier/");
        var guest = world.Shop.NewGuest();
        (await guest.PressAsync(await guest.GetAsync(cashier.Path))).Path.ShouldBe($"/s/{ShopWorld.Slug}/flash/{world.Sale.Id}");
        await ShopWorld.UntilAsync(async () => await world.Shop.CountAsync("select sold from flash_sale") == 1);
        (await world.FollowAsync(1))["status"].ShouldBe("sold");
    }
}
