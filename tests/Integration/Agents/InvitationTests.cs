using System.Net;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Agents;

/// <summary>A stranger with a link becomes a sub-agent, as often and as long as the link says, and no other way.</summary>
public sealed class InvitationTests
{
    private static (string, string)[] Newcomer(string login, string name = "Li Lei", string contact = "138 0013 8000", string again = Visitor.Password) =>
        [("name", name), ("contact", contact), ("login", login), ("password", Visitor.Password), ("again", again)];

    private static async Task<ShopWorld> WorldAsync(DatabaseKind kind, TurnedClock clock)
    {
        var world = await ShopWorld.CreateAsync(kind, cards: 0, clock: clock);
        await world.Http.Get<Merchants>().SaveLevelAsync(new LevelDraft { Rank = "2", NameZh = "一级", NameEn = "First level" });
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        return world;
    }

    private static async Task<string> MakeAsync(Visitor visitor, string uses = "2", string days = "7", string level = "2")
    {
        const string path = "/console/merchant/invitations";
        var made = await visitor.PostAsync(await visitor.GetAsync(path), path, ("level", level), ("uses_max", uses), ("days", days), ("note", "group 3"));
        made.Status.ShouldBe(HttpStatusCode.OK);
        return Regex.Match(made.Html, "/join\\?code=[0-9a-f]{40}").Value;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_stranger_joins_below_who_invites_and_the_link_counts_it(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await WorldAsync(kind, clock);
        var lu = await Visitor.LoggedInAsync(world.Http, "lu");
        var link = await MakeAsync(lu);
        link.ShouldNotBeEmpty();
        // It is shown once, and kept nowhere.
        (await lu.GetAsync("/console/merchant/invitations")).Html.ShouldNotContain("/join?code=");
        (await world.CountAsync("select count(*) from invitation where code_hash = @Code", new { Code = link[^40..] })).ShouldBe(0);

        var stranger = new Visitor(world.Http);
        var form = await stranger.GetAsync(link);
        form.Html.ShouldContain("Xiaolu Cards invites you");
        form.Html.ShouldContain("First level");
        using (var raw = await stranger.RawAsync(link))
        {
            raw.Headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
            raw.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }

        // What is wrong is said beside its field, and uses nothing up.
        foreach (var (fields, problem) in new[] { (Newcomer("li"), "f-login-p"), (Newcomer("lu"), "f-login-p"), (Newcomer("lilei", contact: "12"), "f-contact-p"), (Newcomer("lilei", again: "other words here"), "f-again-p"), (Newcomer("lilei", name: ""), "f-name-p") })
        {
            var bad = await stranger.PostAsync(form, link, fields);
            bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            bad.Html.ShouldContain($"id=\"{problem}\"");
        }

        (await world.CountAsync("select count(*) from invitation where uses > 0")).ShouldBe(0);
        (await stranger.PostAsync(form, link, Newcomer("lilei"))).Path.ShouldBe("/console/merchant/home");
        (await stranger.GetAsync("/console/merchant/home")).Html.ShouldContain("<h1>Li Lei</h1>");
        (await world.CountAsync("select count(*) from merchant where parent_id = @Merchant and level = 2", new { world.Merchant })).ShouldBe(1);
        (await world.CountAsync("select count(*) from account where kind = 'wallet'")).ShouldBe(2);
        (await world.CountAsync("select count(*) from audit where action in ('invitation.create', 'invitation.join')")).ShouldBe(2);
        (await Visitor.LoggedInAsync(world.Http, "lilei")).ShouldNotBeNull();

        // Who invited sees the newcomer in the tree, how to reach it, and the use of the link.
        var tree = await lu.GetAsync("/console/merchant/agents");
        tree.Html.ShouldContain("Li Lei");
        (await lu.GetAsync(tree.Href("/console/merchant/agents/mer[^\"]+"))).Html.ShouldContain("13800138000");
        (await lu.GetAsync("/console/merchant/invitations")).Html.ShouldContain("1 / 2");

        // The last place, and one too many.
        (await new Visitor(world.Http).GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
        var second = new Visitor(world.Http);
        var late = new Visitor(world.Http);
        var (secondForm, lateForm) = (await second.GetAsync(link), await late.GetAsync(link));
        (await second.PostAsync(secondForm, link, Newcomer("hanmei"))).Path.ShouldBe("/console/merchant/home");
        (await late.PostAsync(lateForm, link, Newcomer("third"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.CountAsync("select count(*) from person where login = 'third'")).ShouldBe(0);
        (await CouldJoinAsync(world, link)).ShouldBeFalse();
        (await world.CountAsync("select count(*) from merchant")).ShouldBe(3);

        // Of two who press at the last place at once, one comes in, and nothing of the other stays.
        var one = await MakeAsync(lu, uses: "1");
        var forms = await Task.WhenAll(new[] { "fourth", "fifth" }.Select(async login =>
        {
            var visitor = new Visitor(world.Http);
            return (Visitor: visitor, Form: await visitor.GetAsync(one), Login: login);
        }));
        var answers = await Task.WhenAll(forms.Select(f => f.Visitor.PostAsync(f.Form, one, Newcomer(f.Login))));
        answers.Select(a => a.Status).Order().ShouldBe([HttpStatusCode.Redirect, HttpStatusCode.NotFound]);
        (await world.CountAsync("select count(*) from merchant")).ShouldBe(4);
        (await world.CountAsync("select count(*) from person where login in ('fourth', 'fifth')")).ShouldBe(1);
        (await world.CountAsync("select count(*) from invitation_use")).ShouldBe(3);
    }

    /// <summary>Joins in a transaction that is taken back, whatever comes of it.</summary>
    private static async Task<bool> CouldJoinAsync(ShopWorld world, string link)
    {
        var id = await world.Http.Get<IdSource>().NextAsync<OfMerchant>();
        var could = false;
        await Should.ThrowAsync<TimeoutException>(world.Database.WriteAsync(async s =>
        {
            could = await world.Http.Get<Invitations>().JoinAsync(s, link.Split('=')[^1], id, new Newcomer("N", $"n{id.Value}", "n@example.com")) is AgentsDecision<MerchantEntry>.Saved;
            throw new TimeoutException();
        }));
        return could;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_link_ends_when_it_is_taken_back_when_its_days_are_over_and_when_the_operator_says_so(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await WorldAsync(kind, clock);
        var (lu, stranger) = (await Visitor.LoggedInAsync(world.Http, "lu"), new Visitor(world.Http));
        var invitations = world.Http.Get<Invitations>();
        async Task<bool> OpensAsync(string link)
        {
            var opens = (await stranger.GetAsync(link)).Status == HttpStatusCode.OK;
            // Who had the form open before hears the same when it is sent.
            (await CouldJoinAsync(world, link)).ShouldBe(opens, link);
            return opens;
        }

        (await OpensAsync("/join?code=0000")).ShouldBeFalse();
        (await OpensAsync("/join")).ShouldBeFalse();
        var revoked = await MakeAsync(lu);
        (await OpensAsync(revoked)).ShouldBeTrue();
        var list = await lu.GetAsync("/console/merchant/invitations");
        (await lu.PostAsync(list, "/console/merchant/invitations?handler=revoke", ("link", list.Field("link")))).Path.ShouldBe("/console/merchant/invitations");
        (await OpensAsync(revoked)).ShouldBeFalse();

        var link = await MakeAsync(lu, days: "2");
        var form = await stranger.GetAsync(link);
        await world.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var zhou = await Visitor.LoggedInAsync(world.Http, "zhou");
        var settings = await zhou.GetAsync("/console/settings");
        settings.Html.ShouldContain("name=\"self_registration\" checked");
        (await zhou.PostAsync(settings, "/console/settings", ("ancestors_max", "2"), ("fee_bps", "60"))).Path.ShouldBe("/console/settings");
        (await OpensAsync(link)).ShouldBeFalse();
        (await stranger.PostAsync(form, link, Newcomer("lilei"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await lu.GetAsync("/console/merchant/invitations")).Html.ShouldContain("does not take agents by links");
        await invitations.AllowAsync(true);
        (await OpensAsync(link)).ShouldBeTrue();

        // A parent that is suspended takes nobody in.
        await world.Http.Get<Merchants>().SuspendAsync(world.Merchant);
        (await OpensAsync(link)).ShouldBeFalse();
        await world.Http.Get<Merchants>().ResumeAsync(world.Merchant);

        // Another merchant's link cannot be taken back, and nobody invites to the own level or above.
        var other = ((AgentsDecision<MerchantEntry>.Saved)await world.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Value;
        var mine = (await invitations.ListAsync(world.Merchant)).First(i => i.State == InvitationState.Open);
        (await invitations.RevokeAsync(other.Id, mine.Id)).ShouldBeOfType<AgentsDecision<Invitation>.Missing>();
        (await invitations.ListAsync(other.Id)).ShouldBeEmpty();
        foreach (var (draft, field) in new[]
        {
            (new InvitationDraft { Level = "1", UsesMax = "1", Days = "1" }, "level"), (new InvitationDraft { Level = "3", UsesMax = "1", Days = "1" }, "level"),
            (new InvitationDraft { Level = "2", UsesMax = "0", Days = "1" }, "uses_max"), (new InvitationDraft { Level = "2", UsesMax = "1001", Days = "1" }, "uses_max"),
            (new InvitationDraft { Level = "2", UsesMax = "1", Days = "91" }, "days"),
        })
            (await invitations.CreateAsync(world.Merchant, draft)).ShouldBeOfType<AgentsDecision<NewInvitation>.Refused>().Errors.Single().Field.ShouldBe(field);

        clock.Turn(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));
        (await OpensAsync(link)).ShouldBeFalse();
        (await world.CountAsync("select count(*) from merchant where parent_id is not null")).ShouldBe(0);
    }
}
