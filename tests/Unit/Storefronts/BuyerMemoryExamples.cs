using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Tests.Unit.Storefronts;

/// <summary>What a browser remembers for a buyer who asked for it.</summary>
public sealed class BuyerMemoryExamples
{
    private static readonly AccountField _phone = Field("account | phone | 手机号 | Phone | 移动"), _otherPhone = Field("number | phone | 号码 | Number"),
        _game = Field("account | account | 通行证 | Passport"), _otherGame = Field("account | account | 角色 | Character"), _server = Field("server | choice | 区服 | Server | 一区, 二区");

    private readonly BuyerMemory _memory = new(new EphemeralDataProtectionProvider());
    private string _cookie = "";

    [Fact]
    public void Accounts_are_offered_newest_first_to_fields_that_ask_for_the_same()
    {
        Keep("a@b.cn", _phone, "13800138000");
        Keep("a@b.cn", _game, "玩家一");
        Keep("c@d.cn", _phone, "13900139000");
        Keep("c@d.cn", _phone, "13800138000");
        Keep("c@d.cn", _server, "一区");
        var known = Of()!;
        known.Contact.ShouldBe("c@d.cn");
        known.Of(_otherPhone).ShouldBe(["13800138000", "13900139000"]);
        known.Of(_game).ShouldBe(["玩家一"]);
        // By the same key, but something else.
        known.Of(_otherGame).ShouldBeEmpty();
        known.Of(_server).ShouldBeEmpty();
    }

    [Fact]
    public void However_much_is_bought_it_stays_a_cookie_and_the_oldest_makes_room()
    {
        for (var i = 0; i < 60; i++) Keep("a@b.cn", _game, $"{i:D3}{new string('玩', 60)}");
        _cookie.Length.ShouldBeLessThan(4_000);
        var known = Of()!.Of(_game).ToList();
        known.Count.ShouldBeGreaterThan(3);
        known[0].ShouldStartWith("059");
        known[1].ShouldStartWith("058");
    }

    [Fact]
    public void Another_shop_and_another_key_read_nothing_of_it()
    {
        Keep("a@b.cn", _phone, "13800138000");
        _memory.Of(Request(), Shop("other")).ShouldBeNull();
        new BuyerMemory(new EphemeralDataProtectionProvider()).Of(Request(), Shop("xiaolu")).ShouldBeNull();
        _cookie.ShouldNotContain("13800138000");
        _cookie = "lianka_memory_xiaolu=nonsense";
        Of().ShouldBeNull();
    }

    [Fact]
    public void The_cookie_is_for_the_pages_of_its_shop_and_ends_when_it_is_to_be_forgotten()
    {
        var http = Request();
        _memory.Keep(http, Shop("xiaolu"), "a@b.cn", [], new Dictionary<string, string>());
        var set = http.Response.Headers.SetCookie.Single()!.ToLowerInvariant();
        set.ShouldContain("path=/s/xiaolu;");
        set.ShouldContain("httponly");
        http = Request();
        _memory.Forget(http, Shop("xiaolu"));
        http.Response.Headers.SetCookie.Single()!.ToLowerInvariant().ShouldContain("expires=thu, 01 jan 1970");
    }

    private void Keep(string contact, AccountField field, string value)
    {
        var http = Request();
        _memory.Keep(http, Shop("xiaolu"), contact, [field], new Dictionary<string, string> { [field.Key] = value });
        _cookie = http.Response.Headers.SetCookie.Single()!.Split(';')[0];
    }

    private BuyerMemory.Memory? Of() => _memory.Of(Request(), Shop("xiaolu"));

    private DefaultHttpContext Request()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = _cookie;
        return http;
    }

    private static AccountField Field(string line) => AccountFields.Parse(line).Fields.Single();

    private static Shop Shop(string slug) =>
        new(new Storefront(new StorefrontId(1), new MerchantId(1), slug, slug, slug, "", "", "", "", true, DateTimeOffset.UnixEpoch), IsAtOwnHost: false);
}
