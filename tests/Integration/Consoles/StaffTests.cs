using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

public sealed class StaffTests
{
    private static async Task<long> OwnerAsync(People people, string login)
    {
        await people.CreateAsync(login, Visitor.Password, Roles.Operator, 0, login);
        return (await people.OfPartyAsync(Roles.Operator, 0)).Single(p => p.Login == login).Id;
    }

    private static long Saved(StaffDecision decision) => decision.ShouldBeOfType<StaffDecision.Saved>().Id;

    private static void Refused(StaffDecision decision, StaffRefusal why) => decision.ShouldBe(new StaffDecision.Refused(why));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Nobody_rises_above_themselves_and_one_who_manages_staff_remains(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (people, staff, sessions) = (world.Get<People>(), world.Get<Staff>(), world.Get<Sessions>());
        var owner = await OwnerAsync(people, "owner");
        var leadRights = Rights.Of([Permissions.StaffManage, Permissions.OrdersSee]);
        var lead = Saved(await staff.SaveRoleAsync(owner, 0, "lead", "", leadRights));
        var money = Saved(await staff.SaveRoleAsync(owner, 0, "money", "", Rights.Of([Permissions.FinanceApprove])));
        (await staff.SaveRoleAsync(owner, 0, "lead", "", leadRights)).ShouldBeOfType<StaffDecision.Taken>();
        var li = Saved(await staff.AddAsync(owner, "li", Visitor.Password, "Li", lead));
        var wu = Saved(await staff.AddAsync(owner, "wu", Visitor.Password, "Wu", money));
        (await staff.AddAsync(owner, "WU ", Visitor.Password, "Wu", money)).ShouldBeOfType<StaffDecision.Taken>();
        Refused(await staff.AddAsync(owner, "xu", Visitor.Password, "Xu", 12345), StaffRefusal.Missing);
        (await people.OfPartyAsync(Roles.Operator, 0)).Single(p => p.Id == li).Rights.ShouldBe(leadRights);

        // Up: for oneself, for a helper, through the role one has, through a new one, through the password of somebody stronger.
        Refused(await staff.AssignAsync(li, li, null), StaffRefusal.AboveYou);
        Refused(await staff.AssignAsync(li, li, money), StaffRefusal.AboveYou);
        Refused(await staff.AddAsync(li, "xu", Visitor.Password, "Xu", null), StaffRefusal.AboveYou);
        Refused(await staff.SaveRoleAsync(li, lead, "lead", "", Rights.Of([Permissions.StaffManage, Permissions.OrdersSee, Permissions.FinanceSee])), StaffRefusal.AboveYou);
        Refused(await staff.SaveRoleAsync(li, 0, "mine", "", Rights.Of([Permissions.FinanceSee])), StaffRefusal.AboveYou);
        Refused(await staff.SaveRoleAsync(li, money, "money", "", Rights.Of([])), StaffRefusal.AboveYou);
        Refused(await staff.RemoveRoleAsync(li, money), StaffRefusal.AboveYou);
        foreach (var stronger in new[] { owner, wu })
        {
            Refused(await staff.HelpAsync(li, stronger, "another long phrase"), StaffRefusal.AboveYou);
            Refused(await staff.HelpAsync(li, stronger, null), StaffRefusal.AboveYou);
            Refused(await staff.SwitchAsync(li, stronger, false), StaffRefusal.AboveYou);
            Refused(await staff.AssignAsync(li, stronger, lead), StaffRefusal.AboveYou);
        }

        (await people.LogInAsync("owner", Visitor.Password)).ShouldBeOfType<LogInDecision.Welcome>();
        Refused(await staff.SwitchAsync(wu, li, false), StaffRefusal.NotPermitted);

        // Down, until nobody would be left.
        Saved(await staff.SwitchAsync(owner, li, false));
        Refused(await staff.SwitchAsync(owner, owner, false), StaffRefusal.NobodyLeft);
        Refused(await staff.AssignAsync(owner, owner, money), StaffRefusal.NobodyLeft);
        Saved(await staff.SwitchAsync(owner, li, true));
        Saved(await staff.AssignAsync(owner, owner, lead));
        Refused(await staff.SaveRoleAsync(owner, lead, "lead", "", Rights.Of([Permissions.OrdersSee])), StaffRefusal.NobodyLeft);
        (await staff.RemoveRoleAsync(owner, lead)).ShouldBeOfType<StaffDecision.Taken>("people have it");

        // What counts is what is so now, not when the page was opened.
        var session = await sessions.BeginAsync((await people.OfPartyAsync(Roles.Operator, 0)).Single(p => p.Id == li), "", "");
        var answers = await Task.WhenAll(staff.SwitchAsync(owner, li, false), staff.SwitchAsync(li, owner, false));
        answers.Count(a => a is StaffDecision.Saved).ShouldBe(1, "of two who switch each other off, one does");
        (await sessions.PersonOfAsync(li, session) is null).ShouldBe(answers[0] is StaffDecision.Saved);
    }

    [Fact]
    public async Task A_person_with_a_role_sees_and_does_what_it_permits_and_hears_what_it_lacks()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 3);
        var guest = shop.NewGuest();
        var order = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        await OwnerAsync(shop.Http.Get<People>(), "owner");
        var owner = await Visitor.LoggedInAsync(shop.Http, "owner");

        // Four roles are there to begin with.
        var roles = await shop.Http.Get<Staff>().RolesAsync(Employer.Operator);
        roles.Select(r => r.NameEn).ShouldBe(["Service desk", "Finance", "Catalog", "Risk"]);
        foreach (var made in roles)
        {
            made.Rights.ShouldBe(Rights.Of(made.Permissions.Split(' ')), made.NameEn);
            made.Permissions.Split(' ').ShouldAllBe(code => Permissions.IsKnown(code), made.NameEn);
        }

        // A role by the grid, a person by the form.
        var grid = await owner.GetAsync("/console/staff-roles/new");
        (await owner.PostAsync(grid, "/console/staff-roles/new", ("name_zh", ""), ("orders_see", "on"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await owner.PostAsync(grid, "/console/staff-roles/new", ("name_zh", "Support"), ("orders_see", "on"), ("merchants_see", "on"), ("nonsense", "on"))).Path.ShouldBe("/console/staff-roles");
        var role = PublicId.Encode((await shop.Http.Get<Staff>().RolesAsync(Employer.Operator)).Single(r => r.NameZh == "Support").Id);
        var form = await owner.GetAsync("/console/staff/new");
        (await owner.PostAsync(form, "/console/staff/new", ("name", "Li"), ("login", "lihua"), ("password", "short"), ("role", role))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await owner.PostAsync(form, "/console/staff/new", ("name", "Li"), ("login", "lihua"), ("password", Visitor.Password), ("role", "none"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var added = await owner.PostAsync(form, "/console/staff/new", ("name", "Li"), ("login", "lihua"), ("password", Visitor.Password), ("role", role));
        added.Path.ShouldBe("/console/staff", added.Html);
        var person = (await shop.Http.Get<Staff>().ListAsync(Employer.Operator)).Single(p => p.Login == "lihua");
        var her = $"/console/staff/{PublicId.Encode(person.Id)}";

        var li = new Visitor(shop.Http);
        (await li.LogInAsync("lihua", Visitor.Password)).Path.ShouldBe("/console/orders", "the first page that she may open");
        var page = await li.GetAsync($"/console/orders/{order}");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldNotContain("/refund\"", Case.Sensitive, "no link to what is refused");
        foreach (var hidden in new[] { "/console/payouts", "/console/staff", "/console/home" }) page.Html.ShouldNotContain($"href=\"{hidden}\"", Case.Sensitive, hidden);
        page.Html.ShouldContain("href=\"/console/merchants\"");
        (await li.GetAsync("/console/merchants/new")).Status.ShouldBe(HttpStatusCode.Forbidden, "making one is changing");
        (await li.GetAsync($"/console/merchants/{shop.Merchant}")).Html.ShouldContain("changes need the permission");

        var refused = await li.GetAsync($"/console/orders/{order}/refund");
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Html.ShouldContain("You lack the permission “Refund” (orders.refund).");
        (await li.GetAsync($"/console/orders/{order}/refund?lang=zh-CN")).Html.ShouldContain("你没有「退款」的权限（orders.refund）");
        (await li.GetAsync("/console/orders?lang=en")).Status.ShouldBe(HttpStatusCode.OK);
        (await li.PostAsync(page, $"/console/orders/{order}?handler=cancel")).Html.ShouldContain("(orders.edit)");
        (await li.ContentsAsync("/console/payouts")).Html.ShouldContain("finance.see");

        // The palette finds, and the line of events tells, what she may open.
        (await li.GetAsync($"/console/api/find?q={order}")).Html.ShouldContain(order.ToString());
        (await li.GetAsync("/console/api/find?q=steam")).Html.ShouldNotContain("/console/products/");
        (await owner.GetAsync("/console/api/find?q=steam")).Html.ShouldContain("/console/products/");
        await shop.Database.WriteAsync(s => s.ExecuteAsync("insert into payment_case (id, kind, about, detail, opened_at) values (1, 'refund_failed', 'refund:1', '', 1)"));
        var everybody = await shop.Http.Get<People>().OfPartyAsync(Roles.Operator, 0);
        var attention = shop.Http.Get<Attention>();
        (await attention.OfAsync(everybody.Single(p => p.Login == "owner"))).Of["/console/payment-cases"].ShouldBe(1);
        (await attention.OfAsync(everybody.Single(p => p.Login == "lihua"))).Total.ShouldBe(0);

        // Staff pages are for who manages staff; roles count from the next request on.
        (await li.PostAsync(page, her, ("role", "all"))).Html.ShouldContain("(staff.manage)");
        (await owner.PostAsync(grid, $"/console/staff-roles/{role}", ("name_zh", "Support"), ("orders_see", "on"), ("orders_refund", "on"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.GetAsync($"/console/orders/{order}/refund")).Status.ShouldBe(HttpStatusCode.OK);
        (await li.GetAsync("/console/merchants")).Html.ShouldContain("(merchants.see)");

        var card = await owner.GetAsync(her);
        card.Html.ShouldContain("An unknown device");
        (await owner.PostAsync(card, $"{her}?handler=end")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.GetAsync("/console/orders")).Path.ShouldBe("/login");
        (await owner.PostAsync(card, $"{her}?handler=password", ("password", "a wholly other phrase"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.LogInAsync("lihua", Visitor.Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await li.LogInAsync("lihua", "a wholly other phrase")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await owner.PostAsync(card, $"{her}?handler=switch", ("on", "false"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.GetAsync("/console/orders")).Path.ShouldBe("/login");
        (await li.LogInAsync("lihua", "a wholly other phrase")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var lines = (await shop.Http.Get<Audit>().ListAsync("owner", null, 50)).ConvertAll(l => $"{l.Action} {l.Subject}");
        foreach (var line in new[] { "role.save Support: merchants.see orders.see", "staff.add lihua: Support", "role.save Support: orders.refund orders.see", "staff.end_sessions lihua", "staff.password lihua", "staff.off lihua" })
            lines.ShouldContain(line);
    }
}
