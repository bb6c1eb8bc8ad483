using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Goods = Lianka.Tests.Integration.Inventory.Goods;

namespace Lianka.Tests.Integration.Shop;

/// <summary>Categories with a form for account and value, and with groups.</summary>
public sealed class ScenarioTests
{
    private const string Phone = "/s/xiaolu/c/phone", Mobile = "13800138000", Unicom = "18612345678";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_phone_is_topped_up_on_one_page(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await SellAsync(world, await CategoryAsync(world, "phone", Scenario.TopUp), "cmcc", "CN",
            ("cmcc-50", "account | phone | 手机号 | Phone number | 移动"), ("cmcc-100", "account | phone | 手机号 | Phone number | 移动"), ("cmcc-card", ""));
        await CategoryAsync(world, "empty", Scenario.TopUp);
        // On the shelf, and nobody delivers it now.
        var supply = await SellAsync(world, await CategoryAsync(world, "power", Scenario.TopUp), "grid", "CN", ("grid-50", "account | digits | 户号 | Account"));
        Goods.Saved(await world.Http.Get<Modules.Catalog.Catalog>().UpdateSupplyAsync(supply.Id, new SupplyDraft { Cost = "45.2500", State = SupplyState.Off }));
        await world.Http.Get<PriceBooks>().RefreshAsync();

        // What is sold has a tile, what is not has none.
        var guest = world.NewGuest();
        var home = await guest.GetAsync("/s/xiaolu");
        home.Html.ShouldContain("href=\"/s/xiaolu/c/phone\"");
        home.Html.ShouldNotContain("/c/empty");
        home.Html.ShouldNotContain("/c/power");

        var page = await guest.GetAsync(Phone);
        Codes(page).ShouldBe(["cmcc-50", "cmcc-100"], ignoreOrder: true);
        page.Html.ShouldContain("href=\"/s/xiaolu/p/cmcc\"");

        // Nothing chosen; a number of nobody; a number of another carrier: each is said at its field, and nothing is ordered.
        (await BuyAsync(guest, page, "", Mobile)).Html.ShouldContain("选一个面值");
        (await BuyAsync(guest, page, "cmcc-50", "1380013")).Html.ShouldContain("请填写 11 位手机号");
        var other = await BuyAsync(guest, page, "cmcc-50", Unicom);
        other.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        other.Html.ShouldContain("该号码属于联通");
        Regex.IsMatch(other.Html, "value=\"cmcc-50\"[^>]*checked").ShouldBeTrue();
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);

        // Pressed twice is one order, and what is charged is what stood there.
        var pay = await BuyAsync(guest, page, "cmcc-50", "138 0013-8000");
        pay.Path.ShouldStartWith("/s/xiaolu/pay/");
        (await BuyAsync(guest, page, "cmcc-50", "138 0013-8000")).Path.ShouldBe(pay.Path);
        var order = (await world.Orders.FindAsync(Guest.OrderOf(pay)))!;
        (order.Fields, order.Quantity, order.Total.Text(2)).ShouldBe(("{\"account\":\"13800138000\"}", 1, "49.50"));
        (await world.CountAsync("select count(*) from orders")).ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_remembers_its_buyer_if_asked_to_and_forgets_at_one_press()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite);
        await SellAsync(world, await CategoryAsync(world, "phone", Scenario.TopUp), "cmcc", "CN", ("cmcc-50", "account | phone | 手机号 | Phone number | 移动"));
        var guest = world.NewGuest();
        var page = await guest.GetAsync(Phone);
        page.Field("contact").ShouldBe("");
        (await BuyAsync(guest, page, "cmcc-50", Mobile, ("remember", "on"))).Path.ShouldStartWith("/s/xiaolu/pay/");

        // The contact is there, the account is offered and not filled in; another guest sees nothing of it.
        page = await guest.GetAsync(Phone);
        (page.Field("contact"), page.Field("field.account")).ShouldBe((ShopWorld.Contact, ""));
        page.Html.ShouldContain($"<option value=\"{Mobile}\">");
        (await guest.GetAsync("/s/xiaolu/p/steam-wallet")).Field("contact").ShouldBe(ShopWorld.Contact);
        (await world.NewGuest().GetAsync(Phone)).Html.ShouldNotContain(Mobile);

        var orders = await guest.GetAsync("/s/xiaolu/orders");
        orders.Html.ShouldContain("/s/xiaolu/o/ord_");
        // One account is removed by itself; a form of a page that says something else removes nothing.
        (await guest.PostAsync(orders, "/s/xiaolu/orders?handler=Remove", ("account", "0"), ("value", "x"))).Html.ShouldContain(Mobile);
        var fewer = await guest.PostAsync(orders, "/s/xiaolu/orders?handler=Remove", ("account", "0"), ("value", Mobile));
        fewer.Html.ShouldNotContain(Mobile);
        fewer.Html.ShouldContain(ShopWorld.Contact);
        orders = await guest.PostAsync(orders, "/s/xiaolu/orders?handler=Forget");
        orders.Path.ShouldBe("/s/xiaolu/orders");
        orders.Html.ShouldNotContain("/s/xiaolu/o/ord_");
        orders.Html.ShouldNotContain("handler=Forget");
        page = await guest.GetAsync(Phone);
        page.Field("contact").ShouldBe("");

        // Who does not ask for it is not remembered, and who stops asking is forgotten.
        await BuyAsync(guest, page, "cmcc-50", Mobile, ("remember", "on"));
        await BuyAsync(guest, await guest.GetAsync(Phone), "cmcc-50", Mobile);
        (await guest.GetAsync(Phone)).Html.ShouldNotContain(Mobile);
    }

    [Fact]
    public async Task What_is_typed_is_checked_by_the_rules_of_the_till()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite);
        var category = await CategoryAsync(world, "phone", Scenario.TopUp);
        await SellAsync(world, category, "cmcc", "CN", ("cmcc-50", "account | phone | 手机号 | Phone number | 移动"));
        using var client = world.Http.NewClient(cookies: false, redirects: false);
        (await CheckAsync("1380013")).ShouldBe("bad_phone 请填写 11 位手机号。  ");
        (await CheckAsync("１３８ 0013 8000")).ShouldBe("  移动 移动");
        (await CheckAsync(Unicom)).ShouldBe("wrong_carrier 该号码属于联通，本商品只充移动。 联通 联通");
        (await CheckAsync("")).ShouldBe("required 请填写此项。  ");
        using (var nothing = await SendAsync("no-such", Mobile)) nothing.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // A question changes no page: what is kept for all stays kept.
        (await client.GetAsync("/s/xiaolu")).Dispose();
        await CheckAsync(Mobile);
        using var home = await client.GetAsync("/s/xiaolu");
        home.Headers.Age.ShouldNotBeNull();

        // What this shop has not priced asks for nothing here.
        var catalog = world.Http.Get<Modules.Catalog.Catalog>();
        var product = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = "other", CategoryId = category.Id, NameZh = "其他", NameEn = "Other" }));
        Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "other-50") with { Kind = SkuKind.Direct, Fields = "account | phone | 手机号 | Phone number" }));
        using (var others = await SendAsync("other-50", Mobile)) others.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task<string> CheckAsync(string number)
        {
            using var answer = await SendAsync("cmcc-50", number);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var field = json.RootElement.GetProperty("account");
            return string.Join(' ', new[] { "code", "problem", "carrier", "note" }.Select(n => field.GetProperty(n).GetString()));
        }

        async Task<HttpResponseMessage> SendAsync(string sku, string number)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("sku", sku), KeyValuePair.Create("field.account", number)]);
            return await client.PostAsync("/s/xiaolu/check", form);
        }
    }

    [Fact]
    public async Task Games_stand_in_groups_with_their_values_and_are_narrowed_down()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite);
        var games = await CategoryAsync(world, "wallets", Scenario.Groups);
        await SellAsync(world, games, "psn-hk", "HK", ("psn-200", "account | email | 邮箱 | E-mail"), ("psn-400", "account | email | 邮箱 | E-mail"));
        await SellAsync(world, games, "xbox-us", "US", ("xbox-10", "account | email | 邮箱 | E-mail"));

        var guest = world.NewGuest();
        var page = await guest.GetAsync("/s/xiaolu/c/wallets");
        Regex.Matches(page.Html, "href=\"(/s/xiaolu/p/[^\"]*\\?sku=[^\"]*)\"").Select(m => m.Groups[1].Value)
            .ShouldBe(["/s/xiaolu/p/psn-hk?sku=psn-200", "/s/xiaolu/p/psn-hk?sku=psn-400", "/s/xiaolu/p/xbox-us?sku=xbox-10"]);
        var american = await guest.GetAsync(page.Href("/s/xiaolu/c/wallets\\?region=US"));
        american.Html.ShouldContain("/p/xbox-us");
        american.Html.ShouldNotContain("/p/psn-hk");
        (await guest.GetAsync("/s/xiaolu/p/psn-hk?sku=psn-400")).Html.ShouldContain("field-account");
        (await guest.GetAsync("/s/xiaolu/c/wallets?region=%3Cscript%3E")).Html.ShouldNotContain("<script>");
    }

    private static async Task<Category> CategoryAsync(ShopWorld world, string slug, Scenario scenario) => Goods.Saved(
        await world.Http.Get<Modules.Catalog.Catalog>().CreateCategoryAsync(new CategoryDraft { Slug = slug, NameZh = slug, NameEn = slug, Scenario = scenario }));

    /// <summary>One product with SKUs at 49.50, of cards where no field is asked for.</summary>
    /// <returns>Of the last.</returns>
    private static async Task<Supply> SellAsync(ShopWorld world, Category category, string slug, string region, params (string Code, string Fields)[] skus)
    {
        var catalog = world.Http.Get<Modules.Catalog.Catalog>();
        var product = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = slug, CategoryId = category.Id, NameZh = slug, NameEn = slug, Region = region }));
        Supply supply = null!;
        foreach (var (code, fields) in skus)
        {
            var sku = Goods.Saved(await catalog.CreateSkuAsync(
                Goods.SkuDraft(product.Id, code) with { Kind = fields.Length > 0 ? SkuKind.Direct : SkuKind.Card, Fields = fields }));
            supply = Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = world.Supply.SupplierId, Cost = "45.2500" }));
            (await world.Http.Get<PriceLists>().SetLevelPricesAsync([new LevelPriceDraft(sku.Id, 1, "46.1550")])).GetType().Name.ShouldStartWith("Saved");
            (await world.Http.Get<Shelves>().SetAsync(world.Merchant, sku.Id, "49.50", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)))
                .ShouldBeOfType<AgentsDecision<RetailLine>.Saved>();
        }

        await world.Http.Get<PriceBooks>().RefreshAsync();
        return supply;
    }

    private static IEnumerable<string> Codes(Page page) =>
        Regex.Matches(page.Html, "<input type=\"radio\" name=\"sku\" value=\"([^\"]*)\"").Select(m => m.Groups[1].Value);

    private static Task<Page> BuyAsync(Guest guest, Page page, string sku, string number, params (string Name, string Value)[] more) => guest.PostAsync(page, Phone,
        [("sku", sku), ("field.account", number), ("contact", ShopWorld.Contact), ("token", page.Field("token")), ("price.cmcc-50", page.Field("price.cmcc-50")), .. more]);
}
