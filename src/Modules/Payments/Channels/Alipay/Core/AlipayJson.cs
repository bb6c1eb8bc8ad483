using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.Alipay.Core;

/// <summary>The messages of Alipay's OpenAPI, as far as we look at them. Amounts are yuan as text, times are China's.</summary>
internal static class AlipayJson
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, _json);

    /// <returns>Null when it is not the message.</returns>
    public static AlipayAnswer? Read(ReadOnlySpan<byte> node)
    {
        try
        {
            return JsonSerializer.Deserialize<AlipayAnswer>(node, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null when it is no amount of whole fen above zero.</returns>
    public static Money? Amount(string? text) => Money.TryParse(text, out var amount) && amount.IsPositive && amount.IsWholeFen ? amount : null;

    public static string Time(DateTimeOffset at) => at.ToOffset(_china).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new DateTimeOffset(time, _china).ToUniversalTime() : null;

    /// <param name="paidAt">When it was paid, if ever.</param>
    /// <returns>Null for a state that is not in the documentation.</returns>
    public static TradeState? State(string? status, string? paidAt) => status switch
    {
        "WAIT_BUYER_PAY" => TradeState.Open,
        // FINISHED: paid, and can no longer be given back.
        "TRADE_SUCCESS" or "TRADE_FINISHED" => TradeState.Paid,
        // Closed without money, or given back as a whole: then it has a time of payment.
        "TRADE_CLOSED" => string.IsNullOrEmpty(paidAt) ? TradeState.Closed : TradeState.Paid,
        _ => null,
    };
}

/// <summary>The fields of all answers that we read.</summary>
internal sealed record AlipayAnswer(
    string? Code, string? SubCode, string? SubMsg, string? OutTradeNo, string? TradeNo, string? TradeStatus, string? TotalAmount, string? SendPayDate, string? QrCode, string? FundChange,
    string? OutRequestNo, string? RefundStatus, string? RefundAmount, string? BillDownloadUrl);
