using System.Net;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class SecondFactorTests
{
    private static async Task<Person> MakeAsync(World world)
    {
        var people = world.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Merchant, 7, "Zhou");
        return (await people.OfPartyAsync(Roles.Merchant, 7))[0];
    }

    private static string CodeOf(SecondFactors factors, Person person, byte[] nonce, TimeProvider clock, int steps = 0) =>
        OneTimeCode.At(factors.SecretOf(person.Id, nonce), OneTimeCode.StepOf(clock.GetUtcNow()) + steps);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_code_and_a_recovery_code_are_each_taken_once_also_by_many_at_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (person, factors, clock) = (await MakeAsync(world), world.Get<SecondFactors>(), world.Get<TimeProvider>());
        var nonce = SecondFactors.NewNonce();
        (await factors.TurnOnAsync(person.Id, nonce, "000000x")).ShouldBeNull();
        (await factors.IsOnAsync(person.Id)).ShouldBeFalse();
        // This step's code turns it on: the next one's is still to come, and taken already.
        var first = CodeOf(factors, person, nonce, clock);
        var recovery = (await factors.TurnOnAsync(person.Id, nonce, first)).ShouldNotBeNull();
        recovery.Distinct().Count().ShouldBe(SecondFactors.RecoveryCodes);
        (await factors.TakeAsync(person.Id, first)).ShouldBeFalse("it turned it on");
        var code = CodeOf(factors, person, nonce, clock, 1);
        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => factors.TakeAsync(person.Id, code)))).Count(taken => taken).ShouldBe(1);
        var typed = $" {recovery[0][..4].ToUpperInvariant()}-{recovery[0][4..]} ";
        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => factors.TakeAsync(person.Id, typed)))).Count(taken => taken).ShouldBe(1);
        (await factors.TakeAsync(person.Id + 1, recovery[1])).ShouldBeFalse("another person's");

        // A new one makes the old one worthless.
        var next = SecondFactors.NewNonce();
        (await factors.TurnOnAsync(person.Id, next, CodeOf(factors, person, next, clock))).ShouldNotBeNull();
        (await factors.TakeAsync(person.Id, recovery[1])).ShouldBeFalse();
        (await factors.TakeAsync(person.Id, CodeOf(factors, person, nonce, clock, 1))).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Guesses_are_counted_and_a_right_password_does_not_begin_anew(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (person, people, factors, clock) = (await MakeAsync(world), world.Get<People>(), world.Get<SecondFactors>(), world.Get<TimeProvider>());
        var nonce = SecondFactors.NewNonce();
        await factors.TurnOnAsync(person.Id, nonce, CodeOf(factors, person, nonce, clock));
        for (var i = 0; i <= LogInRules.FreeTries; i++)
        {
            (await people.TryCodeAsync(person, "nonsense")).ShouldBeOfType<LogInDecision.Wrong>();
            (await people.LogInAsync("zhou", Visitor.Password)).ShouldBeOfType<LogInDecision.Welcome>();
        }

        (await people.TryCodeAsync(person, CodeOf(factors, person, nonce, clock))).ShouldBeOfType<LogInDecision.Locked>();
        (await people.ResetPasswordAsync("zhou", Roles.Merchant, 7, "another long phrase")).ShouldBeTrue();
        (await factors.IsOnAsync(person.Id)).ShouldBeFalse("who sets the password anew opens the way in");
    }

    [Fact]
    public async Task A_person_turns_it_on_logs_in_with_it_and_turns_it_off()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var (people, factors, clock) = (shop.Http.Get<People>(), shop.Http.Get<SecondFactors>(), shop.Http.Get<TimeProvider>());
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var person = (await people.OfPartyAsync(Roles.Operator, 0))[0];
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var page = await visitor.GetAsync("/console/second-factor");
        var nonce = page.Field("nonce");
        var bytes = Convert.FromHexString(nonce);

        (await visitor.PostAsync(page, "/console/second-factor", ("nonce", nonce), ("code", CodeOf(factors, person, bytes, clock)), ("own_password", "wrong password"))).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await factors.IsOnAsync(person.Id)).ShouldBeFalse();
        var again = await visitor.PostAsync(page, "/console/second-factor", ("nonce", nonce), ("code", "123"), ("own_password", Visitor.Password));
        (again.Status, again.Field("nonce")).ShouldBe((HttpStatusCode.UnprocessableEntity, nonce));
        var on = await visitor.PostAsync(page, "/console/second-factor", ("nonce", nonce), ("code", CodeOf(factors, person, bytes, clock)), ("own_password", Visitor.Password));
        on.Status.ShouldBe(HttpStatusCode.OK);
        on.Html.ShouldContain("Recovery codes");
        var recovery = WebUtility.HtmlDecode(on.Html).Split("<pre class=\"wire\">")[1].Split('\n')[0];

        // The password alone opens nothing.
        var stranger = new Visitor(shop.Http);
        var asked = await stranger.LogInAsync("zhou", Visitor.Password);
        asked.Status.ShouldBe(HttpStatusCode.OK);
        (await stranger.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.Redirect);
        var ticket = asked.Field("ticket");
        (await stranger.PostAsync(asked, "/login", ("ticket", ticket), ("code", "000000"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await stranger.PostAsync(asked, "/login", ("ticket", "forged"), ("code", CodeOf(factors, person, bytes, clock, 1)))).Path.ShouldBe("/login");
        (await stranger.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.Redirect);
        var entered = await stranger.PostAsync(asked, "/login", ("ticket", ticket), ("code", CodeOf(factors, person, bytes, clock, 1)));
        (entered.Status, entered.Path).ShouldBe((HttpStatusCode.Redirect, "/console/home"));
        (await stranger.GetAsync("/console/home")).Status.ShouldBe(HttpStatusCode.OK);

        var off = await stranger.GetAsync("/console/second-factor");
        (await stranger.PostAsync(off, "/console/second-factor", ("code", recovery), ("own_password", Visitor.Password))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await factors.IsOnAsync(person.Id)).ShouldBeFalse();
        (await new Visitor(shop.Http).LogInAsync("zhou", Visitor.Password)).Status.ShouldBe(HttpStatusCode.Redirect);
    }
}
