using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class PasskeyTests
{
    private const string At = "/console/passkeys";

    private static string OptionsOf(Page page) => WebUtility.HtmlDecode(Regex.Match(page.Html, "data-options=\"([^\"]+)\"").Groups[1].Value);

    private static async Task<Person> MakeAsync(HttpWorld http, string login)
    {
        var people = http.Get<People>();
        (await people.CreateAsync(login, Visitor.Password, Roles.Merchant, 7, login)).ShouldBeTrue();
        return (await people.OfPartyAsync(Roles.Merchant, 7)).First(p => p.Login == login);
    }

    private static async Task<Page> AskedAsync(Visitor visitor) => await visitor.PostAsync(await visitor.GetAsync(At), At, ("own_password", Visitor.Password));

    private static Task<Page> AddAsync(Visitor visitor, Page asked, string answer) =>
        visitor.PostAsync(asked, At + "?handler=made", ("ticket", asked.Field("ticket")), ("answer", answer));

    private static Task<Page> EnterAsync(Visitor stranger, Page door, string answer, string? question = null) =>
        stranger.PostAsync(door, "/login?handler=passkey", ("question", question ?? door.Field("question")), ("answer", answer));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_device_logs_its_owner_in_once_for_each_question_until_it_is_removed(DatabaseKind kind)
    {
        await using var http = await HttpWorld.CreateAsync(kind);
        var (person, passkeys, site) = (await MakeAsync(http, "zhou"), http.Get<Passkeys>(), http.Address);
        var visitor = await Visitor.LoggedInAsync(http, "zhou");
        using var device = new SoftDevice();

        // The password first; without it no question is asked.
        var page = await visitor.GetAsync(At);
        (await visitor.PostAsync(page, At, ("own_password", "wrong password"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var asked = await AskedAsync(visitor);
        var made = device.Make(OptionsOf(asked), site);
        (await AddAsync(visitor, asked, made)).Path.ShouldBe(At);
        (await passkeys.OfAsync(person.Id)).ShouldHaveSingleItem().UsedAt.ShouldBeNull();
        (await http.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from security_change where party_id = 7 and kind = 'passkey'"))).ShouldBe(1);
        // The same answer again is none, and its device is known.
        (await AddAsync(visitor, asked, made)).Path.ShouldBe(At);
        (await passkeys.OfAsync(person.Id)).Count.ShouldBe(1);
        OptionsOf(await AskedAsync(visitor)).ShouldContain("excludeCredentials");

        var stranger = new Visitor(http);
        var door = await stranger.GetAsync("/login");
        var shown = device.Show(OptionsOf(door), site);
        var entered = await EnterAsync(stranger, door, shown);
        (entered.Status, entered.Path).ShouldBe((HttpStatusCode.Redirect, "/console/merchant/home"));
        (await stranger.GetAsync(At)).Status.ShouldBe(HttpStatusCode.OK);
        (await passkeys.OfAsync(person.Id))[0].UsedAt.ShouldNotBeNull();

        // Caught and sent once more, by one or by many at once, it opens nothing.
        var thief = new Visitor(http);
        (await EnterAsync(thief, await thief.GetAsync("/login"), shown, door.Field("question"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var many = Enumerable.Range(0, 6).Select(_ => new Visitor(http)).ToList();
        door = await thief.GetAsync("/login");
        shown = device.Show(OptionsOf(door), site);
        var doors = await Task.WhenAll(many.Select(v => v.GetAsync("/login")));
        var entries = await Task.WhenAll(many.Zip(doors, (v, d) => EnterAsync(v, d, shown, door.Field("question"))));
        entries.Count(e => e.Status == HttpStatusCode.Redirect).ShouldBe(1);

        // Another person's key is not this one's to remove; one's own is gone at once.
        var other = await Visitor.LoggedInAsync(http, (await MakeAsync(http, "qian")).Login);
        var key = PublicId.Encode((await passkeys.OfAsync(person.Id))[0].Id);
        await other.PostAsync(await other.GetAsync(At), At + "?handler=remove", ("key", key));
        (await passkeys.OfAsync(person.Id)).Count.ShouldBe(1);
        await visitor.PostAsync(await visitor.GetAsync(At), At + "?handler=remove", ("key", key));
        (await passkeys.OfAsync(person.Id)).ShouldBeEmpty();
        door = await thief.GetAsync("/login");
        (await EnterAsync(thief, door, device.Show(OptionsOf(door), site))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_proves_nothing_opens_nothing(DatabaseKind kind)
    {
        await using var http = await HttpWorld.CreateAsync(kind);
        var (person, people, passkeys, site) = (await MakeAsync(http, "zhou"), http.Get<People>(), http.Get<Passkeys>(), http.Address);
        var visitor = await Visitor.LoggedInAsync(http, "zhou");
        var other = await Visitor.LoggedInAsync(http, (await MakeAsync(http, "qian")).Login);
        using var device = new SoftDevice();
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var evil = new Uri("https://lianka.example");

        var asked = await AskedAsync(visitor);
        await AddAsync(visitor, asked, device.Make(OptionsOf(asked), evil));
        await AddAsync(visitor, asked, "{}");
        await AddAsync(visitor, asked, "");
        // Another person's question: the key would be theirs.
        var theirs = await AskedAsync(other);
        await visitor.PostAsync(theirs, At + "?handler=made", ("ticket", theirs.Field("ticket")), ("answer", device.Make(OptionsOf(theirs), site)));
        // A device that asked nobody proves no owner.
        device.Asks = false;
        await AddAsync(visitor, asked, device.Make(OptionsOf(asked), site));
        (await passkeys.OfAsync(person.Id)).ShouldBeEmpty();
        device.Asks = true;
        await AddAsync(visitor, asked, device.Make(OptionsOf(asked), site));
        (await passkeys.OfAsync(person.Id)).Count.ShouldBe(1);

        var stranger = new Visitor(http);
        (await OpensAsync(o => device.Show(o, evil))).ShouldBeFalse("another site's");
        (await OpensAsync(o => device.Show(o, site, forger))).ShouldBeFalse("another key's");
        (await OpensAsync(_ => "[]")).ShouldBeFalse();
        (await OpensAsync(_ => "")).ShouldBeFalse();
        device.Asks = false;
        (await OpensAsync(o => device.Show(o, site))).ShouldBeFalse("nobody was asked");
        device.Asks = true;
        device.Page = "https://lianka.example";
        (await OpensAsync(o => device.Show(o, site))).ShouldBeFalse("another page asked");
        device.Page = null;
        var earlier = OptionsOf(await stranger.GetAsync("/login"));
        (await OpensAsync(_ => device.Show(earlier, site))).ShouldBeFalse("the answer to another question");
        var copy = new SoftDevice();
        (await OpensAsync(o => copy.Show(o, site))).ShouldBeFalse("nobody's");
        copy.Dispose();
        (await OpensAsync(o => device.Show(o, site))).ShouldBeTrue();

        // Who sets the password anew throws out whoever held a key.
        (await people.ResetPasswordAsync("zhou", Roles.Merchant, 7, "another long phrase")).ShouldBeTrue();
        stranger = new Visitor(http);
        (await OpensAsync(o => device.Show(o, site))).ShouldBeFalse();

        async Task<bool> OpensAsync(Func<string, string> show)
        {
            var door = await stranger.GetAsync("/login");
            return (await EnterAsync(stranger, door, show(OptionsOf(door)))).Status == HttpStatusCode.Redirect;
        }
    }
}
