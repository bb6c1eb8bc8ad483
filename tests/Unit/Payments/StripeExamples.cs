using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Stripe;
using Lianka.Modules.Payments.Channels.Stripe.Core;
using Lianka.Platform;
using Lianka.Platform.Http;

namespace Lianka.Tests.Unit.Payments;

public sealed class StripeExamples
{
    private const string Secret = "whsec_0123456789abcdef";
    private const string Session = """
        {"id":"cs_1","object":"checkout.session","client_reference_id":"t1","amount_total":4950,"currency":"cny","status":"complete","payment_status":"paid",
         "payment_intent":{"id":"pi_1","object":"payment_intent","status":"succeeded","latest_charge":{"id":"ch_1","object":"charge","created":1786000000}}}
        """;

    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_786_000_000);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Fact]
    public void A_signature_is_made_over_the_time_and_the_raw_body()
    {
        var body = "{\"a\":1}"u8;
        // printf '1786000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_0123456789abcdef
        const string Known = "bb4d79c9d48d1608fee98a817746f4fdd91d6207af86eb6778a9a5d2acd16775";
        var sign = StripeSignature.Sign(Secret, "1786000000", body);
        sign.ShouldBe(Known);
        bool Is(string header, string text, DateTimeOffset now, params string[] secrets) => StripeSignature.IsGenuine(header, Encoding.UTF8.GetBytes(text), secrets, now);

        Is($"t=1786000000,v1={sign}", "{\"a\":1}", _now, Secret).ShouldBeTrue();
        Is($"t=1786000000,v1={new string('0', 64)},v0=1,v1={sign}", "{\"a\":1}", _now, "whsec_other0000", Secret).ShouldBeTrue("F31: several signatures, several secrets.");
        Is($"t=1786000000,v1={sign}", "{\"a\":1}", _now.AddSeconds(300), Secret).ShouldBeTrue();
        Is($"t=1786000000,v1={sign}", "{\"a\":1}", _now.AddSeconds(301), Secret).ShouldBeFalse("F27: old.");
        Is($"t=1786000001,v1={sign}", "{\"a\":1}", _now, Secret).ShouldBeFalse("Another time.");
        Is($"t=1786000000,v1={sign}", "{\"a\":2}", _now, Secret).ShouldBeFalse();
        Is($"t=1786000000,v0={sign}", "{\"a\":1}", _now, Secret).ShouldBeFalse();
        Is($"v1={sign}", "{\"a\":1}", _now, Secret).ShouldBeFalse();
        Is("", "{\"a\":1}", _now, Secret).ShouldBeFalse();
        Is($"t=1786000000,v1={StripeSignature.Sign("", "1786000000", body)}", "{\"a\":1}", _now, "").ShouldBeFalse("F27: an empty secret.");
    }

    [Fact]
    public void F27_Any_changed_byte_of_the_body_or_the_header_makes_it_nothing()
    {
        var body = Encoding.UTF8.GetBytes(Session);
        var header = $"t=1786000000,v1={StripeSignature.Sign(Secret, "1786000000", body)}";
        StripeSignature.IsGenuine(header, body, [Secret], _now).ShouldBeTrue();
        for (var i = 0; i < body.Length; i++)
        {
            var changed = (byte[])body.Clone();
            changed[i] ^= 1;
            StripeSignature.IsGenuine(header, changed, [Secret], _now).ShouldBeFalse();
        }

        for (var i = 0; i < header.Length; i++)
        {
            var changed = header.ToCharArray();
            changed[i] ^= (char)1;
            StripeSignature.IsGenuine(new string(changed), body, [Secret], _now).ShouldBeFalse($"{i}");
        }
    }

    [Theory]
    [InlineData("CNY", "49.50", "4950")]
    [InlineData("USD", "0.01", "1")]
    [InlineData("JPY", "500", "500")]
    [InlineData("KWD", "1.5", "1500")]
    [InlineData("JPY", "500.50", null)]
    [InlineData("CNY", "0.001", null)]
    [InlineData("CNY", "0", null)]
    public void Amounts_are_counted_in_each_currencys_smallest_unit(string code, string amount, string? minor)
    {
        var money = new Money(Money.Parse(amount).Units, new Currency(code));
        if (minor is null)
        {
            Should.Throw<ArgumentException>(() => StripeMoney.Minor(money));
            return;
        }

        StripeMoney.Minor(money).ShouldBe(minor);
        StripeMoney.TryRead(minor, code.ToLowerInvariant(), out var read).ShouldBeTrue();
        read.ShouldBe(money);
    }

    [Theory]
    [InlineData("open", "unpaid", "requires_payment_method", TradeState.Open)]
    [InlineData("complete", "paid", "succeeded", TradeState.Paid)]
    [InlineData("expired", "unpaid", "canceled", TradeState.Closed)]
    [InlineData("complete", "unpaid", "processing", TradeState.Open)]
    [InlineData("complete", "unpaid", "requires_payment_method", TradeState.Closed)]
    [InlineData("new-word", "unpaid", "", null)]
    public void What_a_session_says(string status, string payment, string intent, TradeState? state)
    {
        var session = Json($$$"""{"id":"cs_1","object":"checkout.session","client_reference_id":"t1","amount_total":4950,"currency":"cny","status":"{{{status}}}","payment_status":"{{{payment}}}","payment_intent":{"id":"pi_1","status":"{{{intent}}}"}}""");
        (StripeObjects.ReadSession(session, "t1")?.State).ShouldBe(state);
        StripeObjects.ReadSession(session, "t2").ShouldBeNull();
    }

    [Fact]
    public void A_paid_session_tells_when()
    {
        var paid = StripeObjects.ReadSession(Json(Session), "t1").ShouldNotBeNull();
        paid.ShouldBe(new ChannelTrade(TradeState.Paid, "cs_1", Money.Parse("49.50"), _now));
    }

    [Fact]
    public void Events_of_another_mode_another_kind_or_without_our_number_are_nothing()
    {
        string Event(string type, string thing, bool isLive = false) => $$$"""{"id":"evt_1","object":"event","type":"{{{type}}}","livemode":{{{(isLive ? "true" : "false")}}},"data":{"object":{{{thing}}}}}""";
        ChannelNotice? Read(string text, bool isLive = false) => StripeObjects.ReadEvent(Json(text), isLive);
        const string Refund = """{"id":"re_1","object":"refund","amount":950,"currency":"cny","status":"succeeded","payment_intent":"pi_1","metadata":{"out_no":"t1","refund_no":"r1"}}""";

        Read(Event("checkout.session.completed", Session)).ShouldBe(new ChannelNotice("t1", "cs_1", Money.Parse("49.50"), TradeState.Paid));
        Read(Event("checkout.session.completed", Session, isLive: true)).ShouldBeNull("The sandbox's secret, real money.");
        Read(Event("checkout.session.completed", Session), isLive: true).ShouldBeNull();
        Read(Event("payment_intent.succeeded", Session)).ShouldBeNull();
        Read(Event("checkout.session.completed", Session.Replace("\"t1\"", "null", StringComparison.Ordinal))).ShouldBeNull();
        Read(Event("checkout.session.completed", Session.Replace("\"cny\"", "\"usd\"", StringComparison.Ordinal)))!.Amount.ShouldBe(new Money(495_000, new Currency("USD")), "F27: told as it is, so that it differs.");
        Read(Event("refund.updated", Refund)).ShouldBe(new ChannelNotice("t1", "", Money.Parse("9.50"), TradeState.Paid, "r1", RefundOutcome.Done));
        Read(Event("refund.failed", Refund.Replace("succeeded", "failed", StringComparison.Ordinal)))!.Refund.ShouldBe(RefundOutcome.Failed);
        Read(Event("refund.updated", Refund.Replace("refund_no", "other", StringComparison.Ordinal))).ShouldBeNull("Made by somebody in Stripe's own console.");
    }

    [Fact]
    public void A_session_is_asked_for_with_the_same_words_every_time_and_lives_as_long_as_Stripe_wants()
    {
        var order = new ChannelOrder("t1", "checkout", Money.Parse("49.50"), "点卡", "https://shop.example/o/1", _now, _now.AddMinutes(15));
        var first = StripeObjects.Session(order);
        StripeObjects.Session(order).ShouldBe(first, ignoreOrder: true);
        first["expires_at"].ShouldBe(StripeObjects.Unix(_now.AddMinutes(40)));
        StripeObjects.Session(order with { ExpiresAt = _now.AddHours(3) })["expires_at"].ShouldBe(StripeObjects.Unix(_now.AddHours(3)));
        (first["line_items[0][price_data][currency]"], first["line_items[0][price_data][unit_amount]"]).ShouldBe(("cny", "4950"));
    }

    [Fact]
    public void A_statement_has_payments_and_refunds_and_the_fee_in_the_balances_currency()
    {
        static string Booked(string type, string source, string currency = "cny", int fee = 198) => $$"""{"id":"txn_1","object":"balance_transaction","type":"{{type}}","amount":4950,"fee":{{fee}},"currency":"{{currency}}","created":1786000000,"source":{{source}}}""";
        const string Charge = """{"id":"ch_1","object":"charge","amount":4950,"currency":"cny","payment_intent":"pi_1","metadata":{"out_no":"t1"}}""";
        StripeObjects.ReadLine(Json(Booked("charge", Charge))).ShouldBe(new StatementLine("t1", "pi_1", null, Money.Parse("49.50"), Money.Parse("1.98"), _now));
        StripeObjects.ReadLine(Json(Booked("charge", Charge, "hkd")))!.Fee.Currency.Code.ShouldBe("HKD");
        StripeObjects.ReadLine(Json(Booked("refund", """{"id":"re_1","object":"refund","amount":950,"currency":"cny","payment_intent":"pi_1","metadata":{"out_no":"t1","refund_no":"r1"}}""", fee: 0)))
            .ShouldBe(new StatementLine("t1", "pi_1", "r1", Money.Parse("9.50"), Money.Zero, _now));
        StripeObjects.ReadLine(Json(Booked("payout", "\"po_1\""))).ShouldBeNull();
        static string Adjusted(string category) => Booked("adjustment", """{"id":"dp_1","object":"dispute","amount":4950,"currency":"cny","charge":"ch_1","payment_intent":"pi_1","metadata":{}}""", fee: 1_500)
            .Replace("\"amount\":4950,\"fee\"", $"\"reporting_category\":\"{category}\",\"amount\":-4950,\"fee\"", StringComparison.Ordinal);
        StripeObjects.ReadLine(Json(Adjusted("dispute"))).ShouldBe(new StatementLine("", "pi_1", "dp_1", Money.Parse("49.50"), Money.Parse("15.00"), _now));
        StripeObjects.ReadLine(Json(Adjusted("dispute_reversal"))).ShouldBe(new StatementLine("", "dp_1", null, Money.Parse("49.50"), Money.Parse("15.00"), _now));
        StripeObjects.ReadLine(Json(Adjusted("other_adjustment"))).ShouldBeNull();
        // One that cannot be read must not look like a day with fewer payments.
        Should.Throw<ChannelException>(() => StripeObjects.ReadLine(Json(Booked("charge", "\"ch_1\""))));
    }

    [Fact]
    public void Terms_that_cannot_work_are_told()
    {
        using var http = new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]));
        var protocol = new StripeProtocol(http, TimeProvider.System);
        string[] Wrong(string key, string secret, string old = "") => [.. protocol.Check(new ChannelTerms
        {
            BaseUrl = protocol.BaseUrl, NotifyUrl = "", Values = new Dictionary<string, string> { ["secret_key"] = key, ["webhook_secret"] = secret, ["webhook_secret_old"] = old },
        }).Select(e => e.Field)];
        Wrong("sk_test_0123456789", Secret).ShouldBeEmpty();
        Wrong("pk_live_0123456789", Secret).ShouldBe(["secret_key"], "The publishable key is a common mistake.");
        Wrong("sk_live_0123456789", "", "x").ShouldBe(["webhook_secret", "webhook_secret_old"]);
    }
}
