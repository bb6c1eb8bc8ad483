using System.Buffers;
using System.Text;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Platform;

public sealed class PrefixedHtmlExamples
{
    [Theory]
    [InlineData("<a href=\"/console\">x</a>", "<a href=\"/lianka/console\">x</a>")]
    [InlineData("<a class=\"b\" href=\"/\">/</a>", "<a class=\"b\" href=\"/lianka/\">/</a>")]
    [InlineData("<a href='/x'>", "<a href='/lianka/x'>")]
    [InlineData("<a href=/x>", "<a href=/lianka/x>")]
    [InlineData("<a HREF=\"/x\">", "<a HREF=\"/lianka/x\">")]
    [InlineData("<use href=\"/assets/icons.svg#ok\"/><img src=\"/pictures/1\">", "<use href=\"/lianka/assets/icons.svg#ok\"/><img src=\"/lianka/pictures/1\">")]
    [InlineData("<form action=\"/logout\"><button formaction=\"/x\">", "<form action=\"/lianka/logout\"><button formaction=\"/lianka/x\">")]
    [InlineData("<div data-live=\"/o/1/status\" data-check=\"/c\" data-progress=\"/p\">", "<div data-live=\"/lianka/o/1/status\" data-check=\"/lianka/c\" data-progress=\"/lianka/p\">")]
    [InlineData("<section data-final data-live=\"/o\">", "<section data-final data-live=\"/lianka/o\">")]
    // Another host, a place on the page, another directory, a whole address: no address from this site's root.
    [InlineData("<a href=\"//cdn.example/x\"><a href=\"#main\"><a href=\"?after=1\"><a href=\"https://e.example/x\"><a href=\"\">", null)]
    // What is no address stays: words, fields, names that only end like one.
    [InlineData("<input name=\"next\" value=\"/console\"><p title=\"/x\">href=\"/x\"</p><i data-href=\"/x\" xhref=\"/x\" hrefs=\"/x\" a-name-longer-than-any=\"/x\">", null)]
    [InlineData("<p title='href=\"/x\"'> 1 < 2 href=\"/x\"</p><!-- href=\"/x\" -->", null)]
    public void Addresses_of_this_site_go_out_below_its_prefix(string html, string? expected)
    {
        foreach (var first in Enumerable.Range(0, html.Length + 1))
        foreach (var second in new[] { first, first + 1, html.Length })
        {
            if (second < first || second > html.Length) continue;
            var (pages, written) = (new PrefixedHtml("/lianka"), new ArrayBufferWriter<byte>());
            foreach (var piece in new[] { html[..first], html[first..second], html[second..] }) pages.Write(Encoding.UTF8.GetBytes(piece), written);
            Encoding.UTF8.GetString(written.WrittenSpan).ShouldBe(expected ?? html, $"in pieces of {first} and {second}");
        }
    }

    [Theory]
    [InlineData("/lianka", true)]
    [InlineData("/a/b-c/d_1", true)]
    [InlineData("/", false)]
    [InlineData("lianka", false)]
    [InlineData("/lianka/", false)]
    [InlineData("//evil.example", false)]
    [InlineData("/a/../b", false)]
    [InlineData("/联卡", false)]
    [InlineData("/a\"b", false)]
    [InlineData("/a\n", false)]
    public void What_a_prefix_may_be(string prefix, bool isUsable) => PathPrefix.IsUsable(prefix).ShouldBe(isUsable);
}
