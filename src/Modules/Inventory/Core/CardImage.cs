using System.Buffers;

namespace Lianka.Modules.Inventory.Core;

/// <summary>A picture as a secret: a data URI, so that it is sealed like any other and nobody else is asked for it.</summary>
internal static class CardImage
{
    /// <summary>The most characters of a data URI, about 23 KiB of picture; a spreadsheet's cell holds 32,767.</summary>
    public const int Max = 32_000;

    public const string Scheme = "data:";
    private const string Base64 = ";base64,";

    public static bool IsDataUri(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a PNG, JPEG, GIF or WebP, by its type and by its first bytes. SVG is not: it can run scripts.</summary>
    public static bool IsPicture(string uri)
    {
        if (uri.Length > Max || uri.IndexOf(Base64, StringComparison.Ordinal) is not (> 0 and var at)) return false;
        var bytes = ArrayPool<byte>.Shared.Rent(Max);
        try
        {
            if (!Convert.TryFromBase64Chars(uri.AsSpan(at + Base64.Length), bytes, out var length)) return false;
            var picture = bytes.AsSpan(0, length);
            return uri[..at] switch
            {
                "data:image/png" => picture.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
                "data:image/jpeg" => picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
                "data:image/gif" => picture.StartsWith("GIF87a"u8) || picture.StartsWith("GIF89a"u8),
                "data:image/webp" => picture.StartsWith("RIFF"u8) && length > 12 && picture[8..].StartsWith("WEBP"u8),
                _ => false,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
