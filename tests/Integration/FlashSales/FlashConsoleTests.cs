using System.Net;
using Lianka.Host.Commands;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.FlashSales;

public sealed class FlashConsoleTests
{
    [Theory, InlineData(Roles.Operator, "/console/sales"), InlineData(Roles.Merchant, "/console/merchant/sales")]
    public async Task A_sale_is_made_watched_and_ended(string role, string root)
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 20);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, role, role == Roles.Merchant ? shop.Merchant.Value : 0, "Zhou");
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        (await visitor.GetAsync(root)).Html.ShouldContain("No flash sales yet");
        var form = await visitor.GetAsync($"{root}/new");
        (string, string)[] fields = [("storefront", shop.Storefront.Id.ToString()), ("sku", shop.Sku.Id.ToString()), ("units", "5"), ("quota", "1"),
            ("pay_seconds", "60"), ("from", "2026-01-01T10:00"), ("to", "2036-01-01T10:00")];
        var wrong = await visitor.PostAsync(form, $"{root}/new", [.. fields, ("price", "20.00")]);
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Html.ShouldContain("Below the lowest retail price");
        (await visitor.PostAsync(form, $"{root}/new", [.. fields, ("price", "48.00")])).Status.ShouldBe(HttpStatusCode.Redirect);

        var sale = (await shop.Http.Get<SaleBook>().ListAsync()).ShouldHaveSingleItem();
        (sale.Units, sale.Price, sale.MerchantId).ShouldBe((5, Money.Parse("48.00"), shop.Merchant));
        (await visitor.GetAsync(root)).Html.ShouldContain($"{root}/{sale.Id}");
        var page = await visitor.GetAsync($"{root}/{sale.Id}");
        page.Html.ShouldContain("Running");
        page.Html.ShouldContain($"/s/{ShopWorld.Slug}/flash/{sale.Id}");
        (await visitor.GetAsync($"{root}/{sale.Id}?lang=zh-CN")).Html.ShouldContain("进行中");
        (await visitor.PostAsync(page, $"{root}/{sale.Id}?handler=end")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await shop.Http.Get<SaleBook>().FindAsync(sale.Id))!.ToAt.ShouldBeLessThanOrEqualTo(TimeProvider.System.Now());
    }

    [Fact]
    public async Task Tickets_are_issued_into_a_file_and_open_the_sale()
    {
        await using var world = await FlashWorld.CreateAsync(DatabaseKind.Sqlite, units: 2);
        var file = Path.Combine(world.Shop.Http.Settings.DataFolder, "tickets.txt");
        var output = new StringWriter();
        (await TicketsCommand.RunAsync(world.Shop.Http.Settings, [$"{world.Sale.Id}", "3", file], output)).ShouldBe(0);
        var tickets = await File.ReadAllLinesAsync(file);
        tickets.Distinct().Count().ShouldBe(3);
        (await world.TryAsync(tickets[0])).Status.ShouldBe(HttpStatusCode.Created);
        (await world.TryAsync(tickets[1])).Status.ShouldBe(HttpStatusCode.Created);
        (await world.TryAsync(tickets[2])).Status.ShouldBe(HttpStatusCode.Accepted);
        await Should.ThrowAsync<IOException>(() => TicketsCommand.RunAsync(world.Shop.Http.Settings, [$"{world.Sale.Id}", "3", file], output));
        foreach (var wrong in (string[][])[["x", "1", "f"], [$"{world.Sale.Id}", "0", "f"], ["1"]])
            await Should.ThrowAsync<UsageException>(() => TicketsCommand.RunAsync(world.Shop.Http.Settings, wrong, output));
    }
}
