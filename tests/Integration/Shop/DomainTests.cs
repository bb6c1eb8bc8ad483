using System.Net;
using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lianka.Tests.Integration.Shop;

/// <summary>A shop at a domain of its own: how it is proved, and that everything works there.</summary>
public sealed class DomainTests
{
    private const string Domain = "xiaolu.example";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_guest_buys_at_the_shops_own_domain(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await using var resolver = await Resolver.StartAsync(world);
        await ProveAsync(world, resolver, world.Merchant, world.Storefront.Id);
        var guest = world.NewGuest(Domain);

        var home = await guest.GetAsync("/");
        home.Html.ShouldContain("小鹿点卡");
        home.Html.ShouldNotContain("/s/xiaolu");
        Regex.Match(home.Html, "rel=\"canonical\" href=\"([^\"]+)\"").Groups[1].Value.ShouldBe($"https://{Domain}/");
        var product = await guest.GetAsync(home.Href("/p/[^\"]+"));
        product.Html.ShouldNotContain("/s/xiaolu");
        product.Href("/p/[^\"]+lang=en").ShouldBe("/p/steam-wallet?lang=en");
        var pay = await guest.BuyAsync(product);
        pay.Path.ShouldStartWith("/pay/ord_");
        var cashier = await guest.GetAsync(pay.Href("/pay/[^\"]+/go/[^\"]+"));
        var result = await guest.PressAsync(cashier);
        (result.Address.Host, result.Path[..7]).ShouldBe((Domain, "/o/ord_"));
        result.Html.ShouldContain("CARD-0001");
        // The order is this browser's at this domain, and nobody's at another.
        (await guest.GetAsync("/orders")).Html.ShouldContain(Guest.OrderOf(result).ToString());
        (await world.NewGuest(Domain).GetAsync(result.Path)).Path.ShouldBe("/orders");

        (await guest.GetAsync("/search?q=steem")).Html.ShouldContain("/p/steam-wallet");
        (await guest.GetAsync("/s/xiaolu/p/steam-wallet?sku=steam-50")).Address.PathAndQuery.ShouldBe("/p/steam-wallet?sku=steam-50");
        (await guest.GetAsync("/s/xiaolu//evil.example/x")).Address.Host.ShouldBe(Domain);
        (await guest.GetAsync("/sitemap.xml")).Html.ShouldContain($"<loc>https://{Domain}/p/steam-wallet</loc>");
        var robots = (await guest.GetAsync("/robots.txt")).Html;
        robots.ShouldContain("Disallow: /pay/\n");
        robots.ShouldContain($"Sitemap: https://{Domain}/sitemap.xml\n");
        (await guest.GetAsync("/app.webmanifest")).Html.ShouldContain("\"start_url\":\"/\"");
        // Elsewhere the same page says where it stands.
        (await world.NewGuest().GetAsync("/s/xiaolu/p/steam-wallet")).Html.ShouldContain($"rel=\"canonical\" href=\"https://{Domain}/p/steam-wallet\"");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task At_a_shops_domain_there_is_nothing_but_the_shop_and_an_unknown_host_is_the_platform(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await using var resolver = await Resolver.StartAsync(world);
        Saved(await world.Http.Get<StorefrontBook>().CreateAsync(world.Merchant, new StorefrontDraft { Slug = "second", NameZh = "二店", NameEn = "Second" }));
        await ProveAsync(world, resolver, world.Merchant, world.Storefront.Id);

        foreach (var path in new[] { "/console", "/login", "/s/second", "/s/second/help", "/metrics", "/docs", "/setup" })
        {
            using var answer = await world.Http.NewClient(host: Domain).GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        foreach (var host in new[] { "unknown.example", "www.xiaolu.example", "xiaolu.example.evil.example" })
        {
            using var answer = await world.Http.NewClient(host: host).GetAsync("/");
            answer.Headers.Location!.OriginalString.ShouldBe("/console", host);
        }

        using var upper = await world.Http.NewClient(host: "XIAOLU.example").GetAsync("/help");
        upper.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Only_the_owner_of_a_domain_proves_it_and_the_newest_proof_counts(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        await using var resolver = await Resolver.StartAsync(world);
        var (domains, shops) = (world.Http.Get<ShopDomains>(), world.Http.Get<StorefrontBook>());
        var rival = Saved(await world.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "rival", NameZh = "别家", NameEn = "Rival", Level = "1" })).Id;
        var theirs = Saved(await shops.CreateAsync(rival, new StorefrontDraft { Slug = "rival", NameZh = "别家", NameEn = "Rival" }));

        var ours = Saved(await NameAsync(shops, world.Merchant, world.Storefront.Id, "Xiaolu.Example")).Domain!;
        (ours.Name, ours.State, ours.RecordName).ShouldBe((Domain, DomainState.Waiting, $"_lianka.{Domain}"));
        Saved(await NameAsync(shops, rival, theirs.Id, Domain)).Domain!.RecordText.ShouldNotBe(ours.RecordText);

        // Named only, the resolver silent, or somebody else's text: no shop stands there.
        resolver.Fails = true;
        Saved(await domains.ProveAsync(rival, theirs.Id)).Domain!.ShouldSatisfyAllConditions(d => d.State.ShouldBe(DomainState.Waiting), d => d.IsAnswered.ShouldBeFalse());
        resolver.Fails = false;
        resolver.Texts[$"_lianka.{Domain}"] = ours.RecordText;
        Saved(await domains.ProveAsync(rival, theirs.Id)).Domain!.ShouldSatisfyAllConditions(d => d.State.ShouldBe(DomainState.Waiting), d => d.IsAnswered.ShouldBeTrue());
        domains.FindByHost(Domain).ShouldBeNull();
        Saved(await domains.ProveAsync(world.Merchant, world.Storefront.Id)).Domain!.State.ShouldBe(DomainState.Proved);
        domains.FindByHost("XIAOLU.EXAMPLE.")!.Id.ShouldBe(world.Storefront.Id);

        // Another tenant's shop is as if it did not exist.
        (await shops.UpdateAsync(rival, world.Storefront.Id, StorefrontDraft.Of(world.Storefront) with { Domain = "" })).ShouldBeOfType<AgentsDecision<Storefront>.Missing>();
        (await domains.ProveAsync(rival, world.Storefront.Id)).ShouldBeOfType<AgentsDecision<Storefront>.Missing>();

        // The same name again keeps text and state; so does a change of the shop, and an answer without the text.
        Saved(await NameAsync(shops, world.Merchant, world.Storefront.Id, Domain)).Domain!.ShouldSatisfyAllConditions(
            d => d.State.ShouldBe(DomainState.Proved), d => d.RecordText.ShouldBe(ours.RecordText));
        Saved(await shops.UpdateAsync(world.Merchant, world.Storefront.Id, new StorefrontDraft { Slug = "xiaolu", NameZh = "小鹿", NameEn = "Xiaolu" })).Domain!.State.ShouldBe(DomainState.Proved);
        resolver.Texts.Clear();
        Saved(await domains.ProveAsync(world.Merchant, world.Storefront.Id)).Domain!.State.ShouldBe(DomainState.Proved);

        // The domain was sold: who proves it now has it.
        resolver.Texts[$"_lianka.{Domain}"] = (await shops.FindAsync(rival, theirs.Id))!.Domain!.RecordText;
        Saved(await domains.ProveAsync(rival, theirs.Id)).Domain!.State.ShouldBe(DomainState.Proved);
        domains.FindByHost(Domain)!.Id.ShouldBe(theirs.Id);
        (await shops.FindAsync(world.Merchant, world.Storefront.Id))!.Domain!.State.ShouldBe(DomainState.Lost);

        Saved(await NameAsync(shops, rival, theirs.Id, "")).Domain.ShouldBeNull();
        domains.FindByHost(Domain).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_merchant_sees_what_to_do_and_how_it_stands(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 0);
        await using var resolver = await Resolver.StartAsync(world);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var path = $"/console/merchant/storefront/{world.Storefront.Id}";
        (string, string)[] With(string domain) =>
            [("name_zh", "小鹿点卡"), ("name_en", "Xiaolu Cards"), ("slug", "xiaolu"), ("state", "open"), ("brand", "#be185d"), ("theme", "calm"), ("domain", domain)];

        var bad = await visitor.PostAsync(await visitor.GetAsync(path), path, With("https://x"));
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Html.ShouldContain("Give a domain such as");
        await visitor.PostAsync(bad, path, With(Domain));
        var waiting = await visitor.GetAsync(path);
        waiting.Html.ShouldContain("Waiting for proof");
        var text = Regex.Match(waiting.Html, "lianka-shop=[0-9a-f]{32}").Value;
        text.ShouldNotBeEmpty();
        await visitor.PostAsync(waiting, $"{path}?handler=prove");
        (await visitor.GetAsync(path)).Html.ShouldContain("The record is not there yet");
        resolver.Texts[$"_lianka.{Domain}"] = text;
        await visitor.PostAsync(waiting, $"{path}?handler=prove");
        (await visitor.GetAsync(path)).Html.ShouldContain("Proved: the shop stands there");
        (await visitor.GetAsync("/console/merchant/storefront")).Html.ShouldContain(Domain);
    }

    private static async Task<AgentsDecision<Storefront>> NameAsync(StorefrontBook shops, MerchantId merchant, StorefrontId shop, string domain) =>
        await shops.UpdateAsync(merchant, shop, StorefrontDraft.Of((await shops.FindAsync(merchant, shop))!) with { Domain = domain });

    private static async Task ProveAsync(ShopWorld world, Resolver resolver, MerchantId merchant, StorefrontId shop)
    {
        var domains = world.Http.Get<ShopDomains>();
        resolver.Texts[$"_lianka.{Domain}"] = Saved(await NameAsync(world.Http.Get<StorefrontBook>(), merchant, shop, Domain)).Domain!.RecordText;
        Saved(await domains.ProveAsync(merchant, shop)).Domain!.State.ShouldBe(DomainState.Proved);
    }

    private static T Saved<T>(AgentsDecision<T> decision) => decision.ShouldBeOfType<AgentsDecision<T>.Saved>().Value;

    /// <summary>A resolver that knows the texts it was given.</summary>
    private sealed class Resolver(WebApplication app) : IAsyncDisposable
    {
        public Dictionary<string, string> Texts { get; } = [];
        public bool Fails { get; set; }

        public static async Task<Resolver> StartAsync(ShopWorld world)
        {
            var app = WebApplication.CreateSlimBuilder().Build();
            app.Urls.Add("http://127.0.0.1:0");
            var resolver = new Resolver(app);
            app.MapGet("/resolve", (string name, string type) => resolver.Fails ? Results.StatusCode(502)
                : resolver.Texts.TryGetValue(name, out var text) && type == "TXT" ? Results.Text($$"""{"Status":0,"Answer":[{"name":"{{name}}.","type":16,"data":"\"{{text}}\""}]}""")
                : Results.Text("""{"Status":3}"""));
            await app.StartAsync();
            await world.SetAsync(ShopDomains.ResolverSetting, $"{app.Urls.First()}/resolve");
            return resolver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
