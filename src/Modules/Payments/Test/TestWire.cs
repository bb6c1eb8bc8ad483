using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Test;

/// <summary>The protocol between the test channel and its simulated gateway; both ends use it, nothing else is shared.</summary>
/// <remarks>
/// JSON in snake case, amounts as decimal text in yuan with two places. Each message, question, answer or notice, carries
/// a time and HMAC-SHA256(key, time + "\n" + raw body) in hex (decision 0012).
/// </remarks>
internal static class TestWire
{
    public const string TimeHeader = "Test-Gateway-Time";
    public const string SignatureHeader = "Test-Gateway-Signature";

    /// <summary>Whom the gateway knows us as; there is one merchant at this gateway.</summary>
    public const string Merchant = "lianka";

    /// <summary>A message is small; what is larger is not ours.</summary>
    public const int BodyBytesMax = 16 * 1024;

    private static readonly TimeSpan _age = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, _json);

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

    public static string Time(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static string Sign(byte[] key, string time, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(time + "\n"));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>True when the holder of the key wrote this, not long ago.</summary>
    public static bool IsGenuine(byte[] key, string? time, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (time is null || signature is null) return false;
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > _age.TotalSeconds) return false;
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Sign(key, time, body)), Encoding.UTF8.GetBytes(signature));
    }

    public static string Text(Money amount) => amount.Text(2);
}

/// <summary>A question to the gateway; the fields that a question does not need stay out.</summary>
internal sealed record TestQuestion
{
    public required string Merchant { get; init; }
    public required string OutNo { get; init; }
    public string? Amount { get; init; }
    public string? Currency { get; init; }
    public string? Subject { get; init; }
    public string? NotifyUrl { get; init; }
    public string? ReturnUrl { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? RefundNo { get; init; }
}

/// <param name="Code"><c>ok</c>, or why the gateway refuses.</param>
internal sealed record TestAnswer(
    string Code, TradeState State = TradeState.Absent, string TradeNo = "", string Amount = "0.00", string? PayUrl = null, IReadOnlyList<TestLine>? Lines = null);

/// <summary>A line of the gateway's statement of a day.</summary>
internal sealed record TestLine(string OutNo, string TradeNo, string? RefundNo, string Amount, string Fee, DateTimeOffset At);

internal sealed record TestNotice
{
    public required string Merchant { get; init; }
    public required string OutNo { get; init; }
    public required string TradeNo { get; init; }
    public required string Amount { get; init; }
    public required string Currency { get; init; }
    public required TradeState State { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
}
