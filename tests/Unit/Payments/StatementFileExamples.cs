using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels.Alipay.Core;
using Lianka.Modules.Payments.Channels.Stripe;
using Lianka.Modules.Payments.Channels.WeChat.Core;

namespace Lianka.Tests.Unit.Payments;

/// <summary>Files of statements that persons bring: read as the channels' own, or refused with line and reason in both languages.</summary>
public sealed class StatementFileExamples
{
    private static readonly DateOnly _day = new(2026, 9, 17);

    private const string StripeHead = "balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id,payment_metadata[out_no],refund_metadata[refund_no]";
    private const string StripePaid = "txn_1,2026-09-17 15:59:58,2026-09-17 23:59:58,cny,49.50,1.98,47.52,charge,ch_1,\"点卡, \"\"50\"\"\",ch_1,pi_1,t1,";

    private static string Refusal(Func<IReadOnlyList<StatementLine>> read)
    {
        var fault = Should.Throw<StatementFileException>(() => read());
        return $"{fault.Message} | {fault.Zh}";
    }

    [Fact]
    public void Stripes_report_has_payments_refunds_and_disputes()
    {
        string[] rows =
        [
            StripeHead, StripePaid,
            "txn_2,2026-09-17 16:00:00,2026-09-18 00:00:00,cny,-9.50,0.00,-9.50,refund,re_1,,ch_1,pi_1,t1,r1",
            "txn_3,2026-09-17 17:00:00,2026-09-18 01:00:00,cny,-49.50,15.00,-64.50,dispute,dp_1,,ch_1,pi_1,t1,",
            "txn_4,2026-09-17 18:00:00,2026-09-18 02:00:00,cny,-100.00,0.00,-100.00,payout,po_1,,,,,",
        ];
        StripeReport.Read(string.Join("\r\n", rows), _day).ShouldBe(
        [
            new StatementLine("t1", "pi_1", null, Money.Parse("49.50"), Money.Parse("1.98"), DateTimeOffset.Parse("2026-09-17T15:59:58Z")),
            new StatementLine("t1", "pi_1", "r1", Money.Parse("9.50"), Money.Zero, DateTimeOffset.Parse("2026-09-17T16:00:00Z")),
            new StatementLine("t1", "pi_1", "dp_1", Money.Parse("49.50"), Money.Parse("15.00"), DateTimeOffset.Parse("2026-09-17T17:00:00Z")),
        ]);
    }

    [Theory]
    [InlineData("payment_metadata[out_no]", "x", "Line 1: Columns are missing: payment_metadata[out_no]. | 第 1 行：缺少列：payment_metadata[out_no]。")]
    [InlineData("49.50", "free", "Line 2: Its gross or its fee cannot be read. | 第 2 行：gross 或 fee 无法识别。")]
    [InlineData("2026-09-17 15:59:58", "17.9.2026", "Line 2: Its created_utc cannot be read. | 第 2 行：created_utc 无法识别。")]
    [InlineData("2026-09-17 15:59:58", "2026-09-16 23:59:59", "Line 2: It is of another day. | 第 2 行：是别的日期的对账单。")]
    [InlineData("ch_1,pi_1,t1,", "ch_1", "Line 2: It has another number of values than the first line. | 第 2 行：列数与表头不同。")]
    [InlineData("\"\"50\"\"\"", "\"50", "Line 2: It is not CSV. | 第 2 行：不是 CSV 格式。")]
    public void What_is_wrong_with_stripes_report_is_told_with_its_line(string part, string with, string refusal) =>
        Refusal(() => StripeReport.Read($"{StripeHead}\n{StripePaid}\n".Replace(part, with, StringComparison.Ordinal), _day)).ShouldBe(refusal);

    [Fact]
    public void Of_another_merchant_or_day_is_refused()
    {
        Refusal(() => AlipayBill.Read(AlipayExamples.Bill, "2088000000000002")).ShouldBe("Line 2: It is for another merchant number. | 第 2 行：是别的商户号的对账单。");
        Refusal(() => AlipayBill.Read(AlipayExamples.Bill, "2088000000000001", _day.AddDays(1))).ShouldBe("Line 3: It is of another day. | 第 3 行：是别的日期的对账单。");
        AlipayBill.Read(AlipayExamples.Bill, "2088000000000001", _day).Count.ShouldBe(2);
        Refusal(() => WeChatBill.Read(WeChatBillExamples.Bill, "1900000002")).ShouldBe("Line 2: It is for another merchant number. | 第 2 行：是别的商户号的对账单。");
        Refusal(() => WeChatBill.Read(WeChatBillExamples.Bill, "1900000001", _day.AddDays(-1))).ShouldBe("Line 2: It is of another day. | 第 2 行：是别的日期的对账单。");
        WeChatBill.Read(WeChatBillExamples.Bill, "1900000001", _day).Count.ShouldBe(2);
    }
}
