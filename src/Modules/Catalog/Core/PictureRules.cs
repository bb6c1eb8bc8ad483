using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>A picture as it is kept: without what says where, when and by whom it was taken.</summary>
internal sealed record CleanPicture(byte[] Content, string MediaType, int Width, int Height);

/// <summary>Reads PNG, JPEG and WebP by their structure and takes along only what is needed to show them.</summary>
/// <remarks>
/// No pixel is decoded. What is not of the picture (places, names, thumbnails, anything behind its end) is left out. Colours are
/// then those of sRGB, and a photo lies as its pixels do. Held by: tests/Unit/Catalog/PictureExamples.cs.
/// </remarks>
internal static class PictureRules
{
    private static readonly HashSet<string> _ofPng = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB"];

    public static (CleanPicture? Value, FieldError? Error) Clean(ReadOnlySpan<byte> content, PictureLimits? limits = null)
    {
        limits ??= PictureLimits.Goods;
        if (content.Length == 0) return (null, new("picture", "required", "Choose a file.", "请选择文件。"));
        if (content.Length > limits.BytesMax)
            return (null, new("picture", "too_large", $"At most {limits.BytesMax >> 20} MiB.", $"图片不能超过 {limits.BytesMax >> 20} MiB。"));
        if ((Png(content) ?? Jpeg(content) ?? WebP(content)) is not { } picture)
            return (null, new("picture", "bad_picture", "Send a whole PNG, JPEG or WebP picture that does not move.", "请上传完整的 PNG、JPEG 或 WebP 静态图片。"));
        if (Math.Min(picture.Width, picture.Height) < limits.SideMin || Math.Max(picture.Width, picture.Height) > limits.SideMax)
            return (null, new("picture", "bad_size", $"Each side has {limits.SideMin} to {limits.SideMax} pixels; this has {picture.Width} × {picture.Height}.",
                $"每边 {limits.SideMin} 到 {limits.SideMax} 像素，这张是 {picture.Width} × {picture.Height}。"));
        return (picture, null);
    }

    private static CleanPicture? Png(ReadOnlySpan<byte> from)
    {
        if (!from.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return null;
        var to = new ArrayBufferWriter<byte>();
        to.Write(from[..8]);
        var (at, width, height, hasPixels) = (8, 0, 0, false);
        while (from.Length - at >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(from[at..]);
            if (length > from.Length - at - 12) return null;
            var kind = from.Slice(at + 4, 4);
            var data = from.Slice(at + 8, (int)length);
            var whole = from.Slice(at, (int)length + 12);
            at += whole.Length;
            if (kind.SequenceEqual("IHDR"u8))
            {
                if (width > 0 || length != 13) return null;
                (width, height) = (Side(BinaryPrimitives.ReadUInt32BigEndian(data)), Side(BinaryPrimitives.ReadUInt32BigEndian(data[4..])));
            }

            // The header comes first.
            if (width == 0) return null;
            hasPixels |= kind.SequenceEqual("IDAT"u8);
            if (_ofPng.Contains(Encoding.ASCII.GetString(kind))) to.Write(whole);
            if (kind.SequenceEqual("IEND"u8)) return hasPixels ? new CleanPicture(to.WrittenSpan.ToArray(), "image/png", width, height) : null;
        }

        return null;
    }

    private static CleanPicture? Jpeg(ReadOnlySpan<byte> from)
    {
        if (!from.StartsWith<byte>([0xFF, 0xD8, 0xFF])) return null;
        var to = new ArrayBufferWriter<byte>();
        to.Write(from[..2]);
        var (at, width, height, hasPixels) = (2, 0, 0, false);
        while (from.Length - at >= 2 && from[at] == 0xFF)
        {
            var marker = from[at + 1];
            if (marker == 0xFF)
            {
                // Filling between segments.
                at++;
                continue;
            }

            if (marker == 0xD9)
            {
                to.Write(from.Slice(at, 2));
                return width > 0 && hasPixels ? new CleanPicture(to.WrittenSpan.ToArray(), "image/jpeg", width, height) : null;
            }

            if (from.Length - at < 4) return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(from[(at + 2)..]);
            if (length < 2 || length > from.Length - at - 2) return null;
            var segment = from.Slice(at, length + 2);
            var data = segment[4..];
            at += segment.Length;
            var isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame)
            {
                if (width > 0 || data.Length < 6) return null;
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data[1..]), BinaryPrimitives.ReadUInt16BigEndian(data[3..]));
                if (width == 0) return null;
            }

            // Tables, frames and scans, and how the colours are coded (Adobe's APP14).
            if (isFrame || marker is 0xC4 or 0xCC or 0xDA or 0xDB or 0xDD or 0xEE) to.Write(segment);
            if (marker != 0xDA) continue;
            hasPixels = true;
            var end = at;
            while (from.Length - end >= 2 && !(from[end] == 0xFF && from[end + 1] is not (0 or (>= 0xD0 and <= 0xD7)))) end++;
            to.Write(from[at..end]);
            at = end;
        }

        return null;
    }

    private static CleanPicture? WebP(ReadOnlySpan<byte> from)
    {
        if (from.Length < 12 || !from.StartsWith("RIFF"u8) || !from[8..].StartsWith("WEBP"u8)) return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        if (size < 4 || size > from.Length - 8) return null;
        from = from[..((int)size + 8)];
        var to = new ArrayBufferWriter<byte>();
        to.Write(from[..12]);
        var (at, width, height, hasPixels) = (12, 0, 0, false);
        while (from.Length - at >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(from[(at + 4)..]);
            if (length > from.Length - at - 8) return null;
            var kind = from.Slice(at, 4);
            var data = from.Slice(at + 8, (int)length);
            // A chunk of odd length is followed by a byte that fills; some writers leave the last one out.
            at += Math.Min(8 + (int)length + ((int)length & 1), from.Length - at);
            if (kind.SequenceEqual("VP8X"u8))
            {
                const byte Moves = 0x02, Alpha = 0x10;
                if (data.Length < 10 || (data[0] & Moves) != 0) return null;
                Wider(1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
                Write(to, kind, [(byte)(data[0] & Alpha), .. data[1..10]]);
            }
            else if (kind.SequenceEqual("VP8 "u8))
            {
                if (hasPixels || data.Length < 10 || !data[3..].StartsWith<byte>([0x9D, 0x01, 0x2A])) return null;
                Wider(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
                Write(to, kind, data);
                hasPixels = true;
            }
            else if (kind.SequenceEqual("VP8L"u8))
            {
                if (hasPixels || data.Length < 5 || data[0] != 0x2F) return null;
                var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                Wider((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
                Write(to, kind, data);
                hasPixels = true;
            }
            else if (kind.SequenceEqual("ALPH"u8))
            {
                Write(to, kind, data);
            }
        }

        if (!hasPixels) return null;
        var content = to.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4), (uint)content.Length - 8);
        return new CleanPicture(content, "image/webp", width, height);

        void Wider(int w, int h) => (width, height) = (Math.Max(width, w), Math.Max(height, h));
    }

    private static void Write(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)data.Length);
        to.Write(kind);
        to.Write(length);
        to.Write(data);
        if ((data.Length & 1) == 1) to.Write([(byte)0]);
    }

    private static int Side(uint side) => (int)Math.Min(side, int.MaxValue);
}
