using System.IO.Compression;

namespace Lianka.Modules.Payments.Channels;

/// <summary>Files of statements, which may unpack to more than they seem.</summary>
internal static class ChannelFiles
{
    private const int EntriesMax = 10;

    /// <exception cref="ChannelException">It is broken, or longer than <see cref="ChannelHttp.FileBytesMax"/>.</exception>
    public static byte[] Read(Stream packed)
    {
        using var kept = new MemoryStream();
        var piece = new byte[64 * 1024];
        try
        {
            while (packed.Read(piece) is var read and > 0)
            {
                if (kept.Length + read > ChannelHttp.FileBytesMax)
                    throw new StatementFileException($"The statement is longer than {ChannelHttp.FileBytesMax} bytes.", $"对账单超过 {ChannelHttp.FileBytesMax} 字节。");
                kept.Write(piece, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw StatementFileException.Broken();
        }

        return kept.ToArray();
    }

    /// <summary>What is in a file, whatever it is packed in (ZIP, gzip, nothing): its first bytes say it, not its name.</summary>
    /// <param name="isIt">Of an archive the first file of which this is true, by name and content.</param>
    /// <returns>With the name that it has in an archive.</returns>
    /// <exception cref="ChannelException">It is broken or too long, or none of an archive is it.</exception>
    public static (string Name, byte[] Content) Unpack(ReadOnlyMemory<byte> file, Func<string, byte[], bool> isIt)
    {
        switch (file.Span)
        {
            case [0x1f, 0x8b, ..]:
                using (var gzip = new GZipStream(Stream(file), CompressionMode.Decompress)) return ("", Read(gzip));
            case [(byte)'P', (byte)'K', ..]:
                return Entry(file, isIt);
            default:
                return ("", file.ToArray());
        }
    }

    private static (string Name, byte[] Content) Entry(ReadOnlyMemory<byte> file, Func<string, byte[], bool> isIt)
    {
        try
        {
            using var zip = new ZipArchive(Stream(file), ZipArchiveMode.Read);
            foreach (var entry in zip.Entries.Take(EntriesMax))
            {
                using var stream = entry.Open();
                var content = Read(stream);
                if (isIt(entry.Name, content)) return (entry.Name, content);
            }
        }
        catch (InvalidDataException)
        {
            throw StatementFileException.Broken();
        }

        throw new StatementFileException("The archive has no statement in it.", "压缩包里没有对账单明细。");
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> file) => new(file.ToArray(), writable: false);
}
