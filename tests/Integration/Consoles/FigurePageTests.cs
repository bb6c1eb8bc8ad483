using System.Net;
using Lianka.Modules.Analytics;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Figures as each role sees them: its own, complete without the application, each day leading to its rows.</summary>
public sealed class FigurePageTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Everyone_sees_its_own_figures_and_comes_to_the_rows_behind_them(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind);
        var people = shop.Http.Get<People>();
        var other = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));
        await people.CreateAsync("boss", Visitor.Password, Roles.Operator, 0, "B");
        await people.CreateAsync("merchant", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync("supplier", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        await people.CreateAsync("other", Visitor.Password, Roles.Supplier, other.Id.Value, "O");
        var boss = await Visitor.LoggedInAsync(shop.Http, "boss");
        (await boss.GetAsync("/console/figures")).Html.ShouldContain("No channel took money in these days");

        var guest = shop.NewGuest();
        await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync(), "2")));
        await shop.Http.Get<LedgerFold>().FoldAsync();
        await shop.Http.Get<FigureFold>().RunAsync();

        var day = ChinaDay.Of(shop.Http.Get<TimeProvider>().GetUtcNow()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var page = await boss.GetAsync("/console/figures?days=7");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain("99.0000");
        page.Html.ShouldContain("Test channel");
        page.Html.ShouldContain("100%");
        var orders = await boss.GetAsync(page.Href($"/console/orders\\?from={day}[^\"]*"));
        orders.Html.ShouldContain("99.0000");
        (await boss.GetAsync(page.Href($"/console/accounts\\?kinds=[^\"]*from={day}[^\"]*"))).Status.ShouldBe(HttpStatusCode.OK);
        (await boss.GetAsync($"/console/figures/supplies?day={day}")).Html.ShouldContain("90.5000");
        (await boss.GetAsync("/console/figures/supplies?day=2020-01-01")).Html.ShouldContain("Nothing was sold on this day");
        // The buyer's one try, by channel and day, down to the order it paid.
        var channel = await boss.GetAsync((await boss.GetAsync(page.Href($"/console/figures/channels\\?day={day}"))).Href($"/console/channels/[^/]+/attempts\\?day={day}"));
        (await boss.GetAsync(channel.Href("/console/orders/[^\"]+"))).Html.ShouldContain("99.0000");
        (await boss.GetAsync("/console/figures/channels?day=2020-01-01")).Html.ShouldContain("Nobody tried to pay on this day");
        (await boss.GetAsync(channel.Path + "?day=2020-01-01")).Html.ShouldContain("Nobody paid by it on this day");
        var tree = await boss.GetAsync("/console/merchants/tree");
        tree.Html.ShouldContain("99.00");
        tree.Html.ShouldContain($"/console/merchants/{shop.Merchant}");

        var merchant = await Visitor.LoggedInAsync(shop.Http, "merchant");
        var own = await merchant.GetAsync("/console/merchant/figures");
        own.Html.ShouldContain("99.0000");
        own.Html.ShouldContain("No sales of sub-agents");
        (await merchant.GetAsync(own.Href($"/console/merchant/orders\\?from={day}[^\"]*"))).Html.ShouldContain("99.0000");

        var supplier = await Visitor.LoggedInAsync(shop.Http, "supplier");
        var supplied = await supplier.GetAsync("/console/supplier/figures");
        supplied.Html.ShouldContain("90.5000");
        (await supplier.GetAsync(supplied.Href($"/console/supplier/figures\\?[^\"]*day={day}"))).Html.ShouldContain($"Only {day}");
        (await (await Visitor.LoggedInAsync(shop.Http, "other")).GetAsync("/console/supplier/figures")).Html.ShouldNotContain("90.5000");
    }
}
