using System.Net;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Consoles;

public sealed class LogInTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Repeated_failures_shut_a_login_for_a_growing_time_whether_it_exists_or_not(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var people = world.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");

        foreach (var login in new[] { "zhou", "nobody" })
        {
            for (var i = 0; i <= LogInRules.FreeTries; i++)
                (await people.LogInAsync(login, "wrong")).ShouldBeOfType<LogInDecision.Wrong>($"{login} {i}");
            (await people.LogInAsync(login, Visitor.Password)).ShouldBeOfType<LogInDecision.Locked>(login);
        }

        clock.Turn(TimeSpan.FromSeconds(31));
        (await people.LogInAsync("zhou", "wrong again")).ShouldBeOfType<LogInDecision.Wrong>();
        clock.Turn(TimeSpan.FromSeconds(31));
        (await people.LogInAsync("zhou", Visitor.Password)).ShouldBeOfType<LogInDecision.Locked>("the second wait is longer");
        clock.Turn(TimeSpan.FromSeconds(31));
        (await people.LogInAsync("ＺＨＯＵ ", Visitor.Password)).ShouldBeOfType<LogInDecision.Welcome>("case, blanks and full width do not matter");
        (await people.LogInAsync("zhou", "wrong")).ShouldBeOfType<LogInDecision.Wrong>("a success begins the count anew");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_Parallel_guesses_get_no_more_tries_than_single_ones(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var people = world.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => people.LogInAsync("zhou", "guess")));
        answers.Count(a => a is LogInDecision.Wrong).ShouldBe(LogInRules.FreeTries + 1);
    }

    [Fact]
    public async Task One_address_may_try_only_so_often_whatever_it_types()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var visitor = new Visitor(world);
        var page = await visitor.GetAsync("/login");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < LogInGate.TriesMax + 20; i++)
            statuses.Add((await visitor.PostAsync(page, "/login", ("login", $"somebody{i}"), ("password", "x"))).Status);
        statuses[0].ShouldBe(HttpStatusCode.UnprocessableEntity);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_log_in_lands_where_the_role_works_and_never_on_another_site()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        foreach (var (next, landing) in new[] { ("", "/console/home"), ("/console/orders", "/console/orders"), ("https://evil.example/", "/console/home"), ("//evil.example", "/console/home") })
        {
            var visitor = new Visitor(world);
            var answer = await visitor.PostAsync(await visitor.GetAsync("/login"), "/login", ("login", "zhou"), ("password", Visitor.Password), ("next", next));
            (answer.Address.Authority, answer.Path).ShouldBe((world.Address.Authority, landing));
        }
    }

    [Fact]
    public async Task A_changed_password_ends_the_sessions_on_other_devices()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var (here, there) = (await Visitor.LoggedInAsync(world, "zhou"), await Visitor.LoggedInAsync(world, "zhou"));
        var form = await here.GetAsync("/console/password");
        (await here.PostAsync(form, "/console/password", ("old", "not it"), ("password", "another long phrase"), ("again", "another long phrase"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await here.PostAsync(form, "/console/password", ("old", Visitor.Password), ("password", "another long phrase"), ("again", "another long phrase"))).Status.ShouldBe(HttpStatusCode.Redirect);

        (await here.GetAsync("/console/settings")).Status.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/console/settings")).Path.ShouldBe("/login");
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var client = world.NewClient();
        var token = System.Text.RegularExpressions.Regex.Match(await client.GetStringAsync("/login"), "__RequestVerificationToken\"[^>]*value=\"([^\"]+)").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("login", "zhou"), new("password", Visitor.Password), new("__RequestVerificationToken", token)]);
        using var answer = await client.PostAsync("/login", form);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(SessionCookie.CookieName, StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
    }
}
