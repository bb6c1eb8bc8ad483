using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Shop;

/// <summary>How goods are found: in the shop, and by search engines.</summary>
public sealed class FoundTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_shop_is_searched_as_people_type_and_shows_only_what_it_sells(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await ListAsync(world, "wz", "王者荣耀点券", "Honor of Kings tokens", onShelf: true);
        await ListAsync(world, "wz-other", "王者荣耀皮肤", "Honor of Kings skins", onShelf: false);
        var guest = world.NewGuest();

        foreach (var words in new[] { "wzry", "wangzherongyao", "王者荣耀", "王者容耀", "wangzhe ry" })
        {
            var page = await guest.GetAsync($"/s/xiaolu/search?q={Uri.EscapeDataString(words)}");
            Shown(page).ShouldBe(["wz"], words);
            page.Html.ShouldNotContain("下面是相近的");
            page.Html.ShouldContain("noindex");
        }

        foreach (var (words, found) in new[] { ("steem", "steam-wallet"), ("王者光耀", "wz") })
        {
            var near = await guest.GetAsync($"/s/xiaolu/search?q={Uri.EscapeDataString(words)}");
            Shown(near).ShouldBe([found], words);
            near.Html.ShouldContain($"没有叫「{words}」的，下面是相近的");
        }

        (await guest.GetAsync("/s/xiaolu/search?q=switch")).Html.ShouldContain("没找到");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Pages_follow_each_other_without_gap_or_repeat(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 1);
        for (var i = 0; i < 60; i++) await ListAsync(world, $"goods-{i:D2}", $"商品{i:D2}", $"Goods {i:D2}", onShelf: i % 10 != 3);
        var guest = world.NewGuest();
        foreach (var query in new[] { "", "q=goods" })
        {
            var seen = new List<string>();
            for (var page = await guest.GetAsync($"/s/xiaolu/search?{query}"); ;)
            {
                seen.AddRange(Shown(page));
                if (!page.Html.Contains("再看一些", StringComparison.Ordinal)) break;
                page = await guest.GetAsync(page.Href("/s/xiaolu/search[^\"]+after=[^\"]+"));
            }

            seen.ShouldBe([.. query.Length == 0 ? ["steam-wallet"] : Array.Empty<string>(), .. Enumerable.Range(0, 60).Where(i => i % 10 != 3).Select(i => $"goods-{i:D2}")]);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Search_engines_are_told_what_a_page_is_and_where(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        var origin = world.Http.Address.ToString().TrimEnd('/');

        var product = await guest.GetAsync("/s/xiaolu/p/steam-wallet?quantity=3&utm=x");
        product.Href("[^\"]+").ShouldNotBeEmpty();
        Link(product, "canonical").ShouldBe([$"{origin}/s/xiaolu/p/steam-wallet"]);
        Link(product, "alternate").ShouldBe([$"{origin}/s/xiaolu/p/steam-wallet?lang=zh-CN", $"{origin}/s/xiaolu/p/steam-wallet?lang=en", $"{origin}/s/xiaolu/p/steam-wallet"]);
        Regex.Match(product.Html, "og:image\" content=\"([^\"]+)").Groups[1].Value.ShouldBe($"{origin}/s/xiaolu/icon-512.png");
        using var about = JsonDocument.Parse(Regex.Match(product.Html, "(?<=<script type=\"application/ld\\+json\">)[^<]*").Value);
        var (goods, crumbs) = (about.RootElement.GetProperty("@graph")[0], about.RootElement.GetProperty("@graph")[1]);
        var offer = goods.GetProperty("offers")[0];
        (offer.GetProperty("price").GetString(), offer.GetProperty("priceCurrency").GetString(), offer.GetProperty("availability").GetString())
            .ShouldBe(("49.50", "CNY", "https://schema.org/InStock"));
        crumbs.GetProperty("itemListElement").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["小鹿点卡", "游戏点卡", "Steam 钱包充值码"]);
        // Nothing in the page runs: every script but that block of data is a file.
        Regex.Matches(product.Html, "<script(?![^>]*src=)(?! type=\"application/ld\\+json\")").ShouldBeEmpty();
        product.Policy.ShouldContain("script-src 'self';");

        Link(await guest.GetAsync("/s/xiaolu/p/steam-wallet?lang=en"), "canonical").ShouldBe([$"{origin}/s/xiaolu/p/steam-wallet?lang=en"]);
        Link(await guest.GetAsync("/s/xiaolu"), "canonical").ShouldBe([$"{origin}/s/xiaolu"]);
        foreach (var own in new[] { "/s/xiaolu/orders", "/s/xiaolu/search?q=steam", "/s/xiaolu/p/nothing" })
        {
            var page = await guest.GetAsync(own);
            page.Html.ShouldContain("<meta name=\"robots\" content=\"noindex\">");
            Link(page, "canonical").ShouldBeEmpty();
        }

        var map = XDocument.Parse((await guest.GetAsync("/s/xiaolu/sitemap.xml")).Html);
        map.Descendants().Where(e => e.Name.LocalName == "loc").Select(e => e.Value[origin.Length..])
            .ShouldBe(["/s/xiaolu", "/s/xiaolu/help", "/s/xiaolu/c/games", "/s/xiaolu/p/steam-wallet"]);
        (await guest.GetAsync("/s/xiaolu/sitemap.xml?part=2")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await guest.GetAsync("/s/xiaolu/sitemap.xml?part=0")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await guest.GetAsync("/s/nobody/sitemap.xml")).Status.ShouldBe(HttpStatusCode.NotFound);
        var robots = (await guest.GetAsync("/robots.txt")).Html;
        robots.ShouldContain("Disallow: /s/*/orders\n");
        robots.ShouldNotContain("xiaolu");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_shop_can_stand_on_a_home_screen(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 1);
        var guest = world.NewGuest();
        var home = await guest.GetAsync("/s/xiaolu?lang=en");
        home.Html.ShouldContain("<meta name=\"theme-color\" content=\"#be185d\">");
        using var manifest = JsonDocument.Parse((await guest.GetAsync(home.Href("[^\"]+webmanifest[^\"]*"))).Html);
        manifest.RootElement.GetProperty("name").GetString().ShouldBe("Xiaolu Cards");
        manifest.RootElement.GetProperty("start_url").GetString().ShouldBe("/s/xiaolu");
        foreach (var icon in manifest.RootElement.GetProperty("icons").EnumerateArray())
        {
            using var answer = await world.Http.Client.GetAsync(icon.GetProperty("src").GetString());
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        }

        (await guest.GetAsync("/s/xiaolu/icon-5000.png")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await guest.GetAsync("/s/nobody/app.webmanifest")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>A product with one SKU like the shop's own, supplied; on its shelf or only on the platform.</summary>
    private static async Task ListAsync(ShopWorld world, string slug, string zh, string en, bool onShelf)
    {
        var catalog = world.Http.Get<Modules.Catalog.Catalog>();
        var category = (await catalog.ListCategoriesAsync())[0];
        var product = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = slug, CategoryId = category.Id, NameZh = zh, NameEn = en }));
        var sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, $"{slug}-a")));
        Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = world.Supply.SupplierId, Cost = "45.2500" }));
        await world.Http.Get<PriceLists>().SetLevelPricesAsync([new LevelPriceDraft(sku.Id, 1, "46.1550")]);
        if (onShelf) (await world.Http.Get<Shelves>().SetAsync(world.Merchant, sku.Id, "49.50", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold))).ShouldBeOfType<AgentsDecision<RetailLine>.Saved>();
        await world.Http.Get<PriceBooks>().RefreshAsync();
    }

    private static List<string> Shown(Page page) => [.. Regex.Matches(page.Html, "<h3><a href=\"/s/xiaolu/p/([^\"]+)\"").Select(m => m.Groups[1].Value)];

    private static List<string> Link(Page page, string rel) =>
        [.. Regex.Matches(page.Html, $"<link rel=\"{rel}\"[^>]* href=\"([^\"]+)\"").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];
}
