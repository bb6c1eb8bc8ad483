using System.Net;
using Lianka.Host.Web;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>An engine that does not come forward: what cannot be answered in time is turned away at the door.</summary>
public sealed class OverloadApiTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Orders_are_turned_away_before_the_signature_and_reads_are_served_on(DatabaseKind kind)
    {
        HeldStore store = null!;
        await using var world = await ApiWorld.CreateAsync(kind, replace: services => services.AddSingleton<IOrderStore>(p => store = new HeldStore(
            ActivatorUtilities.CreateInstance<SqlOrderStore>(p))));
        (await world.Caller.BuyAsync("before")).Status.ShouldBe(HttpStatusCode.Created);

        store.Gate = new TaskCompletionSource();
        var accepted = world.Caller.BuyAsync("held");
        var desk = world.Get<OrderDesk>();
        await Shop.ShopWorld.UntilAsync(() => Task.FromResult(!desk.Takes()));

        foreach (var language in (string[])["en", "zh-CN"])
        {
            // Neither key nor signature nor body: none of them is looked at.
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = new StringContent("not even JSON") };
            request.Headers.Add("Accept-Language", language);
            request.Headers.Add("X-Request-Id", "mine-12345678");
            var answer = await Caller.ReadAsync(await world.Http.SendAsync(request));
            (answer.Status, answer.Code, answer.ContentType).ShouldBe((HttpStatusCode.ServiceUnavailable, "overloaded", "application/problem+json"));
            (answer.Header("Retry-After"), answer["request_id"], answer.Header("X-Request-Id")).ShouldBe(("1", "mine-12345678", "mine-12345678"));
            (answer["title"].Any(c => c > 127)).ShouldBe(language == "zh-CN");
        }

        (await world.Caller.BuyAsync("shed")).Code.ShouldBe("overloaded");
        (await world.Caller.GetAsync("/api/v1/account")).Status.ShouldBe(HttpStatusCode.OK);
        (await world.Caller.GetAsync("/api/v1/orders?client_order_no=before")).Status.ShouldBe(HttpStatusCode.OK);

        store.Gate.SetResult();
        (await accepted).Status.ShouldBe(HttpStatusCode.Created, "what was let in is served");
        await Shop.ShopWorld.UntilAsync(() => Task.FromResult(desk.Takes()));
        (await world.Caller.BuyAsync("shed")).Status.ShouldBe(HttpStatusCode.Created, "what was turned away left no trace");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(3);
    }

    [Fact]
    public async Task A_node_that_starts_answers_programs_with_a_problem()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        world.Get<Readiness>().Phase = StartPhase.Seeding;
        var answer = await Caller.ReadAsync(await world.Http.GetAsync("/api/v1/account"));
        (answer.Status, answer.Code, answer.Header("Retry-After")).ShouldBe((HttpStatusCode.ServiceUnavailable, "overloaded", "2"));
        (await world.Http.GetAsync("/")).Content.Headers.ContentType?.MediaType.ShouldNotBe("application/problem+json");
        world.Get<Readiness>().Phase = StartPhase.Ready;
        (await Caller.ReadAsync(await world.Http.GetAsync("/api/v1/account"))).Code.ShouldBe("unauthenticated");
    }
}
