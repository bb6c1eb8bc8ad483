using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class ApplicationExamples
{
    internal static readonly ApplicationDraft Good = new()
    {
        Company = "  深圳点卡科技有限公司 ", CreditCode = "9144030071526726xg", LegalPerson = "张三", ContactName = "李四", Phone = "+86 138-0013-5567",
        Email = "li@example.com", BankName = "招商银行深圳分行", BankAccount = "6225 8801 2345 6789", Goods = "Steam\r\n点卡",
    };

    [Fact]
    public void A_good_application_is_kept_tidy()
    {
        var (value, errors) = ApplicationRules.Check(Good);
        errors.ShouldBeEmpty();
        (value.Company, value.CreditCode, value.Phone, value.BankAccount, value.Goods)
            .ShouldBe(("深圳点卡科技有限公司", "9144030071526726XG", "+8613800135567", "6225880123456789", "Steam\n点卡"));
    }

    public static TheoryData<string, ApplicationDraft> Bad => new()
    {
        { "company:required", Good with { Company = " " } },
        { "company:too_long", Good with { Company = new('a', 121) } },
        { "credit_code:bad_credit_code", Good with { CreditCode = "9144030071526726XX" } },
        { "legal_person:required", Good with { LegalPerson = "" } },
        { "contact_name:bad_character", Good with { ContactName = "a\u0000b" } },
        { "phone:bad_phone", Good with { Phone = "12345" } },
        { "phone:bad_phone", Good with { Phone = "１３８００１３５５６７" } },
        { "phone:bad_phone", Good with { Phone = "138x0013" } },
        { "email:bad_email", Good with { Email = "a@b@c.de" } },
        { "email:bad_email", Good with { Email = "nobody" } },
        { "bank_account:bad_account", Good with { BankAccount = "1234567" } },
        { "bank_account:bad_account", Good with { BankAccount = "6225-88X1" } },
        { "goods:too_long", Good with { Goods = new('x', 1_001) } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void What_is_wrong_is_named_by_field(string error, ApplicationDraft draft) =>
        string.Join(" ", ApplicationRules.Check(draft).Errors.Select(e => $"{e.Field}:{e.Code}")).ShouldBe(error);

    [Fact]
    public void An_email_may_be_left_out() => ApplicationRules.Check(Good with { Email = "" }).Errors.ShouldBeEmpty();
}
