using Lianka.Modules.Compliance;
using Lianka.Modules.Withdrawals;
using Lianka.Modules.Withdrawals.Core;

namespace Lianka.Tests.Unit.Withdrawals;

public sealed class PayeeExamples
{
    private static readonly RealName _name = new() { Name = "张三", State = RealNameState.Verified };

    [Theory]
    [InlineData(PayeeKind.Bank, "张三", "招商银行深圳分行", "6225 8801-2345 6789", null)]
    [InlineData(PayeeKind.Bank, "李四", "招商银行", "6225880123456789", "holder:name_differs")]
    [InlineData(PayeeKind.Bank, "", "招商银行", "6225880123456789", "holder:required")]
    [InlineData(PayeeKind.Bank, "张三", "", "6225880123456789", "bank:required")]
    [InlineData(PayeeKind.Bank, "张三", "招商银行", "62x", "number:bad_account")]
    [InlineData(PayeeKind.Alipay, "张三", "", "138 0013 5567", null)]
    [InlineData(PayeeKind.Alipay, "张三", "", "zhang@example.com", null)]
    [InlineData(PayeeKind.Alipay, "张三", "", "zhang@example", "number:bad_alipay")]
    [InlineData(PayeeKind.Alipay, "张三", "", "@example.com", "number:bad_alipay")]
    [InlineData(PayeeKind.Alipay, "张三", "", "z@@example.com", "number:bad_alipay")]
    [InlineData(PayeeKind.Alipay, "张三", "", "z@example.com,1", "number:bad_alipay")]
    [InlineData(PayeeKind.Alipay, "张三", "", "1380013556", "number:bad_alipay")]
    [InlineData((PayeeKind)9, "张三", "B", "6225880123456789", "kind:unknown_value")]
    public void A_payee_is_an_account_under_the_real_name(PayeeKind kind, string holder, string bank, string number, string? error) =>
        PayeeRules.Check(new(kind, holder, bank, number), _name).Errors.Select(e => $"{e.Field}:{e.Code}").SingleOrDefault().ShouldBe(error);

    [Fact]
    public void Without_a_real_name_there_is_no_payee() =>
        PayeeRules.Check(new(PayeeKind.Alipay, "张三", "", "13800135567"), null).Errors.ShouldHaveSingleItem().Code.ShouldBe("no_real_name");

    [Theory]
    [InlineData("6225880123456789", "6789")]
    [InlineData("13800135567", "5567")]
    [InlineData("zhang@example.com", "z***@example.com")]
    public void Pages_show_the_end_of_an_account(string number, string tail) => PayeeRules.Tail(number).ShouldBe(tail);
}
