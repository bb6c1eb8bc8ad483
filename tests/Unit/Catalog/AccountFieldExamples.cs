using Lianka.Modules.Catalog;

namespace Lianka.Tests.Unit.Catalog;

/// <summary>The fields of direct SKUs: how they are written down, and what buyers may put in.</summary>
public sealed class AccountFieldExamples
{
    private static string Errors(string fields, params (string Key, string Value)[] given) => string.Join(' ',
        AccountFields.Check(AccountFields.Parse(fields).Fields, given.ToDictionary()).Errors.Select(e => $"{e.Field}:{e.Code}"));

    private static string Value(string fields, string key, string value) =>
        AccountFields.Check(AccountFields.Parse(fields).Fields, new Dictionary<string, string> { [key] = value }).Values.GetValueOrDefault(key, "");

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("account | phone | 手机号 | Phone", 1, "")]
    [InlineData("account|phone?|手机号|Phone|移动, 联通\n\nserver | choice | 区服 | Server | 亚服/一区, 欧服", 2, "")]
    [InlineData("id | digits | 用户编号 | User id | 6, 12", 1, "")]
    [InlineData("account | phone", 0, "fields:bad_line")]
    [InlineData("Account | phone | 手机号 | Phone", 0, "fields:bad_key")]
    [InlineData("account | telephone | 手机号 | Phone", 0, "fields:bad_kind")]
    [InlineData("account | 0 | 手机号 | Phone", 0, "fields:bad_kind")]
    [InlineData("account | phone | | Phone", 0, "fields:bad_name")]
    [InlineData("account | phone | 手机号 | Phone | 火星", 0, "fields:bad_choices")]
    [InlineData("server | choice | 区服 | Server", 0, "fields:bad_choices")]
    [InlineData("server | choice | 区服 | Server | 一区, 一区", 0, "fields:bad_choices")]
    [InlineData("id | digits | 编号 | Id | 12, 6", 0, "fields:bad_choices")]
    [InlineData("a | email | 邮箱 | Mail\na | account | 账号 | Account", 1, "fields:taken")]
    public void Fields_are_written_one_a_line(string text, int count, string errors)
    {
        var (fields, found) = AccountFields.Parse(text);
        fields.Count.ShouldBe(count);
        string.Join(' ', found.Select(e => $"{e.Field}:{e.Code}")).ShouldBe(errors);
    }

    [Theory]
    [InlineData("13800138000", "13800138000")]
    [InlineData(" +86 138-0013-8000 ", "13800138000")]
    [InlineData("１３８００１３８０００", "13800138000")]
    [InlineData("19912345678", "19912345678")]
    public void A_phone_number_is_sent_on_as_eleven_digits(string given, string sent) =>
        Value("account | phone | 手机号 | Phone", "account", given).ShouldBe(sent);

    [Theory]
    [InlineData("1380013800")]
    [InlineData("138001380000")]
    [InlineData("12800138000")]
    [InlineData("1380013800a")]
    [InlineData("15412345678")]
    public void What_is_no_mobile_number_is_refused(string given) =>
        Errors("account | phone | 手机号 | Phone", ("account", given)).ShouldBe("account:bad_phone");

    [Theory]
    [InlineData("13800138000", "")]
    [InlineData("18612345678", "account:wrong_carrier")]
    [InlineData("13491234567", "account:wrong_carrier")]
    [InlineData("17031234567", "")]
    public void A_number_must_be_of_the_carrier_of_the_goods(string given, string errors) =>
        Errors("account | phone | 手机号 | Phone | 移动", ("account", given)).ShouldBe(errors);

    [Theory]
    [InlineData("email", "a@b.cn", "")]
    [InlineData("email", "a@b", "x:bad_email")]
    [InlineData("email", "a@@b.cn", "x:bad_email")]
    [InlineData("email", "a b@c.cn", "x:bad_email")]
    [InlineData("account", "玩家#1", "")]
    [InlineData("account", "two words", "x:bad_account")]
    [InlineData("digits", "123456789", "")]
    [InlineData("digits", "12a", "x:bad_digits")]
    [InlineData("account", "", "x:required")]
    [InlineData("account?", "", "")]
    public void Each_kind_has_its_rule(string kind, string given, string errors) =>
        Errors($"x | {kind} | 名 | Name", ("x", given)).ShouldBe(errors);

    [Fact]
    public void A_server_is_one_of_the_tree_and_nothing_else_is_taken() =>
        Errors("server | choice | 区服 | Server | 亚服/一区, 欧服", ("server", "亚服"), ("more", "1")).ShouldBe("more:unknown_field server:unknown_choice");

    [Fact]
    public void A_value_of_more_than_a_hundred_characters_is_too_long() =>
        Errors("x | account | 名 | Name", ("x", new string('a', 101))).ShouldBe("x:too_long");
}
