using System.Net;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Reviews;
using Lianka.Modules.Suppliers;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Onboarding;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Tests.Integration.Shop;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Page = Lianka.Tests.Integration.Shop.Page;

namespace Lianka.Tests.Integration.Edge;

/// <summary>
/// Every end point of a node, and the wall between it and whoever it does not belong to. The list comes from the routes: one that has no rule
/// here fails. Who may open a page of the consoles at all, AccessMatrixTests asks.
/// </summary>
public sealed class TenantWallTests
{
    private enum Wall
    {
        /// <summary>The same for everybody, and so with nothing of anybody in it.</summary>
        Open,

        /// <summary>A page of the consoles that is about nobody's thing in particular: the person decides whose it shows.</summary>
        Role,

        /// <summary>A page of the consoles about one thing of a merchant or supplier.</summary>
        Thing,

        /// <summary>Asked by the console application.</summary>
        Session,

        /// <summary>A key with a scope.</summary>
        Key,

        /// <summary>A ticket of a flash sale.</summary>
        Ticket,

        /// <summary>The browser that bought, or looked the order up.</summary>
        Buyer,

        /// <summary>A machine that signs.</summary>
        Signed,
    }

    private static readonly Dictionary<string, Wall> _rules = new()
    {
        ["GET /"] = Wall.Open,
        ["GET /robots.txt"] = Wall.Open,
        ["GET /health/live"] = Wall.Open,
        ["GET /health/ready"] = Wall.Open,
        ["GET /metrics"] = Wall.Open,
        ["GET /openapi/v1.json"] = Wall.Open,
        ["PAGE /docs"] = Wall.Open,
        ["PAGE /docs/errors/{code}"] = Wall.Open,
        ["GET /domains/known"] = Wall.Open,
        ["GET /pictures/{hash:length(32)}"] = Wall.Open,
        ["GET,POST /back/{**path}"] = Wall.Open,
        ["PAGE /login"] = Wall.Open,
        ["PAGE /logout"] = Wall.Open,
        ["PAGE /setup"] = Wall.Open,
        ["PAGE /theme"] = Wall.Open,
        ["PAGE /apply"] = Wall.Open,
        ["PAGE /join"] = Wall.Open,
        ["PAGE /apply/status"] = Wall.Open,
        ["PAGE /sim/cashier/{tradeNo}"] = Wall.Open,
        ["PAGE /s/{slug}"] = Wall.Open,
        ["PAGE /s/{slug}/search"] = Wall.Open,
        ["PAGE /s/{slug}/c/{category}"] = Wall.Open,
        ["PAGE /s/{slug}/p/{product}"] = Wall.Open,
        ["PAGE /s/{slug}/p/{product}/reviews"] = Wall.Open,
        ["PAGE /s/{slug}/help"] = Wall.Open,
        ["PAGE /s/{slug}/cart"] = Wall.Open,
        ["PAGE /s/{slug}/orders/take"] = Wall.Open,
        ["PAGE /s/{slug}/orders"] = Wall.Open,
        ["PAGE /s/{slug}/flash/{sale}"] = Wall.Open,
        ["GET /s/{slug}/flash/{sale}/status"] = Wall.Open,
        ["GET /s/{slug}/sitemap.xml"] = Wall.Open,
        ["GET /s/{slug}/robots.txt"] = Wall.Open,
        ["GET /s/{slug}/app.webmanifest"] = Wall.Open,
        ["GET /s/{slug}/icon-{size:int}.png"] = Wall.Open,
        ["GET /s/{slug}/brand.css"] = Wall.Open,
        ["POST /s/{slug}/check"] = Wall.Open,
        // Anybody may pay for an order whose number they know; nothing of it is shown.
        ["GET /s/{slug}/flash/{sale}/pay/{order}"] = Wall.Open,
        ["PAGE /s/{slug}/o/{order}"] = Wall.Buyer,
        ["PAGE /s/{slug}/o/{order}/review"] = Wall.Buyer,
        ["GET /s/{slug}/o/{order}/status"] = Wall.Buyer,
        ["PAGE /s/{slug}/pay/{order}"] = Wall.Buyer,
        ["PAGE /s/{slug}/pay/{order}/go/{attempt}"] = Wall.Buyer,
        ["GET /s/{slug}/pay/{order}/ask/{channel}"] = Wall.Buyer,
        ["GET /s/{slug}/pay/{order}/buyer"] = Wall.Buyer,
        ["GET,POST /notify/{key}"] = Wall.Signed,
        ["GET,POST /upstream/{key}"] = Wall.Signed,
        ["POST /sim/gateway/create"] = Wall.Signed,
        ["POST /sim/gateway/query"] = Wall.Signed,
        ["POST /sim/gateway/close"] = Wall.Signed,
        ["POST /sim/gateway/statement"] = Wall.Signed,
        ["POST /sim/gateway/refund"] = Wall.Signed,
        ["GET /console/api/find"] = Wall.Session,
        ["GET /console/api/events"] = Wall.Session,
        ["GET /console/api/views"] = Wall.Session,
        ["POST /console/api/views"] = Wall.Session,
        ["DELETE /console/api/views/{id}"] = Wall.Session,
        ["POST /console/api/files"] = Wall.Session,
        ["DELETE /console/api/files/{id}"] = Wall.Session,
        ["PAGE /console/merchant/orders/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/reviews/{order}"] = Wall.Thing,
        ["PAGE /console/merchant/agents/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/sales/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/listing/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/storefront/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/storefront/{id}/preview"] = Wall.Thing,
        ["PAGE /console/merchant/posters/{shop}/{product?}"] = Wall.Thing,
        ["PAGE /console/merchant/customers/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/top-ups/{id}"] = Wall.Thing,
        ["PAGE /console/supplier/imports/{id}"] = Wall.Thing,
        ["PAGE /console/supplier/certificates/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/staff/{id}"] = Wall.Thing,
        ["PAGE /console/merchant/staff-roles/{id}"] = Wall.Thing,
        ["PAGE /console/supplier/staff/{id}"] = Wall.Thing,
        ["PAGE /console/supplier/staff-roles/{id}"] = Wall.Thing,
        [Delivery] = Wall.Thing,
        // The code is the right to pay, whoever shows it.
        ["PAGE /console/merchant/pay/{code}"] = Wall.Role,
        // The address names what is done; whose rows it may be done to, ChosenRowsTests asks.
        ["PAGE /console/merchant/chosen/{deed}"] = Wall.Role,
        ["PAGE /console/supplier/chosen/{deed}"] = Wall.Role,
        ["GET /api/v1/flash-sales/{sale}"] = Wall.Open,
        ["POST /api/v1/flash-sales/{sale}/attempts"] = Wall.Ticket,
        ["GET /api/v1/flash-sales/{sale}/attempts/mine"] = Wall.Ticket,
    };

    private const string Delivery = "PAGE /console/supplier/deliveries/{id}";

    /// <summary>The scope that each call of the API needs, and what may be said in it.</summary>
    private static readonly Dictionary<string, (string Scope, string? Body)> _scopes = new()
    {
        ["POST /api/v1/orders"] = (ApiScopes.OrdersWrite, """{"client_order_no":"wall-2","sku":"sku-a","quantity":1,"max_total":"1000"}"""),
        ["GET /api/v1/orders"] = (ApiScopes.OrdersRead, null),
        ["GET /api/v1/orders/{order_no}"] = (ApiScopes.OrdersRead, null),
        ["POST /api/v1/orders/{order_no}/reveal"] = (ApiScopes.CardsRead, null),
        ["POST /api/v1/orders/{order_no}/cancel"] = (ApiScopes.OrdersWrite, null),
        ["POST /api/v1/quotes"] = (ApiScopes.OrdersRead, """{"sku":"sku-a","quantity":1}"""),
        ["GET /api/v1/products"] = (ApiScopes.OrdersRead, null),
        ["GET /api/v1/products/{id}"] = (ApiScopes.OrdersRead, null),
        ["GET /api/v1/account"] = (ApiScopes.AccountRead, null),
        ["GET /api/v1/account/entries"] = (ApiScopes.AccountRead, null),
        ["POST /api/v1/flash-sales/{sale}/tickets"] = (ApiScopes.OrdersWrite, """{"buyers":["a"]}"""),
        ["GET /api/v1/supplier/supplies"] = (ApiScopes.SupplyRead, null),
        ["PUT /api/v1/supplier/supplies/{supply_id}/cost"] = (ApiScopes.StockWrite, """{"cost":"45.2500"}"""),
        ["GET /api/v1/supplier/standing"] = (ApiScopes.SupplyRead, null),
        ["POST /api/v1/supplier/imports"] = (ApiScopes.StockWrite, """{"sku":"sku-a","cards":[{"secret":"WALL-1"}]}"""),
        ["GET /api/v1/supplier/imports/{import_no}"] = (ApiScopes.SupplyRead, null),
        ["GET /api/v1/supplier/purchases"] = (ApiScopes.Deliver, null),
        ["GET /api/v1/supplier/purchases/{purchase_no}"] = (ApiScopes.Deliver, null),
        ["POST /api/v1/supplier/purchases/{purchase_no}/deliver"] = (ApiScopes.Deliver, """{"receipt":"ok"}"""),
        ["POST /api/v1/supplier/purchases/{purchase_no}/fail"] = (ApiScopes.Deliver, """{"reason":"no"}"""),
        ["GET /api/v1/supplier/money"] = (ApiScopes.MoneyRead, null),
        ["GET /api/v1/supplier/statements/{period}"] = (ApiScopes.MoneyRead, null),
    };

    private sealed record EndPoint(string Name, RouteEndpoint Route)
    {
        public PageActionDescriptor? Page => Route.Metadata.GetMetadata<PageActionDescriptor>();

        /// <summary>The address with its holes filled in.</summary>
        public string At(IReadOnlyDictionary<string, string> values) => Addressed(Name, values);

        public string Method => Name[..Name.IndexOf(' ', StringComparison.Ordinal)];

        /// <summary>How its forms are told apart: one without a name, others with. None of what is no page.</summary>
        public async Task<List<string>> FormsAsync(HttpWorld world) => Page is null ? [] :
            [.. (await world.Get<PageLoader>().LoadAsync(Page, new(Route.Metadata))).HandlerMethods.Where(h => h.HttpMethod == "Post").Select(h => h.Name is null ? "" : $"?handler={h.Name}")];
    }

    private static string Addressed(string name, IReadOnlyDictionary<string, string> values) => string.Join('/', name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split('/').Select(part =>
    {
        var (open, close) = (part.IndexOf('{', StringComparison.Ordinal), part.IndexOf('}', StringComparison.Ordinal));
        if (open < 0) return part;
        var hole = part[(open + 1)..close].Trim('*', '?').Split(':')[0];
        return part[..open] + values[hole] + part[(close + 1)..];
    }));

    private static List<EndPoint> All(EndpointDataSource routes) => [.. routes.Endpoints.OfType<RouteEndpoint>()
        .Select(e => new EndPoint(
            $"{(e.Metadata.GetMetadata<PageActionDescriptor>() is not null ? "PAGE" : string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]))} /{e.RoutePattern.RawText?.TrimStart('/')}", e))
        .DistinctBy(e => e.Name).OrderBy(e => e.Name, StringComparer.Ordinal)];

    private static Wall? Of(EndPoint point)
    {
        if (_scopes.ContainsKey(point.Name)) return Wall.Key;
        if (_rules.TryGetValue(point.Name, out var wall)) return wall;
        // Pages of the consoles without a hole show what the person's party has; those of the operator, what its staff may see.
        var isConsole = point.Page?.RelativePath is { } path
            && (path.StartsWith("/Consoles/Operator/", StringComparison.Ordinal) || path.StartsWith("/Consoles/Everyone/", StringComparison.Ordinal)
                || (!point.Name.Contains('{', StringComparison.Ordinal) && (path.StartsWith("/Consoles/Merchant/", StringComparison.Ordinal) || path.StartsWith("/Consoles/Supplier/", StringComparison.Ordinal))));
        return isConsole ? Wall.Role : null;
    }

    private static List<EndPoint> Behind(Wall wall, EndpointDataSource routes) => [.. All(routes).Where(e => Of(e) == wall)];

    [Fact]
    public async Task Every_end_point_has_a_rule()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var all = All(world.Get<EndpointDataSource>());
        all.Where(e => Of(e) is null).Select(e => e.Name).ShouldBeEmpty("each has a rule");
        _rules.Keys.Concat(_scopes.Keys).Except(all.Select(e => e.Name)).ShouldBeEmpty("no rule for what is not there");
    }

    [Fact]
    public async Task F45_Each_call_of_the_API_answers_its_own_keys_alone()
    {
        await using var world = await SupplierApiWorld.CreateAsync(DatabaseKind.Sqlite);
        var api = world.Api;
        var routes = api.Get<EndpointDataSource>();
        var purchase = await world.BuyAsync("wall-direct");
        var order = (await api.Caller.BuyAsync("wall-1"))["order_no"];
        var sku = (await api.Get<Modules.Catalog.Catalog>().FindSkuAsync("sku-a"))!;
        var supply = (await api.Get<Modules.Catalog.Catalog>().FindSupplyAsync(sku.Id, world.First))!;
        var shop = ApiWorld.Saved(await api.Get<StorefrontBook>().CreateAsync(api.First, new StorefrontDraft { Slug = "first", NameZh = "一店", NameEn = "First", Brand = "#be185d" }));
        var sale = ApiWorld.Saved(await api.Get<SaleBook>().CreateAsync(api.First, new FlashSaleDraft
        {
            Storefront = shop.Id, Sku = sku.Id, Units = "2", Price = "48.00", Quota = "1", PaySeconds = "60", From = TimeProvider.System.Now().AddHours(1), To = TimeProvider.System.Now().AddHours(2),
        }));
        var import = PublicId.Encode((await api.Get<ImportDesk>().ListAsync(world.First))[0].Id);
        var values = new Dictionary<string, string>
        {
            ["order_no"] = order, ["id"] = sku.ProductId.ToString(), ["sale"] = sale.Id.ToString(), ["supply_id"] = supply.Id.ToString(), ["import_no"] = import,
            ["purchase_no"] = purchase, ["period"] = "2026-01",
        };
        string[] own = [order, purchase, import, "wall-1", "wall-direct", supply.Id.ToString()];
        string[] holes = ["order_no", "sale", "supply_id", "import_no", "purchase_no"];

        foreach (var point in Behind(Wall.Key, routes))
        {
            var (scope, body) = _scopes[point.Name];
            var address = point.At(values);
            var isSuppliers = ApiScopes.OfSuppliers.Contains(scope);
            var (mine, theirs, otherKind) = isSuppliers ? (world.Caller, world.Other, api.Caller) : (api.Caller, api.Other, world.Caller);

            using (var request = new HttpRequestMessage(new HttpMethod(point.Method), address) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") })
            using (var stranger = await api.Http.SendAsync(request))
                stranger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, point.Name);

            var lacking = isSuppliers
                ? await api.KeyAsync(world.First, [.. ApiScopes.OfSuppliers.Where(s => s != scope)])
                : await api.KeyAsync(api.First, [.. ApiScopes.All.Where(s => s != scope)]);
            (await SendAsync(lacking)).Status.ShouldBe(HttpStatusCode.Forbidden, $"{point.Name} without {scope}");
            (await SendAsync(otherKind)).Status.ShouldBe(HttpStatusCode.Forbidden, $"{point.Name} as the other kind of party");

            var foreign = await SendAsync(theirs);
            if (holes.Any(h => point.Name.Contains($"{{{h}}}", StringComparison.Ordinal))) foreign.Status.ShouldBe(HttpStatusCode.NotFound, $"{point.Name} of another: {foreign.Text}");
            else ((int)foreign.Status).ShouldBeInRange(200, 299, $"{point.Name}: {foreign.Text}");
            foreach (var number in own) foreign.Text.ShouldNotContain(number, Case.Sensitive, point.Name);

            // What is refused to others is there.
            var answer = await SendAsync(mine);
            ((int)answer.Status).ShouldBeOneOf([200, 201, 202, 409], $"{point.Name}: {answer.Text}");

            Task<Answer> SendAsync(Caller caller) => caller.SendAsync(point.Method, address, body, r => r.Headers.Add("Idempotency-Key", $"{caller.Key}-1"));
        }

        foreach (var point in Behind(Wall.Ticket, routes))
        {
            using var request = new HttpRequestMessage(new HttpMethod(point.Method), point.At(values));
            request.Headers.Add("Lianka-Ticket", "guessed");
            using var answer = await api.Http.SendAsync(request);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task F45_Each_page_about_a_thing_of_a_party_is_there_for_that_party_alone()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 3);
        var (people, merchants) = (shop.Http.Get<People>(), shop.Http.Get<Merchants>());
        ApiWorld.Saved(await merchants.SaveLevelAsync(new LevelDraft { Rank = "2", NameZh = "一级", NameEn = "First" }));
        var other = ApiWorld.Saved(await merchants.CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" }));
        var agent = ApiWorld.Saved(await merchants.CreateAsync(new MerchantDraft { Slug = "sub", NameZh = "下级", NameEn = "Sub", Level = "2", Parent = shop.Merchant }));
        var foreign = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "foreign", NameZh = "别的供应商", NameEn = "Foreign" }));
        foreach (var (login, role, party) in new[]
        {
            ("merchant-own", Roles.Merchant, shop.Merchant.Value), ("merchant-other", Roles.Merchant, other.Id.Value),
            ("supplier-own", Roles.Supplier, shop.Supply.SupplierId.Value), ("supplier-other", Roles.Supplier, foreign.Id.Value),
        })
            await people.CreateAsync(login, Visitor.Password, role, party, login);

        var guest = shop.NewGuest();
        var order = Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(await guest.BuyAsync(await guest.ProductAsync()))));
        (await shop.Http.Get<ReviewDesk>().WriteAsync(shop.Storefront.Id, order, 5, "好")).ShouldBeOfType<ReviewDecision.Saved>();
        var sale = await FlashSales.FlashWorld.MakeAsync(shop, TimeProvider.System, units: 1);
        var listing = ApiWorld.Saved(await shop.Http.Get<Listings>().PreviewAsync(shop.Merchant, new GoodsChoice(), new RetailRuleDraft(), "test"));
        var topUp = (await shop.Http.Get<TopUpDesk>().OpenAsync(shop.Merchant, "100", "k", "merchant:merchant-own")).ShouldBeOfType<TopUpDecision.Done>().Value;
        var import = (ImportStart.Accepted)await shop.Http.Get<ImportDesk>().StartAsync(
            new ImportRequest(shop.Supply.Id, CardFormat.Text, CardEncoding.Utf8, "t", "test"), new MemoryStream("NEW-CARD-0001\n"u8.ToArray()));
        var paper = Goods.Saved(await shop.Http.Get<Certificates>().AddAsync(CertificateOwner.Of(shop.Supply.SupplierId), Papers.Licence()));
        var things = new Dictionary<string, string>
        {
            ["orders"] = $"{order}", ["customers"] = $"{order}", ["posters"] = $"{shop.Storefront.Id}", ["reviews"] = $"{order}", ["agents"] = $"{agent.Id}", ["sales"] = $"{sale.Id}", ["listing"] = PublicId.Encode(listing),
            ["storefront"] = $"{shop.Storefront.Id}", ["top-ups"] = topUp.No, ["imports"] = PublicId.Encode(import.Id), ["certificates"] = PublicId.Encode(paper.Id),
        };

        foreach (var of in new[] { new Employer(Roles.Merchant, shop.Merchant.Value), new Employer(Roles.Supplier, shop.Supply.SupplierId.Value) })
        {
            var (staff, owner) = (shop.Http.Get<Staff>(), (await people.OfPartyAsync(of.Role, of.PartyId))[0].Id);
            things[$"{of.Role} staff-roles"] = PublicId.Encode(((StaffDecision.Saved)await staff.SaveRoleAsync(owner, 0, "role", "", Rights.Of([]))).Id);
            things[$"{of.Role} staff"] = PublicId.Encode(owner);
        }

        var visitors = new Dictionary<string, Visitor>();
        foreach (var login in new[] { "merchant-own", "merchant-other", "supplier-own", "supplier-other" }) visitors[login] = await Visitor.LoggedInAsync(shop.Http, login);
        foreach (var point in Behind(Wall.Thing, shop.Http.Get<EndpointDataSource>()).Where(p => p.Name != Delivery))
        {
            var (kind, whose) = (point.Name.Split('/')[3], point.Name.Split('/')[2]);
            var thing = things.GetValueOrDefault($"{whose} {kind}") ?? things[kind];
            var address = point.At(new Dictionary<string, string> { ["id"] = thing, ["order"] = thing, ["shop"] = thing, ["product"] = "steam-wallet" });
            var role = address.Split('/')[2];
            (await visitors[$"{role}-own"].GetAsync(address)).Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Redirect], $"{point.Name} of their own");
            await ShutAsync(visitors[$"{role}-other"], shop.Http, point, address);
        }

        // What lists and searches tell is one's own too.
        foreach (var point in Behind(Wall.Session, shop.Http.Get<EndpointDataSource>()))
        {
            using var request = new HttpRequestMessage(new HttpMethod(point.Method), point.At(new Dictionary<string, string> { ["id"] = "none" }));
            using var answer = await shop.Http.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, point.Name);
        }

        foreach (var (login, visitor) in visitors)
            (await visitor.GetAsync($"/console/api/find?q={order}")).Html.Contains($"{order}", StringComparison.Ordinal).ShouldBe(login == "merchant-own", login);
    }

    [Fact]
    public async Task A_delivery_is_there_for_its_supplier_alone()
    {
        await using var world = await SupplierApiWorld.CreateAsync(DatabaseKind.Sqlite);
        var purchase = await world.BuyAsync("wall-direct");
        foreach (var (login, party) in new[] { ("own", world.First), ("other", world.Second) })
            await world.Api.Get<People>().CreateAsync(login, Visitor.Password, Roles.Supplier, party.Value, login);
        var address = Addressed(Delivery, new Dictionary<string, string> { ["id"] = purchase });
        var own = await Visitor.LoggedInAsync(world.Api.Node, "own");
        (await own.GetAsync(address)).Status.ShouldBe(HttpStatusCode.OK);
        // What waits is told to those of its people who may open the page behind it.
        var (attention, person) = (world.Api.Get<Attention>(), (await world.Api.Get<People>().OfPartyAsync(Roles.Supplier, world.First.Value)).Single());
        (await attention.OfAsync(person)).Of["/console/supplier/deliveries"].ShouldBe(1);
        (await attention.OfAsync(person with { Rights = Rights.Of([SupplierPermissions.SalesSee]) })).Total.ShouldBe(0);
        await ShutAsync(await Visitor.LoggedInAsync(world.Api.Node, "other"), world.Api.Node, All(world.Api.Get<EndpointDataSource>()).Single(e => e.Name == Delivery), address);
    }

    /// <summary>As if it did not exist, whatever is asked of it.</summary>
    private static async Task ShutAsync(Visitor visitor, HttpWorld world, EndPoint point, string address)
    {
        (await visitor.GetAsync(address)).Status.ShouldBe(HttpStatusCode.NotFound, point.Name);
        var form = await visitor.GetAsync("/console/password");
        foreach (var handler in await point.FormsAsync(world))
            (await visitor.PostAsync(form, address + handler)).Status.ShouldBe(HttpStatusCode.NotFound, $"{point.Name}{handler}");
    }

    [Fact]
    public async Task F45_An_order_of_a_shop_is_shown_to_the_browser_that_bought_it_alone()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 5);
        var routes = shop.Http.Get<EndpointDataSource>();
        var other = ApiWorld.Saved(await shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" }));
        ApiWorld.Saved(await shop.Http.Get<StorefrontBook>().CreateAsync(other.Id, new StorefrontDraft { Slug = "elsewhere", NameZh = "别店", NameEn = "Elsewhere", Brand = "#be185d" }));
        var sale = await FlashSales.FlashWorld.MakeAsync(shop, TimeProvider.System, units: 1);
        var (buyer, neighbour, stranger) = (shop.NewGuest(), shop.NewGuest(), shop.NewGuest());
        var waits = Guest.OrderOf(await buyer.BuyAsync(await buyer.ProductAsync()));
        var paid = Guest.OrderOf(await buyer.PressAsync(await buyer.OpenCashierAsync(await buyer.BuyAsync(await buyer.ProductAsync()))));
        await neighbour.BuyAsync(await neighbour.ProductAsync(), contact: "13900139000");
        (await buyer.GetAsync($"/s/{ShopWorld.Slug}/o/{paid}")).Html.ShouldContain($"{paid}");
        (await buyer.GetAsync($"/s/{ShopWorld.Slug}/pay/{waits}")).Path.ShouldEndWith($"{waits}");
        var before = await OrdersAsync();

        foreach (var order in new[] { waits, paid })
        {
            foreach (var point in Behind(Wall.Buyer, routes))
            {
                await ShutFromAsync(stranger, ShopWorld.Slug);
                await ShutFromAsync(neighbour, ShopWorld.Slug);
                await ShutFromAsync(buyer, "elsewhere");

                async Task ShutFromAsync(Guest guest, string slug)
                {
                    var address = point.At(Values(slug, order));
                    Shut(await guest.GetAsync(address), point.Name);
                    foreach (var handler in await point.FormsAsync(shop.Http))
                        Shut(await guest.PostAsync(await guest.GetAsync($"/s/{slug}/orders"), address + handler), point.Name + handler);
                }
            }

            foreach (var point in Behind(Wall.Open, routes))
            {
                var page = await stranger.GetAsync(point.At(Values(ShopWorld.Slug, order)));
                ((int)page.Status).ShouldBeLessThan(500, point.Name);
                page.Html.ShouldNotContain(ShopWorld.Contact, Case.Sensitive, point.Name);
                page.Html.ShouldNotContain("CARD-", Case.Sensitive, point.Name);
            }

            (await stranger.GetAsync($"/s/elsewhere/flash/{sale.Id}/pay/{order}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await OrdersAsync()).ShouldBe(before, "nothing was done by whom it does not belong to");

        var channel = (await shop.Http.Get<PaymentChannels>().ListAsync())[0];
        foreach (var point in Behind(Wall.Signed, routes))
            foreach (var key in new[] { "none", channel.NoticeKey })
                foreach (var method in point.Method.Split(','))
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), point.At(new Dictionary<string, string> { ["key"] = key }));
                    if (method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                    using var answer = await shop.Http.Client.SendAsync(request);
                    ((int)answer.StatusCode).ShouldBeInRange(400, 499, $"{method} {point.Name}");
                }

        Dictionary<string, string> Values(string slug, OrderId order) => new()
        {
            ["slug"] = slug, ["order"] = $"{order}", ["attempt"] = "1", ["channel"] = PublicId.Encode(1), ["sale"] = $"{sale.Id}", ["product"] = "steam-wallet", ["category"] = "games",
            ["code"] = "not_found", ["hash"] = new string('0', 32), ["path"] = "s", ["tradeNo"] = "none", ["size"] = "192",
        };

        async Task<string> OrdersAsync() => string.Join(' ', (await shop.Orders.ListAsync(new OrderFilter(shop.Merchant))).Orders.Where(o => o.Id == waits || o.Id == paid).Select(o => $"{o.Id}:{o.Status}"))
            + $" reviews {await shop.CountAsync("select count(*) from review")}, looks {await shop.CountAsync("select count(*) from reveal_log")}";

        static void Shut(Page page, string name)
        {
            (page.Status == HttpStatusCode.NotFound || page.Path.EndsWith("/orders", StringComparison.Ordinal)).ShouldBeTrue($"{name}: {page.Status} {page.Path}");
            page.Html.ShouldNotContain(ShopWorld.Contact, Case.Sensitive, name);
            page.Html.ShouldNotContain("CARD-", Case.Sensitive, name);
        }
    }
}
