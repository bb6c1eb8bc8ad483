using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Tests.Unit.Agents;

public sealed class DomainExamples
{
    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData(" Shop.Example.COM. ", "shop.example.com")]
    [InlineData("xn--fiqs8s.cn", "xn--fiqs8s.cn")]
    [InlineData("", "")]
    [InlineData("localhost", null)]
    [InlineData("https://shop.example", null)]
    [InlineData("shop.example/x", null)]
    [InlineData("shop.example:8080", null)]
    [InlineData("shop..example", null)]
    [InlineData("-shop.example", null)]
    [InlineData("shop_1.example", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("店.example", null)]
    [InlineData("a@shop.example", null)]
    public void A_domain_is_a_host_name_and_nothing_more(string text, string? expected)
    {
        var check = new FieldCheck();
        var read = DomainRules.Read(check, "domain", text);
        if (expected is null) check.Errors.Single().Code.ShouldBe("bad_domain");
        else (read, check.Errors.Count).ShouldBe((expected, 0));
    }

    [Theory] // as Alibaba Cloud, Google and Cloudflare write it
    [InlineData("""{"Status":0,"Answer":[{"name":"_lianka.a.cn.","type":16,"TTL":600,"data":"\"lianka-shop=1\""}]}""", true)]
    [InlineData("""{"Status":0,"Answer":[{"type":16,"data":"v=spf1 -all"},{"type":16,"data":"lianka-shop=1"}]}""", true)]
    [InlineData("""{"Status":0,"Answer":[{"type":5,"data":"b.cn."},{"type":16,"data":"\"lianka-\" \"shop=1\""}]}""", true)]
    [InlineData("""{"Status":0,"Answer":[{"type":16,"data":"\"lianka-shop=12\""}]}""", false)]
    [InlineData("""{"Status":0,"Answer":[{"type":5,"data":"lianka-shop=1"}]}""", false)]
    [InlineData("""{"Status":3}""", false)]
    [InlineData("""{"Status":0}""", false)]
    [InlineData("""{"Status":2,"Answer":[{"type":16,"data":"lianka-shop=1"}]}""", null)] // the resolver failed
    [InlineData("""{"Status":0,"Answer":[7,{"type":"16"},{"type":16,"data":1}]}""", false)]
    [InlineData("[]", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void A_resolvers_answer_holds_the_text_or_not(string answer, bool? expected) =>
        DomainRules.Holds(Encoding.UTF8.GetBytes(answer), DomainRules.RecordText("1")).ShouldBe(expected);
}
