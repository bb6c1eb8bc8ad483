using System.Buffers.Binary;
using System.Globalization;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>A shop's mark as a PNG of two colours: a figure that follows from its address, in the ink that can be read on its colour.</summary>
/// <remarks>
/// Drawn here, because a font may lack the name's letters and a picture service would learn who visits. The figure keeps to the middle three
/// fifths, so that a phone may cut the edges round.
/// Held by: tests/Unit/Storefronts/FoundExamples.cs.
/// </remarks>
public static class ShopIcon
{
    public const int SideMax = 512;

    private const int Cells = 5, MarginFifths = 1;

    /// <param name="brand">As <c>#rrggbb</c>.</param>
    /// <param name="ink">As <c>#rrggbb</c>.</param>
    public static byte[] Png(string slug, string brand, string ink, int side)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, SideMax);
        var figure = Figure(slug);
        var stride = 1 + ((side + 7) / 8);
        // One bit a point, each row after its filter (none).
        var rows = new byte[stride * side];
        var (from, size) = (side * MarginFifths / 5, side * (5 - (2 * MarginFifths)) / 5);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                if (figure[y * Cells / size, x * Cells / size]) rows[((y + from) * stride) + 1 + ((x + from) / 8)] |= (byte)(0x80 >> ((x + from) % 8));

        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, side);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), side);
        (head[8], head[9]) = (1, 3);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, head), .. Chunk("PLTE"u8, [.. Colour(brand), .. Colour(ink)]), .. Chunk("IDAT"u8, Stored(rows)), .. Chunk("IEND"u8, [])];
    }

    /// <summary>Five by five, the right half mirrors the left; the middle is always set, so that no shop's mark is empty.</summary>
    private static bool[,] Figure(string slug)
    {
        var hash = slug.Aggregate(2166136261u, static (sum, c) => (sum ^ c) * 16777619u);
        // The low bits of this hash hardly mix.
        hash ^= hash >> 15;
        var figure = new bool[Cells, Cells];
        for (var bit = 0; bit < 15; bit++)
            figure[bit % Cells, bit / Cells] = figure[bit % Cells, Cells - 1 - (bit / Cells)] = ((hash >> bit) & 1) == 1;
        figure[2, 2] = true;
        return figure;
    }

    private static byte[] Colour(string hex) => [.. new[] { 1, 3, 5 }.Select(at => byte.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    /// <summary>A zlib stream with one block that is not packed: at most 33,280 bytes.</summary>
    private static byte[] Stored(byte[] data)
    {
        var (a, b) = (1u, 0u);
        foreach (var value in data) (a, b) = ((a + value) % 65521, (b + ((a + value) % 65521)) % 65521);
        var packed = new byte[data.Length + 11];
        (packed[0], packed[1], packed[2]) = (0x78, 0x01, 0x01);
        BinaryPrimitives.WriteUInt16LittleEndian(packed.AsSpan(3), (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(packed.AsSpan(5), (ushort)~data.Length);
        data.CopyTo(packed, 7);
        BinaryPrimitives.WriteUInt32BigEndian(packed.AsSpan(data.Length + 7), (b << 16) | a);
        return packed;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        var crc = uint.MaxValue;
        foreach (var value in chunk.AsSpan(4, data.Length + 4))
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), ~crc);
        return chunk;
    }
}
