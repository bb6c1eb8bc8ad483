using System.Net;
using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Tests.Unit.Storefronts;

/// <summary>Which pages a browser tells who its buyer is to a channel's app.</summary>
public sealed class BuyerNumberExamples
{
    private const string Own = "https://xiaolu.example", Platform = "https://platform.example";

    private readonly BuyerNumbers _numbers = new(new EphemeralDataProtectionProvider());
    private readonly CookieContainer _jar = new();

    [Fact]
    public void At_a_shops_own_domain_all_its_pages_are_told_and_no_other_host()
    {
        Know(Own, "/pay/ord_1");
        foreach (var path in new[] { "/", "/pay/ord_2", "/p/steam-wallet", "/orders" }) Known(Own + path).ShouldBe("7 oBuyer", path);
        foreach (var other in new[] { Platform + "/s/xiaolu/pay/ord_1", Platform + "/s/second/pay/ord_1", "https://second.example/pay/ord_1", "https://a.xiaolu.example/pay/ord_1" })
            Known(other).ShouldBe("", other);
    }

    [Fact]
    public void Elsewhere_the_pages_of_shops_are_told_and_no_console()
    {
        Know(Platform, "/s/xiaolu/pay/ord_1");
        Known(Platform + "/s/xiaolu/pay/ord_2").ShouldBe("7 oBuyer");
        foreach (var other in new[] { Platform + "/console", Platform + "/login", Platform + "/", Own + "/pay/ord_1" })
        {
            Known(other).ShouldBe("", other);
            _jar.GetCookieHeader(new Uri(other)).ShouldBe("", other);
        }
    }

    /// <summary>The whole way: asked on one page, answered on another, where the question is used up.</summary>
    private void Know(string host, string pay)
    {
        var state = Visit($"{host}{pay}/ask/ch_1", http => _numbers.Ask(http, 7));
        Visit($"{host}{pay}/buyer", http => _numbers.Answered(http, state)).ShouldBe(7);
        Visit($"{host}{pay}/buyer", http => _numbers.Answered(http, state)).ShouldBeNull();
        Visit($"{host}{pay}/buyer", http =>
        {
            _numbers.Keep(http, 7, "oBuyer");
            return 0;
        });
    }

    private string Known(string address) => Visit(address, http => string.Join(' ', _numbers.Of(http).Select(n => $"{n.Key} {n.Value}")));

    /// <summary>One request of a browser that keeps its cookies; at the shop's domain it comes in as its middleware leaves it.</summary>
    private T Visit<T>(string address, Func<HttpContext, T> page)
    {
        var uri = new Uri(address);
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host, http.Request.Path) = (uri.Scheme, new HostString(uri.Host), uri.AbsolutePath);
        http.Request.Headers.Cookie = _jar.GetCookieHeader(uri);
        if (!address.StartsWith(Platform, StringComparison.Ordinal))
        {
            http.Features.Set(new OwnHost(new StorefrontId(1), http.Request.Path));
            http.Request.Path = $"/s/xiaolu{uri.AbsolutePath}";
        }

        var told = page(http);
        foreach (var cookie in http.Response.Headers.SetCookie) _jar.SetCookies(uri, cookie!);
        return told;
    }
}
