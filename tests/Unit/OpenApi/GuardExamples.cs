using System.Data.Common;
using System.Text.Json;
using Lianka.Modules.OpenApi.Docs;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Modules.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lianka.Tests.Unit.OpenApi;

/// <summary>What stands between the wire and the use cases: nonces, rates, the boundary, the pages.</summary>
public sealed class GuardExamples
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

    [Fact]
    public void F21_A_nonce_is_used_once_in_ten_minutes_by_each_key()
    {
        var memory = new NonceMemory();
        memory.TryUse("lk_live_a", "nonce-0123456789abcdef", _now).ShouldBeTrue();
        memory.TryUse("lk_live_a", "nonce-0123456789abcdef", _now).ShouldBeFalse();
        memory.TryUse("lk_live_a", "nonce-0123456789abcdef", _now.AddSeconds(600)).ShouldBeFalse();
        memory.TryUse("lk_live_a", "nonce-0123456789abcdeg", _now).ShouldBeTrue();
        memory.TryUse("lk_live_b", "nonce-0123456789abcdef", _now).ShouldBeTrue();
        memory.TryUse("lk_live_a", "nonce-0123456789abcdef", _now.AddSeconds(720)).ShouldBeTrue();
    }

    [Fact]
    public void The_memory_of_nonces_is_bounded_and_forgets_the_oldest_minute_first()
    {
        const int Most = 1_600;
        var memory = new NonceMemory(Most);
        memory.TryUse("k", "first-0123456789abcdef", _now).ShouldBeTrue();
        // Several times the bound, so that every shard has overflowed.
        for (var i = 0; i < 4 * Most; i++) memory.TryUse("k", $"n{i:x15}", _now.AddMinutes(1));
        memory.TryUse("k", "first-0123456789abcdef", _now.AddMinutes(1)).ShouldBeTrue();
    }

    [Fact]
    public void A_key_has_a_second_s_worth_of_calls_at_once_and_then_as_many_a_second()
    {
        var limits = new RateLimits();
        limits.Take("k", 3, 1_000_000).ShouldBe(new RateState(true, 3, 2));
        limits.Take("k", 3, 1_000_000).ShouldBe(new RateState(true, 3, 1));
        limits.Take("k", 3, 1_000_000).ShouldBe(new RateState(true, 3, 0));
        limits.Take("k", 3, 1_000_000).ShouldBe(new RateState(false, 3, 0));
        limits.Take("other", 3, 1_000_000).ShouldBe(new RateState(true, 3, 2));
        // A third of a second gives one call back, and not a microsecond earlier.
        limits.Take("k", 3, 1_333_333).IsAllowed.ShouldBeFalse();
        limits.Take("k", 3, 1_333_334).IsAllowed.ShouldBeTrue();
        limits.Take("k", 3, 9_000_000).ShouldBe(new RateState(true, 3, 2));
    }

    [Fact]
    public async Task A_full_engine_is_told_as_overloaded_with_a_pause()
    {
        var (http, problem) = await ThroughAsync(_ => throw new EngineBusyException());
        http.Response.StatusCode.ShouldBe(503);
        http.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        problem.GetProperty("code").GetString().ShouldBe("overloaded");
        problem.GetProperty("retryable").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_failing_database_is_told_as_overloaded_without_its_words()
    {
        var (http, problem) = await ThroughAsync(_ => throw new BrokenDatabaseException());
        http.Response.StatusCode.ShouldBe(503);
        http.Response.Headers.RetryAfter.ToString().ShouldBe("2");
        problem.GetRawText().ShouldNotContain("pg_secret_table");
    }

    [Fact]
    public async Task A_bug_is_told_as_internal_error_without_its_words()
    {
        var (http, problem) = await ThroughAsync(_ => throw new InvalidOperationException("the inner word"));
        http.Response.StatusCode.ShouldBe(500);
        problem.GetProperty("code").GetString().ShouldBe("internal_error");
        problem.GetProperty("request_id").GetString().ShouldBe("req_under_test");
        problem.GetRawText().ShouldNotContain("the inner word");
    }

    [Theory]
    [InlineData(404, "not_found")]
    [InlineData(405, "method_not_allowed")]
    public async Task An_answer_that_routing_left_empty_becomes_a_problem(int status, string code)
    {
        var (http, problem) = await ThroughAsync(h => Empty(h, status));
        http.Response.StatusCode.ShouldBe(status);
        problem.GetProperty("code").GetString().ShouldBe(code);

        static Task Empty(HttpContext http, int status)
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("", "Too busy at the moment")]
    [InlineData("fr", "Too busy at the moment")]
    [InlineData("en-GB,zh;q=0.9", "Too busy at the moment")]
    [InlineData("zh", "系统繁忙")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "系统繁忙")]
    [InlineData("fr, en;q=0.2, zh-TW;q=0.7", "系统繁忙")]
    public async Task A_problem_speaks_the_caller_s_language(string accepted, string title)
    {
        var (_, problem) = await ThroughAsync(_ => throw new EngineBusyException(), accepted);
        problem.GetProperty("title").GetString().ShouldBe(title);
    }

    [Theory]
    [InlineData("# A `b` c", "<h1>A <code>b</code> c</h1>\n")]
    [InlineData("one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>\n")]
    [InlineData("- a\n- **b**", "<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>\n")]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")]
    [InlineData("`<b>` ** *", "<p><code>&lt;b&gt;</code> ** *</p>\n")]
    [InlineData("```http\n<a>\n```\nend", "<pre class=\"sample\" tabindex=\"0\"><code>&lt;a&gt;\n</code></pre>\n<p>end</p>\n")]
    public void Our_markdown_becomes_html_and_nothing_else_does(string text, string html) => Markdown.ToHtml(text).ShouldBe(html);

    [Fact]
    public void The_signed_text_that_the_documentation_shows_is_that_of_the_vector() =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(
            "test_secret_0123456789abcdef"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(Samples.VectorText)))
            .ShouldBe("05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05");

    [Fact]
    public void The_document_names_exactly_the_problems_there_are()
    {
        var named = ApiDocument.Root.GetProperty("components").GetProperty("schemas").GetProperty("Problem")
            .GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(c => c.GetString()!);
        named.ShouldBe(ProblemBook.All.Select(p => p.Code), ignoreOrder: true);
    }

    private sealed class BrokenDatabaseException() : DbException("relation pg_secret_table does not exist");

    private static async Task<(HttpContext Http, JsonElement Problem)> ThroughAsync(RequestDelegate inner, string accepted = "")
    {
        var http = new DefaultHttpContext { TraceIdentifier = "req_under_test" };
        http.Request.Headers.AcceptLanguage = accepted;
        using var body = new MemoryStream();
        http.Response.Body = body;
        var boundary = new ApiBoundary(inner, new CallLimits(new RateLimits(), TimeProvider.System), NullLogger<ApiBoundary>.Instance);
        await boundary.InvokeAsync(http);
        http.Response.ContentType.ShouldBe("application/problem+json");
        return (http, JsonDocument.Parse(body.ToArray()).RootElement);
    }
}
