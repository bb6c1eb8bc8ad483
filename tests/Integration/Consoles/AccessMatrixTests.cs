using System.Net;
using System.Text.RegularExpressions;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Page = Lianka.Tests.Integration.Shop.Page;

namespace Lianka.Tests.Integration.Consoles;

public sealed class AccessMatrixTests
{
    /// <summary>Every address of the consoles, whichever module draws it, found from the routes, so that a new page is in the table by itself.</summary>
    private static List<string> Addresses(HttpWorld world) => [.. world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
        .Select(e => "/" + string.Join('/', e.RoutePattern.PathSegments.Select(s => s.Parts[0] is RoutePatternLiteralPart word ? word.Content : "none")))
        .Where(p => p.StartsWith("/console", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private static string? RoleOf(string path) =>
        path.StartsWith("/console/merchant/", StringComparison.Ordinal) ? Roles.Merchant
        : path.StartsWith("/console/supplier/", StringComparison.Ordinal) ? Roles.Supplier
        : path is "/console" or "/console/password" or "/console/second-factor" or "/console/passkeys" or "/console/sessions" or "/console/files" ? null : Roles.Operator;

    [Fact]
    public async Task Each_page_opens_for_its_role_alone()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        var people = shop.Http.Get<People>();
        await people.CreateAsync(Roles.Operator, Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync(Roles.Merchant, Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync(Roles.Supplier, Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        var addresses = Addresses(shop.Http);
        addresses.Count.ShouldBeGreaterThan(45);

        var stranger = new Visitor(shop.Http);
        foreach (var path in addresses)
        {
            var answer = await stranger.GetAsync(path);
            (answer.Status, answer.Path).ShouldBe((HttpStatusCode.Redirect, "/login"), path);
        }

        foreach (var role in new[] { Roles.Operator, Roles.Merchant, Roles.Supplier })
        {
            var visitor = await Visitor.LoggedInAsync(shop.Http, role);
            foreach (var path in addresses)
            {
                var status = (await visitor.GetAsync(path)).Status;
                if (RoleOf(path) is { } owner && owner != role) status.ShouldBe(HttpStatusCode.Forbidden, $"{role} at {path}");
                else status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Redirect, .. path.Contains("none", StringComparison.Ordinal) ? [HttpStatusCode.NotFound] : Array.Empty<HttpStatusCode>()]);
            }
        }
    }

    [Fact]
    public async Task Each_page_asks_for_its_permission_by_name()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        foreach (var of in new[] { Employer.Operator, new Employer(Roles.Merchant, shop.Merchant.Value), new Employer(Roles.Supplier, shop.Supply.SupplierId.Value) })
            await AskedByNameAsync(shop, of);
    }

    private static async Task AskedByNameAsync(ShopWorld shop, Employer of)
    {
        var (people, staff, needs) = (shop.Http.Get<People>(), shop.Http.Get<Staff>(), shop.Http.Get<PageNeeds>());
        var login = $"{of.Role}-li";
        await people.CreateAsync($"{of.Role}-owner", Visitor.Password, of.Role, of.PartyId, "O");
        var owner = (await people.OfPartyAsync(of.Role, of.PartyId))[0].Id;
        var role = ((StaffDecision.Saved)await staff.SaveRoleAsync(owner, 0, "role", "", Rights.Of([]))).Id;
        await staff.AddAsync(owner, login, Visitor.Password, "Li", role);
        var li = (await people.OfPartyAsync(of.Role, of.PartyId)).Single(p => p.Login == login);
        Nav.Of(li, Language.En, needs).ShouldBeEmpty("who may open nothing is shown nothing");
        var visitor = await Visitor.LoggedInAsync(shop.Http, login);
        var form = await visitor.GetAsync("/console/password");
        var all = Permissions.AllOf(of.Role).ToDictionary(p => p.Code);
        var used = new HashSet<string>();
        foreach (var path in Addresses(shop.Http).Where(p => RoleOf(p) == of.Role))
        {
            var need = needs.Of(path).ShouldNotBeNull(path);
            needs.Of($"{path.ToUpperInvariant()}/").ShouldBe(need, $"routes take {path} in any letters");
            used.UnionWith([need.See.Code, need.Change?.Code ?? need.See.Code]);
            await GrantAsync(all.Keys.Except([need.See.Code]));
            await RefusedAsync(l => visitor.GetAsync($"{path}?lang={l}"), need.See, path);
            (await visitor.PostAsync(form, path)).Status.ShouldBe(HttpStatusCode.Forbidden, path);

            var isNew = PageNeeds.IsNew(path) && need.Change is not null;
            await GrantAsync(isNew ? [need.See.Code, need.Change!.Code] : [need.See.Code]);
            var opened = await visitor.GetAsync(path);
            opened.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Redirect, .. path.Contains("none", StringComparison.Ordinal) ? [HttpStatusCode.NotFound] : Array.Empty<HttpStatusCode>()]);
            if (opened.Status == HttpStatusCode.OK) ShowsWhatMayBeDone(opened.Html, path, needs, (await people.FindAsync(li.Id))!);

            if (need.Change is not { } change) continue;
            await GrantAsync(all.Keys.Except([change.Code]));
            await RefusedAsync(l => visitor.PostAsync(form, $"{path}?lang={l}"), change, $"POST {path}");
            if (isNew) await RefusedAsync(l => visitor.GetAsync($"{path.ToUpperInvariant()}/?lang={l}"), change, path);
            await GrantAsync([need.See.Code, change.Code]);
            var taken = (await visitor.PostAsync(form, path)).Status;
            taken.ShouldNotBe(HttpStatusCode.Forbidden, $"POST {path}");
            ((int)taken).ShouldBeLessThan(500, $"POST {path}");
        }

        if (of == Employer.Operator)
            foreach (var (deed, code) in new[]
            {
                ("products-off", Permissions.CatalogEdit), ("reviews-hide", Permissions.CatalogEdit), ("supplies-off", Permissions.StockEdit), ("lots-off", Permissions.StockEdit),
                ("merchants-suspend", Permissions.MerchantsManage), ("keys-revoke", Permissions.MerchantsManage), ("products-category", Permissions.CatalogEdit), ("merchants-level", Permissions.MerchantsManage),
            })
            {
                await GrantAsync(all.Keys.Except([code]));
                await RefusedAsync(l => visitor.PostAsync(form, $"/console/chosen/{deed}?key=none&lang={l}"), all[code], deed);
            }

        used.Order(StringComparer.Ordinal).ShouldBe(all.Keys.Order(StringComparer.Ordinal), "no permission without a page");

        async Task GrantAsync(IEnumerable<string> codes) => (await staff.SaveRoleAsync(owner, role, "role", "", Rights.Of(codes))).ShouldBeOfType<StaffDecision.Saved>();
    }

    private static async Task RefusedAsync(Func<string, Task<Page>> ask, Permission permission, string what)
    {
        var zh = await ask("zh-CN");
        (zh.Status, zh.Html.Contains(permission.Zh, StringComparison.Ordinal), zh.Html.Contains($"（{permission.Code}）", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true, true), what);
        var en = await ask("en");
        (en.Status, en.Html.Contains(permission.En, StringComparison.Ordinal), en.Html.Contains($"({permission.Code})", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true, true), what);
    }

    /// <summary>Neither a button whose form would be refused to this person, nor a link that would not open.</summary>
    private static void ShowsWhatMayBeDone(string html, string path, PageNeeds needs, Person person)
    {
        foreach (Match form in Regex.Matches(html, "<form(?<tag>[^>]*)>(?<inside>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
        {
            var action = Regex.Match(form.Groups["tag"].Value, " action=\"(?<to>[^\"?#]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["to"].Value;
            var isRefused = form.Groups["tag"].Value.Contains("method=\"post\"", StringComparison.Ordinal) && needs.MissingToChange(person, action.Length > 0 ? action : path) is not null;
            (isRefused && form.Groups["inside"].Value.Contains("<button", StringComparison.Ordinal)).ShouldBeFalse($"{path}: {form.Value}");
        }

        foreach (Match link in Regex.Matches(html, "(href|formaction)=\"(?<to>/console/[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            needs.MayOpen(person, link.Groups["to"].Value).ShouldBeTrue($"{path} leads to {link.Groups["to"].Value}");
    }

    [Fact]
    public async Task No_form_is_taken_without_its_token()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        foreach (var path in Addresses(shop.Http).Where(p => RoleOf(p) == Roles.Operator).Append("/login").Append("/logout").Append("/setup").Append("/apply").Append("/join"))
            (await visitor.PostWithoutTokenAsync(path)).Status.ShouldBe(HttpStatusCode.BadRequest, path);
        // The colours alone: shops' pages carry that form, and are kept for everybody (decision 47). It changes nothing but a cookie.
        var before = await shop.CountAsync("select count(*) from audit");
        (await visitor.PostWithoutTokenAsync("/theme")).Path.ShouldBe("/");
        (await shop.CountAsync("select count(*) from audit")).ShouldBe(before);
    }

    /// <summary>What is named in forms and told in lists; single things are asked for by TenantWallTests.</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_belongs_to_another_tenant_is_as_if_it_did_not_exist(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 3);
        var (people, merchants) = (shop.Http.Get<People>(), shop.Http.Get<Merchants>());
        var other = Saved(await merchants.CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" }));
        var foreign = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "foreign", NameZh = "别的供应商", NameEn = "Foreign" }));
        await people.CreateAsync("other", Visitor.Password, Roles.Merchant, other.Id.Value, "Other");
        await people.CreateAsync("foreign", Visitor.Password, Roles.Supplier, foreign.Id.Value, "Foreign");
        var key = Saved(await shop.Http.Get<ApiKeys>().CreateAsync(shop.Merchant, new ApiKeyDraft { Name = "erp", Scopes = ApiScopes.All }));
        var guest = shop.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        var order = (await shop.Orders.ListAsync(new OrderFilter(shop.Merchant))).Orders.Single().Id;
        var lot = (await shop.Http.Get<Modules.Inventory.Inventory>().ListLotsAsync(new LotFilter())).Items[0].Id;

        var merchant = await Visitor.LoggedInAsync(shop.Http, "other");
        var form = await merchant.GetAsync("/console/merchant/keys");
        (await merchant.PostAsync(form, "/console/merchant/keys?handler=revoke", ("key", PublicId.Encode(key.Line.Id)))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await merchant.GetAsync("/console/merchant/orders")).Html.ShouldNotContain(order.ToString());

        var supplier = await Visitor.LoggedInAsync(shop.Http, "foreign");
        (await supplier.GetAsync("/console/supplier/lots")).Html.ShouldNotContain(lot.ToString());
        var start = await supplier.GetAsync("/console/supplier/imports/new");
        (await supplier.PostAsync(start, "/console/supplier/lots", ("lot", lot.ToString()), ("on", "false"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var sneaky = await supplier.PostAsync(start, "/console/supplier/imports/new", ("supply", shop.Supply.Id.ToString()), ("pasted", "X-1"), ("format", "Text"), ("encoding", "Utf8"), ("kind", "Told"));
        sneaky.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        pay.Status.ShouldBe(HttpStatusCode.OK);
    }

    private static T Saved<T>(AgentsDecision<T> decision) => ((AgentsDecision<T>.Saved)decision).Value;
}
