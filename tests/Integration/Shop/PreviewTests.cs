using System.Net;
using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;

namespace Lianka.Tests.Integration.Shop;

/// <summary>The set-up of a shop in one page: what is typed is seen before it is saved, and by nobody else.</summary>
public sealed class PreviewTests
{
    private static (string, string)[] Fields(string name = "Deer Cards", string contact = "WeChat deer888", string brand = "#0f6b5c", string slug = "xiaolu") =>
        [("name_zh", "鹿卡"), ("name_en", name), ("slug", slug), ("state", "open"), ("brand", brand), ("theme", "dense"), ("notice_en", "Back at nine"), ("contact", contact), ("domain", "")];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_shop_is_seen_as_it_is_typed_and_kept_only_when_it_is_saved(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 1);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var path = $"/console/merchant/storefront/{world.Storefront.Id}";
        var form = await visitor.GetAsync(path);
        form.Html.ShouldContain($"src=\"{path}/preview\"");
        (await visitor.GetAsync($"{path}/preview")).Html.ShouldContain("Xiaolu Cards");

        var seen = await visitor.PostAsync(form, $"{path}/preview", Fields());
        foreach (var typed in new[] { "Deer Cards", "WeChat deer888", "Back at nine", "--brand:#0f6b5c", "/assets/shop-dense.css", "Steam wallet code", "noindex" })
            seen.Html.ShouldContain(typed);
        // It is looked at only: nothing runs, nothing can be pressed.
        seen.Html.ShouldContain("<body class=\"store\" inert");
        seen.Html.ShouldNotContain("<script");
        // What cannot be saved is not shown, and cannot leave its place.
        var bad = await visitor.PostAsync(form, $"{path}/preview", Fields("<script>1</script>", brand: "red;}*{display:none"));
        bad.Html.ShouldContain("&lt;script&gt;1");
        bad.Html.ShouldContain("--brand:#be185d");

        // Nobody else has seen any of it.
        var guest = world.NewGuest();
        (await guest.GetAsync("/s/xiaolu?lang=en")).Html.ShouldNotContain("Deer Cards");
        (await world.CountAsync("select count(*) from storefront where contact <> ''")).ShouldBe(0);

        (await visitor.PostAsync(form, path, Fields())).Path.ShouldBe(path);
        (await guest.GetAsync("/s/xiaolu?lang=en")).Html.ShouldContain("WeChat deer888");
        (await guest.GetAsync("/s/xiaolu/help?lang=en")).Html.ShouldContain("WeChat deer888");
        var next = await visitor.GetAsync(path);
        next.Html.ShouldContain("What comes next");
        next.Html.ShouldContain("/console/merchant/listing/new");
        var refused = await visitor.PostAsync(form, path, Fields(contact: new string('x', 201)));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Html.ShouldContain("id=\"f-contact-p\"");

        // A new shop, with its domain, at one press.
        (await visitor.PostAsync(form, "/console/merchant/storefront/new/preview", Fields(slug: ""))).Html.ShouldContain("Deer Cards");
        var made = await visitor.PostAsync(form, "/console/merchant/storefront/new", [.. Fields(slug: "deer").Where(f => f.Item1 != "domain"), ("domain", "deer.example")]);
        made.Path.ShouldStartWith("/console/merchant/storefront/shop_");
        (await visitor.GetAsync(made.Path)).Html.ShouldMatch("lianka-shop=[0-9a-f]{32}");
        // A bad domain is refused with the rest, and no half of a shop stays.
        (await visitor.PostAsync(form, "/console/merchant/storefront/new", [.. Fields(slug: "half").Where(f => f.Item1 != "domain"), ("domain", "https://x")])).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        world.Http.Get<StorefrontBook>().FindBySlug("half").ShouldBeNull();
    }

    [Fact]
    public async Task Only_the_preview_may_stand_in_a_frame_and_it_moves_no_kept_page()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var path = $"/console/merchant/storefront/{world.Storefront.Id}";
        using var framed = await visitor.RawAsync($"{path}/preview");
        framed.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'self'; form-action 'none'");
        framed.Headers.GetValues("X-Frame-Options").Single().ShouldBe("SAMEORIGIN");
        framed.Headers.CacheControl!.NoStore.ShouldBeTrue();
        framed.Headers.Age.ShouldBeNull();
        foreach (var other in new[] { path, "/s/xiaolu", "/login" })
        {
            using var answer = await visitor.RawAsync(other);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'", customMessage: other);
            answer.Headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY", other);
        }

        async Task<bool> IsKeptAsync()
        {
            using var answer = await world.Http.Client.GetAsync("/s/xiaolu");
            return answer.Headers.Age is not null;
        }

        // What is typed by one merchant must not make every shop of the node write its pages anew.
        var form = await visitor.GetAsync(path);
        await IsKeptAsync();
        (await IsKeptAsync()).ShouldBeTrue();
        await visitor.PostAsync(form, $"{path}/preview", Fields());
        (await IsKeptAsync()).ShouldBeTrue();
        await visitor.PostAsync(form, path, Fields());
        (await IsKeptAsync()).ShouldBeFalse();
        Regex.Count((await world.Http.Client.GetStringAsync("/s/xiaolu")), "inert").ShouldBe(0);
    }
}
