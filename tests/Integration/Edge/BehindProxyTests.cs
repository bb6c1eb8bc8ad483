using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;

namespace Lianka.Tests.Integration.Edge;

/// <summary>What a proxy that ends TLS says of the caller's way is what cookies go by.</summary>
public sealed class BehindProxyTests
{
    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Every_cookie_of_a_page_asked_for_by_https_goes_by_https_alone(string scheme, bool isSecure)
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite, isBehindProxy: true);
        await world.Get<People>().CreateAsync(Roles.Operator, Visitor.Password, Roles.Operator, 0, "O");
        var client = world.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        var cookies = new List<string>();
        var page = await AskAsync(new HttpRequestMessage(HttpMethod.Get, "/login"));
        // The jar of this client keeps from the node, which it reaches by http, what is to go by https alone.
        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Select(c => c.Split(';')[0])));
        await AskAsync(Post("/login", page, ("login", Roles.Operator), ("password", Visitor.Password)));
        await AskAsync(Post("/theme", page, ("theme", "dark")));
        await AskAsync(new HttpRequestMessage(HttpMethod.Get, "/login?lang=en"));

        cookies.Select(c => c.Split('=')[0].Replace(".AspNetCore.", "", StringComparison.Ordinal).Split('.')[0]).ShouldBe(["Antiforgery", "lianka_session", "theme", "lang"], ignoreOrder: true);
        cookies.ShouldAllBe(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase) == isSecure);

        async Task<string> AskAsync(HttpRequestMessage request)
        {
            using var answer = await client.SendAsync(request);
            if (answer.Headers.TryGetValues("Set-Cookie", out var set)) cookies.AddRange(set);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    private static HttpRequestMessage Post(string path, string page, params (string Name, string Value)[] fields)
    {
        const string Before = "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"";
        var from = page.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var token = page[from..page.IndexOf('"', from)];
        return new(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create("__RequestVerificationToken", token)]),
        };
    }
}
