using System.Net;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>What the console application is told: pages as contents, hits, saved views, what waits.</summary>
public sealed class ApplicationTests
{
    private static async Task<ShopWorld> OpenAsync(DatabaseKind kind, int cards = 3)
    {
        var shop = await ShopWorld.CreateAsync(kind, cards: cards);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("operator", Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync("merchant", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync("supplier", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        return shop;
    }

    [Fact]
    public async Task A_page_tells_the_application_what_it_tells_a_browser()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite);
        var guest = shop.NewGuest();
        await guest.BuyAsync(await guest.ProductAsync());
        var order = (await shop.Orders.ListAsync(new OrderFilter(shop.Merchant))).Orders.Single().Id;
        using var app = await ConsoleApp.OpenAsync(shop.Http, "operator");

        var (status, list) = await app.PageAsync("/console/orders");
        status.ShouldBe(HttpStatusCode.OK);
        list.ShouldBe("PageContents");
        var table = list.GetProperty("tables")[0];
        table.GetProperty("rows")[0][0].GetProperty("text").GetString().ShouldBe(order.ToString());
        table.GetProperty("columns").EnumerateArray().Select(c => c.TryGetProperty("kind", out var k) ? k.GetString() : "text").ShouldContain("money");
        var body = list.GetProperty("body").GetString()!;
        body.ShouldContain("data-table=\"0\"");
        body.ShouldNotContain(order.ToString(), Case.Sensitive, "the application draws the table, so the page does not");

        // Tables, forms, what stands below the heading, pages that another program draws on, and pages without anything.
        foreach (var path in new[] { $"/console/orders/{order}", "/console/products", "/console/products/new", "/console/home", "/console/settings", "/console/trial-balance", "/console/imports", "/console/channels", "/console/figures", "/console/merchants/tree" })
        {
            (status, var page) = await app.PageAsync(path);
            status.ShouldBe(HttpStatusCode.OK, path);
            page.ShouldBe("PageContents");
            page.GetProperty("body").GetString()!.ShouldNotContain("<html", Case.Insensitive, path);
        }

        // A chart is a table of which columns are drawn, in a frame of the same number.
        var figures = (await app.PageAsync("/console/figures")).Answer;
        figures.GetProperty("tables")[0].GetProperty("columns")[1].GetProperty("draw").GetString().ShouldBe("bar");
        figures.GetProperty("tables")[0].GetProperty("columns")[0].TryGetProperty("draw", out _).ShouldBeFalse();
        (await app.PageAsync($"/console/orders/{order}")).Answer.GetProperty("sub").GetString()!.ShouldContain("badge");
        var (missing, problem) = await app.PageAsync("/console/orders/none");
        missing.ShouldBe(HttpStatusCode.NotFound);
        problem.ShouldBe("Problem");
        problem.GetProperty("request_id").GetString()!.Length.ShouldBeGreaterThan(7);
        var (forbidden, why) = await app.PageAsync("/console/merchant/orders");
        forbidden.ShouldBe(HttpStatusCode.Forbidden);
        why.GetProperty("title").GetString().ShouldBe("Not permitted");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_search_finds_what_the_person_may_see(DatabaseKind kind)
    {
        await using var shop = await OpenAsync(kind);
        var other = ((AgentsDecision<MerchantEntry>.Saved)await shop.Http.Get<Merchants>().CreateAsync(
            new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Value;
        await shop.Http.Get<People>().CreateAsync("other", Visitor.Password, Roles.Merchant, other.Id.Value, "Other");
        var guest = shop.NewGuest();
        await guest.BuyAsync(await guest.ProductAsync());
        var order = (await shop.Orders.ListAsync(new OrderFilter(shop.Merchant))).Orders.Single().Id.ToString();
        using var oper = await ConsoleApp.OpenAsync(shop.Http, "operator");
        using var own = await ConsoleApp.OpenAsync(shop.Http, "merchant");
        using var stranger = await ConsoleApp.OpenAsync(shop.Http, "other");
        using var supplier = await ConsoleApp.OpenAsync(shop.Http, "supplier");

        var (_, answer) = await oper.GetAsync($"/console/api/find?q={order}");
        answer.ShouldBe("FindAnswer");
        Hrefs(answer).ShouldBe([$"/console/orders/{order}"]);
        Hrefs((await oper.GetAsync("/console/api/find?q=other")).Answer).ShouldBe([$"/console/merchants/{other.Id}"]);
        Hrefs((await own.GetAsync($"/console/api/find?q={order}")).Answer).ShouldBe([$"/console/merchant/orders/{order}"]);
        Hrefs((await stranger.GetAsync($"/console/api/find?q={order}")).Answer).ShouldBeEmpty();
        Hrefs((await stranger.GetAsync("/console/api/find?q=other")).Answer).ShouldBeEmpty("a merchant finds no merchants");
        Hrefs((await supplier.GetAsync($"/console/api/find?q={order}")).Answer).ShouldBeEmpty();
        foreach (var q in new[] { "", "x", "%25%25", new string('9', 200), "' or 1=1" }) (await oper.GetAsync($"/console/api/find?q={q}")).Status.ShouldBe(HttpStatusCode.OK, q);

        static string?[] Hrefs(JsonElement answer) =>
            [.. answer.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("hits").EnumerateArray()).Select(h => h.GetProperty("href").GetString())];
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_Views_are_kept_by_name_and_seen_by_their_person_alone(DatabaseKind kind)
    {
        await using var shop = await OpenAsync(kind, cards: 1);
        using var app = await ConsoleApp.OpenAsync(shop.Http, "operator");
        using var other = await ConsoleApp.OpenAsync(shop.Http, "merchant");
        var draft = new { path = "/console/orders", query = "status=Delivered", name = " 已发货 " };

        (await app.AskAsync(HttpMethod.Post, "/console/api/views", draft, withToken: false)).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (status, views) = await app.AskAsync(HttpMethod.Post, "/console/api/views", draft);
        status.ShouldBe(HttpStatusCode.OK);
        views[0].ShouldBe("SavedView");
        (await app.AskAsync(HttpMethod.Post, "/console/api/views", draft with { query = "status=Paid" })).Answer.GetArrayLength().ShouldBe(1);
        (views, var id) = ((await app.GetAsync("/console/api/views")).Answer, views[0].GetProperty("id").GetString());
        (views[0].GetProperty("name").GetString(), views[0].GetProperty("query").GetString()).ShouldBe(("已发货", "status=Paid"));
        (await other.GetAsync("/console/api/views")).Answer.GetArrayLength().ShouldBe(0);
        (await other.AskAsync(HttpMethod.Delete, $"/console/api/views/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.GetAsync("/console/api/views")).Answer.GetArrayLength().ShouldBe(1, "another person's cannot be taken away");
        foreach (var bad in new[] { draft with { name = "  " }, draft with { name = new string('x', 41) }, draft with { path = "https://elsewhere.example" }, draft with { query = new string('q', 1_001) } })
        {
            (status, var problem) = await app.AskAsync(HttpMethod.Post, "/console/api/views", bad);
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            problem.ShouldBe("Problem");
        }

        (await app.AskAsync(HttpMethod.Delete, $"/console/api/views/{id}", withToken: false)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.AskAsync(HttpMethod.Delete, $"/console/api/views/{id}")).Answer.GetArrayLength().ShouldBe(0);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_person_keeps_at_most_a_hundred_views(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await world.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var person = (await world.Get<People>().OfPartyAsync(Roles.Operator, 0))[0].Id;
        var views = new SavedViews(world.Database, world.Get<IdSource>());
        for (var i = 0; i < SavedViews.ViewsMax; i++) (await views.SaveAsync(person, new ViewDraft("/console/orders", $"q={i}", $"{i}"))).ShouldBeNull();
        (await views.SaveAsync(person, new ViewDraft("/console/orders", "q=", "one more")))!.Code.ShouldBe("too_many");
        (await views.SaveAsync(person, new ViewDraft("/console/orders", "q=new", "7"))).ShouldBeNull("one that is there is changed");
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_in_words()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite, cards: 1);
        using var app = await ConsoleApp.OpenAsync(shop.Http, "operator");
        foreach (var what in new[] { "views", "files" })
            foreach (var body in new[] { "", "null", "{}", "[]", "{", "7", "\"x\"", "\u0000", $"\"{new string('x', 70_000)}\"" }) await RefusedAsync(what, body);
        foreach (var parts in new[]
        {
            """ "path":"/console/orders","query":"" """, """ "path":"/console/orders","query":"","name":null """, """ "path":"/console/orders","query":"","name":7 """, """ "path":"/console/orders","query":"","name":{} """,
            """ "path":"/console/orders","query":"","name":"a\u0000b" """, """ "path":"/console/orders","query":"","name":"\ud800" """, """ "path":"/console/orders","query":"\u0001","name":"x" """, """ "path":"/console/\u0000","query":"","name":"x" """,
        }) await RefusedAsync("views", $"{{{parts}}}");
        foreach (var parts in new[]
        {
            """ "format":"csv" """, """ "address":"/console/orders","format":"csv" """, """ "address":null,"table":0,"format":"csv" """, """ "address":"/console/orders","table":"x","format":"csv" """,
            """ "address":"/console/orders","table":1e99,"format":"csv" """, """ "address":"/console/orders","table":null,"format":"csv" """, """ "address":"/console/orders","table":0,"format":null """,
            """ "address":"/console/orders\u0000","table":0,"format":"csv" """, """ "address":"/console/orders?who=%00","table":0,"format":"csv" """, """ "address":"/console/orders?a%00=1","table":0,"format":"csv" """,
            """ "address":"/console/orders","table":0,"format":"csv","columns":"x" """, """ "address":"/console/orders","table":0,"format":"csv","columns":[null] """, """ "address":"/console/orders","table":0,"format":"csv","columns":["a\u0000b"] """,
            $""" "address":"/console/orders?q={new string('x', 2_000)}","table":0,"format":"csv" """, $""" "address":"/console/orders","table":0,"format":"csv","columns":["x"{string.Concat(Enumerable.Repeat(",\"x\"", 100))}] """,
        }) await RefusedAsync("files", $"{{{parts}}}");
        Told(await app.GetAsync("/console/api/find?q=a%00b"), "cannot be read", "find");

        // Nor is anything taken that no page of ours has sent, whatever it looks like.
        foreach (var (method, path) in new[] { (HttpMethod.Post, "views"), (HttpMethod.Post, "files"), (HttpMethod.Delete, "views/x"), (HttpMethod.Delete, "files/x") })
        {
            using var form = new ByteArrayContent([1]);
            form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
            foreach (var body in new[] { null, form }) Told(await app.AskAsync(method, $"/console/api/{path}", body, withToken: false), "out of date", path);
        }

        (await shop.CountAsync("select count(*) from saved_view"), await shop.CountAsync("select count(*) from export_file")).ShouldBe((0, 0));

        async Task RefusedAsync(string what, string body)
        {
            using var json = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            Told(await app.AskAsync(HttpMethod.Post, $"/console/api/{what}", json), "cannot be read", $"{what} {body}");
        }

        static void Told((HttpStatusCode Status, JsonElement Answer) answer, string words, string what)
        {
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, what);
            answer.Answer.ShouldBe("Problem");
            answer.Answer.GetProperty("detail").GetString()!.ShouldContain(words, Case.Sensitive, what);
        }
    }

    [Fact]
    public async Task What_waits_is_told_at_once_and_to_those_whom_it_concerns()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite, cards: 1);
        using var oper = await ConsoleApp.OpenAsync(shop.Http, "operator");
        using var merchant = await ConsoleApp.OpenAsync(shop.Http, "merchant");
        await shop.Http.Get<Database>().WriteAsync(s => s.ExecuteAsync(
            "insert into payment_case (id, kind, about, detail, opened_at) values (1, 'refund_failed', 'refund:1', 'closed account', 1)"));

        var said = JsonDocument.Parse(await oper.FirstEventAsync()).RootElement;
        said.ShouldBe("Attention");
        (said.GetProperty("total").GetInt64(), said.GetProperty("of").GetProperty("/console/payment-cases").GetInt64()).ShouldBe((1, 1));
        var home = (await oper.PageAsync("/console/home")).Answer.GetProperty("body").GetString()!;
        home.ShouldContain("""<a class="chip" href="/console/payment-cases">Payment cases <strong>1</strong></a>""");
        JsonDocument.Parse(await merchant.FirstEventAsync()).RootElement.GetProperty("of").EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stranger_is_told_nothing()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite, cards: 1);
        using var client = shop.Http.NewClient();
        foreach (var path in new[] { "find?q=steam", "views", "events" })
        {
            using var answer = await client.GetAsync($"/console/api/{path}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }
}
