using System.Net;
using Lianka.Host.Web;
using Lianka.Platform.Data;

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

    [Fact]
    public async Task Assets_are_kept_long_only_under_their_version()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var versioned = await world.Client.GetAsync("/assets/tokens.css?v=1");
        versioned.StatusCode.ShouldBe(HttpStatusCode.OK);
        versioned.Headers.CacheControl!.ToString().ShouldContain("max-age=31536000");
        (await world.Client.GetAsync("/assets/tokens.css")).Headers.CacheControl!.NoCache.ShouldBeTrue();
    }
}
