using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Payments.Channels.Stripe.Core;

/// <summary>The header Stripe-Signature: <c>t=1492774577,v1=5257…,v1=…</c>, HMAC-SHA256 over <c>t.body</c>.</summary>
/// <remarks>Held by: tests/Unit/Payments/StripeExamples.cs.</remarks>
internal static class StripeSignature
{
    private const int PartsMax = 20;

    private const long AgeSeconds = 300;

    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Sign(string secret, string time, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{time}."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>True when one of the signatures was made with one of the secrets, not long ago. An empty secret verifies nothing.</summary>
    public static bool IsGenuine(string header, ReadOnlySpan<byte> body, IEnumerable<string> secrets, DateTimeOffset now)
    {
        var parts = header.Split(',', PartsMax + 1);
        if (parts.Length > PartsMax || parts.FirstOrDefault(p => p.StartsWith("t=", StringComparison.Ordinal)) is not { } first) return false;
        var time = first[2..];
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > AgeSeconds) return false;
        // All are compared, so that the time taken does not tell which one fits.
        var isGenuine = false;
        foreach (var secret in secrets.Where(s => s.Length > 0))
        {
            var expected = Encoding.ASCII.GetBytes(Sign(secret, time, body));
            foreach (var part in parts.Where(p => p.StartsWith("v1=", StringComparison.Ordinal)))
                isGenuine |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(part[3..]));
        }

        return isGenuine;
    }
}
