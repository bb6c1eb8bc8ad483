using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Epay;
using Lianka.Modules.Payments.Channels.Epay.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Payments;

public sealed class EpayExamples
{
    private const string Key = "test_key_0001";

    private static readonly Dictionary<string, string> _notice = new()
    {
        ["money"] = "1.00", ["name"] = "VIP会员", ["out_trade_no"] = "20160806151343349", ["pid"] = "1001", ["trade_no"] = "2016080622555342651", ["trade_status"] = "TRADE_SUCCESS",
        ["type"] = "alipay", ["param"] = "", ["sign_type"] = "MD5",
    };

    // The fields are the examples of the sites' documentation, the digests made with md5sum.
    [Fact]
    public void The_digest_is_over_what_is_not_empty_sorted_by_name()
    {
        EpaySign.Md5(_notice, Key, EpayDialect.Plain).ShouldBe("9d24ef6884cb611fd255f3f7f696f85d");
        EpaySign.Md5(new Dictionary<string, string>
        {
            ["pid"] = "1001", ["type"] = "alipay", ["out_trade_no"] = "20160806151343349", ["notify_url"] = "http://www.pay.com/notify_url.php", ["return_url"] = "http://www.pay.com/return_url.php",
            ["name"] = "VIP会员", ["money"] = "1.00", ["clientip"] = "203.0.113.9", ["device"] = "pc",
        }, Key, EpayDialect.Plain).ShouldBe("79fef60265e882b191080d468ab72fc4");
    }

    [Fact]
    public void The_dialects_hash_other_texts()
    {
        var fields = new Dictionary<string, string> { ["a"] = "x y~*", ["b"] = "点" };
        EpaySign.Text(fields).ShouldBe("a=x y~*&b=点");
        EpaySign.Text(fields, isEncoded: true).ShouldBe("a=x+y%7E%2A&b=%E7%82%B9");
        Enum.GetValues<EpayDialect>().Select(d => EpaySign.Md5(fields, Key, d)).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void F27_A_changed_notice_is_nothing()
    {
        var good = new Dictionary<string, string>(_notice) { ["sign"] = "9D24EF6884CB611FD255F3F7F696F85D" };
        EpaySign.IsMd5Genuine(good, Key, EpayDialect.Plain).ShouldBeTrue("Some sites write large letters.");
        foreach (var name in _notice.Keys.Where(n => n is not ("sign_type" or "param")))
            EpaySign.IsMd5Genuine(new Dictionary<string, string>(good) { [name] = good[name] + "0" }, Key, EpayDialect.Plain).ShouldBeFalse(name);
        EpaySign.IsMd5Genuine(new Dictionary<string, string>(good) { ["param"] = "1" }, Key, EpayDialect.Plain).ShouldBeFalse("A field more.");
        EpaySign.IsMd5Genuine(_notice, Key, EpayDialect.Plain).ShouldBeFalse("No signature.");
        var unsigned = new Dictionary<string, string>(_notice);
        unsigned["sign"] = EpaySign.Md5(unsigned, "", EpayDialect.Plain);
        EpaySign.IsMd5Genuine(unsigned, "", EpayDialect.Plain).ShouldBeFalse("An empty key verifies nothing.");
    }

    [Fact]
    public void A_notice_is_read_from_its_raw_bytes()
    {
        var channel = Open(new() { ["pid"] = "1001", ["key"] = Key, ["key_old"] = "former_key_1", ["type"] = "alipay", ["dialect"] = "plain" });
        var good = Query(_notice, Key);
        channel.Read(Get(good)).ShouldBe(new ChannelNotice("20160806151343349", "2016080622555342651", Money.Parse("1.00"), TradeState.Paid));
        channel.Read(new RawNotice("POST", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(good))).ShouldNotBeNull();
        channel.Read(Get(Query(_notice, "former_key_1"))).ShouldNotBeNull("F31: signed with the key that is being changed.");
        channel.Read(Get(Query(_notice, "another_key_"))).ShouldBeNull();
        channel.Read(Get(good + "&money=1.00")).ShouldBeNull("A name that stands twice.");
        channel.Read(Get(Query(new(_notice) { ["pid"] = "1002" }, Key))).ShouldBeNull("F27: another merchant's.");
        channel.Read(Get(Query(new(_notice) { ["trade_status"] = "WAIT_BUYER_PAY" }, Key))).ShouldBeNull();
        channel.Read(Get(Query(new(_notice) { ["money"] = "1.005" }, Key))).ShouldBeNull();
        channel.Read(Get("")).ShouldBeNull();
        Open(new() { ["pid"] = "1001", ["key"] = "" }).Read(Get(Query(_notice, ""))).ShouldBeNull("F27: an empty key.");
        (channel.Reply(true).Body, channel.Reply(false).Body).ShouldBe(("success", "fail"));
    }

    [Fact]
    public void F27_Any_changed_byte_of_a_notice_makes_it_nothing_or_leaves_its_meaning()
    {
        var channel = Open(new() { ["pid"] = "1001", ["key"] = Key, ["dialect"] = "plain" });
        var bytes = Encoding.ASCII.GetBytes(Query(_notice, Key));
        var read = channel.Read(Get(Encoding.ASCII.GetString(bytes))).ShouldNotBeNull();
        var random = new Random(7);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] = (byte)random.Next(33, 127);
            // Another way to write the same, as %E4 and %e4, is still what was signed.
            channel.Read(Get(Encoding.ASCII.GetString(changed))).ShouldBeOneOf(null, read);
        }
    }

    [Theory]
    [InlineData("0", TradeState.Open)]
    [InlineData("1", TradeState.Paid)]
    [InlineData("2", TradeState.Paid)]
    [InlineData("3", TradeState.Paid)]
    [InlineData("4", TradeState.Open)]
    [InlineData("9", null)]
    public void What_a_site_says_of_a_trade(string status, TradeState? state)
    {
        var trade = JsonDocument.Parse($$"""{"out_trade_no":"t1","trade_no":"T1","money":12.3,"status":{{status}},"endtime":"2026-08-06 22:55:52"}""").RootElement;
        var read = EpayTrades.Read(trade, "t1");
        (read?.State).ShouldBe(state);
        if (read is null) return;
        read.Amount.ShouldBe(Money.Parse("12.30"));
        read.PaidAt.ShouldBe(state == TradeState.Paid ? new DateTimeOffset(2026, 8, 6, 14, 55, 52, TimeSpan.Zero) : null);
        EpayTrades.Read(trade, "t2").ShouldBeNull("Another trade's answer.");
    }

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        EpayTrades.Name("点卡").ShouldBe("点卡");
        EpayTrades.Name(new string('点', 60)).ShouldBe(new string('点', 42));
        EpayTrades.Name(new string('a', 125) + "😀").ShouldBe(new string('a', 125));
    }

    [Fact]
    public async Task A_days_statement_is_read_to_its_end_and_not_before_the_day_is_over()
    {
        var day = new DateOnly(2026, 8, 6);
        var noon = new DateTimeOffset(2026, 8, 6, 12, 0, 0, FenText.China);
        Task<IReadOnlyList<JsonElement>> Page(int page)
        {
            var rows = Enumerable.Range(page * EpayOrderList.PageRows, EpayOrderList.PageRows).Select(i =>
            {
                // One order an hour, the newest first, the last of them two days after the day; every third is not paid.
                var made = noon.AddDays(2).AddHours(-i);
                return JsonDocument.Parse($$"""{"out_trade_no":"t{{i}}","trade_no":"T{{i}}","money":"1.00","status":"{{(i % 3 == 0 ? 0 : 1)}}","addtime":"{{FenText.Time(made, EpayTrades.TimeForm)}}","endtime":"{{FenText.Time(made, EpayTrades.TimeForm)}}"}""").RootElement;
            });
            return Task.FromResult<IReadOnlyList<JsonElement>>([.. rows]);
        }

        var lines = await EpayOrderList.ReadAsync(day, noon.AddDays(3), Page);
        lines.Count.ShouldBe(16);
        lines.ShouldAllBe(l => DateOnly.FromDateTime(l.At.ToOffset(FenText.China).DateTime) == day && l.RefundNo == null && l.Fee.IsZero);
        await Should.ThrowAsync<ChannelException>(EpayOrderList.ReadAsync(day, noon, Page));
    }

    [Fact]
    public void Terms_that_cannot_work_are_told()
    {
        using var http = Http();
        var protocol = new Epay1Protocol(http, TimeProvider.System);
        string[] Wrong(string site, string pid, string key) => [.. protocol.Check(new ChannelTerms { BaseUrl = site, NotifyUrl = "", Values = new Dictionary<string, string> { ["pid"] = pid, ["key"] = key } }).Select(e => e.Field)];
        Wrong("https://pay.example/epay", "1001", Key).ShouldBeEmpty();
        Wrong("http://127.0.0.1:5080/epay1", "1001", Key).ShouldBeEmpty();
        Wrong("http://pay.example", "1001", Key).ShouldBe(["base_url"], "Its answers are not signed.");
        Wrong("https://pay.example", "10 01", "short").ShouldBe(["pid", "key"]);
    }

    [Fact]
    public void Version_2_counts_with_the_sites_signature_our_number_and_a_time_of_now()
    {
        using var site = RSA.Create(2048);
        using var former = RSA.Create(2048);
        using var http = Http();
        var clock = new FixedClock(DateTimeOffset.FromUnixTimeSeconds(1_713_660_000));
        var terms = new ChannelTerms
        {
            BaseUrl = "https://pay.example", NotifyUrl = "https://shop.example/notify/1",
            Values = new Dictionary<string, string>
            {
                ["pid"] = "1001", ["private_key"] = former.ExportPkcs8PrivateKeyPem(), ["type"] = "alipay",
                ["public_key"] = Convert.ToBase64String(site.ExportSubjectPublicKeyInfo()), ["public_key_old"] = former.ExportSubjectPublicKeyInfoPem(),
            },
        };
        var protocol = new Epay2Protocol(http, clock);
        protocol.Check(terms).ShouldBeEmpty();
        var channel = protocol.Open(terms);
        string Signed(Dictionary<string, string> fields, RSA key)
        {
            var sign = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(EpaySign.Text(fields)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return WireForm.Write([.. fields, new("sign", sign), new("sign_type", "RSA")]);
        }

        var notice = new Dictionary<string, string>(_notice) { ["timestamp"] = "1713660300" };
        notice.Remove("sign_type");
        channel.Read(Get(Signed(notice, site))).ShouldNotBeNull().OutNo.ShouldBe("20160806151343349");
        channel.Read(Get(Signed(notice, former))).ShouldNotBeNull("F31");
        channel.Read(Get(Signed(new(notice) { ["timestamp"] = "1713660301" }, site))).ShouldBeNull("F27: of another time.");
        channel.Read(Get(Signed(new(notice) { ["timestamp"] = "1713659699" }, site))).ShouldBeNull("F27: old.");
        channel.Read(Get(Signed(new(notice) { ["timestamp"] = "" }, site))).ShouldBeNull();
        channel.Read(Get(Signed(new(notice) { ["pid"] = "1002" }, site))).ShouldBeNull("F27: the site's key is the same for all its merchants.");
        channel.Read(Get(Signed(notice, site).Replace("money=1.00", "money=9.00", StringComparison.Ordinal))).ShouldBeNull();
    }

    private static Epay1Channel Open(Dictionary<string, string> values) =>
        new(new ChannelTerms { BaseUrl = "https://pay.example", NotifyUrl = "https://shop.example/notify/1", Values = values }, Http(), TimeProvider.System);

    private static GuardedHttp Http() => new(new Settings("", "", "sqlite", "none", new byte[32]));

    private static string Query(Dictionary<string, string> fields, string key) =>
        WireForm.Write([.. fields.Where(f => f.Key != "sign"), new("sign", EpaySign.Md5(fields, key, EpayDialect.Plain))]);

    private static RawNotice Get(string query) => new("GET", query, new Dictionary<string, string>(), ReadOnlyMemory<byte>.Empty);
}

internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
