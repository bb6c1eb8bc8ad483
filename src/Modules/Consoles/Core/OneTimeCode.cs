using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lianka.Modules.Consoles.Core;

/// <summary>Codes that an app shows for 30 seconds: TOTP with SHA-1 and six digits, which every app knows. Pure.</summary>
/// <remarks>Source: RFC 6238, RFC 4226, RFC 4648 (base 32). Held by: tests/Unit/Consoles/OneTimeCodeExamples.cs.</remarks>
public static class OneTimeCode
{
    /// <summary>So many seconds a code stands.</summary>
    private const long Step = 30;

    /// <summary>A phone's clock may be this many steps behind or ahead.</summary>
    private const int Drift = 1;

    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / Step;

    public static string At(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The apps know no other; HMAC does not rest on what SHA-1 has lost.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code this is, after the last one that was taken; null: of none.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long lastStep)
    {
        var typed = Encoding.ASCII.GetBytes(code);
        long? found = null;
        for (var step = StepOf(now) - Drift; step <= StepOf(now) + Drift; step++)
            if (step > lastStep && CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(At(secret, step)))) found ??= step;
        return found;
    }

    /// <summary>What the app reads from the QR code.</summary>
    public static string Address(ReadOnlySpan<byte> secret, string login) =>
        $"otpauth://totp/Lianka:{Uri.EscapeDataString(login)}?secret={Base32(secret)}&issuer=Lianka";

    /// <summary>For those who type it into the app; without padding.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var text = new StringBuilder();
        var (held, bits) = (0, 0);
        foreach (var one in bytes)
        {
            held = (held << 8) | one;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(letters[(held >> (bits - 5)) & 31]);
            held &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(letters[(held << (5 - bits)) & 31]);
        return text.ToString();
    }
}
