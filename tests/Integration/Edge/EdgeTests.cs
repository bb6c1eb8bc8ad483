using System.Net;
using Lianka.Host.Web;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration.Edge;

public sealed class EdgeTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_node_is_ready_only_when_it_has_finished_starting(DatabaseKind kind)
    {
        await using var world = await HttpWorld.CreateAsync(kind);
        (await world.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        world.Get<Readiness>().Phase = StartPhase.Seeding;
        (await world.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await world.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_none_names_the_server()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        foreach (var path in new[] { "/health/live", "/assets/tokens.css", "/no-such-page" })
        {
            var answer = await world.Client.GetAsync(path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self';");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    /// <summary>PostgreSQL takes no NUL: a mistake of who asks, and no fault of the database.</summary>
    [Fact]
    public async Task What_is_no_text_is_refused_wherever_it_stands()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Postgres, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var zhou = await Visitor.LoggedInAsync(shop.Http, "zhou");
        (await zhou.GetAsync("/console/merchants?q=a%00b")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var stranger = new Visitor(shop.Http);
        (await stranger.PostAsync(await stranger.GetAsync("/login"), "/login", ("login", "a\0b"), ("password", "x"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Assets_are_kept_long_only_under_their_version()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var versioned = await world.Client.GetAsync("/assets/tokens.css?v=1");
        versioned.StatusCode.ShouldBe(HttpStatusCode.OK);
        versioned.Headers.CacheControl!.ToString().ShouldContain("max-age=31536000");
        (await world.Client.GetAsync("/assets/tokens.css")).Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Fact]
    public async Task Metrics_count_requests_by_route_and_are_for_near_machines_only()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.Client.GetAsync("/health/live");
        // A request is counted when it is over, which the client may hear a moment before.
        var text = await world.Client.GetStringAsync("/metrics");
        for (var i = 0; i < 200 && !text.Contains("/health/live", StringComparison.Ordinal); i++)
            text = await world.Client.GetStringAsync("/metrics");
        text.ShouldContain("http_server_request_duration_seconds_count{method=\"GET\",status=\"200\",route=\"/health/live\"} 1");
        text.ShouldContain("dotnet_process_memory_working_set_bytes ");

        MetricsPage.IsNear(IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        MetricsPage.IsNear(IPAddress.Parse("::ffff:192.168.0.9")).ShouldBeTrue();
        MetricsPage.IsNear(IPAddress.Parse("172.32.0.1")).ShouldBeFalse();
        MetricsPage.IsNear(IPAddress.Parse("203.0.113.7")).ShouldBeFalse();
    }

    [Fact]
    public async Task I18_The_request_log_tells_the_route_and_no_query_string()
    {
        var lines = new LinesLogged();
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite, s => s.AddSingleton<ILoggerProvider>(lines));
        await world.Client.GetAsync("/no-such-page?contact=13800000000");
        lines.All.ShouldContain(l => l.StartsWith("GET (no route) 404", StringComparison.Ordinal));
        lines.All.ShouldNotContain(l => l.Contains("13800000000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_gets_a_page_for_an_error_and_a_machine_gets_the_status_alone()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        using var browser = new HttpRequestMessage(HttpMethod.Get, "/no-such-page?lang=en");
        browser.Headers.Add("Accept", "text/html,*/*;q=0.8");
        browser.Headers.Add("X-Request-Id", "req_0123456789");
        var page = await world.Client.SendAsync(browser);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await page.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(
            html => html.ShouldContain("There is no such page"), html => html.ShouldContain("req_0123456789"));

        var machine = await world.Client.GetAsync("/no-such-page");
        machine.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await machine.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_bare_address_leads_to_the_consoles_while_there_is_no_shop()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var answer = await world.Client.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/console");
    }
}
