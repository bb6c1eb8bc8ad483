using System.Net;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Shop;

/// <summary>What a buyer finds under "my orders", without an account.</summary>
public sealed class MyOrdersTests
{
    private const string Mine = $"/s/{ShopWorld.Slug}/orders";

    [Fact]
    public async Task Orders_follow_to_another_device_by_a_code_and_show_no_secret_there_without_a_press()
    {
        var clock = new TurnedClock();
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, clock: clock);
        var (first, second) = (world.NewGuest(), world.NewGuest());
        (await first.GetAsync(Mine)).Html.ShouldNotContain("换一台设备");
        var order = Guest.OrderOf(await first.PressAsync(await first.OpenCashierAsync(await first.BuyAsync(await first.ProductAsync()))));

        var made = await first.PostAsync(await first.GetAsync(Mine), $"{Mine}?handler=Device");
        var link = new Uri(System.Text.RegularExpressions.Regex.Match(made.Html, "id=\"take\">([^<]+)<").Groups[1].Value).PathAndQuery;
        var asked = await second.GetAsync(link);
        asked.Html.ShouldContain("1 个订单");
        (await second.GetAsync(Mine)).Html.ShouldNotContain(order.ToString(), Case.Sensitive, "looking at the code takes nothing");
        (await second.PostAsync(asked, $"{Mine}/take", ("key", asked.Field("key")))).Html.ShouldContain(order.ToString());
        (await second.GetAsync($"/s/{ShopWorld.Slug}/o/{order}")).Html.ShouldNotContain("CARD-0001");

        clock.Turn(TimeSpan.FromMinutes(10));
        (await second.GetAsync(link)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await second.GetAsync($"{Mine}/take?key=x")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
