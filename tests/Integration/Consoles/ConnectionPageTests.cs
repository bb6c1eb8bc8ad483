using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;
using Lianka.Tests.Integration.Upstream;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>A supplier's system is connected in the browser: from a template, with secrets, and tried.</summary>
public sealed class ConnectionPageTests
{
    [Fact]
    public async Task A_system_is_connected_tried_and_changed_without_showing_its_secrets()
    {
        await using var simulator = await Simulator.StartAsync();
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        (await visitor.GetAsync("/console/connections/templates")).Html.ShouldContain("Kasushou 2.0");
        var form = await visitor.GetAsync("/console/connections/new?template=kasushou");
        var config = Upstreams.Templates.Single(t => t.Name == "kasushou").Config;
        (string, string)[] fields =
        [
            ("name", "Sim"), ("supplier_id", shop.Supply.SupplierId.ToString()), ("base_url", simulator.Address), ("state", "Active"), ("secret_user_id", "10001"),
            ("secret_api_key", "sim-key-10001"), ("config", config),
        ];
        (await visitor.PostAsync(form, "/console/connections/new?template=kasushou", [.. fields.Where(f => f.Item1 != "secret_api_key")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var slip = await visitor.PostAsync(form, "/console/connections/new?template=kasushou", [.. fields.SkipLast(1), ("config", config.Replace("{own_no}", "{our_no}", StringComparison.Ordinal))]);
        slip.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        slip.Html.ShouldContain("buy.json.external_orderno");
        var made = await visitor.PostAsync(form, "/console/connections/new?template=kasushou", fields);
        made.Status.ShouldBe(HttpStatusCode.Redirect);

        var page = await visitor.GetAsync(made.Path);
        page.Html.ShouldNotContain("sim-key");
        System.Text.RegularExpressions.Regex.Count(page.Html, "<form[^>]+method=\"post\"").ShouldBe(System.Text.RegularExpressions.Regex.Count(page.Html, "__RequestVerificationToken"), "Every form has its token.");
        var balance = await visitor.PostAsync(page, made.Path + "?handler=try", ("trial", "Balance"), ("goods", "1001"));
        balance.Html.ShouldContain("100,000,000.0000");
        balance.Html.ShouldContain("/api/v1/user/info");
        balance.Html.ShouldNotContain("sim-key");
        var buy = await visitor.PostAsync(page, made.Path + "?handler=try", ("trial", "Buy"), ("goods", "1001"), ("fields", "account=13800138100"));
        buy.Html.ShouldContain("13800138100");
        buy.Html.ShouldNotContain("What came back");
        (await visitor.PostAsync(page, made.Path + "?handler=try", ("trial", "Query"), ("goods", "1001"), ("own_no", "nonsense"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.PostAsync(page, made.Path + "?handler=try", ("trial", "Query"), ("goods", "1001"))).Html.ShouldContain("They do not have this order");

        (await visitor.PostAsync(page, made.Path, ("name", "Renamed"), ("base_url", simulator.Address), ("state", "Off"), ("config", config))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await visitor.GetAsync("/console/connections")).Html.ShouldContain("Renamed");
        var connection = (await shop.Http.Get<Upstreams>().ListAsync()).ShouldHaveSingleItem();
        (connection.Name, connection.State).ShouldBe(("Renamed", ConnectionState.Off));
    }

    [Fact] // F45
    public async Task F45_a_supply_is_bought_at_its_own_suppliers_system()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var other = Inventory.Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new Modules.Catalog.SupplierDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));
        var template = Upstreams.Templates.Single(t => t.Name == "kayixin");
        async Task<Connection> ConnectAsync(SupplierId supplier) => Inventory.Goods.Saved(await shop.Http.Get<Upstreams>().CreateAsync(new ConnectionDraft
        {
            SupplierId = supplier, Name = "K", Adapter = template.Adapter, BaseUrl = "https://example.com", Config = template.Config, Secrets = UpstreamWorld.Secrets("1"),
        }));
        var (own, foreign) = (await ConnectAsync(shop.Supply.SupplierId), await ConnectAsync(other.Id));
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var path = $"/console/supplies/{shop.Supply.Id}";
        var page = await visitor.GetAsync(path);
        page.Html.ShouldNotContain($"value=\"{foreign.Id}\"");
        Task<Page> SaveAsync(Connection connection) => visitor.PostAsync(page, path, ("cost", "45.2500"), ("hold_seconds", "0"), ("priority", "100"), ("state", "Active"),
            ("connection_id", $"{connection.Id}"), ("upstream_code", "1001"), ("weight", "100"), ("batch_max", "1"));
        (await SaveAsync(foreign)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SaveAsync(own)).Status.ShouldBe(HttpStatusCode.Redirect);
        var saved = (await shop.Http.Get<Modules.Catalog.Catalog>().FindSupplyAsync(shop.Supply.Id))!;
        (saved.ConnectionId, saved.UpstreamCode).ShouldBe((own.Id, "1001"));
    }
}
