using System.Net;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>Whose keys may call what, and what suppliers read: supplies, standing, money.</summary>
public sealed class SupplierReadApiTests
{
    private const string Root = "/api/v1/supplier";

    /// <summary>A call of each scope, with a body where it needs one.</summary>
    private static readonly (string Scope, string Method, string Path)[] _calls =
    [
        (ApiScopes.SupplyRead, "GET", "/supplies"), (ApiScopes.SupplyRead, "GET", "/standing"), (ApiScopes.SupplyRead, "GET", "/imports/x"),
        (ApiScopes.StockWrite, "POST", "/imports"), (ApiScopes.Deliver, "GET", "/purchases"), (ApiScopes.Deliver, "GET", "/purchases/x"),
        (ApiScopes.Deliver, "POST", "/purchases/x/deliver"), (ApiScopes.Deliver, "POST", "/purchases/x/fail"), (ApiScopes.MoneyRead, "GET", "/money"),
        (ApiScopes.MoneyRead, "GET", "/statements/2026-01"),
    ];

    private static IEnumerable<JsonElement> Data(Answer answer) => answer.Json.GetProperty("data").EnumerateArray();

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_key_does_what_its_scopes_say_and_never_what_is_the_other_sides(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var (with, without) = (new Dictionary<string, Caller>(), new Dictionary<string, Caller>());
        foreach (var scope in ApiScopes.OfSuppliers)
        {
            with[scope] = await world.Api.KeyAsync(world.First, [scope]);
            without[scope] = await world.Api.KeyAsync(world.First, [.. ApiScopes.OfSuppliers.Where(s => s != scope)]);
        }

        foreach (var (scope, method, path) in _calls)
        {
            var body = method == "POST" ? "{}" : null;
            (await with[scope].SendAsync(method, Root + path, body)).Code.ShouldNotBe("forbidden", path);
            foreach (var caller in new[] { without[scope], world.Api.Caller })
            {
                var answer = await caller.SendAsync(method, Root + path, body);
                ((int)answer.Status, answer.Code).ShouldBe((403, "forbidden"), path);
                answer.Errors.ShouldBe([("", "scope")]);
            }
        }

        foreach (var path in new[] { "/orders", "/products", "/account", "/account/entries" })
            (await world.Caller.GetAsync("/api/v1" + path)).Code.ShouldBe("forbidden", path);
        (await world.Caller.BuyAsync("A-1")).Code.ShouldBe("forbidden");

        // No scope of the one side is offered to the other, and one that was written all the same does not help.
        var keys = world.Api.Get<ApiKeys>();
        foreach (var owner in new[] { KeyOwner.Of(world.First), KeyOwner.Of(world.Api.First) })
            (await keys.CreateAsync(owner, new ApiKeyDraft { Scopes = owner.Supplier is null ? ApiScopes.OfSuppliers : ApiScopes.All })).ShouldBeOfType<AgentsDecision<NewApiKey>.Refused>();
        await world.Api.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update api_key set scopes = 'orders:write orders:read supply:read money:read'");
            await s.ExecuteAsync("update version set value = value + 1 where name = 'access'");
        });
        await world.Api.Get<Access>().RefreshAsync();
        (await world.Caller.GetAsync("/api/v1/orders")).Code.ShouldBe("forbidden");
        (await world.Api.Caller.GetAsync($"{Root}/money")).Code.ShouldBe("forbidden");
        (await world.Caller.GetAsync($"{Root}/money")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Supplies_say_what_is_left_and_why_what_is_not_sold_is_not_to_their_own_supplier_alone(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var mine = Data(await world.Caller.GetAsync($"{Root}/supplies")).ToDictionary(s => s.GetProperty("sku").GetString()!);
        mine.Keys.ShouldBe(["sku-a", "sku-empty", "phone-10"], ignoreOrder: true);
        (mine["sku-a"].GetProperty("stock").GetInt64(), mine["sku-a"].GetProperty("cost").GetString(), mine["sku-a"].GetProperty("on_sale").GetBoolean()).ShouldBe((5, "45.2500", true));
        Why(mine["sku-empty"]).ShouldBe(["out_of_stock"]);
        (mine["phone-10"].GetProperty("kind").GetString(), mine["phone-10"].GetProperty("stock").ValueKind, Why(mine["phone-10"]).Count).ShouldBe(("direct", JsonValueKind.Null, 0));
        Data(await world.Other.GetAsync($"{Root}/supplies?sku=sku-a")).ShouldHaveSingleItem().GetProperty("cost").GetString().ShouldBe("45.5000");

        // Page by page they are the same.
        var (seen, cursor) = (new List<string?>(), "");
        do
        {
            var page = await world.Caller.GetAsync($"{Root}/supplies?limit=1{cursor}");
            seen.AddRange(Data(page).Select(s => s.GetProperty("sku").GetString()));
            cursor = page.Json.GetProperty("page").GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        seen.Count.ShouldBe(3);
        seen.ShouldBeUnique();

        (await world.Api.Get<Deposits>().SaveRatesAsync(
            (await world.Api.Get<Modules.Catalog.Catalog>().ListCategoriesAsync()).ToDictionary(c => c.Id, _ => "500"), "0")).ShouldBeEmpty();
        Why(Data(await world.Caller.GetAsync($"{Root}/supplies?sku=sku-a")).Single()).ShouldBe(["deposit"]);
        var chinese = await world.Caller.SendAsync("GET", $"{Root}/standing", adjust: r => r.Headers.Add("Accept-Language", "zh"));
        chinese.Json.GetProperty("stops")[0].GetProperty("detail").GetString().ShouldBe("保证金不足。");
        var deposit = chinese.Json.GetProperty("deposit");
        (deposit.GetProperty("required").GetString(), deposit.GetProperty("missing").GetString()).ShouldBe(("500.0000", "500.0000"));
        chinese.Json.GetProperty("grade").ValueKind.ShouldBe(JsonValueKind.Null);

        static List<string?> Why(JsonElement supply) => [.. supply.GetProperty("why").EnumerateArray().Select(w => w.GetProperty("code").GetString())];
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Standing_tells_certificates_with_their_days_left_and_the_grade_with_its_figures(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var certificates = world.Api.Get<Certificates>();
        var now = TimeProvider.System.Now();
        var sent = ApiWorld.Saved(await certificates.AddAsync(CertificateOwner.Of(world.First), new CertificateDraft { FileName = "a.pdf", Content = "%PDF-1.7 x"u8.ToArray(), ValidTo = now.AddDays(9).AddHours(5) }));
        (await certificates.DecideAsync(sent.Id, isApproved: true, "fine", "test")).ShouldBeTrue();
        await world.Api.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("insert into supplier_grade (supplier_id, day, score, grade, sold, refunded, imported, duplicates) values (@First, 20000, 83, 'B', 400, 4, 100, 1)", new { world.First });
            await s.ExecuteAsync("insert into setting (name, value) values ('grade.day', '20000') on conflict (name) do update set value = excluded.value");
        });
        var standing = (await world.Caller.GetAsync($"{Root}/standing")).Json;
        var certificate = standing.GetProperty("certificates")[0];
        (certificate.GetProperty("kind").GetString(), certificate.GetProperty("days_left").GetInt32(), certificate.GetProperty("valid").GetBoolean()).ShouldBe(("licence", 9, true));
        var grade = standing.GetProperty("grade");
        (grade.GetProperty("grade").GetString(), grade.GetProperty("score").GetInt32(), grade.GetProperty("day").GetString(), grade.GetProperty("parts")[0].GetProperty("wrong").GetInt32())
            .ShouldBe(("B", 83, "2024-10-04", 4));
        var other = (await world.Other.GetAsync($"{Root}/standing")).Json;
        (other.GetProperty("certificates").GetArrayLength(), other.GetProperty("grade").ValueKind).ShouldBe((0, JsonValueKind.Null));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_and_statements_are_the_consoles_sums(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var no = await world.BuyAsync("A-1", quantity: 3);
        await world.Caller.PostAsync($"{Root}/purchases/{no}/deliver", new { receipt = "r" });
        await world.Api.Caller.BuyAsync("A-2", quantity: 2);
        // The hold time of phone-10 is none: settlement comes by itself.
        Answer money;
        for (var tries = 0; (money = await world.Caller.GetAsync($"{Root}/money"))["available"] != "27.0000"; tries++)
        {
            tries.ShouldBeLessThan(300, money.Text);
            await Task.Delay(50);
        }

        (money["in_escrow"], money["debt"], money["paid"]).ShouldBe(("90.5000", "0.0000", "0.0000"));
        money.Json.GetProperty("available_by_age").GetProperty("days_0_7").GetString().ShouldBe("27.0000");
        money.Json.GetProperty("releases")[0].GetProperty("amount").GetString().ShouldBe("90.5000");

        var today = ChinaDay.Of(TimeProvider.System.GetUtcNow());
        foreach (var (period, first, last) in new[] { ($"{today:yyyy-MM-dd}", today, today), ($"{today:yyyy-MM}", new DateOnly(today.Year, today.Month, 1), new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1)) })
        {
            var told = await world.Caller.GetAsync($"{Root}/statements/{period}");
            var page = (await world.Api.Get<SupplierStatements>().OfAsync(world.First, first, last))!;
            (told["opening"], told["in"], told["out"], told["closing"]).ShouldBe((page.Opening.ToString(), page.In.ToString(), page.Out.ToString(), page.Closing.ToString()));
            told["closing"].ShouldBe("27.0000");
            told.Json.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("order_no").GetString()).ShouldBe([(await world.OrderAsync("A-1"))["order_no"]]);
        }

        (await world.Other.GetAsync($"{Root}/statements/{today:yyyy-MM}"))["closing"].ShouldBe("0.0000");
        foreach (var bad in new[] { "2026-13", "2026-02-30", "x", "9999-12", "0001-01", "2026-1" })
            (await world.Caller.GetAsync($"{Root}/statements/{bad}")).Code.ShouldBe("not_found", bad);
    }
}
