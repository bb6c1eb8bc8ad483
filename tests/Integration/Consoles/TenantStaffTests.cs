using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Several people of one merchant, or of one supplier. Which page asks for what, AccessMatrixTests asks; whose people one sees, TenantWallTests too.</summary>
public sealed class TenantStaffTests
{
    private static long Saved(StaffDecision decision) => decision.ShouldBeOfType<StaffDecision.Saved>().Id;

    private static void Refused(StaffDecision decision, StaffRefusal why) => decision.ShouldBe(new StaffDecision.Refused(why));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Each_employer_has_its_own_people_and_roles_under_the_same_rules(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (people, staff, sessions) = (world.Get<People>(), world.Get<Staff>(), world.Get<Sessions>());
        var (first, second, supplier) = (new Employer(Roles.Merchant, 101), new Employer(Roles.Merchant, 102), new Employer(Roles.Supplier, 103));
        var owners = new Dictionary<Employer, long>();
        foreach (var of in new[] { first, second, supplier })
        {
            await people.CreateAsync($"owner-{of.PartyId}", Visitor.Password, of.Role, of.PartyId, "O");
            owners[of] = (await people.OfPartyAsync(of.Role, of.PartyId)).Single().Id;
            (await people.FindAsync(owners[of]))!.Rights.IsAll.ShouldBeTrue("the first log-in may do everything");
        }

        // A role's name is taken among one's own alone; the roles to begin with are the operator's.
        var lead = Saved(await staff.SaveRoleAsync(owners[first], 0, "客服", "Lead", Rights.Of([MerchantPermissions.StaffManage, MerchantPermissions.OrdersSee])));
        (await staff.SaveRoleAsync(owners[first], 0, "客服", "", Rights.Of([]))).ShouldBeOfType<StaffDecision.Taken>();
        var clerk = Saved(await staff.SaveRoleAsync(owners[second], 0, "客服", "", Rights.Of([MerchantPermissions.OrdersSee])));
        (await staff.RolesAsync(first)).Select(r => r.Id).ShouldBe([lead]);
        (await staff.RolesAsync(supplier)).ShouldBeEmpty();
        (await staff.RolesAsync(Employer.Operator)).Count.ShouldBe(4);
        var changes = await ChangesAsync(first);
        var li = Saved(await staff.AddAsync(owners[first], "li", Visitor.Password, "Li", lead));
        (await people.FindAsync(li)).ShouldBe(new Person(li, "li", first.Role, first.PartyId, "Li", (await people.FindAsync(li))!.Stamp, Rights.Of([MerchantPermissions.StaffManage, MerchantPermissions.OrdersSee])));
        (await staff.ListAsync(first)).Select(p => p.Login).ShouldBe(["li", "owner-101"]);
        (await staff.ListAsync(second)).Select(p => p.Login).ShouldBe(["owner-102"]);

        // What is another's is not there: neither for another merchant, nor for a supplier, nor the other way round.
        foreach (var of in new[] { second, supplier })
        {
            Refused(await staff.AssignAsync(owners[of], li, null), StaffRefusal.Missing);
            Refused(await staff.SwitchAsync(owners[of], li, false), StaffRefusal.Missing);
            Refused(await staff.HelpAsync(owners[of], li, "another long phrase"), StaffRefusal.Missing);
            Refused(await staff.SaveRoleAsync(owners[of], lead, "mine", "", Rights.Of([])), StaffRefusal.Missing);
            Refused(await staff.RemoveRoleAsync(owners[of], lead), StaffRefusal.Missing);
            Refused(await staff.AddAsync(owners[of], "wu", Visitor.Password, "Wu", lead), StaffRefusal.Missing);
            (await staff.FindAsync(of, li)).ShouldBeNull();
        }

        Refused(await staff.AssignAsync(owners[first], li, clerk), StaffRefusal.Missing);

        // Nobody rises, and one who manages remains of each.
        Refused(await staff.AssignAsync(li, li, null), StaffRefusal.AboveYou);
        Refused(await staff.SaveRoleAsync(li, 0, "mine", "", Rights.Of([MerchantPermissions.MoneyMove])), StaffRefusal.AboveYou);
        Refused(await staff.HelpAsync(li, owners[first], "another long phrase"), StaffRefusal.AboveYou);
        Refused(await staff.SwitchAsync(owners[second], owners[second], false), StaffRefusal.NobodyLeft);
        Refused(await staff.AssignAsync(owners[second], owners[second], clerk), StaffRefusal.NobodyLeft);

        // Whom the money does not leave by holds it up by nothing; whoever is let to it does.
        (await people.ChangePasswordAsync(li, Visitor.Password, "another long phrase")).ShouldNotBeNull();
        Saved(await staff.HelpAsync(owners[first], li, Visitor.Password));
        (await ChangesAsync(first)).ShouldBe(changes, "neither a clerk nor a clerk's password");
        var mover = Saved(await staff.SaveRoleAsync(owners[first], 0, "出纳", "", Rights.Of([MerchantPermissions.MoneyMove])));
        Saved(await staff.AssignAsync(owners[first], li, mover));
        (await ChangesAsync(first)).ShouldBe(changes + 1, "who may move money now is a new log-in to it");
        Saved(await staff.AssignAsync(owners[first], li, lead));
        Saved(await staff.SaveRoleAsync(owners[first], lead, "客服", "", Rights.Of([MerchantPermissions.MoneyMove])));
        (await ChangesAsync(first)).ShouldBe(changes + 2, "also through the role");
        (await people.ChangePasswordAsync(li, Visitor.Password, "another long phrase")).ShouldNotBeNull();
        (await ChangesAsync(first)).ShouldBe(changes + 3);

        // Blocked is out.
        var session = await sessions.BeginAsync((await people.FindAsync(li))!, "", "");
        Saved(await staff.SwitchAsync(owners[first], li, false));
        (await sessions.PersonOfAsync(li, session)).ShouldBeNull();

        // As many as the pages list.
        var roles = (await staff.RolesAsync(first)).Count;
        await world.Database.WriteAsync(async s =>
        {
            for (var i = roles; i < Staff.RolesMax; i++)
                await s.ExecuteAsync("insert into person_role (id, role, party_id, name_zh, name_en, permissions) values (@i, 'merchant', 101, @Name, '', '')", new { i = 9_000_000_000 + i, Name = $"r{i}" });
            for (var i = 2; i < Staff.PeopleMax; i++)
                await s.ExecuteAsync("insert into person (id, login, password_hash, role, party_id, display_name, stamp, created_at) values (@i, @Name, 'x', 'merchant', 101, '', 'x', 1)", new { i = 9_000_000_000 + i, Name = $"p{i}" });
        });
        Refused(await staff.SaveRoleAsync(owners[first], 0, "one more", "", Rights.Of([])), StaffRefusal.TooMany);
        Refused(await staff.AddAsync(owners[first], "xu", Visitor.Password, "Xu", null), StaffRefusal.TooMany);
        Saved(await staff.AddAsync(owners[second], "xu", Visitor.Password, "Xu", null));

        async Task<long> ChangesAsync(Employer of) => await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from security_change where party_id = @PartyId", of));
    }

    [Fact]
    public async Task A_clerk_sees_and_does_what_the_role_permits()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 3);
        var guest = shop.NewGuest();
        var order = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        var (people, staff) = (shop.Http.Get<People>(), shop.Http.Get<Staff>());
        await people.CreateAsync("owner", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "Owner");
        await people.CreateAsync("maker", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Maker");
        var owner = await Visitor.LoggedInAsync(shop.Http, "owner");
        await shop.Http.Get<ApiKeys>().CreateAsync(shop.Merchant, new ApiKeyDraft { Name = "erp", Scopes = ApiScopes.All });

        // A role by the grid, which has the merchant's own areas, and a person by the form.
        var grid = await owner.GetAsync("/console/merchant/staff-roles/new");
        grid.Html.ShouldContain("name=\"merchant_orders_see\"");
        grid.Html.ShouldNotContain("name=\"orders_refund\"");
        (await owner.PostAsync(grid, "/console/merchant/staff-roles/new", ("name_zh", "Clerk"), ("merchant_orders_see", "on"), ("merchant_money_see", "on"), ("finance_approve", "on"))).Path.ShouldBe("/console/merchant/staff-roles");
        var of = new Employer(Roles.Merchant, shop.Merchant.Value);
        var role = (await staff.RolesAsync(of)).Single();
        role.Permissions.ShouldBe("merchant.money.see merchant.orders.see");
        var form = await owner.GetAsync("/console/merchant/staff/new");
        (await owner.PostAsync(form, "/console/merchant/staff/new", ("name", "Li"), ("login", "lihua"), ("password", Visitor.Password), ("role", PublicId.Encode(role.Id)))).Path.ShouldBe("/console/merchant/staff");
        var her = $"/console/merchant/staff/{PublicId.Encode((await staff.ListAsync(of)).Single(p => p.Login == "lihua").Id)}";

        // She comes to what she may open, finds it, and is shown nothing else.
        var li = new Visitor(shop.Http);
        (await li.LogInAsync("lihua", Visitor.Password)).Path.ShouldBe("/console/merchant/orders");
        var page = await li.GetAsync($"/console/merchant/orders/{order}");
        page.Html.ShouldNotContain("You earn", Case.Sensitive, "the merchant's own prices");
        page.Html.ShouldContain("href=\"/console/merchant/balance\"");
        foreach (var hidden in new[] { "home", "keys", "prices", "staff", "storefront", "agents", "buy" }) page.Html.ShouldNotContain($"href=\"/console/merchant/{hidden}\"", Case.Sensitive, hidden);
        (await owner.GetAsync($"/console/merchant/orders/{order}")).Html.ShouldContain("You earn");
        (await li.GetAsync($"/console/api/find?q={order}")).Html.ShouldContain(order.ToString());
        (await li.GetAsync("/console/merchant/withdrawals/new")).Html.ShouldContain("(merchant.money.move)");
        (await li.PostAsync(page, "/console/merchant/withdrawals")).Html.ShouldContain("(merchant.money.move)");
        (await li.GetAsync("/console/merchant/withdrawals")).Html.ShouldNotContain("href=\"/console/merchant/withdrawals/new\"");
        (await li.GetAsync("/console/merchant/keys?lang=zh-CN")).Html.ShouldContain("你没有「管理接口密钥」的权限（merchant.keys.manage）");
        (await li.GetAsync("/console/merchant/orders?lang=en")).Status.ShouldBe(HttpStatusCode.OK);

        // The first page tells as much of money and orders as she may see.
        Saved(await staff.SaveRoleAsync(Id("owner"), role.Id, "Clerk", "", Rights.Of([MerchantPermissions.OverviewSee])));
        var home = (await li.GetAsync("/console/merchant/home")).Html;
        home.ShouldNotContain("Balance CNY");
        home.ShouldNotContain(order.ToString());
        (await li.GetAsync($"/console/api/find?q={order}")).Html.ShouldNotContain(order.ToString());
        home = (await owner.GetAsync("/console/merchant/home")).Html;
        home.ShouldContain("Balance CNY");
        home.ShouldContain(order.ToString());

        // And so do the figures.
        var figures = (await li.GetAsync("/console/merchant/figures")).Html;
        figures.ShouldContain("Sold (CNY)");
        foreach (var hidden in new[] { "Earned in shops", "Earnings by branch" })
        {
            figures.ShouldNotContain(hidden);
            (await owner.GetAsync("/console/merchant/figures")).Html.ShouldContain(hidden);
        }

        // Who manages the staff looks at those above, and changes nothing there.
        Saved(await staff.SaveRoleAsync(Id("owner"), role.Id, "Clerk", "", Rights.Of([MerchantPermissions.StaffManage])));
        var chief = Saved(await staff.SaveRoleAsync(Id("owner"), 0, "Chief", "", Rights.Of([MerchantPermissions.StaffManage, MerchantPermissions.MoneyMove])));
        foreach (var (own, above) in new[] { (her, $"/console/merchant/staff/{PublicId.Encode(Id("owner"))}"), ($"/console/merchant/staff-roles/{PublicId.Encode(role.Id)}", $"/console/merchant/staff-roles/{PublicId.Encode(chief)}") })
        {
            (await li.GetAsync(own)).Html.ShouldContain("class=\"button dominant\"");
            var shown = (await li.GetAsync(above)).Html;
            shown.ShouldContain("you cannot change");
            foreach (var hidden in new[] { "class=\"button dominant\"", "handler=remove", "handler=switch", "handler=end", "handler=password" }) shown.ShouldNotContain(hidden, Case.Sensitive, above);
        }

        // Keys of the merchant stay as they are; she is out at once.
        (await owner.PostAsync(form, $"{her}?handler=switch", ("on", "false"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.GetAsync("/console/merchant/home")).Path.ShouldBe("/login");
        (await li.LogInAsync("lihua", Visitor.Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // A supplier's storekeeper: stock without costs, and buttons as far as they would be obeyed.
        var maker = Id("maker");
        var keeper = Saved(await staff.SaveRoleAsync(maker, 0, "Keeper", "", Rights.Of([SupplierPermissions.StockSee])));
        await staff.AddAsync(maker, "wu", Visitor.Password, "Wu", keeper);
        var wu = await Visitor.LoggedInAsync(shop.Http, "wu");
        var stock = (await wu.GetAsync("/console/supplier/stock")).Html;
        stock.ShouldContain("steam-50");
        stock.ShouldNotContain("45.25");
        stock.ShouldNotContain("imports/new");
        var lots = (await wu.GetAsync("/console/supplier/lots")).Html;
        lots.ShouldNotContain("Take off sale");
        lots.ShouldNotContain("name=\"key\"");
        (await wu.GetAsync("/console/supplier/bank")).Html.ShouldContain("(supplier.bank.edit)");
        Saved(await staff.SaveRoleAsync(maker, keeper, "Keeper", "", Rights.Of([SupplierPermissions.StockSee, SupplierPermissions.StockEdit, SupplierPermissions.PricesSee])));
        (await wu.GetAsync("/console/supplier/stock")).Html.ShouldContain("45.25");
        lots = (await wu.GetAsync("/console/supplier/lots")).Html;
        lots.ShouldContain("Take off sale");
        lots.ShouldContain("name=\"key\"");

        // What was sold is not what was released.
        Saved(await staff.SaveRoleAsync(maker, keeper, "Keeper", "", Rights.Of([SupplierPermissions.SalesSee])));
        (await wu.GetAsync("/console/supplier/figures")).Html.ShouldNotContain("Released to you");
        (await (await Visitor.LoggedInAsync(shop.Http, "maker")).GetAsync("/console/supplier/figures")).Html.ShouldContain("Released to you");

        long Id(string login) => shop.Database.ReadAsync(s => s.ScalarAsync<long>("select id from person where login = @login", new { login })).GetAwaiter().GetResult();
    }
}
