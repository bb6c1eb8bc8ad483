using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Agents.Core;

namespace Lianka.Tests.Unit.Agents;

public sealed class CheckExamples
{
    private static string Errors(Action<FieldCheck> read)
    {
        var check = new FieldCheck();
        read(check);
        check.Errors.ShouldAllBe(e => e.En.Length > 0 && e.Zh.Length > 0);
        return string.Join(" ", check.Errors.Select(e => $"{e.Field}:{e.Code}"));
    }

    [Theory]
    [InlineData("9.9850", "")]
    [InlineData("1000000.0000", "")]
    [InlineData("1000000.0001", "price:out_of_range")]
    [InlineData("0", "price:not_positive")]
    [InlineData("-1", "price:not_positive")]
    [InlineData("0.00001", "price:not_an_amount")]
    [InlineData("1e3", "price:not_an_amount")]
    [InlineData("９", "price:not_an_amount")]
    [InlineData("9223372036854775808", "price:not_an_amount")]
    public void F22_A_price_is_read_strictly(string text, string expected) => Errors(c => c.Price("price", text)).ShouldBe(expected);

    [Theory]
    [InlineData("bps", "0", "")]
    [InlineData("bps", "10000", "")]
    [InlineData("bps", "10001", "value:out_of_range")]
    [InlineData("bps", "0.5", "value:not_a_number")]
    [InlineData("fixed", "0", "")]
    [InlineData("fixed", "0.0500", "")]
    [InlineData("fixed", "-0.0001", "value:out_of_range")]
    [InlineData("fixed", "1000000.0001", "value:out_of_range")]
    [InlineData("fixed", "x", "value:not_an_amount")]
    [InlineData("percent", "1", "mode:unknown_value")]
    public void A_markup_never_lowers_a_price(string mode, string value, string expected) =>
        Errors(c => c.MarkupValue(mode, value)).ShouldBe(expected);

    [Theory] // "quantity:bps …"
    [InlineData("", "")]
    [InlineData("100:20", "")]
    [InlineData("100:20 1000:35", "")]
    [InlineData("100:20 100:35", "tiers/1/min_qty:not_rising")]
    [InlineData("1000:20 100:35", "tiers/1/min_qty:not_rising")]
    [InlineData("100:20 1000:20", "tiers/1/off_bps:not_rising")]
    [InlineData("1:20", "tiers/0/min_qty:out_of_range")]
    [InlineData("10001:20", "tiers/0/min_qty:out_of_range")]
    [InlineData("100:0", "tiers/0/off_bps:out_of_range")]
    [InlineData("100:10000", "tiers/0/off_bps:out_of_range")]
    [InlineData("100:x", "tiers/0/off_bps:not_a_number")]
    public void Tiers_fall_with_the_quantity(string tiers, string expected) => Errors(c => c.Tiers(Book.Sku,
        [.. tiers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => new QuantityTierDraft(t.Split(':')[0], t.Split(':')[1]))]))
        .ShouldBe(expected);

    [Theory]
    [InlineData("", "", "")]
    [InlineData("203.0.113.7", "203.0.113.7/32", "")]
    [InlineData("203.0.113.7, 203.0.113.7\n198.51.100.0/24", "203.0.113.7/32 198.51.100.0/24", "")]
    [InlineData("2001:db8::1", "2001:db8::1/128", "")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7/32", "")]
    [InlineData("1", "", "allowed_ips:bad_address")]
    [InlineData("10.1", "", "allowed_ips:bad_address")]
    [InlineData("203.0.113.7/33", "", "allowed_ips:bad_address")]
    [InlineData("example.com", "", "allowed_ips:bad_address")]
    public void Addresses_are_read_strictly(string text, string expected, string errors)
    {
        var read = "";
        Errors(c => read = c.AllowedIps(text)).ShouldBe(errors);
        read.ShouldBe(expected);
    }

    [Fact]
    public void Too_many_addresses_are_refused_before_they_are_read()
    {
        Errors(c => c.AllowedIps(string.Join(' ', Enumerable.Range(0, 50).Select(i => $"10.0.0.{i}")))).ShouldBe("");
        Errors(c => c.AllowedIps(string.Join(' ', Enumerable.Range(0, 51).Select(i => $"10.0.0.{i}")))).ShouldBe("allowed_ips:too_long");
        Errors(c => c.AllowedIps(new string('x', 100_000))).ShouldBe("allowed_ips:too_long");
    }

    [Fact]
    public void Scopes_are_a_closed_list()
    {
        Errors(c => c.Scopes([], ApiScopes.All)).ShouldBe("scopes:required");
        Errors(c => c.Scopes(["orders:write", "all"], ApiScopes.All)).ShouldBe("scopes:unknown_value");
        Errors(c => c.Scopes(["cards:read", "orders:write", "cards:read"], ApiScopes.All).ShouldBe("orders:write cards:read")).ShouldBe("");
    }

    [Theory]
    [InlineData("", "8.8.8.8", true)]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("198.51.100.0/24 203.0.113.7", "198.51.100.255", true)]
    [InlineData("198.51.100.0/24", "198.51.101.0", false)]
    [InlineData("198.51.100.0/24", "::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    public void A_key_is_accepted_from_its_addresses_only(string allowed, string address, bool expected) =>
        new ApiKeyEntry("lk_live_x", new MerchantId(1), true, default, System.Collections.Frozen.FrozenSet<string>.Empty,
            [.. allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => ApiKeyRules.Network(a)!.Value)], 1, null)
            .Allows(IPAddress.Parse(address)).ShouldBe(expected);

    [Fact]
    public void I18_A_key_in_a_log_line_shows_no_secret()
    {
        var line = new ApiKeyLine(1, "lk_live_x", new MerchantId(1), "", [], "", 1, false, default, null);
        new NewApiKey(line, "hush").ToString().ShouldBe("NewApiKey lk_live_x");
        new ApiKeyEntry("lk_live_x", new MerchantId(1), true, "hush"u8.ToArray(), System.Collections.Frozen.FrozenSet<string>.Empty, [], 1, null)
            .ToString().ShouldBe("ApiKeyEntry lk_live_x");
    }

    [Fact]
    public void Every_retail_refusal_has_a_text_in_both_languages()
    {
        foreach (var why in Enum.GetValues<RetailRefusal>())
        {
            var error = Refusals.Of(why);
            (error.Field, error.En.Length > 0, error.Zh.Length > 0).ShouldBe(("price", true, true));
        }
    }
}
