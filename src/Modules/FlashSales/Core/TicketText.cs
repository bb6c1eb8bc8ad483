using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Lianka.Modules.FlashSales.Core;

/// <summary>A ticket as text: sale, buyer and expiry with the first half of their HMAC-SHA256, in 48 characters of base64url.</summary>
internal static class TicketText
{
    public const int Length = 48;

    private const int Head = 8 + 8 + 4, Mac = 16;

    public static string Write(Ticket ticket, ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[Head + Mac];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ticket.Sale.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], ticket.Buyer);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], checked((uint)ticket.Expires.ToUnixTimeSeconds()));
        Sign(bytes[..Head], key, bytes[Head..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null when it was not issued under this key. Whether it has expired, and for which sale it is, is the caller's to see.</returns>
    public static Ticket? Read(ReadOnlySpan<char> text, ReadOnlySpan<byte> key)
    {
        if (text.Length != Length) return null;
        Span<byte> bytes = stackalloc byte[Head + Mac];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != bytes.Length) return null;
        Span<byte> mac = stackalloc byte[Mac];
        Sign(bytes[..Head], key, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[Head..])
            ? new Ticket(new SaleId(BinaryPrimitives.ReadInt64BigEndian(bytes)), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
                DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..])))
            : null;
    }

    private static void Sign(ReadOnlySpan<byte> head, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> digest = stackalloc byte[32];
        HMACSHA256.HashData(key, head, digest);
        digest[..Mac].CopyTo(mac);
    }
}
