using System.Net;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.OpenApi;

public sealed class OrderApiTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_signed_order_is_delivered_at_once_and_can_be_read(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var placed = await world.Caller.PostAsync("/api/v1/orders", new
        {
            client_order_no = "A-001", sku = "sku-a", quantity = 2, max_total = "100.0000",
            fields = new { zone = "华东", account = "138" }, callback_url = "https://erp.example/cb",
        });
        placed.Status.ShouldBe(HttpStatusCode.Created, placed.Text);
        placed.ContentType.ShouldBe("application/json");
        placed.Header("Location").ShouldBe($"/api/v1/orders/{placed["order_no"]}");
        placed.Header("Idempotent-Replayed").ShouldBe("");
        placed["order_no"].ShouldStartWith("ord_");
        placed["client_order_no"].ShouldBe("A-001");
        (placed["status"], placed["settlement"], placed["dispute"], placed["final"]).ShouldBe(("delivered", "escrowed", "none", "True"));
        (placed["sku"], placed["quantity"], placed["delivered_quantity"]).ShouldBe(("sku-a", "2", "2"));
        (placed["unit_price"], placed["total"], placed["refunded"], placed["currency"]).ShouldBe(("46.7500", "93.5000", "0.0000", "CNY"));
        placed["created_at"].ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$");
        placed["delivered_at"].ShouldBe(placed["created_at"]);
        placed.Json.GetProperty("fields").GetRawText().ShouldBe("""{"account":"138","zone":"华东"}""");
        placed.Json.GetProperty("fulfilments").EnumerateArray().Sum(f => f.GetProperty("quantity").GetInt64()).ShouldBe(2);
        placed.Json.TryGetProperty("cards", out _).ShouldBeFalse();
        placed.Text.ShouldNotContain("SECRET-");

        (await world.Caller.GetAsync($"/api/v1/orders/{placed["order_no"]}")).Text.ShouldBe(placed.Text);
        var found = await world.Caller.GetAsync("/api/v1/orders?client_order_no=A-001");
        found.Json.GetProperty("data")[0].GetRawText().ShouldBe(placed.Text);
        found.Json.TryGetProperty("page", out _).ShouldBeFalse();
        (await world.Caller.GetAsync("/api/v1/orders?client_order_no=A-002")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F16_The_same_number_gives_the_same_order_and_other_content_is_refused(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var first = await world.Caller.BuyAsync("A-001", maxTotal: "50");
        first.Status.ShouldBe(HttpStatusCode.Created);
        var again = await world.Caller.BuyAsync("A-001", maxTotal: "50");
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Header("Idempotent-Replayed").ShouldBe("true");
        again.Text.ShouldBe(first.Text);

        foreach (var other in new[]
        {
            await world.Caller.BuyAsync("A-001", quantity: 2, maxTotal: "50"),
            await world.Caller.BuyAsync("A-001", maxTotal: "50.0001"),
            await world.Caller.BuyAsync("A-001", sku: "sku-empty", maxTotal: "50"),
            await world.Caller.BuyAsync("A-001", sku: "no-such-sku", maxTotal: "50"),
            await world.Caller.BuyAsync("A-001", quantity: 10_001, maxTotal: "50"),
        })
        {
            ((int)other.Status, other.Code).ShouldBe((422, "idempotency_conflict"));
            other.Errors.ShouldBe([("/client_order_no", "used")]);
        }

        (await BalanceAsync(world.Caller)).ShouldBe("9953.2500");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F15_A_hundred_parallel_calls_with_one_key_buy_once(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => world.Caller.BuyAsync("A-001", quantity: 3)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.OK || a.Code == "request_in_progress").ShouldBe(99);
        answers.Where(a => (int)a.Status < 300).Select(a => a["order_no"]).Distinct().ShouldHaveSingleItem();
        (await BalanceAsync(world.Caller)).ShouldBe("9859.7500");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Refusals_come_in_their_order_and_use_up_nothing(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind, cards: 5);
        var poor = await world.KeyAsync(await world.MerchantAsync("poor", "0"));

        // Each breaks everything that is checked later, too.
        await RefusedAsync(poor.BuyAsync("N", "no-such-sku", 0, "nothing"), 400, "invalid_request", ("/max_total", "not_amount"));
        await RefusedAsync(poor.BuyAsync("N", "no-such-sku", 0, "0.0001"), 422, "quantity_out_of_range", ("/quantity", "range"));
        await RefusedAsync(poor.BuyAsync("N", "no-such-sku", 10_001, "0.0001"), 422, "quantity_out_of_range", ("/quantity", "range"));
        await RefusedAsync(poor.BuyAsync("N", "no-such-sku", -1, "0.0001"), 422, "quantity_out_of_range", ("/quantity", "range"));
        await RefusedAsync(poor.BuyAsync("N", "sku-a", 101, "0.0001"), 422, "quantity_out_of_range", ("/quantity", "range"));
        await RefusedAsync(poor.BuyAsync("N", "no-such-sku", 10_000, "0.0001"), 409, "not_offered", ("/sku", "not_offered"));
        await RefusedAsync(poor.BuyAsync("N", "sku-a", 100, "0.0001"), 409, "price_moved", ("/max_total", "too_low"));
        await RefusedAsync(poor.BuyAsync("N", "sku-a", 100, "4674.9999"), 409, "price_moved", ("/max_total", "too_low"));
        (await poor.BuyAsync("N", "sku-a", 100, "4675")).ShouldSatisfyAllConditions(
            a => ((int)a.Status, a.Code).ShouldBe((402, "insufficient_funds")), a => a.Json.GetProperty("retryable").GetBoolean().ShouldBeTrue());
        await RefusedAsync(world.Caller.BuyAsync("N", "sku-a", 6), 409, "stock_short", ("/quantity", "stock_short"));
        await RefusedAsync(world.Caller.BuyAsync("N", "sku-empty"), 409, "stock_short", ("/quantity", "stock_short"));

        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
        (await world.CountAsync("select count(*) from order_event")).ShouldBe(0);
        await world.CreditAsync(await MerchantOfAsync(world, "poor"), "46.7500");
        (await poor.BuyAsync("N", "sku-a", 1, "46.75")).Status.ShouldBe(HttpStatusCode.Created);
        (await BalanceAsync(poor)).ShouldBe("0.0000");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F18_Two_hundred_buyers_get_the_last_fifty_cards_once_each(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind, cards: 50);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? world.Caller : world.Other).BuyAsync($"N-{i}", reveal: true)));
        var sold = answers.Where(a => a.Status == HttpStatusCode.Created).ToList();
        sold.Count.ShouldBe(50);
        answers.Count(a => a.Code == "stock_short").ShouldBe(150);
        sold.Select(a => a.Json.GetProperty("cards")[0].GetProperty("secret").GetString()).Distinct().Count().ShouldBe(50);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Every_reveal_shows_the_cards_and_is_logged(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var placed = await world.Caller.BuyAsync("A-001", quantity: 2, reveal: true);
        placed.Status.ShouldBe(HttpStatusCode.Created);
        var secrets = placed.Json.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("secret").GetString()).ToList();
        secrets.Count.ShouldBe(2);
        secrets.ShouldBeSubsetOf(ApiWorld.CardSecrets);
        placed.Json.GetProperty("cards")[0].GetProperty("kind").GetString().ShouldBe("code");
        placed.Header("Cache-Control").ShouldBe("no-store");
        (await LoggedAsync(world)).ShouldBe(1);

        var again = await world.Caller.BuyAsync("A-001", quantity: 2, reveal: true);
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Json.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("secret").GetString()).ShouldBe(secrets);
        (await LoggedAsync(world)).ShouldBe(2);

        var revealed = await world.Caller.PostAsync($"/api/v1/orders/{placed["order_no"]}/reveal");
        revealed.Status.ShouldBe(HttpStatusCode.OK);
        revealed.Json.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("secret").GetString()).ShouldBe(secrets);
        (await LoggedAsync(world)).ShouldBe(3);
        (await world.CountAsync("select count(*) from reveal_log where actor = @Actor and address = '127.0.0.1'",
            new { Actor = $"key:{world.Caller.Key}" })).ShouldBe(3);

        // Reading and plain replays show nothing and log nothing.
        (await world.Caller.BuyAsync("A-001", quantity: 2)).Text.ShouldNotContain("SECRET-");
        (await world.Caller.GetAsync($"/api/v1/orders/{placed["order_no"]}")).Text.ShouldNotContain("SECRET-");
        (await LoggedAsync(world)).ShouldBe(3);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F45_Another_merchant_s_order_is_as_if_it_did_not_exist(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var mine = await world.Caller.BuyAsync("A-001");
        foreach (var id in new[] { mine["order_no"], "ord_0000000000000", "4950abc", "mer_4f9k2m7xq1c8e", "ord_ZZZZZZZZZZZZZ", "%2e%2e" })
        {
            ((await world.Other.GetAsync($"/api/v1/orders/{id}")).Code).ShouldBe("not_found", id);
            ((await world.Other.PostAsync($"/api/v1/orders/{id}/reveal")).Code).ShouldBe("not_found", id);
            ((await world.Other.PostAsync($"/api/v1/orders/{id}/cancel")).Code).ShouldBe("not_found", id);
        }

        (await LoggedAsync(world)).ShouldBe(0);
        (await world.Other.GetAsync("/api/v1/orders")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await world.Other.GetAsync("/api/v1/orders?client_order_no=A-001")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await world.Other.GetAsync($"/api/v1/orders?cursor={mine["order_no"]}")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);

        // The number is free in another account.
        (await world.Other.BuyAsync("A-001")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_a_storefront_sold_belongs_to_its_buyer_and_is_not_shown(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var sold = await world.Caller.BuyAsync("A-001");
        await world.Database.WriteAsync(s => s.ExecuteAsync("update orders set source = 3"));
        (await world.Caller.GetAsync($"/api/v1/orders/{sold["order_no"]}")).Code.ShouldBe("not_found");
        (await world.Caller.PostAsync($"/api/v1/orders/{sold["order_no"]}/reveal")).Code.ShouldBe("not_found");
        (await world.Caller.PostAsync($"/api/v1/orders/{sold["order_no"]}/cancel")).Code.ShouldBe("not_found");
        (await world.Caller.GetAsync("/api/v1/orders")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await world.Caller.GetAsync("/api/v1/orders?client_order_no=A-001")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await LoggedAsync(world)).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_delivered_order_cannot_be_cancelled(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var order = await world.Caller.BuyAsync("A-001");
        var refused = await world.Caller.PostAsync($"/api/v1/orders/{order["order_no"]}/cancel");
        ((int)refused.Status, refused.Code).ShouldBe((409, "not_cancellable"));
        (await world.Caller.GetAsync($"/api/v1/orders/{order["order_no"]}")).Text.ShouldBe(order.Text);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Orders_are_listed_newest_first_page_by_page(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        var bought = new List<string>();
        for (var i = 0; i < 5; i++) bought.Add((await world.Caller.BuyAsync($"N-{i}"))["order_no"]);
        bought.Reverse();

        var listed = new List<string>();
        var cursor = "";
        do
        {
            var page = await world.Caller.GetAsync($"/api/v1/orders?limit=2{cursor}");
            listed.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(o => o.GetProperty("order_no").GetString()!));
            page.Json.GetProperty("page").GetProperty("limit").GetInt32().ShouldBe(2);
            cursor = page.Json.GetProperty("page").GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        listed.ShouldBe(bought);

        (await CountAsync("?status=delivered")).ShouldBe(5);
        (await CountAsync("?status=refunded")).ShouldBe(0);
        (await CountAsync("?created_from=2020-01-01T00:00:00Z&created_to=2020-01-02T00:00:00%2B08:00")).ShouldBe(0);
        (await CountAsync("?created_from=2020-01-01T00:00:00.5Z")).ShouldBe(5);

        async Task<int> CountAsync(string query) =>
            (await world.Caller.GetAsync($"/api/v1/orders{query}")).Json.GetProperty("data").GetArrayLength();
    }

    [Theory]
    [InlineData("?limit=0", "?limit", "range")]
    [InlineData("?limit=201", "?limit", "range")]
    [InlineData("?limit=%EF%BC%95", "?limit", "range")]
    [InlineData("?limit=1&limit=2", "?limit", "duplicate")]
    [InlineData("?status=gone", "?status", "not_one_of")]
    [InlineData("?cursor=4950abc", "?cursor", "not_cursor")]
    [InlineData("?created_from=yesterday", "?created_from", "not_moment")]
    [InlineData("?created_to=2026-13-01T00:00:00Z", "?created_to", "not_moment")]
    [InlineData("?created_to=2026-01-01", "?created_to", "not_moment")]
    [InlineData("?client_order_no=", "?client_order_no", "length")]
    [InlineData("?client_order_no=a%00b", "?client_order_no", "characters")]
    public async Task A_query_that_cannot_be_read_is_refused_by_name(string query, string pointer, string code)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var refused = await world.Caller.GetAsync($"/api/v1/orders{query}");
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.BadRequest, "invalid_request"));
        refused.Errors.ShouldBe([(pointer, code)]);
    }

    private static async Task RefusedAsync(Task<Answer> call, int status, string code, params (string, string)[] errors)
    {
        var answer = await call;
        ((int)answer.Status, answer.Code).ShouldBe((status, code), answer.Text);
        answer.Errors.ShouldBe(errors);
    }

    private static Task<long> LoggedAsync(ApiWorld world) => world.CountAsync("select count(*) from reveal_log");

    private static async Task<string> BalanceAsync(Caller caller) => (await caller.GetAsync("/api/v1/account"))["balance"];

    private static async Task<Kernel.Id<Kernel.OfMerchant>> MerchantOfAsync(ApiWorld world, string slug) =>
        (await world.Get<Modules.Agents.Merchants>().FindAsync(slug))!.Id;
}
