using System.Buffers.Binary;
using System.Text;
using Lianka.Modules.Catalog;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class PictureExamples
{
    private static readonly byte[] _secret = "GPS 31.2N 121.4E"u8.ToArray();

    private static byte[] Png(int width = 64, int height = 80, string extra = "", bool hasPixels = true, string after = "") =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 2, 0, 0, 0]),
        .. extra.Length > 0 ? Chunk(extra, _secret) : [], .. hasPixels ? Chunk("IDAT", [1, 2, 3]) : [], .. Chunk("IEND", []), .. Encoding.ASCII.GetBytes(after),
    ];

    private static byte[] Chunk(string kind, byte[] data) => [.. Big(data.Length), .. Encoding.ASCII.GetBytes(kind), .. data, 9, 9, 9, 9];

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] Jpeg(int width = 64, int height = 80, byte[]? extra = null, bool isWhole = true) =>
    [
        0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8]), .. extra ?? [], .. Segment(0xDB, [0, 1]),
        .. Segment(0xC2, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xC4, [0]), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 7, 0xFF, 0, 7, 0xFF, 0xD3, 7,
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 5, 5, .. isWhole ? (byte[])[0xFF, 0xD9] : [],
    ];

    private static byte[] WebP(params (string Kind, byte[] Data)[] chunks)
    {
        byte[] body = [.. "WEBP"u8, .. chunks.SelectMany(c => (byte[])[.. Encoding.ASCII.GetBytes(c.Kind), .. BitConverter.GetBytes(c.Data.Length), .. c.Data, .. c.Data.Length % 2 == 1 ? (byte[])[0] : []])];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }

    private static (string, byte[]) Vp8(int width = 64, int height = 80) =>
        ("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, .. BitConverter.GetBytes((ushort)width), .. BitConverter.GetBytes((ushort)height), 1]);

    private static (string, byte[]) Vp8L(int width = 64, int height = 80) => ("VP8L", [0x2F, .. BitConverter.GetBytes((width - 1) | ((height - 1) << 14)), 1, 2]);

    private static (string, byte[]) Vp8X(byte flags, int width = 64, int height = 80) =>
        ("VP8X", [flags, 0, 0, 0, .. BitConverter.GetBytes(width - 1)[..3], .. BitConverter.GetBytes(height - 1)[..3]]);

    private static string Seen(byte[] content)
    {
        var (value, error) = PictureRules.Clean(content);
        if (error is not null) return error.Code;
        value!.Content.AsSpan().IndexOf(_secret).ShouldBe(-1);
        value.Content.AsSpan().IndexOf("<script>"u8).ShouldBe(-1);
        // What was cleaned is clean.
        PictureRules.Clean(value.Content).Value!.Content.ShouldBe(value.Content);
        return $"{value.MediaType} {value.Width}x{value.Height}";
    }

    [Fact]
    public void A_png_is_kept_without_what_is_not_of_the_picture()
    {
        Seen(Png()).ShouldBe("image/png 64x80");
        PictureRules.Clean(Png()).Value!.Content.ShouldBe(Png(), "nothing is to be left out");
        foreach (var kind in (string[])["tEXt", "eXIf", "iTXt", "iCCP", "zzZz"]) PictureRules.Clean(Png(extra: kind, after: "<script>")).Value!.Content.ShouldBe(Png());
        Seen(Png(hasPixels: false)).ShouldBe("bad_picture");
        Seen(Png()[..^14]).ShouldBe("bad_picture", "cut off");
        Seen([.. Png()[..8], .. Chunk("IDAT", [1])]).ShouldBe("bad_picture", "the header comes first");
        Seen([.. Png()[..8], .. Chunk("tEXt", [1]), .. Png()[8..]]).ShouldBe("bad_picture", "the header comes first");
        Seen([.. Png()[..33], .. Png()[8..]]).ShouldBe("bad_picture", "one header");
    }

    [Fact]
    public void A_jpeg_is_kept_without_what_is_not_of_the_picture()
    {
        Seen(Jpeg()).ShouldBe("image/jpeg 64x80");
        var plain = PictureRules.Clean(Jpeg()).Value!.Content;
        foreach (var marker in (byte[])[0xE1, 0xE2, 0xED, 0xFE]) PictureRules.Clean([.. Jpeg(extra: Segment(marker, _secret)), .. "<script>"u8]).Value!.Content.ShouldBe(plain);
        PictureRules.Clean(Jpeg(extra: Segment(0xEE, [.. "Adobe"u8]))).Value!.Content.Length.ShouldBe(plain.Length + 9, "how its colours are coded stays");
        Seen(Jpeg(isWhole: false)).ShouldBe("bad_picture", "cut off");
        Seen([0xFF, 0xD8, 0xFF, 0xD9]).ShouldBe("bad_picture");
        Seen([0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 0xFF, 0xD9]).ShouldBe("bad_picture", "a length that cannot be");
        Seen([0xFF, 0xD8, 0xFF, 0xFF, 0xFF]).ShouldBe("bad_picture");
        var frame = Segment(0xC0, [8, 0, 80, 0, 64, 1, 1, 0x11, 0]);
        Seen(Jpeg(extra: frame)).ShouldBe("bad_picture", "one frame");
        Seen([0xFF, 0xD8, .. frame, 0xFF, 0xD9]).ShouldBe("bad_picture", "no pixels");
    }

    [Fact]
    public void A_webp_is_kept_without_what_is_not_of_the_picture()
    {
        Seen(WebP(Vp8())).ShouldBe("image/webp 64x80");
        Seen(WebP(Vp8L(65, 90))).ShouldBe("image/webp 65x90");
        var clean = PictureRules.Clean(WebP(Vp8X(0x10), ("ALPH", [1, 2, 3]), Vp8())).Value!.Content;
        PictureRules.Clean([.. WebP(Vp8X(0x3C), ("ICCP", _secret), ("ALPH", [1, 2, 3]), Vp8(), ("EXIF", _secret), ("XMP ", _secret)), .. "<script>"u8]).Value!.Content.ShouldBe(clean);
        Seen(WebP(Vp8X(0x02), ("ANIM", [1]), Vp8())).ShouldBe("bad_picture", "it moves");
        Seen(WebP(Vp8(), Vp8())).ShouldBe("bad_picture");
        Seen(WebP(Vp8X(0))).ShouldBe("bad_picture", "no pixels");
        Seen(WebP(Vp8())[..^4]).ShouldBe("bad_picture", "cut off");
        Seen(WebP(Vp8X(0, 2_001, 64), Vp8())).ShouldBe("bad_size", "its canvas is wider");
    }

    [Theory]
    [InlineData(63, 64, false)]
    [InlineData(64, 64, true)]
    [InlineData(2_000, 2_000, true)]
    [InlineData(64, 2_001, false)]
    public void A_picture_has_64_to_2000_pixels_a_side(int width, int height, bool isFine)
    {
        foreach (var content in (byte[][])[Png(width, height), Jpeg(width, height), WebP(Vp8(width, height)), WebP(Vp8L(width, height)), WebP(Vp8X(0, width, height), Vp8(width, height))])
            (Seen(content) == "bad_size").ShouldBe(!isFine);
        Seen(Png(-1, 64)).ShouldBe("bad_size", "a number that does not fit");
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "bad_picture")]
    [InlineData("GIF89a", "bad_picture")]
    [InlineData("%PDF-1.7", "bad_picture")]
    public void Nothing_else_is_a_picture(string content, string code) => Seen(Encoding.ASCII.GetBytes(content)).ShouldBe(code);

    [Fact]
    public void A_picture_has_at_most_one_MiB() => Seen([.. Png(), .. new byte[PictureLimits.Goods.BytesMax]]).ShouldBe("too_large");

    /// <summary>Whatever comes, the answer is a picture or a refusal, never a fault.</summary>
    [Fact]
    public void No_bytes_break_the_reader()
    {
        var random = new Random(4);
        byte[][] seeds = [Png(extra: "tEXt"), Jpeg(extra: Segment(0xE1, [1, 2, 3])), WebP(Vp8X(0x10), ("ALPH", [1, 2, 3]), Vp8())];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seeds[i % 3].ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var (value, error) = PictureRules.Clean(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            (value is null).ShouldBe(error is not null);
        }
    }
}
