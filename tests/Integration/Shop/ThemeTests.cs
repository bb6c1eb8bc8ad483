using System.Net;
using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;

namespace Lianka.Tests.Integration.Shop;

/// <summary>A merchant chooses how its shop looks, and its pages carry it.</summary>
public sealed class ThemeTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_theme_chosen_in_the_console_is_on_every_page_of_the_shop(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 1);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var path = $"/console/merchant/storefront/{world.Storefront.Id}";
        var guest = world.NewGuest();
        string[] pages = ["/s/xiaolu", "/s/xiaolu/p/steam-wallet", "/s/xiaolu/search?q=steam", "/s/xiaolu/orders", "/s/xiaolu/help", "/s/xiaolu/p/nothing"];
        var form = await visitor.GetAsync(path);
        Chosen(form.Html).ShouldBe(StorefrontThemes.Calm);

        foreach (var theme in new[] { StorefrontThemes.Bold, StorefrontThemes.Dense, StorefrontThemes.Calm })
        {
            (await visitor.PostAsync(form, path, Fields(theme))).Path.ShouldBe(path);
            form = await visitor.GetAsync(path);
            Chosen(form.Html).ShouldBe(theme);
            string[] expected = theme == StorefrontThemes.Calm ? [] : [$"/assets/shop-{theme}.css"];
            foreach (var page in pages)
            {
                var sheets = Regex.Matches((await guest.GetAsync(page)).Html, "<link rel=\"stylesheet\" href=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
                sheets.Where(s => s.Contains("/shop-", StringComparison.Ordinal)).ShouldBe(expected, page);
                // A theme restates what the storefront's own sheet says, so it has to come after it.
                foreach (var sheet in expected) sheets.IndexOf(sheet).ShouldBeGreaterThan(sheets.IndexOf("/assets/storefront.css"));
            }

            foreach (var sheet in expected) (await guest.GetAsync(sheet)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_theme_that_is_not_offered_is_refused_beside_the_field(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 0);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var path = $"/console/merchant/storefront/{world.Storefront.Id}";
        foreach (var theme in new[] { "loud", "" })
        {
            var bad = await visitor.PostAsync(await visitor.GetAsync(path), path, Fields(theme));
            bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            bad.Html.ShouldContain("id=\"f-theme-p\"");
            bad.Html.ShouldContain("aria-describedby=\"f-theme-h f-theme-p\"");
        }

        world.Http.Get<StorefrontBook>().FindBySlug("xiaolu")!.Theme.ShouldBe(StorefrontThemes.Calm);
    }

    private static (string, string)[] Fields(string theme) =>
        [("name_zh", "小鹿点卡"), ("name_en", "Xiaolu Cards"), ("slug", "xiaolu"), ("state", "open"), ("brand", "#be185d"), ("theme", theme)];

    private static string Chosen(string html) => Regex.Match(html, "name=\"theme\" value=\"([a-z]+)\" checked").Groups[1].Value;
}
