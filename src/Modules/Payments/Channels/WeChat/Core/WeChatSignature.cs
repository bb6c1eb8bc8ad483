using System.Globalization;
using System.Text;

namespace Lianka.Modules.Payments.Channels.WeChat.Core;

/// <summary>What is signed in WeChat Pay APIv3: lines, each ended by a line feed, the last one too.</summary>
internal static class WeChatSignature
{
    public const string Scheme = "WECHATPAY2-SHA256-RSA2048";

    private const long AgeSecondsMax = 300;

    /// <param name="path">With its query, as it is sent.</param>
    public static byte[] OfRequest(string method, string path, string time, string nonce, string body) =>
        Encoding.UTF8.GetBytes($"{method}\n{path}\n{time}\n{nonce}\n{body}\n");

    /// <summary>Of answers and of notices.</summary>
    public static byte[] OfAnswer(string time, string nonce, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{time}\n{nonce}\n"), .. body, (byte)'\n'];

    /// <summary>For the script inside WeChat.</summary>
    public static byte[] OfScript(string appId, string time, string nonce, string package) =>
        Encoding.UTF8.GetBytes($"{appId}\n{time}\n{nonce}\n{package}\n");

    public static string Authorization(string merchant, string serial, string time, string nonce, byte[] signature) =>
        $"{Scheme} mchid=\"{merchant}\",nonce_str=\"{nonce}\",timestamp=\"{time}\",serial_no=\"{serial}\",signature=\"{Convert.ToBase64String(signature)}\"";

    public static string Time(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>True for the seconds of a message that was signed not long ago.</summary>
    public static bool IsFresh(string time, DateTimeOffset now) =>
        long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= AgeSecondsMax;
}

/// <summary>The four headers under which WeChat Pay signs.</summary>
internal sealed record WeChatHeaders(string Serial, string Time, string Nonce, string Signature)
{
    /// <returns>Null when one is missing.</returns>
    public static WeChatHeaders? Of(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("Wechatpay-Serial", out var serial) && headers.TryGetValue("Wechatpay-Timestamp", out var time)
        && headers.TryGetValue("Wechatpay-Nonce", out var nonce) && headers.TryGetValue("Wechatpay-Signature", out var signature)
            ? new WeChatHeaders(serial, time, nonce, signature) : null;

    /// <summary>True when the holder of the key wrote this, not long ago.</summary>
    public bool IsGenuine(RsaKey key, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        WeChatSignature.IsFresh(Time, now) && key.Verify(WeChatSignature.OfAnswer(Time, Nonce, body), Signature);
}
