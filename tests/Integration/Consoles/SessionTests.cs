using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lianka.Tests.Integration.Consoles;

public sealed class SessionTests
{
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50";

    private static async Task<Person> MakeAsync(World world, string login)
    {
        await world.Get<People>().CreateAsync(login, Visitor.Password, Roles.Merchant, 7, login);
        return (await world.Get<People>().OfPartyAsync(Roles.Merchant, 7)).Single(p => p.Login == login);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_session_opens_until_it_is_ended_unused_or_older_than_the_password(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        clock.Stop();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var sessions = world.Get<Sessions>();
        var (zhou, other) = (await MakeAsync(world, "zhou"), await MakeAsync(world, "other"));
        var (desk, phone, tablet) = (await sessions.BeginAsync(zhou, new string('x', 5_000), "192.0.2.1"), await sessions.BeginAsync(zhou, Phone, "192.0.2.2"), await sessions.BeginAsync(zhou, "", ""));
        (await sessions.PersonOfAsync(zhou.Id, phone)).ShouldBe(zhou);
        (await sessions.PersonOfAsync(zhou.Id, tablet + 1)).ShouldBeNull();
        (await sessions.OfAsync(zhou.Id)).ConvertAll(s => s.Id).ShouldBe([tablet, phone, desk]);
        (await sessions.UseAsync(other.Id, phone)).ShouldBeNull();
        (await sessions.OfAsync(other.Id)).ShouldBeEmpty();

        (await sessions.EndAsync(other.Id, phone)).ShouldBeFalse("another person's");
        (await sessions.PersonOfAsync(zhou.Id, phone)).ShouldNotBeNull();
        (await sessions.EndAsync(zhou.Id, phone)).ShouldBeTrue();
        (await sessions.PersonOfAsync(zhou.Id, phone)).ShouldBeNull();

        // Being used is noted now and then, not at every request, and keeps it; being asked about does not.
        clock.Turn(Sessions.SeenEach / 2);
        (await sessions.UseAsync(zhou.Id, desk)).ShouldBe(zhou);
        (await sessions.OfAsync(zhou.Id)).ConvertAll(s => s.SeenAt - s.CreatedAt).ShouldBe([TimeSpan.Zero, TimeSpan.Zero]);
        clock.Turn(Sessions.SeenEach / 2);
        await sessions.PersonOfAsync(zhou.Id, tablet);
        await sessions.UseAsync(zhou.Id, desk);
        (await sessions.OfAsync(zhou.Id)).ConvertAll(s => (s.Id, s.SeenAt - s.CreatedAt)).ShouldBe([(desk, Sessions.SeenEach), (tablet, TimeSpan.Zero)]);
        clock.Turn(Sessions.Idle - Sessions.SeenEach);
        (await sessions.UseAsync(zhou.Id, tablet)).ShouldBeNull("unused");
        (await sessions.PersonOfAsync(zhou.Id, desk)).ShouldNotBeNull();

        var others = await sessions.BeginAsync(other, "", "");
        var second = await sessions.BeginAsync(zhou, "", "");
        await sessions.EndOthersAsync(zhou.Id, except: second);
        (await sessions.OfAsync(zhou.Id)).ConvertAll(s => s.Id).ShouldBe([second]);
        (await world.Get<People>().ResetPasswordAsync("zhou", Roles.Merchant, 7, "another long phrase")).ShouldBeTrue();
        (await sessions.PersonOfAsync(zhou.Id, second)).ShouldBeNull("the password is another");
        // A log-in that took the old password, and was slower than its change.
        (await sessions.PersonOfAsync(zhou.Id, await sessions.BeginAsync(zhou, "", ""))).ShouldBeNull();
        (await sessions.PersonOfAsync(other.Id, others)).ShouldNotBeNull();

        for (var i = 0; i < Sessions.SessionsMax + 5; i++) await sessions.BeginAsync(other, "", "");
        (await sessions.OfAsync(other.Id)).Count.ShouldBe(Sessions.SessionsMax);
        (await sessions.PersonOfAsync(other.Id, others)).ShouldBeNull("the one used least lately makes room");
    }

    [Fact]
    public async Task Whoever_writes_for_long_keeps_no_page_waiting()
    {
        var clock = new TurnedClock();
        clock.Stop();
        await using var world = await World.CreateAsync(DatabaseKind.Sqlite, s => s.AddSingleton<TimeProvider>(clock));
        var sessions = world.Get<Sessions>();
        var zhou = await MakeAsync(world, "zhou");
        var session = await sessions.BeginAsync(zhou, Phone, "192.0.2.1");
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var import = world.Database.WriteAsync(async _ =>
        {
            begun.SetResult();
            await release.Task;
        });
        await begun.Task;
        clock.Turn(Sessions.SeenEach);
        (await sessions.UseAsync(zhou.Id, session).WaitAsync(TimeSpan.FromMinutes(1))).ShouldBe(zhou);
        release.SetResult();
        await import;
        (await sessions.OfAsync(zhou.Id)).ShouldHaveSingleItem().SeenAt.ShouldBe(clock.Now() - Sessions.SeenEach);
        await sessions.UseAsync(zhou.Id, session);
        (await sessions.OfAsync(zhou.Id)).ShouldHaveSingleItem().SeenAt.ShouldBe(clock.Now());
    }

    [Fact]
    public async Task A_person_ends_a_device_and_it_is_out_at_its_next_request()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("other", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Other");
        var (here, phone, other) = (await Visitor.LoggedInAsync(shop.Http, "zhou"), await Visitor.LoggedInAsync(shop.Http, "zhou", Phone), await Visitor.LoggedInAsync(shop.Http, "other"));

        var page = await here.GetAsync("/console/sessions");
        page.Html.ShouldContain("WeChat on iPhone");
        page.Html.ShouldContain("This one");
        var id = page.Field("session");
        (await other.PostAsync(await other.GetAsync("/console/sessions"), "/console/sessions", ("session", id))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await phone.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.OK, "nobody ends another's");

        using var events = await phone.RawAsync("/console/api/events");
        events.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await here.PostAsync(page, "/console/sessions", ("session", id))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await phone.GetAsync("/console/home")).Path.ShouldBe("/login");
        (await phone.GetAsync("/console/api/views")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.GetAsync("/console/api/events")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        // The line that is open already ends by itself.
        (await events.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromMinutes(1))).ShouldStartWith("event: attention");
        (await here.GetAsync("/console/sessions")).Html.ShouldNotContain("iPhone");

        var again = await Visitor.LoggedInAsync(shop.Http, "zhou", Phone);
        (await here.PostAsync(page, "/console/sessions?handler=others")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await again.GetAsync("/console/home")).Path.ShouldBe("/login");
        (await here.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.OK);
        (await other.GetAsync("/console/merchant/home")).Status.ShouldBe(HttpStatusCode.OK);

        // What was on the screen before logging in again can still be sent.
        await here.LogInAsync("zhou", Visitor.Password);
        (await here.PostAsync(page, "/console/sessions?handler=others")).Status.ShouldBe(HttpStatusCode.Redirect);

        // An open line does not hold up a node that stops.
        using var line = await here.RawAsync("/console/api/events");
        shop.Http.Get<IHostApplicationLifetime>().StopApplication();
        (await line.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromMinutes(1))).ShouldStartWith("event: attention");

        // Who logs out ends it in the database too.
        (await here.PostAsync(page, "/logout")).Path.ShouldBe("/login");
        (await shop.Http.Get<Sessions>().OfAsync((await people.OfPartyAsync(Roles.Operator, 0))[0].Id)).ShouldBeEmpty();
    }
}
