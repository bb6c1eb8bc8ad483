using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.WeChat.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class WeChatBillExamples
{
    // The columns of a real bill of type ALL; names of goods are not quoted.
    private const string Head = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
        + "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    private const string Paid = "`2026-09-17 23:59:58,`wx0123456789abcdef,`1900000001,`0,`,`4200001234202609170000000001,`a000000000001,`oUpF8,`NATIVE,`SUCCESS,`OTHERS,`CNY,`49.00,`0.50,`0,`0,`0.00,`0.00,`,`,`点卡, 50 元,`,`0.29000,`0.60%,`49.50,`0.00,`";
    private const string Back = "`2026-09-17 10:00:00,`wx0123456789abcdef,`1900000001,`0,`,`4200001234202609170000000001,`a000000000001,`oUpF8,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030000123,`r000000000001,`9.00,`0.00,`ORIGINAL,`SUCCESS,`点卡, 50 元,`,`-0.06000,`0.60%,`0.00,`9.50,`";
    private const string Totals = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

    private static string File(params string[] lines) =>
        '\uFEFF' + string.Join("\r\n", [Head, .. lines, Totals, $"`{lines.Length},`49.00,`9.00,`0.00,`0.23000,`49.50,`9.50", ""]);

    internal static string Bill => File(Paid, Back);

    [Fact]
    public void Lines_are_amounts_of_trades_with_their_fees_in_chinas_time()
    {
        var lines = WeChatBill.Read(File(Paid, Back), "1900000001");
        lines.ShouldBe([
            new StatementLine("a000000000001", "4200001234202609170000000001", null, Money.Parse("49.50"), Money.Parse("0.29"), DateTimeOffset.Parse("2026-09-17T15:59:58Z")),
            new StatementLine("a000000000001", "4200001234202609170000000001", "r000000000001", Money.Parse("9.50"), Money.Parse("-0.06"), DateTimeOffset.Parse("2026-09-17T02:00:00Z"))]);
    }

    [Fact]
    public void A_refund_that_failed_moved_no_money() =>
        WeChatBill.Read(File(Paid, Back.Replace("`ORIGINAL,`SUCCESS", "`ORIGINAL,`FAIL", StringComparison.Ordinal)), "1900000001").Count.ShouldBe(1);

    [Theory]
    [InlineData("another merchant", "1900000002", null, null)]
    [InlineData("an amount with three places", "1900000001", "`49.50,", "`49.505,")]
    [InlineData("no amount", "1900000001", "`49.50,", "`,")]
    [InlineData("a fee in words", "1900000001", "`0.29000", "`free")]
    [InlineData("an unknown state", "1900000001", "`SUCCESS,`OTHERS", "`MAYBE,`OTHERS")]
    [InlineData("no time", "1900000001", "`2026-09-17 23:59:58", "`")]
    [InlineData("a value too few", "1900000001", "`NATIVE,", "")]
    [InlineData("a line lost on the way", "1900000001", "总交易单数", "another")]
    public void What_is_no_whole_bill_is_refused(string what, string merchant, string? part, string? with) =>
        Should.Throw<ChannelException>(() => WeChatBill.Read(part is null ? File(Paid) : File(Paid).Replace(part, with, StringComparison.Ordinal), merchant), what);

    [Fact]
    public void A_file_that_was_cut_off_is_no_day_with_fewer_trades()
    {
        var file = File(Paid, Back);
        for (var length = 0; length < file.Length - 40; length += 11) Should.Throw<ChannelException>(() => WeChatBill.Read(file[..length], "1900000001"));
    }
}
