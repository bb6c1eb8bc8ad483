using System.Text;
using Lianka.Modules.OpenApi.Core;

namespace Lianka.Tests.Unit.OpenApi;

public sealed class SignatureExamples
{
    private const string Secret = "test_secret_0123456789abcdef";
    private const string Nonce = "nonce-0123456789abcdef";
    private const string Body = """{"client_order_no":"A-001","sku":"steam-50","quantity":1,"max_total":"50.0000"}""";
    private const string Published = "v1=05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05";

    [Fact]
    public void The_published_vector_holds() =>
        Signature.Of(Secret, "POST", "/api/v1/orders", "", 1767225600, Nonce, Encoding.UTF8.GetBytes(Body)).ShouldBe(Published);

    [Fact]
    public void The_published_vector_is_accepted() => IsValid().ShouldBeTrue();

    [Theory]
    [InlineData("v1=05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c06")]
    [InlineData("v2=05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05")]
    [InlineData("05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05")]
    [InlineData("v1=05017faa")]
    [InlineData("v1=zz017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05")]
    [InlineData("")]
    public void Another_signature_is_refused(string signature) => IsValid(signature: signature).ShouldBeFalse();

    [Fact]
    public void Every_signed_line_counts()
    {
        IsValid(secret: "test_secret_0123456789abcdee").ShouldBeFalse();
        IsValid(method: "PUT").ShouldBeFalse();
        IsValid(path: "/api/v1/quotes").ShouldBeFalse();
        IsValid(query: "?a=1").ShouldBeFalse();
        IsValid(timestamp: "1767225601").ShouldBeFalse();
        IsValid(timestamp: "01767225600").ShouldBeFalse();
        IsValid(nonce: "nonce-0123456789abcdeg").ShouldBeFalse();
        IsValid(body: Body + " ").ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?", "")]
    [InlineData("?&&", "")]
    [InlineData("?a=1", "a=1")]
    [InlineData("?b=2&a=1", "a=1&b=2")]
    [InlineData("?a=2&a=10&a=1", "a=1&a=10&a=2")]
    [InlineData("?a", "a=")]
    [InlineData("?a=", "a=")]
    [InlineData("?a=b=c", "a=b%3Dc")]
    [InlineData("?a=x+y", "a=x%20y")]
    [InlineData("?a=x%20y", "a=x%20y")]
    [InlineData("?a=x%2By", "a=x%2By")]
    [InlineData("?a=%e4%b8%ad", "a=%E4%B8%AD")]
    [InlineData("?a=%E4%B8%AD", "a=%E4%B8%AD")]
    [InlineData("?a=中", "a=%E4%B8%AD")]
    [InlineData("?a=%7e%2d%2E%5f", "a=~-._")]
    [InlineData("?a=~-._*'()", "a=~-._%2A%27%28%29")]
    [InlineData("?a=100%", "a=100%25")]
    [InlineData("?a=%zz", "a=%25zz")]
    [InlineData("?created_from=2026-01-01T00:00:00%2B08:00&limit=5", "created_from=2026-01-01T00%3A00%3A00%2B08%3A00&limit=5")]
    [InlineData("?ab=1&a=2", "a=2&ab=1")]
    [InlineData("?a%5Fb=1&aZ=2", "aZ=2&a_b=1")]
    public void The_query_has_one_canonical_form(string query, string canonical) =>
        Signature.CanonicalQuery(query).ShouldBe(canonical);

    [Fact]
    public void A_long_query_and_a_long_path_sign_as_short_ones_do()
    {
        var query = "?client_order_no=" + new string('x', 5_000);
        var signature = Signature.Of(Secret, "GET", "/api/v1/orders", query, 1767225600, Nonce, []);
        IsValid(method: "GET", query: query, body: "", signature: signature).ShouldBeTrue();
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_nonce_has_16_to_64_characters(int length, bool isNonce) => Signature.IsNonce(new string('n', length)).ShouldBe(isNonce);

    [Theory]
    [InlineData("nonce 0123456789")]
    [InlineData("nonce\t0123456789")]
    [InlineData("nonce－0123456789")]
    public void A_nonce_is_visible_ascii(string nonce) => Signature.IsNonce(nonce).ShouldBeFalse();

    private static bool IsValid(
        string secret = Secret, string method = "POST", string path = "/api/v1/orders", string query = "",
        string timestamp = "1767225600", string nonce = Nonce, string body = Body, string signature = Published) =>
        Signature.IsValid(Encoding.UTF8.GetBytes(secret), method, path, query, timestamp, nonce, Encoding.UTF8.GetBytes(body), signature);
}
