using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>A merchant's statement as UnionPay hands it out: Base64 of a deflated ZIP, in it a file of trades (ZM) with columns of fixed width.</summary>
internal static class UnionPayFile
{
    public static string Pack(byte[] zipped)
    {
        using var packed = new MemoryStream();
        using (var deflated = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) deflated.Write(zipped);
        return Convert.ToBase64String(packed.ToArray());
    }

    public static byte[] Zip(IReadOnlyList<Booked> lines, string merchant, DateOnly day)
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, $"INN{day:yyMMdd}88ZM_{merchant}", string.Concat(lines.Select(l => Line(l, merchant))));
            Write(zip, $"INN{day:yyMMdd}88ZME_{merchant}", "");
        }

        return zipped.ToArray();
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private static string Line(Booked booked, string merchant)
    {
        var (trade, refund) = (booked.Trade, booked.Refund);
        var fee = Math.Abs(booked.FeeFen);
        // Credit and debit, as the merchant's account sees it.
        (string Fee, string Settled) money = refund is null ? ($"D{fee:D12}", $"C{booked.Fen - fee:D12}") : ($"C{fee:D12}", $"D{booked.Fen - fee:D12}");
        (int Width, string Text)[] columns =
        [
            (3, refund is null ? "S22" : "S30"), (11, "48020000"), (11, "00049992"), (6, "123456"), (10, booked.At.ToOffset(Wire.China).ToString("MMddHHmmss", CultureInfo.InvariantCulture)), (19, "621626*********0018"),
            (12, $"{booked.Fen:D12}"), (4, "5999"), (2, "07"), (21, refund?.RefundNo ?? trade.TradeNo), (2, ""), (32, refund?.OutNo ?? trade.OutNo), (2, "01"), (6, ""), (10, ""), (13, money.Fee), (13, money.Settled), (4, "0001"),
            (15, ""), (2, refund is null ? "01" : "04"), (2, refund is null ? "01" : "00"), (6, "000201"), (2, "01"), (4, ""), (32, ""), (1, ""), (21, refund is null ? "" : trade.TradeNo), (15, merchant), (1, "0"), (15, ""), (32, ""),
            (13, ""), (13, money.Settled), (8, ""), (32, ""), (13, ""), (13, ""), (12, ""), (2, ""), (1, ""), (32, ""), (98, ""),
        ];
        return string.Join(" ", columns.Select(c => c.Text.PadRight(c.Width))) + "\r\n";
    }
}
