using System.Net;
using System.Text;
using System.Text.Json;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>Cards that suppliers' programs send in.</summary>
public sealed class SupplierImportApiTests
{
    private const string Imports = "/api/v1/supplier/imports";

    private static Task<Answer> PushAsync(Caller caller, string key, object body) => caller.SendAsync(
        "POST", Imports, JsonSerializer.Serialize(body), r => r.Headers.Add("Idempotency-Key", key));

    private static Task<Answer> PushCsvAsync(Caller caller, string key, string csv, string query = "?sku=sku-a") => caller.SendAsync(
        "POST", Imports + query, Encoding.UTF8.GetBytes(csv), "text/csv; charset=utf-8", adjust: r => r.Headers.Add("Idempotency-Key", key));

    private static long Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt64();

    private static List<(long Row, string? Code)> LeftOut(Answer answer) => [.. answer.Json.GetProperty("left_out").GetProperty("data").EnumerateArray()
        .Select(r => (r.GetProperty("row").GetInt64(), r.GetProperty("code").GetString()))];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_Cards_come_in_row_by_row_as_in_the_console_and_duplicates_are_told(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var body = new
        {
            sku = "sku-a",
            note = "batch 12",
            cards = new object[]
            {
                new { number = "8800\"1", secret = "NEW,1" }, new { secret = ApiWorld.CardSecrets[0] }, new { secret = "NEW,1", number = "8800\"1" },
                new { secret = "not a link", kind = "link" }, new { secret = "NEW-2", kind = "barcode" },
            },
        };
        var first = await PushAsync(world.Caller, "k-1", body);
        ((int)first.Status, first["state"], Number(first, "rows"), Number(first, "imported")).ShouldBe((201, "done", 5, 2), first.Text);
        LeftOut(first).ShouldBe([(2, "duplicate_in_stock"), (3, "duplicate_in_file"), (4, "not_a_link")]);
        first.Json.GetProperty("left_out").GetProperty("data")[1].GetProperty("detail").GetString().ShouldBe("The same card stands in row 1 of this file.");
        first.Text.ShouldNotContain("NEW");
        first.Header("Location").ShouldBe($"{Imports}/{first["import_no"]}");
        (await world.Caller.GetAsync(first.Header("Location")))["imported"].ShouldBe("2");
        var page = (await world.Caller.GetAsync($"{first.Header("Location")}?limit=1")).Json.GetProperty("left_out");
        LeftOut(await world.Caller.GetAsync($"{first.Header("Location")}?limit=2&cursor={page.GetProperty("page").GetProperty("next").GetString()}"))
            .ShouldBe([(3, "duplicate_in_file"), (4, "not_a_link")]);

        var csv = await PushCsvAsync(world.Caller, "k-2", "卡号,卡密\n1,CSV-1\n2,CSV-2\n1,CSV-1\n", "?sku=sku-a&note=%E6%89%B9%E6%AC%A1&expires_at=2099-01-01T00:00:00Z");
        ((int)csv.Status, Number(csv, "imported")).ShouldBe((201, 2), csv.Text);
        LeftOut(csv).ShouldBe([(4, "duplicate_in_file")]);
        (await world.Caller.GetAsync("/api/v1/supplier/supplies?sku=sku-a")).Json.GetProperty("data")[0].GetProperty("stock").GetInt64().ShouldBe(9);
        (await world.Api.Get<ImportDesk>().ListAsync(world.First)).ShouldContain(j => j.Actor == $"key:{world.Caller.Key}");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I5_One_key_is_one_import_however_often_and_by_how_many_at_once(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var body = new { sku = "sku-a", cards = Enumerable.Range(0, 30).Select(i => new { secret = $"ONCE-{i}" }) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PushAsync(world.Caller, "k-1", body)));
        answers.Select(a => a["import_no"]).Distinct().Count().ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.ShouldAllBe(a => Number(a, "imported") == 30 && Number(a, "duplicate_in_stock") == 0);
        var again = await PushAsync(world.Caller, "k-1", body);
        ((int)again.Status, again.Header("Idempotent-Replayed"), Number(again, "imported")).ShouldBe((200, "true", 30));

        var other = await PushAsync(world.Caller, "k-1", new { sku = "sku-a", cards = new[] { new { secret = "ONCE-0" } } });
        ((int)other.Status, other.Code).ShouldBe((422, "idempotency_conflict"));
        other.Errors.ShouldBe([("Idempotency-Key", "key_used")]);
        // A key is the supplier's own: another's is another key.
        (await PushAsync(world.Other, "k-1", new { sku = "sku-a", cards = new[] { new { secret = "THEIRS-0" } } })).Status.ShouldBe(HttpStatusCode.Created);

        // What failed brought nothing; its key takes the right content then.
        var broken = await world.Caller.SendAsync("POST", $"{Imports}?sku=sku-a", [0x41, 0xFF, 0xFE, 0x0A], "text/csv", adjust: r => r.Headers.Add("Idempotency-Key", "k-2"));
        (broken["state"], broken.Json.GetProperty("failure").GetProperty("code").GetString()).ShouldBe(("failed", "not_utf8"));
        var put = await PushCsvAsync(world.Caller, "k-2", "A-1\n");
        ((int)put.Status, Number(put, "imported")).ShouldBe((201, 1), put.Text);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_Nobody_sends_into_or_looks_at_anothers_supply(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var refused = await PushAsync(world.Other, "k-1", new { sku = "sku-empty", cards = new[] { new { secret = "X-1" } } });
        ((int)refused.Status, refused.Code).ShouldBe((400, "invalid_request"));
        refused.Errors.ShouldBe([("/sku", "no_supply")]);
        var mine = await PushAsync(world.Caller, "k-1", new { sku = "sku-empty", cards = new[] { new { secret = "X-1" } } });
        (await world.Other.GetAsync(mine.Header("Location"))).Code.ShouldBe("not_found");
        (await world.Caller.GetAsync(mine.Header("Location"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_body_larger_than_other_calls_may_have_is_taken_whole()
    {
        await using var world = await SupplierApiWorld.CreateAsync(DatabaseKind.Sqlite);
        var csv = new StringBuilder();
        for (var i = 0; i < 60_000; i++) csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"NO-{i:D8},SECRET-{i:D8}\n");
        var taken = await world.Caller.SendAsync("POST", $"{Imports}?sku=sku-a", Encoding.UTF8.GetBytes($"{csv}"), "text/csv", adjust: r =>
        {
            r.Headers.Add("Idempotency-Key", "k-1");
            r.Headers.Add("Prefer", "wait=30");
        });
        ((int)taken.Status, Number(taken, "imported")).ShouldBe((201, 60_000), taken.Text);
    }

    [Fact]
    public async Task Bad_input_is_named_by_its_field_and_nothing_begins()
    {
        await using var world = await SupplierApiWorld.CreateAsync(DatabaseKind.Sqlite);
        await BadAsync("""{"sku":"sku-a","cards":[{"secret":"A"},{"secret":5}]}""", "/cards/1/secret", "not_text");
        await BadAsync("""{"sku":"sku-a","cards":[{"secret":"A","kind":"paper"}]}""", "/cards/0/kind", "not_one_of");
        await BadAsync("""{"sku":"sku-a","cards":[]}""", "/cards", "required");
        await BadAsync("""{"sku":"sku-a"}""", "/cards", "required");
        await BadAsync("""{"cards":[{"secret":"A"}]}""", "/sku", "required");
        await BadAsync("""{"sku":"sku-a","cards":[{"secret":"A"}],"expires_at":"tomorrow"}""", "/expires_at", "not_moment");
        await BadAsync("""{"sku":"sku-a","cards":[{"secret":"A"}],"expires_at":"2020-01-01T00:00:00Z"}""", "/expires_at", "in_the_past");
        await BadAsync("""{"sku":"phone-10","cards":[{"secret":"A"}]}""", "/sku", "not_cards");
        await BadAsync("""{"sku":"sku-a","cards":[{"secret":"A"}]}""", "Idempotency-Key", "key", key: null);
        (await PushCsvAsync(world.Caller, "k", "A\n", "")).Errors.ShouldBe([("?sku", "required")]);
        (await world.Caller.SendAsync("POST", Imports, "A"u8.ToArray(), "text/plain", adjust: r => r.Headers.Add("Idempotency-Key", "k"))).Code.ShouldBe("unsupported_media_type");
        (await world.Caller.SendAsync("POST", Imports, new byte[(4 << 20) + 1], "text/csv")).Code.ShouldBe("payload_too_large");
        (await new Caller(world.Api.Http, "lk_live_nobody", "x").SendAsync("POST", Imports, new byte[100_000], "text/csv")).Code.ShouldBe("payload_too_large");
        (await world.Api.Get<ImportDesk>().ListAsync(world.First)).Count.ShouldBe(1, "the world's own");

        async Task BadAsync(string body, string pointer, string code, string? key = "k-1")
        {
            var answer = await world.Caller.SendAsync("POST", Imports, body, r => { if (key is not null) r.Headers.Add("Idempotency-Key", key); });
            ((int)answer.Status, answer.Code).ShouldBe((400, "invalid_request"), answer.Text);
            answer.Errors.ShouldBe([(pointer, code)]);
        }
    }
}
