using System.Globalization;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Wire;

namespace Lianka.Modules.Payments.Channels.Stripe.Core;

/// <summary>What Stripe books of a payment.</summary>
internal enum StripeBooked
{
    Payment, Refund,

    /// <summary>The buyer's bank took the money back (F34).</summary>
    Dispute,

    /// <summary>A dispute was won: the money is there again.</summary>
    DisputeReversal,
}

/// <summary>Stripe's objects as our records.</summary>
/// <remarks>Held by: tests/Unit/Payments/StripeExamples.cs.</remarks>
internal static class StripeObjects
{
    /// <summary>Names of our metadata: on the payment intent, whose charges inherit them, and on refunds.</summary>
    public const string OutNo = "out_no";
    public const string RefundNo = "refund_no";

    /// <summary>The events that an endpoint has to be set up for.</summary>
    public static readonly IReadOnlyList<string> Events =
    [
        "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired",
        "refund.created", "refund.updated", "refund.failed",
    ];

    /// <summary>The parameters of a session; the same for the same order, because Stripe compares them under one idempotency key.</summary>
    public static Dictionary<string, string> Session(ChannelOrder order) => new(StringComparer.Ordinal)
    {
        ["mode"] = "payment",
        ["client_reference_id"] = order.OutNo,
        ["metadata[out_no]"] = order.OutNo,
        ["payment_intent_data[metadata][out_no]"] = order.OutNo,
        ["line_items[0][quantity]"] = "1",
        ["line_items[0][price_data][currency]"] = StripeMoney.Currency(order.Amount),
        ["line_items[0][price_data][unit_amount]"] = StripeMoney.Minor(order.Amount),
        ["line_items[0][price_data][product_data][name]"] = order.Subject,
        ["success_url"] = order.ReturnUrl,
        ["cancel_url"] = order.ReturnUrl,
        // Stripe wants 30 minutes at least from its own now; what is wanted earlier is closed by a call.
        ["expires_at"] = Unix(order.ExpiresAt > order.CreatedAt + _sessionMin ? order.ExpiresAt : order.CreatedAt + _sessionMin),
    };

    private static readonly TimeSpan _sessionMin = TimeSpan.FromMinutes(40);

    /// <summary>Of a session with its payment intent and that one's latest charge opened, where they are there.</summary>
    /// <returns>Null when it is not a session of this number with a readable amount and state.</returns>
    public static ChannelTrade? ReadSession(JsonElement session, string outNo)
    {
        if (session.Text("object") != "checkout.session" || session.Text("client_reference_id") != outNo || session.Text("id").Length == 0) return null;
        if (!StripeMoney.TryRead(session.Text("amount_total"), session.Text("currency"), out var amount)) return null;
        var intent = session.Part("payment_intent");
        TradeState? state = (session.Text("status"), session.Text("payment_status")) switch
        {
            (_, "paid") => TradeState.Paid,
            ("expired", _) => TradeState.Closed,
            ("open", _) => TradeState.Open,
            // Completed with a method that pays days later; or would have, and then did not.
            ("complete", "unpaid") => intent?.Text("status") is "requires_payment_method" or "canceled" ? TradeState.Closed : TradeState.Open,
            _ => null,
        };
        if (state is not { } known) return null;
        var paidAt = known == TradeState.Paid ? ReadUnix(intent?.Part("latest_charge")?.Text("created") ?? "") : null;
        return new ChannelTrade(known, session.Text("id"), amount, paidAt);
    }

    /// <returns>Null when it is not a refund.</returns>
    public static RefundAnswer? ReadRefund(JsonElement refund)
    {
        if (refund.Text("object") != "refund" || refund.Text("id").Length == 0) return null;
        RefundOutcome? outcome = refund.Text("status") switch
        {
            "succeeded" => RefundOutcome.Done,
            "pending" or "requires_action" => RefundOutcome.Pending,
            "failed" or "canceled" => RefundOutcome.Failed,
            _ => null,
        };
        return outcome is { } known ? new RefundAnswer(known, refund.Text("id"), refund.Text("failure_reason")) : null;
    }

    /// <summary>A number of a payment, and none of a charge from before there were such, or of a dispute.</summary>
    public static bool IsIntent(string number) => number.StartsWith("pi_", StringComparison.Ordinal);

    public static string Metadata(this JsonElement thing, string name) => thing.Part("metadata")?.Text(name) ?? "";

    /// <returns>Null for an event that is not ours to read.</returns>
    public static ChannelNotice? ReadEvent(JsonElement told, bool isLive)
    {
        if (told.Text("object") != "event" || told.Part("data")?.Part("object") is not { } thing) return null;
        // A secret of the sandbox must not speak for real money, nor the other way round.
        if (!told.TryGetProperty("livemode", out var live) || live.ValueKind != (isLive ? JsonValueKind.True : JsonValueKind.False)) return null;
        var type = told.Text("type");
        if (!Events.Contains(type)) return null;
        if (thing.Text("object") == "refund")
        {
            var (outNo, refundNo) = (thing.Metadata(OutNo), thing.Metadata(RefundNo));
            if (outNo.Length == 0 || refundNo.Length == 0 || ReadRefund(thing) is not { } refund) return null;
            return StripeMoney.TryRead(thing.Text("amount"), thing.Text("currency"), out var back)
                ? new ChannelNotice(outNo, "", back, TradeState.Paid, refundNo, refund.Outcome) : null;
        }

        if (thing.Text("client_reference_id") is not { Length: > 0 } own || ReadSession(thing, own) is not { } trade) return null;
        var state = type == "checkout.session.async_payment_failed" && trade.State == TradeState.Open ? TradeState.Closed : trade.State;
        return new ChannelNotice(own, trade.TradeNo, trade.Amount, state);
    }

    /// <summary>A balance transaction with its source opened, as a line; null: it is neither a payment, a refund nor a dispute (a payout, a fee of Stripe's).</summary>
    /// <remarks>The fee is in the currency of the account's balance, which may be another than the payment's. A dispute's fee is its own.</remarks>
    /// <exception cref="ChannelException">It is one and cannot be read: it must not be left out of a day.</exception>
    public static StatementLine? ReadLine(JsonElement booked)
    {
        var kind = KindOf(booked.Text("type") == "adjustment" ? booked.Text("reporting_category") : booked.Text("type"));
        if (kind is null) return null;
        if (booked.Part("source") is not { } source || !StripeMoney.TryRead(source.Text("amount"), source.Text("currency"), out var amount)
            || !StripeMoney.TryRead(booked.Text("fee"), booked.Text("currency"), out var fee) || ReadUnix(booked.Text("created")) is not { } at)
            throw new ChannelException($"Stripe's balance transaction {booked.Text("id")} cannot be read.");
        return Line(kind.Value, source.Metadata(OutNo), source.Text("payment_intent"), source.Metadata(RefundNo), source.Text("id"), amount, fee, at);
    }

    /// <summary>Of a type of a balance transaction, or a category of a report.</summary>
    public static StripeBooked? KindOf(string name) => name switch
    {
        "charge" or "payment" => StripeBooked.Payment,
        "refund" or "payment_refund" => StripeBooked.Refund,
        "dispute" => StripeBooked.Dispute,
        "dispute_reversal" => StripeBooked.DisputeReversal,
        _ => null,
    };

    /// <param name="source">Stripe's number of what was booked.</param>
    public static StatementLine Line(StripeBooked kind, string outNo, string intent, string refundNo, string source, Money amount, Money fee, DateTimeOffset at) => kind switch
    {
        StripeBooked.Payment => new(outNo, intent, null, amount, fee, at),
        StripeBooked.Refund => new(outNo, intent, refundNo.Length > 0 ? refundNo : source, amount, fee, at),
        StripeBooked.Dispute => new(outNo, intent, source, amount, fee, at),
        // Money again, which pays nothing of ours: the payment's number is taken by the payment.
        _ => new(outNo, source, null, amount, fee, at),
    };

    public static string Unix(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? ReadUnix(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(value) : null;
}
