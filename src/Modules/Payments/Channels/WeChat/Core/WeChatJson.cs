using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.WeChat.Core;

/// <summary>The messages of WeChat Pay APIv3, as far as we look at them. Amounts are whole fen.</summary>
internal static class WeChatJson
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, _json);

    /// <returns>Null when it is not the message.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null when it is no amount above zero.</returns>
    public static Money? Amount(long? fen, string? currency) =>
        fen is > 0 and <= 1_000_000_000_000 ? new Money(fen.Value * Money.UnitsPerFen, new Currency(currency ?? "CNY")) : null;

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    /// <summary>With the offset of China, as in all examples of the documentation.</summary>
    public static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}

internal sealed record WeChatRefusal(string? Code, string? Message);

internal sealed record WeChatPayCode(string? CodeUrl, string? H5Url, string? PrepayId);

internal sealed record WeChatAmount(long? Total, string? Currency = null, long? Refund = null);

internal sealed record WeChatTransaction(
    string? Appid, string? Mchid, string? OutTradeNo, string? TransactionId, string? TradeState, string? SuccessTime, WeChatAmount? Amount)
{
    /// <returns>Null for a state that is not in the documentation, or a paid trade without number or amount.</returns>
    public ChannelTrade? Trade()
    {
        var amount = WeChatJson.Amount(Amount?.Total, Amount?.Currency);
        return TradeState switch
        {
            // A trade with refunds is told as REFUND, whether all of it went back or a part.
            "SUCCESS" or "REFUND" => TransactionId is { Length: > 0 } no && amount is { } paid
                ? new ChannelTrade(Payments.TradeState.Paid, no, paid, WeChatJson.Time(SuccessTime)) : null,
            "NOTPAY" or "USERPAYING" or "PAYERROR" or "ACCEPT" => new ChannelTrade(Payments.TradeState.Open, TransactionId ?? "", amount ?? Money.Zero),
            "CLOSED" or "REVOKED" => new ChannelTrade(Payments.TradeState.Closed, TransactionId ?? "", amount ?? Money.Zero),
            _ => null,
        };
    }
}

/// <param name="Status">In answers.</param>
/// <param name="RefundStatus">The same in notices.</param>
internal sealed record WeChatRefund(
    string? Mchid, string? OutTradeNo, string? TransactionId, string? OutRefundNo, string? RefundId, string? Status, string? RefundStatus, WeChatAmount? Amount)
{
    /// <returns>Null for a state that is not in the documentation.</returns>
    public RefundAnswer? Answer() => (Status ?? RefundStatus) switch
    {
        "SUCCESS" => new RefundAnswer(RefundOutcome.Done, RefundId ?? ""),
        "PROCESSING" => new RefundAnswer(RefundOutcome.Pending, RefundId ?? ""),
        // ABNORMAL: the buyer's account did not take it, the money is the merchant's again; CLOSED: given up.
        "ABNORMAL" or "CLOSED" => new RefundAnswer(RefundOutcome.Failed, RefundId ?? "", Status ?? RefundStatus!),
        _ => null,
    };
}

internal sealed record WeChatResource(string? Algorithm, string? Ciphertext, string? AssociatedData, string? Nonce, string? OriginalType = null);

internal sealed record WeChatNotice(string? EventType, WeChatResource? Resource);

internal sealed record WeChatCertificates(IReadOnlyList<WeChatCertificates.Entry>? Data)
{
    internal sealed record Entry(string? SerialNo, WeChatResource? EncryptCertificate);
}

/// <summary>Who the buyer is; with a code of an error: nobody.</summary>
internal sealed record WeChatBuyer(string? Openid, long? Errcode, string? Errmsg);

internal sealed record WeChatBillPlace(string? HashType, string? HashValue, string? DownloadUrl);
