using System.IO.Compression;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>A trade bill as WeChat Pay writes it: every value behind a back-quote, totals in the last two lines.</summary>
internal static class WeChatBill
{
    private const string Head = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
        + "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    public static string Write(IReadOnlyList<Booked> lines, string merchant, string appId)
    {
        var paid = lines.Where(l => l.Refund is null).Sum(l => l.Fen);
        var returned = lines.Where(l => l.Refund is not null).Sum(l => l.Fen);
        return string.Join("\r\n", [
            Head,
            .. lines.Select(l => Line(Fields(l, merchant, appId))),
            "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额",
            Line([$"{lines.Count}", Wire.Yuan(paid), Wire.Yuan(returned), "0.00", Fee(lines.Sum(l => l.FeeFen)), Wire.Yuan(paid), Wire.Yuan(returned)]),
            "",
        ]);
    }

    private static string[] Fields(Booked line, string merchant, string appId)
    {
        var (trade, refund) = (line.Trade, line.Refund);
        var kind = trade.Method switch { "h5" => "MWEB", "jsapi" => "JSAPI", _ => "NATIVE" };
        string[] common = [Wire.ChinaText(line.At), appId, merchant, "0", "", trade.TradeNo, trade.OutNo, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", kind];
        return refund is null
            ? [.. common, "SUCCESS", "OTHERS", trade.Currency, Wire.Yuan(line.Fen), "0.00", "0", "0", "0.00", "0.00", "", "", trade.Subject, "", Fee(line.FeeFen), "0.60%", Wire.Yuan(line.Fen), "0.00", ""]
            : [.. common, "REFUND", "OTHERS", trade.Currency, "0.00", "0.00", refund.RefundNo, refund.OutNo, Wire.Yuan(line.Fen), "0.00", "ORIGINAL", "SUCCESS", trade.Subject, "", Fee(line.FeeFen), "0.60%", "0.00", Wire.Yuan(line.Fen), ""];
    }

    private static string Line(string[] fields) => string.Join(',', fields.Select(f => "`" + f));

    // Five places, of which the last is always 0.
    private static string Fee(long fen) => Wire.Yuan(fen) + "000";

    public static byte[] Gzip(byte[] file)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(file);
        return packed.ToArray();
    }
}
