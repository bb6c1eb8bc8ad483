using System.IO.Compression;
using System.Text;

namespace Lianka.ChannelSimulator.Protocols;

/// <summary>A bill as Alipay packs it: a ZIP of two CSV files in GBK, numbers followed by a tab so that spreadsheets leave them alone.</summary>
internal static class AlipayBill
{
    private const string Head = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
        + "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

    public static byte[] Zip(IReadOnlyList<Booked> lines, string seller, DateOnly day)
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;
        var (paid, back) = (lines.Where(l => l.Refund is null).ToList(), lines.Where(l => l.Refund is not null).ToList());
        string[] top = ["#支付宝业务明细查询", $"#账号：[{seller}0156]", $"#起始日期：[{day:yyyy年MM月dd日} 00:00:00]   终止日期：[{day.AddDays(1):yyyy年MM月dd日} 00:00:00]"];
        string[] details =
        [
            .. top, "#-----------------------------------------业务明细列表----------------------------------------", Head, .. lines.Select(Line),
            "#-----------------------------------------业务明细列表结束------------------------------------",
            $"#交易合计：{paid.Count}笔，商家实收共{Wire.Yuan(paid.Sum(l => l.Fen))}元，商家优惠共0.00元",
            $"#退款合计：{back.Count}笔，商家实收退款共{Wire.Yuan(-back.Sum(l => l.Fen))}元，商家优惠退款共0.00元", $"#导出时间：[{Trades.Now.ToOffset(Wire.China):yyyy年MM月dd日 HH:mm:ss}]", "",
        ];
        string[] sums = [.. top, "#-----------------------------------------业务汇总列表----------------------------------------", "门店编号,门店名称,交易订单总笔数,退款订单总笔数", $"合计,,{paid.Count},{back.Count}", ""];
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true, gbk))
        {
            Add($"{seller}0156_{day:yyyyMMdd}_业务明细(汇总).csv", sums);
            Add($"{seller}0156_{day:yyyyMMdd}_业务明细.csv", details);

            void Add(string name, string[] text)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(gbk.GetBytes(string.Join("\r\n", text)));
            }
        }

        return packed.ToArray();
    }

    private static string Line(Booked line)
    {
        var sign = line.Refund is null ? 1 : -1;
        var amount = Wire.Yuan(sign * line.Fen);
        return string.Join(',',
            line.Trade.TradeNo + "\t", line.Trade.OutNo + "\t", line.Refund is null ? "交易" : "退款", line.Trade.Subject, Wire.ChinaText(line.Trade.CreatedAt), Wire.ChinaText(line.At), "", "", "", "\t",
            "buy***@example.com\t", amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", line.Refund is null ? "\t" : line.Refund.OutNo + "\t", Wire.Yuan(-line.FeeFen), "0.00", "");
    }
}
