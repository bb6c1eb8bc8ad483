using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Pages about more goods than one page or one choice holds.</summary>
public sealed class SoughtGoodsTests
{
    private const int Cards = 120;
    private static readonly SupplyId _foreign = new(7_002);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Goods_that_are_too_many_for_a_list_are_found_by_words_and_listed_page_by_page(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 5);
        await FillAsync(shop);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("huanyu", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Huanyu");
        await people.CreateAsync("lu", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Lu");
        var (boss, supplier, merchant) = (await Visitor.LoggedInAsync(shop.Http, "zhou"), await Visitor.LoggedInAsync(shop.Http, "huanyu"), await Visitor.LoggedInAsync(shop.Http, "lu"));

        // The operator's choice: a part, then what the words say; what was chosen is taken whatever was looked for.
        var promotion = await boss.GetAsync("/console/promotions/new");
        promotion.Html.ShouldContain("name=\"find\"");
        promotion.Html.ShouldNotContain("Zebra");
        (await boss.GetAsync("/console/promotions/new?find=zebra")).Html.ShouldContain("Zebra card");
        (await boss.PostAsync(promotion, "/console/promotions/new", ("sku", new SkuId(7_001).ToString()), ("name_zh", "促"), ("name_en", "Cut"), ("off_bps", "100"),
            ("from", "2030-01-01T00:00"), ("to", "2030-01-02T00:00"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await boss.GetAsync("/console/sales/new?find=zebra")).Html.ShouldContain("Zebra card");
        (await boss.GetAsync("/console/imports/new?find=zebra")).Html.ShouldContain(_foreign.ToString());
        (await boss.GetAsync($"/console/imports/new?supply={_foreign}")).Html.ShouldContain(_foreign.ToString());
        var tiers = (await boss.GetAsync("/console/tiers?q=c-119")).Html;
        tiers.ShouldContain("Card 119");
        tiers.ShouldNotContain("Card 118");

        // A supplier finds its own alone.
        var costs = await supplier.GetAsync("/console/supplier/costs");
        costs.Html.ShouldContain("name=\"find\"");
        costs.Html.ShouldNotContain("Card 119");
        (await supplier.GetAsync("/console/supplier/costs?find=card+119")).Html.ShouldContain("Card 119");
        foreach (var path in (string[])["costs", "imports/new", "stock-alerts"])
            (await supplier.GetAsync($"/console/supplier/{path}?find=zebra&supply={_foreign}")).Html.ShouldNotContain("Zebra card", Case.Insensitive, path);
        (await supplier.PostAsync(costs, "/console/supplier/costs", ("supply", _foreign.ToString()), ("cost", "1"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await supplier.PostAsync(costs, "/console/supplier/costs", ("supply", new SupplyId(6_119).ToString()), ("cost", "39"))).Status.ShouldBe(HttpStatusCode.Redirect);

        // Its stock, page by page: everything once, nobody else's.
        var codes = new List<string>();
        for (string? next = "/console/supplier/stock"; next is not null;)
        {
            var page = await supplier.GetAsync(next);
            codes.AddRange(Regex.Matches(page.Html, "class=\"sub\">(?<code>[cz]-[0-9]+)<", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["code"].Value));
            next = NextOf(page);
            codes.Count.ShouldBeLessThanOrEqualTo(Cards);
        }

        codes.ShouldBe(Enumerable.Range(0, Cards).Select(Code));
        var one = (await supplier.GetAsync("/console/supplier/stock?q=card+119")).Html;
        one.ShouldContain("c-119");
        one.ShouldNotContain("c-118");

        // A merchant buys what no list shows.
        (await merchant.GetAsync("/console/merchant/buy")).Html.ShouldNotContain("Card 119");
        (await merchant.GetAsync("/console/merchant/buy?find=card+119")).Html.ShouldContain("Card 119");
        (await merchant.GetAsync("/console/merchant/buy?sku=c-119&quantity=1")).Html.ShouldContain("50.0000");
        (await merchant.GetAsync("/console/merchant/buy?find=zebra")).Html.ShouldNotContain("Zebra card", Case.Insensitive, "nobody prices it");

        // What is low stands before what has recovered since, of one tenant on its pages.
        foreach (var (visitor, path, low) in new[] { (boss, "/console/stock-alerts", 61), (supplier, "/console/supplier/stock-alerts", 60) })
        {
            var page = await visitor.GetAsync(path);
            Count(page, "Still low").ShouldBe(50);
            Count(page, "Recovered").ShouldBe(0);
            var last = await visitor.GetAsync(NextOf(page)!);
            Count(last, "Still low").ShouldBe(low - 50);
            Count(last, "Recovered").ShouldBe(1);
        }

        static string? NextOf(Page page) => Regex.Match(page.Html, "href=\"(?<to>[^\"]+)\" rel=\"next\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? WebUtility.HtmlDecode(match.Groups["to"].Value) : null;

        // Between tags: where the application was built, the page tells it the table once more.
        static int Count(Page page, string words) => Regex.Count(page.Html, $">{words}<", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static string Code(int no) => string.Create(CultureInfo.InvariantCulture, $"c-{no:D3}");

    /// <summary>Cards of the shop's supplier, which its merchant may buy, and one product of another supplier, which has no price.</summary>
    private static Task FillAsync(ShopWorld shop) => shop.Database.WriteAsync(async s =>
    {
        var category = await s.ScalarAsync<long>("select min(id) from category");
        await s.ExecuteAsync("insert into supplier (id, slug, name_zh, name_en, created_at) values (7000, 'other', '另', 'Other', 1)");
        for (var i = 0; i < Cards; i++)
            await AddAsync(4_000 + i, 5_000 + i, 6_000 + i, Code(i), $"Card {i:D3}", shop.Supply.SupplierId);
        await AddAsync(7_003, 7_001, _foreign.Value, "z-1", "Zebra card", new SupplierId(7_000));
        await s.ExecuteAsync("insert into level_price (sku_id, level, price) select id, 1, 500000 from sku where code like 'c-%'");
        for (var i = 0; i < 60; i++) await AlertAsync(9_000 + i, 6_000 + i, 5_000 + i, shop.Supply.SupplierId, null);
        await AlertAsync(9_100, 6_100, 5_100, shop.Supply.SupplierId, 2);
        await AlertAsync(9_101, _foreign.Value, 7_001, new SupplierId(7_000), null);
        await s.ExecuteAsync("update version set value = value + 1 where name = 'prices'");
        await s.ExecuteAsync("update product set changed = (select value from version where name = 'prices')");

        async Task AddAsync(long product, long sku, long supply, string code, string name, SupplierId supplier)
        {
            await s.ExecuteAsync("insert into product (id, slug, category_id, name_zh, name_en, updated_at) values (@product, @code, @category, @name, @name, 1)",
                new { product, code, category, name });
            await s.ExecuteAsync(
                """
                insert into sku (id, code, product_id, name_zh, name_en, face_value, qty_max, suggested_retail, retail_floor, retail_ceiling, updated_at)
                values (@sku, @code, @product, 'y', 'y', 500000, 10, 520000, 490000, 600000, 1)
                """, new { sku, code, product });
            await s.ExecuteAsync("insert into supply (id, sku_id, supplier_id, cost) values (@supply, @sku, @supplier, 400000)", new { supply, sku, supplier });
        }

        Task AlertAsync(long id, long supply, long sku, SupplierId supplier, long? cleared) => s.ExecuteAsync(
            """
            insert into stock_alert (id, supply_id, sku_id, supplier_id, reason, units_left, raised_at, cleared_at)
            values (@id, @supply, @sku, @supplier, 'out', 0, 1, @cleared)
            """, new { id, supply, sku, supplier, cleared });
    });
}
