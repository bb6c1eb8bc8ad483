using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Alipay.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class AlipayExamples
{
    private const string Node = "alipay_trade_query_response";

    [Theory]
    [InlineData("""{"alipay_trade_query_response":{"code":"10000","a":"\/\u4e2d}"},"sign":"c2ln"}""", """{"code":"10000","a":"\/\u4e2d}"}""")]
    [InlineData("""{ "sign" : "c2ln" , "alipay_trade_query_response" : { "b" : [ { } ] } , "alipay_cert_sn":"1" }""", """{ "b" : [ { } ] }""")]
    public void The_signed_text_is_the_node_as_it_was_sent(string body, string node)
    {
        var found = AlipaySignature.OfAnswer(Encoding.UTF8.GetBytes(body), Node)!.Value;
        (Encoding.UTF8.GetString(found.Node.Span), found.Sign).ShouldBe((node, "c2ln"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("""{"alipay_trade_query_response":{"code":"10000"}}""")]
    [InlineData("""{"alipay_trade_query_response":"text","sign":"c2ln"}""")]
    [InlineData("""{"alipay_trade_query_response":{},"sign":1}""")]
    [InlineData("""{"alipay_trade_query_response":{},"sign":"c2ln"} {}""")]
    [InlineData("""{"alipay_trade_query_response":{},"sign":"c2ln" """)]
    [InlineData("""{"alipay_trade_query_response":{},"alipay_trade_query_response":{"code":"10000"},"sign":"c2ln"}""")]
    [InlineData("""{"alipay_trade_close_response":{},"sign":"c2ln"}""")]
    [InlineData("""{"a":{"alipay_trade_query_response":{}},"sign":"c2ln"}""")]
    public void What_has_no_node_and_signature_is_nothing(string body) => AlipaySignature.OfAnswer(Encoding.UTF8.GetBytes(body), Node).ShouldBeNull();

    [Fact]
    public void Empty_values_are_not_signed_in_calls_and_all_are_in_notices()
    {
        var fields = new Dictionary<string, string> { ["b"] = "2", ["a"] = "", ["A"] = "中", ["sign"] = "x", ["sign_type"] = "RSA2" };
        Encoding.UTF8.GetString(AlipaySignature.OfCall(fields)).ShouldBe("A=中&b=2&sign_type=RSA2");
        Encoding.UTF8.GetString(AlipaySignature.OfNotice(fields)).ShouldBe("A=中&a=&b=2");
    }

    [Theory]
    [InlineData("12.3", "12.30")]
    [InlineData("12.30", "12.30")]
    [InlineData("12", "12.00")]
    [InlineData("12.345", null)]
    [InlineData("0.00", null)]
    [InlineData("-1.00", null)]
    [InlineData("1e3", null)]
    [InlineData("１２", null)]
    [InlineData(null, null)]
    public void Amounts_are_whole_fen(string? text, string? amount) => AlipayJson.Amount(text)?.Text(2).ShouldBe(amount);

    [Theory]
    [InlineData("WAIT_BUYER_PAY", null, TradeState.Open)]
    [InlineData("TRADE_SUCCESS", "2026-09-17 10:00:00", TradeState.Paid)]
    [InlineData("TRADE_FINISHED", "2026-09-17 10:00:00", TradeState.Paid)]
    [InlineData("TRADE_CLOSED", null, TradeState.Closed)]
    [InlineData("TRADE_CLOSED", "2026-09-17 10:00:00", TradeState.Paid)]
    [InlineData("ANYTHING", null, null)]
    public void Closed_with_a_time_of_payment_was_paid(string status, string? paidAt, TradeState? state) => AlipayJson.State(status, paidAt).ShouldBe(state);

    [Theory]
    [InlineData("a=1&b=%E4%B8%AD+%2B&c=", "a=1|b=中 +|c=")]
    [InlineData("", "")]
    [InlineData("a=1&a=1", null)]
    [InlineData("a=%zz", null)]
    [InlineData("a=%4", null)]
    [InlineData("=1", null)]
    [InlineData("a", null)]
    public void A_form_is_read_or_refused(string body, string? fields)
    {
        var read = FormText.Read(Encoding.UTF8.GetBytes(body));
        (read is null ? null : string.Join('|', read.Select(f => $"{f.Key}={f.Value}"))).ShouldBe(fields);
    }

    private const string Head = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
        + "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
    private const string Paid = "2026091722001400000000000001\t,a000000000001\t,交易,点卡, 50 元,2026-09-17 10:00:00,2026-09-17 23:59:58,,,,\t,buy***@example.com\t,49.50,49.00,0.00,0.00,0.50,0.00,0.00,,0.00,0.00,\t,-0.29,0.00,";
    private const string Back = "2026091722001400000000000001\t,a000000000001\t,退款,点卡,2026-09-17 10:00:00,2026-09-17 11:00:00,,,,\t,buy***@example.com\t,-9.50,-9.50,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,r000000000001\t,0.06,0.00,";

    private static string File(params string[] lines) => string.Join("\r\n", [
        "#支付宝业务明细查询", "#账号：[20880000000000010156]", "#起始日期：[2026年09月17日 00:00:00]   终止日期：[2026年09月18日 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------", Head, .. lines,
        "#-----------------------------------------业务明细列表结束------------------------------------", "#交易合计：1笔，商家实收共49.00元，商家优惠共0.00元", "#退款合计：1笔，商家实收退款共-9.50元", ""]);

    internal static string Bill => File(Paid, Back);

    [Fact]
    public void Bill_lines_are_amounts_of_trades_with_their_fees_in_chinas_time() => AlipayBill.Read(File(Paid, Back)).ShouldBe([
        new StatementLine("a000000000001", "2026091722001400000000000001", null, Money.Parse("49.50"), Money.Parse("0.29"), DateTimeOffset.Parse("2026-09-17T15:59:58Z")),
        new StatementLine("a000000000001", "2026091722001400000000000001", "r000000000001", Money.Parse("9.50"), Money.Parse("-0.06"), DateTimeOffset.Parse("2026-09-17T03:00:00Z"))]);

    [Theory]
    [InlineData("a line lost on the way", "#交易合计：1笔", "#交易合计：2笔")]
    [InlineData("no end", "列表结束", "列表")]
    [InlineData("an unknown kind", ",退款,", ",转账,")]
    [InlineData("a refund that is none", ",-9.50,-9.50,", ",9.50,9.50,")]
    [InlineData("no time", ",2026-09-17 11:00:00,", ",,")]
    [InlineData("a value too few", "r000000000001\t,", "")]
    [InlineData("a fee in words", "-0.29", "free")]
    public void What_is_no_whole_bill_is_refused(string what, string part, string with) =>
        Should.Throw<ChannelException>(() => AlipayBill.Read(File(Paid, Back).Replace(part, with, StringComparison.Ordinal)), what);
}
