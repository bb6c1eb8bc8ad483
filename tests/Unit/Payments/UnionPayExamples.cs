using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.UnionPay;
using Lianka.Modules.Payments.Channels.UnionPay.Core;
using Lianka.Modules.Payments.Channels.Wire;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Payments;

public sealed class UnionPayExamples : IDisposable
{
    private const string Owner = "CN=041@Z12@00040000:SIGN@00000001, C=CN";

    private static readonly DateTimeOffset _now = new(2026, 8, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly Authority _authority = new();

    [Fact]
    public void The_digest_is_over_all_fields_but_the_signature_sorted_by_name()
    {
        // printf 'a=1&b=点' | sha256sum
        UnionPayMessage.Digest(new Dictionary<string, string> { ["b"] = "点", ["signature"] = "x", ["a"] = "1" })
            .ShouldBe(Convert.ToHexStringLower(SHA256.HashData("a=1&b=点"u8)));
    }

    [Theory]
    [InlineData("a=1&b=x==&c=", "a:1|b:x==|c:")]
    [InlineData("a={b=1&c=2}&d=3", "a:{b=1&c=2}|d:3")]
    [InlineData("respMsg=成功[0000000]&x=1", "respMsg:成功[0000000]|x:1")]
    [InlineData("a=1&a=2", null)]
    [InlineData("<html>no</html>", null)]
    [InlineData("", null)]
    public void An_answer_is_not_URL_encoded(string text, string? fields)
    {
        var read = UnionPayMessage.ReadAnswer(text);
        (read is null ? null : string.Join('|', read.Select(f => $"{f.Key}:{f.Value}"))).ShouldBe(fields);
    }

    [Fact]
    public void F27_Only_a_certificate_that_leads_to_the_root_and_is_UnionPays_verifies()
    {
        var trust = new UnionPayTrust(_authority.Root, _authority.Middle, isInEarnest: false);
        var fields = new Dictionary<string, string> { ["merId"] = "777290058110048", ["orderId"] = "t000000000001", ["txnAmt"] = "4950" };
        Dictionary<string, string> By(X509Certificate2 certificate) => _authority.Signed(fields, certificate);

        using var good = _authority.Issue(Owner, _now);
        trust.IsGenuine(By(good), _now).ShouldBeTrue();
        using var next = _authority.Issue(Owner, _now);
        trust.IsGenuine(By(next), _now).ShouldBeTrue("F31: UnionPay's next certificate needs nobody's hand.");
        using var company = _authority.Issue("CN=CFCA@x@中国银联股份有限公司@1, C=CN", _now);
        trust.IsGenuine(By(company), _now).ShouldBeTrue();

        var inEarnest = new UnionPayTrust(_authority.Root, _authority.Middle, isInEarnest: true);
        inEarnest.IsGenuine(By(company), _now).ShouldBeTrue();
        inEarnest.IsGenuine(By(good), _now).ShouldBeFalse("The test environment's owner has no word about real money.");

        using var other = _authority.Issue("CN=041@Z12@Another Merchant@00000001, C=CN", _now);
        trust.IsGenuine(By(other), _now).ShouldBeFalse("Of the same authority, but not UnionPay.");
        using var strangers = new Authority();
        using var forged = strangers.Issue(Owner, _now);
        trust.IsGenuine(strangers.Signed(fields, forged), _now).ShouldBeFalse("The right name from another authority.");
        trust.IsGenuine(By(good), _now.AddYears(3)).ShouldBeFalse("Expired.");

        var swapped = By(good);
        swapped["signPubKeyCert"] = next.ExportCertificatePem();
        trust.IsGenuine(swapped, _now).ShouldBeFalse();
        foreach (var name in fields.Keys)
        {
            var changed = By(good);
            changed[name] += "0";
            trust.IsGenuine(changed, _now).ShouldBeFalse(name);
        }

        foreach (var missing in (string[])["signature", "signPubKeyCert"])
        {
            var less = By(good);
            less.Remove(missing);
            trust.IsGenuine(less, _now).ShouldBeFalse(missing);
        }

        new UnionPayTrust("", "", isInEarnest: false).IsGenuine(By(good), _now).ShouldBeFalse("F27: nothing configured verifies nothing.");
    }

    [Fact]
    public void The_merchants_file_gives_the_number_in_decimal_digits_and_signs()
    {
        using var own = _authority.Issue("CN=merchant", _now);
        var pfx = Convert.ToBase64String(own.Export(X509ContentType.Pfx, "000000"));
        UnionPayKey.TryOpen(pfx, "111111").ShouldBeNull();
        UnionPayKey.TryOpen("no", "000000").ShouldBeNull();
        var key = UnionPayKey.TryOpen(pfx, "000000").ShouldNotBeNull();
        key.CertId.ShouldBe(new System.Numerics.BigInteger(own.GetSerialNumber(), isUnsigned: true).ToString());
        var signed = key.Signed(new Dictionary<string, string> { ["merId"] = "1" });
        using var rsa = own.GetRSAPublicKey()!;
        rsa.VerifyData(Encoding.ASCII.GetBytes(UnionPayMessage.Digest(signed)), Convert.FromBase64String(signed["signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    [Theory]
    [InlineData("00", 0, TradeState.Paid)]
    [InlineData("A6", 0, TradeState.Paid)]
    [InlineData("05", 0, TradeState.Open)]
    [InlineData("05", 60, TradeState.Open)]
    [InlineData("51", 0, TradeState.Open)]
    [InlineData("51", 9, TradeState.Open)]
    [InlineData("51", 11, TradeState.Closed)]
    public void A_failed_try_is_not_the_end_before_the_trades_time_is_over(string code, int minutesAfter, TradeState state)
    {
        var answer = new Dictionary<string, string>
        {
            ["orderId"] = "t1", ["txnAmt"] = "4950", ["currencyCode"] = "156", ["origRespCode"] = code, ["queryId"] = "7412", ["txnTime"] = "20260806195000", ["traceTime"] = "0806195501",
            ["reqReserved"] = "20260806200000",
        };
        var trade = UnionPayTrades.Read(answer, "t1", _now.AddMinutes(minutesAfter)).ShouldNotBeNull();
        (trade.State, trade.Amount).ShouldBe((state, Money.Parse("49.50")));
        if (state == TradeState.Paid) trade.PaidAt.ShouldBe(new DateTimeOffset(2026, 8, 6, 11, 55, 1, TimeSpan.Zero));
        UnionPayTrades.Read(answer, "t2", _now).ShouldBeNull();
    }

    [Fact]
    public void A_time_without_a_year_is_the_nearest()
    {
        var newYear = new DateTimeOffset(2027, 1, 1, 0, 5, 0, FenText.China);
        UnionPayTrades.NearestYear("1231235959", newYear).ShouldBe(new DateTimeOffset(2026, 12, 31, 23, 59, 59, FenText.China));
        UnionPayTrades.NearestYear("0101000001", newYear.AddMinutes(-10)).ShouldBe(new DateTimeOffset(2027, 1, 1, 0, 0, 1, FenText.China));
        UnionPayTrades.NearestYear("0230120000", newYear).ShouldBeNull("No year has that day.");
        UnionPayTrades.NearestYear("x", newYear).ShouldBeNull();
    }

    [Fact]
    public void Notices_of_payments_and_of_refunds()
    {
        var payment = new Dictionary<string, string>
        {
            ["merId"] = "777290058110048", ["orderId"] = "t1", ["txnType"] = "01", ["respCode"] = "00", ["txnAmt"] = "4950", ["currencyCode"] = "156", ["queryId"] = "7412",
        };
        ChannelNotice? Read(Dictionary<string, string> fields) => UnionPayTrades.ReadNotice(fields, "777290058110048");
        Read(payment).ShouldBe(new ChannelNotice("t1", "7412", Money.Parse("49.50"), TradeState.Paid));
        Read(new(payment) { ["respCode"] = "05" })!.State.ShouldBe(TradeState.Open);
        Read(new(payment) { ["currencyCode"] = "840" })!.Amount.Currency.ShouldNotBe(Currency.Cny);
        Read(new(payment) { ["merId"] = "777290058110049" }).ShouldBeNull();
        Read(new(payment) { ["txnType"] = "31" }).ShouldBeNull();
        UnionPayTrades.ReadNotice(new Dictionary<string, string>(payment) { ["merId"] = "" }, "").ShouldBeNull();
        Read(new(payment) { ["txnType"] = "04", ["orderId"] = "r1", ["origQryId"] = "7412", ["reqReserved"] = "t1", ["queryId"] = "7413" })
            .ShouldBe(new ChannelNotice("t1", "7412", Money.Parse("49.50"), TradeState.Paid, "r1", RefundOutcome.Done));
    }

    [Fact]
    public void A_statement_is_read_by_its_columns()
    {
        var file = Line("S22", "0806195501", 4950, "742608061955011234567", "t000000000001", "D000000000030", "C000000004920", "01", "", "点卡")
            + Line("S30", "0806200000", 950, "742608062000001234568", "r000000000001", "C000000000006", "D000000000944", "04", "742608061955011234567")
            + Line("S30", "0806201000", 100, "742608062010001234569", "r000000000002", "D000000000001", "D000000000101", "04", "742608051955011234567") + "\r\n";
        var lines = Read(file);
        lines.ShouldBe(
        [
            new StatementLine("t000000000001", "742608061955011234567", null, Money.Parse("49.50"), Money.Parse("0.30"), new DateTimeOffset(2026, 8, 6, 19, 55, 1, FenText.China)),
            new StatementLine("t000000000001", "742608061955011234567", "r000000000001", Money.Parse("9.50"), Money.Parse("-0.06"), new DateTimeOffset(2026, 8, 6, 20, 0, 0, FenText.China)),
            new StatementLine("", "742608051955011234567", "r000000000002", Money.Parse("1.00"), Money.Parse("0.01"), new DateTimeOffset(2026, 8, 6, 20, 10, 0, FenText.China)),
        ]);
        Read("").ShouldBeEmpty();
        Should.Throw<StatementFileException>(() => Read("S22 too short")).Message.ShouldStartWith("Line 1:");
        Should.Throw<StatementFileException>(() => Read(file.Replace("777290058110048", "777290058110049", StringComparison.Ordinal)));
        Should.Throw<StatementFileException>(() => Read(file.Replace("000000004950", "00000000495x", StringComparison.Ordinal)));

        static IReadOnlyList<StatementLine> Read(string text)
        {
            // GBK, of which the columns are counted in bytes.
            var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;
            return UnionPayStatement.Read(gbk.GetBytes(text), new DateOnly(2026, 8, 6), "777290058110048");
        }
    }

    [Fact]
    public async Task A_form_is_the_same_for_the_same_order_and_ends_with_the_reservation()
    {
        using var own = _authority.Issue("CN=merchant", _now);
        using var http = new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]));
        var protocol = new UnionPayProtocol(http, new FixedClock(_now));
        var terms = new ChannelTerms
        {
            BaseUrl = protocol.BaseUrl, NotifyUrl = "https://shop.example/notify/1",
            Values = new Dictionary<string, string>
            {
                ["mer_id"] = "777290058110048", ["pfx"] = Convert.ToBase64String(own.Export(X509ContentType.Pfx, "000000")), ["pfx_password"] = "000000",
                ["root_cert"] = _authority.Root, ["middle_cert"] = _authority.Middle,
            },
        };
        protocol.Check(terms).ShouldBeEmpty();
        protocol.Check(terms with { Values = new Dictionary<string, string> { ["mer_id"] = "1", ["file_url"] = "x" } }).Select(e => e.Field).ShouldBe(["mer_id", "pfx", "root_cert", "middle_cert", "file_url"]);
        var channel = protocol.Open(terms);
        var order = new ChannelOrder("t000000000001", "wap", Money.Parse("49.50"), "点卡", "https://shop.example/o/1", _now, _now.AddMinutes(15));
        var code = await channel.CreateAsync(order, default);
        (await channel.CreateAsync(order, default)).Fields.ShouldBe(code.Fields, ignoreOrder: true);
        code.Value.ShouldBe("https://gateway.95516.com/gateway/api/frontTransReq.do");
        (code.Fields!["payTimeout"], code.Fields["txnTime"], code.Fields["txnAmt"], code.Fields["channelType"]).ShouldBe(("20260806201500", "20260806200000", "4950", "08"));
        var late = await channel.CreateAsync(order with { Method = "front", ExpiresAt = _now.AddDays(1) }, default);
        (late.Fields!["payTimeout"], late.Fields["channelType"]).ShouldBe(("20260806220000", "07"));
    }

    // The columns of the example program, in bytes; a blank between them.
    private static string Line(string kind, string time, long fen, string queryId, string orderId, string fee, string settled, string type, string origin, string shop = "")
    {
        int[] widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98];
        var values = new string[widths.Length];
        Array.Fill(values, "");
        (values[0], values[3], values[4], values[6], values[9], values[11]) = (kind, "123456", time, fen.ToString("D12"), queryId, orderId);
        (values[15], values[16], values[19], values[20], values[26], values[27], values[30]) = (fee, settled, type, "01", origin, "777290058110048", shop);
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;
        return string.Join(' ', values.Select((v, i) => v + new string(' ', widths[i] - gbk.GetByteCount(v)))) + "\r\n";
    }

    public void Dispose() => _authority.Dispose();

    /// <summary>A root, a middle certificate, and what they issue.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly X509Certificate2 _root, _middle;
        private int _serial = 0x4000_0000;

        public string Root => _root.ExportCertificatePem();
        public string Middle => _middle.ExportCertificatePem();

        public Authority()
        {
            using var rootKey = RSA.Create(2048);
            _root = Request("CN=Root", rootKey, isAuthority: true).CreateSelfSigned(_now.AddYears(-5), _now.AddYears(20));
            _middle = Issued("CN=Middle", _root, isAuthority: true, _now);
        }

        public X509Certificate2 Issue(string name, DateTimeOffset at) => Issued(name, _middle, isAuthority: false, at);

        public Dictionary<string, string> Signed(Dictionary<string, string> fields, X509Certificate2 certificate)
        {
            var signed = new Dictionary<string, string>(fields) { ["signPubKeyCert"] = certificate.ExportCertificatePem(), ["respMsg"] = "成功[0000000]" };
            using var rsa = certificate.GetRSAPrivateKey()!;
            signed["signature"] = Convert.ToBase64String(rsa.SignData(Encoding.ASCII.GetBytes(UnionPayMessage.Digest(signed)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return signed;
        }

        private X509Certificate2 Issued(string name, X509Certificate2 by, bool isAuthority, DateTimeOffset at)
        {
            using var key = RSA.Create(2048);
            using var made = Request(name, key, isAuthority).Create(by, at.AddDays(-1), at.AddYears(2), BitConverter.GetBytes(_serial++).Reverse().ToArray());
            return made.CopyWithPrivateKey(key);
        }

        private static CertificateRequest Request(string name, RSA key, bool isAuthority)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
            return request;
        }

        public void Dispose()
        {
            _root.Dispose();
            _middle.Dispose();
        }
    }
}
