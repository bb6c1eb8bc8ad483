using System.Net;
using System.Text;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>What clients get wrong, and what they are told. Nothing half-done may remain.</summary>
public sealed class BadInputApiTests
{
    private const string Orders = "/api/v1/orders";
    private const string Good = """{"client_order_no":"A-001","sku":"sku-a","quantity":1,"max_total":"50"}""";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F22_Amounts_and_quantities_are_read_strictly(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind);
        foreach (var amount in new[] { "\"0\"", "\"-1\"", "\"1e3\"", "\"９\"", "\"9223372036854775808\"", "\"50.00001\"", "\"\"", "50", "null", "true", "[]" })
            await RefusedAsync(world, Good.Replace("\"50\"", amount, StringComparison.Ordinal), 400, "invalid_request", "/max_total");
        foreach (var quantity in new[] { "\"1\"", "1.5", "1.0", "1e3", "true", "null", "\"1e3\"", "\"4950abc\"", "\"１\"", "{}" })
            await RefusedAsync(world, Good.Replace("\"quantity\":1", $"\"quantity\":{quantity}", StringComparison.Ordinal), 400, "invalid_request", "/quantity");
        foreach (var quantity in new[] { "0", "-1", "10001", "9223372036854775807", "9223372036854775808", "-99999999999999999999" })
            await RefusedAsync(world, Good.Replace("\"quantity\":1", $"\"quantity\":{quantity}", StringComparison.Ordinal), 422, "quantity_out_of_range", "/quantity");
        await RefusedAsync(world, Good.Replace("\"50\"", "\"0.001\"", StringComparison.Ordinal), 409, "price_moved", "/max_total");

        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
        (await world.Caller.SendAsync("POST", Orders, Good)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_body_in_another_encoding_or_with_a_mark_is_refused()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var chinese = Good.Replace("A-001", "单", StringComparison.Ordinal);
        await RefusedAsync(world, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)], "byte_order_mark");
        await RefusedAsync(world, Encoding.Latin1.GetBytes(Good.Replace("A-001", "é", StringComparison.Ordinal)), "not_utf8");
        await RefusedAsync(world, Encoding.UTF8.GetBytes(chinese)[..40], "not_json");
        await RefusedAsync(world, Encoding.BigEndianUnicode.GetBytes(Good), "not_json");
        await RefusedAsync(world, Encoding.UTF8.GetBytes(Good + " x"), "not_json");
        await RefusedAsync(world, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000)), "not_json");
        await RefusedAsync(world, [], "not_json");
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=gb18030", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("nonsense", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.Created)]
    [InlineData("application/json; charset=\"UTF-8\"", HttpStatusCode.Created)]
    [InlineData("Application/JSON", HttpStatusCode.Created)]
    public async Task The_content_type_is_json(string? contentType, HttpStatusCode status)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 5);
        (await world.Caller.SendAsync("POST", Orders, Encoding.UTF8.GetBytes(Good), contentType)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_above_64_KiB_is_refused_with_or_without_its_length(bool isChunked)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 5);
        var largest = Encoding.UTF8.GetBytes(Good.PadRight(64 * 1_024));
        (await world.Caller.SendAsync("POST", Orders, largest, adjust: r => r.Headers.TransferEncodingChunked = isChunked)).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var size in new[] { (64 * 1_024) + 1, 600_000 })
        {
            var answer = await world.Caller.SendAsync(
                "POST", Orders, Encoding.UTF8.GetBytes(Good.PadRight(size)), adjust: r => r.Headers.TransferEncodingChunked = isChunked);
            ((int)answer.Status, answer.Code).ShouldBe((413, "payload_too_large"));
        }
    }

    [Fact]
    public async Task Problems_name_field_and_reason_in_the_caller_s_language()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var body = Good.Replace("\"quantity\":1", "\"quantity\":\"1\"", StringComparison.Ordinal);
        var chinese = await world.Caller.SendAsync("POST", Orders, body, r => r.Headers.Add("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"));
        chinese.ContentType.ShouldBe("application/problem+json");
        chinese["title"].ShouldBe("请求格式不对");
        chinese.Json.GetProperty("errors")[0].GetProperty("detail").GetString()!.ShouldContain("必须是整数");

        var english = await world.Caller.SendAsync("POST", Orders, body);
        (english["type"], english["title"], english["status"]).ShouldBe(("/docs/errors/invalid_request", "Invalid request", "400"));
        english.Json.GetProperty("retryable").GetBoolean().ShouldBeFalse();
        english["request_id"].ShouldBe(english.Header("X-Request-Id"));
        english.Json.GetProperty("errors")[0].GetProperty("detail").GetString()!.ShouldStartWith("Must be a whole JSON number");
    }

    [Fact]
    public async Task Every_answer_names_its_request_and_a_plain_id_of_the_caller_is_kept()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        (await world.Http.GetAsync("/health/live")).Headers.GetValues("X-Request-Id").Single().ShouldMatch("^req_[0-9a-z]{12}$");
        (await world.Http.GetAsync("/no-such-page")).Headers.Contains("X-Request-Id").ShouldBeTrue();
        (await world.Caller.SendAsync("GET", "/api/v1/account", adjust: r => r.Headers.Add("X-Request-Id", "erp-20260101-0001"))).Header("X-Request-Id")
            .ShouldBe("erp-20260101-0001");
        foreach (var odd in new[] { "short", "with space inside", new string('x', 65), "<script>0000" })
            (await world.Caller.SendAsync("GET", "/api/v1/account", adjust: r => r.Headers.TryAddWithoutValidation("X-Request-Id", odd)))
                .Header("X-Request-Id").ShouldStartWith("req_");
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/api/v2/orders", 404, "not_found")]
    [InlineData("GET", "/api", 404, "not_found")]
    [InlineData("DELETE", Orders, 405, "method_not_allowed")]
    [InlineData("GET", "/api/v1/quotes", 405, "method_not_allowed")]
    [InlineData("PUT", "/api/v1/orders/ord_4f9k2m7xq1c8e", 405, "method_not_allowed")]
    public async Task An_address_or_method_that_is_not_there_is_a_problem_too(string method, string path, int status, string code)
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var answer = await world.Caller.SendAsync(method, path);
        ((int)answer.Status, answer.Code, answer.ContentType).ShouldBe((status, code, "application/problem+json"));
    }

    [Fact]
    public async Task Every_answer_tells_the_rate_and_too_many_calls_are_refused()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var slow = await world.KeyAsync(world.First, callsPerSecond: "2");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => slow.GetAsync("/api/v1/account")));
        answers.ShouldAllBe(a => a.Header("RateLimit-Policy") == "\"default\";q=2;w=1");
        answers.ShouldAllBe(a => a.Header("RateLimit").StartsWith("\"default\";r="));
        var refused = answers.Where(a => a.Code == "rate_limited").ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => (int)a.Status == 429 && a.Header("Retry-After") == "1" && a.Header("RateLimit") == "\"default\";r=0;t=1");

        // Whoever cannot sign as this key cannot use up its calls either.
        (await world.Caller.GetAsync("/api/v1/account")).Status.ShouldBe(HttpStatusCode.OK);
        var strangers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => new Caller(world.Http, world.Caller.Key, "wrong").GetAsync("/api/v1/account")));
        strangers.ShouldAllBe(a => a.Header("RateLimit-Policy") == "\"default\";q=200;w=1");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I18_No_secret_stands_in_a_log_or_in_a_problem(DatabaseKind kind)
    {
        using var logged = new LinesLogged();
        await using var world = await ApiWorld.CreateAsync(kind, 5, s => s.AddLogging(l => l.AddProvider(logged).SetMinimumLevel(LogLevel.Trace)));
        var placed = await world.Caller.BuyAsync("A-001", quantity: 2, reveal: true);
        placed.Text.ShouldContain("SECRET-");
        await world.Caller.PostAsync($"{Orders}/{placed["order_no"]}/reveal");
        var problems = new[]
        {
            await new Caller(world.Http, world.Caller.Key, "wrong").GetAsync("/api/v1/account"),
            await world.Caller.SendAsync("POST", Orders, "{\"secret\":\"" + world.Caller.Secret + "\"}"),
            await world.Caller.GetAsync("/api/v1/nothing?secret=" + world.Caller.Secret),
        };
        logged.All.ShouldNotBeEmpty();
        foreach (var text in logged.All.Concat(problems.Select(p => p.Text)))
        {
            text.ShouldNotContain("SECRET-");
            text.ShouldNotContain(world.Caller.Secret);
        }
    }

    private static async Task RefusedAsync(ApiWorld world, string body, int status, string code, string pointer)
    {
        var answer = await world.Caller.SendAsync("POST", Orders, body);
        ((int)answer.Status, answer.Code).ShouldBe((status, code), body);
        answer.Errors.ShouldHaveSingleItem().Pointer.ShouldBe(pointer);
    }

    private static async Task RefusedAsync(ApiWorld world, byte[] body, string error)
    {
        var answer = await world.Caller.SendAsync("POST", Orders, body);
        ((int)answer.Status, answer.Code).ShouldBe((400, "invalid_request"));
        answer.Errors.ShouldBe([("", error)]);
    }
}
