namespace Lianka.Modules.Suppliers.Core;

/// <summary>What a file is by its first bytes, whatever its name says.</summary>
internal static class FileKinds
{
    /// <summary>5 MiB: a phone's photo of a page, or a scan of a few.</summary>
    public const int BytesMax = 5 << 20;

    /// <returns>The media type; null: none of those that are taken.</returns>
    public static string? MediaTypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? "application/pdf"
        : content.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : content.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : null;
}
