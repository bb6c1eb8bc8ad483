namespace Lianka.Modules.Payments.Channels;

/// <summary>Files of statements, which may unpack to more than they seem.</summary>
internal static class ChannelFiles
{
    /// <exception cref="ChannelException">It is broken, or longer than <see cref="ChannelHttp.FileBytesMax"/>.</exception>
    public static byte[] Read(Stream packed)
    {
        using var kept = new MemoryStream();
        var piece = new byte[64 * 1024];
        try
        {
            while (packed.Read(piece) is var read and > 0)
            {
                if (kept.Length + read > ChannelHttp.FileBytesMax) throw new ChannelException($"The statement is longer than {ChannelHttp.FileBytesMax} bytes.");
                kept.Write(piece, 0, read);
            }
        }
        catch (InvalidDataException fault)
        {
            throw new ChannelException("The statement's file is broken.", fault);
        }

        return kept.ToArray();
    }
}
