#pragma warning disable CA5350, CA5351 // What the protocols sign with.
using System.Security.Cryptography;
using System.Text;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Upstream.Core;
using static Lianka.Tests.Unit.Suppliers.SignExamples;
using static Lianka.Tests.Unit.Suppliers.Wiring;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class NoticeExamples
{
    private static readonly NoticeRule _kayixin = Config(Template("kayixin")).Notice!;
    private static readonly Dictionary<string, string> _secrets = new() { ["app_id"] = "10000", ["secret"] = "s1" };

    private static UpstreamNotice Signed(string body, string secret = "s1", string app = "10000") => Notice(body,
        ("x-timestamp", "1760767397"), ("x-signature", Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{app}{secret}3.01760767397{body}")))));

    [Fact]
    public void A_signed_notice_tells_what_happened()
    {
        var news = NoticeReader.Read(_kayixin, Signed("""{"orderNumber":"K1","outerNumber":"U1","status":3,"money":"9.90","retMoney":"0.00","result":"SN1"}"""), _secrets).ShouldNotBeNull();
        var success = news.Answer.ShouldBeOfType<UpstreamAnswer.Succeeded>();
        (news.OwnNo, news.UpstreamNo, success.Charged?.ToString(), success.Receipt).ShouldBe(("U1", "K1", "9.9000", "SN1"));

        NoticeReader.Read(_kayixin, Signed("""{"orderNumber":"K1","outerNumber":"U1","status":4,"result":"充值账号错误"}"""), _secrets)!
            .Answer.ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Account);
    }

    [Fact]
    public void What_a_notice_cannot_tell_whole_is_asked_for()
    {
        NoticeReader.Read(_kayixin, Signed("""{"orderNumber":"K1","outerNumber":"U1","status":3,"money":"9.90","retMoney":"3.30"}"""), _secrets)!
            .Answer.ShouldBeOfType<UpstreamAnswer.Unknown>();
    }

    [Fact] // F27
    public void F27_a_forged_notice_is_from_nobody()
    {
        const string body = """{"orderNumber":"K1","outerNumber":"U1","status":3}""";
        var genuine = Signed(body);
        NoticeReader.Read(_kayixin, genuine, _secrets).ShouldNotBeNull();
        NoticeReader.Read(_kayixin, genuine with { Body = Encoding.UTF8.GetBytes(body.Replace("U1", "U2", StringComparison.Ordinal)) }, _secrets).ShouldBeNull("another order");
        NoticeReader.Read(_kayixin, genuine with { Body = Encoding.UTF8.GetBytes(body + " ") }, _secrets).ShouldBeNull("other bytes");
        NoticeReader.Read(_kayixin, Signed(body, "s2"), _secrets).ShouldBeNull("another secret");
        NoticeReader.Read(_kayixin, Signed(body, "", ""), new Dictionary<string, string>()).ShouldBeNull("empty secret");
        NoticeReader.Read(_kayixin, Notice(body, ("x-timestamp", "1760767397")), _secrets).ShouldBeNull("no signature");
        NoticeReader.Read(_kayixin, Signed("not json"), _secrets).ShouldBeNull("not JSON");
        NoticeReader.Read(_kayixin, Signed("""{"status":3}"""), _secrets).ShouldBeNull("about nothing");
        NoticeReader.Read(_kayixin, Signed("""{"outerNumber":"U1","outerNumber":"U2","status":3}"""), _secrets).ShouldBeNull("two numbers");
    }

    [Fact]
    public void A_form_is_read_like_json()
    {
        var rule = Config(Template("kasushou")).Notice!;
        var secrets = new Dictionary<string, string> { ["api_key"] = "k" };
        const string json = """{"external_orderno":"U 1","ordersn":"D1","recharge_hints":"好","status":"3","time":"5"}""";
        var sign = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"5{json}k")));
        var body = $"status=3&time=5&ordersn=D1&external_orderno=U+1&recharge_hints=%E5%A5%BD&sign={sign}";
        NoticeReader.Read(rule, Notice(body), secrets)!.OwnNo.ShouldBe("U 1");
        NoticeReader.Read(rule, new UpstreamNotice("GET", "?" + body, new Dictionary<string, string>(), default), secrets)!.OwnNo.ShouldBe("U 1");
        NoticeReader.Read(rule, Notice(body + "&status=3"), secrets).ShouldBeNull();
    }
}
