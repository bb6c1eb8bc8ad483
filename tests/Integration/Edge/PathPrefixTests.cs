using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.App;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Tests.Integration.Shop;
using Microsoft.AspNetCore.WebUtilities;

namespace Lianka.Tests.Integration.Edge;

/// <summary>A node below a path of its host, as browsers and programs meet it there.</summary>
public sealed class PathPrefixTests
{
    private const string Prefix = "/lianka";

    [Fact]
    public async Task Nothing_that_anybody_follows_leaves_the_prefix_and_every_link_answers()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, prefix: Prefix);
        var people = shop.Http.Get<People>();
        await people.CreateAsync(Roles.Operator, Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync(Roles.Merchant, Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync(Roles.Supplier, Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");

        var guest = new Walker(shop.Http);
        (await guest.GetAsync(Prefix)).Path.ShouldBe($"{Prefix}/");
        var product = await guest.FollowAsync(await guest.GetAsync($"{Prefix}/s/{ShopWorld.Slug}/p/steam-wallet"));
        var pay = await guest.FollowAsync(await guest.SendAsync(product, product.Path, ("sku", "steam-50"), ("quantity", "1"), ("contact", ShopWorld.Contact),
            ("token", product.Field("token")), ("price.steam-50", product.Field("price.steam-50"))));
        pay.Path.ShouldStartWith($"{Prefix}/s/xiaolu/pay/ord_");
        var cashier = await guest.FollowAsync(await guest.GetAsync(pay.Href($"{Prefix}/s/[^\"]+/go/[^\"]+")));
        var result = await guest.FollowAsync(await guest.SendAsync(cashier, cashier.Path, ("act", "Paid")));
        result.Path.ShouldStartWith($"{Prefix}/s/xiaolu/o/ord_");
        result.Html.ShouldContain("CARD-0001");
        JsonDocument.Parse((await guest.GetAsync($"{pay.Path.Replace("/pay/", "/o/", StringComparison.Ordinal)}/status")).Html).RootElement.GetProperty("goto").GetString().ShouldBe(result.Path);
        (await guest.WalkAsync([$"{Prefix}/s/xiaolu", $"{Prefix}/docs", result.Path])).ShouldBeGreaterThan(8);

        foreach (var (role, least) in new[] { (Roles.Operator, 60), (Roles.Merchant, 25), (Roles.Supplier, 15) })
        {
            var walker = new Walker(shop.Http);
            var door = await walker.FollowAsync(await walker.GetAsync($"{Prefix}/console"));
            door.Address.PathAndQuery.ShouldBe($"{Prefix}/login?next=%2Fconsole");
            var home = await walker.FollowAsync(await walker.SendAsync(door, door.Address.PathAndQuery, ("login", role), ("password", Visitor.Password)));
            home.Path.ShouldStartWith($"{Prefix}/console/");
            (await walker.WalkAsync([home.Path])).ShouldBeGreaterThan(least, role);
        }
    }

    [Fact]
    public async Task What_is_no_page_knows_the_prefix_too_and_without_it_there_is_none()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, prefix: Prefix);
        await shop.Http.Get<People>().CreateAsync(Roles.Operator, Visitor.Password, Roles.Operator, 0, "O");
        var walker = new Walker(shop.Http);
        var node = shop.Http.Address.GetLeftPart(UriPartial.Authority);

        // The same page is asked for both ways within the seconds for which it is kept.
        for (var round = 0; round < 2; round++)
        {
            (await shop.NewGuest().GetAsync("/s/xiaolu")).Html.ShouldNotContain(Prefix);
            (await walker.GetAsync($"{Prefix}/s/xiaolu")).Html.ShouldContain($"rel=\"canonical\" href=\"{node}{Prefix}/s/xiaolu\"");
        }

        (await walker.GetAsync($"{Prefix}/s/xiaolu/p/steam-wallet")).Html.ShouldContain($"\"url\":\"{node}{Prefix}/s/xiaolu/p/steam-wallet\"");

        (await walker.GetAsync($"{Prefix}/s/xiaolu/sitemap.xml")).Html.ShouldContain($"<loc>{node}{Prefix}/s/xiaolu/p/steam-wallet</loc>");
        var manifest = JsonDocument.Parse((await walker.GetAsync($"{Prefix}/s/xiaolu/app.webmanifest")).Html).RootElement;
        new[] { "id", "start_url", "scope" }.ShouldAllBe(name => manifest.GetProperty(name).GetString() == $"{Prefix}/s/xiaolu");
        (await walker.GetAsync(manifest.GetProperty("icons")[0].GetProperty("src").GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
        (await walker.GetAsync($"{Prefix}/assets/tokens.css")).Status.ShouldBe(HttpStatusCode.OK);
        (await walker.GetAsync("/liankas/s/xiaolu")).Status.ShouldBe(HttpStatusCode.NotFound);

        // Back to the page from which the colours were changed.
        var from = $"{node}{Prefix}/s/xiaolu?q=steam";
        (await walker.SendAsync(await walker.GetAsync($"{Prefix}/login"), $"{Prefix}/theme", from, ("theme", "dark"))).Address.ToString().ShouldBe(from);

        var login = await walker.GetAsync($"{Prefix}/login");
        await walker.SendAsync(login, $"{Prefix}/login", ("login", Roles.Operator), ("password", Visitor.Password));
        using var events = new StreamReader(await walker.StreamAsync($"{Prefix}/console/api/events"));
        (await events.ReadLineAsync()).ShouldBe("event: attention");

        // A program signs the address that it calls.
        var key = (await shop.Http.Get<ApiKeys>().CreateAsync(shop.Merchant, new ApiKeyDraft { Name = "k", Scopes = ApiScopes.All, CallsPerSecond = "100" })).ShouldBeOfType<AgentsDecision<NewApiKey>.Saved>().Value;
        var program = new Caller(shop.Http.Client, key.Line.Key, key.Secret);
        (await program.GetAsync($"{Prefix}/api/v1/account")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.SendAsync("GET", $"{Prefix}/api/v1/account", (byte[]?)null, signedAddress: "/api/v1/account")).Code.ShouldBe("signature_invalid");
        (await program.GetAsync("/api/v1/account")).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A browser that looks at every address it is given.</summary>
    private sealed class Walker(HttpWorld world)
    {
        private static readonly Regex _address = new("\\s(?<name>[a-z-]+)=\"(?<value>/[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(5));

        private readonly HttpClient _client = world.NewClient();

        public Task<Page> GetAsync(string address, string accept = "text/html") => ReadAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", accept } } });

        public Task<Page> SendAsync(Page from, string address, params (string Name, string Value)[] fields) => SendAsync(from, address, from.Address.ToString(), fields);

        public Task<Page> SendAsync(Page from, string address, string referrer, params (string Name, string Value)[] fields) => ReadAsync(new HttpRequestMessage(HttpMethod.Post, address)
        {
            Headers = { { "Referer", referrer } },
            Content = new FormUrlEncodedContent(
                [new("__RequestVerificationToken", from.Field("__RequestVerificationToken")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]),
        });

        public Task<Stream> StreamAsync(string address) => _client.GetStreamAsync(address);

        public async Task<Page> FollowAsync(Page page)
        {
            for (var hops = 0; page.Status is HttpStatusCode.Redirect or HttpStatusCode.SeeOther or HttpStatusCode.RedirectKeepVerb && hops < 6; hops++) page = await GetAsync(page.Address.PathAndQuery);
            return page;
        }

        /// <summary>Opens everything that can be reached, one of a kind: which order it is makes no difference.</summary>
        /// <returns>How many addresses answered.</returns>
        public async Task<int> WalkAsync(IEnumerable<string> from)
        {
            var ahead = new Queue<string>(from);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (ahead.TryDequeue(out var address))
            {
                if (!seen.Add(Regex.Replace(address.Split('?', '#')[0], "[a-z]{3}_[0-9A-Za-z]+|/[0-9A-Za-z]{13}(?=/|$)", "*"))) continue;
                var page = await GetAsync(address);
                ((int)page.Status).ShouldBeLessThan(400, address);
                var isPage = page.Html.TrimStart().StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase);
                // What a preview shows cannot be pressed: its shop is not there.
                if (Regex.IsMatch(address, "/preview($|\\?)")) continue;
                foreach (var next in isPage ? Addresses(page.Html, address) : page.Status == HttpStatusCode.OK ? [] : [page.Address.PathAndQuery]) ahead.Enqueue(next);
                if (!address.StartsWith($"{Prefix}/console/", StringComparison.Ordinal)) continue;
                // The application is told paths as the site writes them, but pieces of pages as browsers read them.
                var contents = await GetAsync(address, Face.Contents);
                if (!contents.Html.StartsWith('{')) continue;
                var told = JsonDocument.Parse(contents.Html).RootElement;
                foreach (var piece in new[] { "body", "sub" })
                    if (told.TryGetProperty(piece, out var html)) _ = Addresses(html.GetString()!, address);
                Regex.Count(contents.Html, $"\":\"{Prefix}/").ShouldBe(0, address);
            }

            return seen.Count;
        }

        private static IEnumerable<string> Addresses(string html, string page)
        {
            // What is typed into fields and sent back is the site's own.
            var all = _address.Matches(html).Where(m => m.Groups["name"].Value != "value").Select(m => (Name: m.Groups["name"].Value, Value: WebUtility.HtmlDecode(m.Groups["value"].Value))).ToList();
            all.ShouldAllBe(a => a.Value.StartsWith($"{Prefix}/", StringComparison.Ordinal), page);
            return all.Where(a => a.Name is "href" or "src").Select(a => a.Value);
        }

        private async Task<Page> ReadAsync(HttpRequestMessage request)
        {
            using (request)
            using (var response = await _client.SendAsync(request))
            {
                var at = new Uri(world.Address, response.Headers.Location?.ToString() ?? request.RequestUri!.ToString());
                if (response.Headers.Location is not null && at.Authority == world.Address.Authority) at.AbsolutePath.ShouldStartWith($"{Prefix}/", customMessage: request.RequestUri!.ToString());
                if (response.Headers.TryGetValues("Set-Cookie", out var cookies) && request.RequestUri!.OriginalString.StartsWith(Prefix, StringComparison.Ordinal))
                    cookies.ShouldAllBe(c => Regex.IsMatch(c, $"; path={Prefix}/", RegexOptions.IgnoreCase), request.RequestUri!.ToString());
                return new Page(response.StatusCode, at, await response.Content.ReadAsStringAsync());
            }
        }
    }
}
