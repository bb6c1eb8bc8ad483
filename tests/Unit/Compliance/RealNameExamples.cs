using Lianka.Modules.Compliance;
using Lianka.Modules.Compliance.Core;

namespace Lianka.Tests.Unit.Compliance;

public sealed class RealNameExamples
{
    private static readonly DateOnly _today = new(2026, 7, 1);

    [Theory]
    [InlineData(RealNameKind.Person, " 张三 ", "１1010519491231002x", null)]
    [InlineData(RealNameKind.Person, "张三", "110105 19491231 002X", null)]
    [InlineData(RealNameKind.Company, "深圳点卡科技有限公司", "9144030071526726xg", null)]
    [InlineData(RealNameKind.Person, "张三", "9144030071526726XG", "number:bad_character")]
    [InlineData(RealNameKind.Company, "深圳点卡科技有限公司", "11010519491231002X", "number:bad_credit_code")]
    [InlineData(RealNameKind.Person, " ", "11010519491231002X", "name:required")]
    [InlineData(RealNameKind.Person, "张\u0000三", "11010519491231002X", "name:bad_character")]
    [InlineData((RealNameKind)7, "张三", "11010519491231002X", "kind:unknown_value")]
    public void What_is_entered_is_judged_by_its_kind(RealNameKind kind, string name, string number, string? error) =>
        RealNameRules.Check(new(kind, name, number), _today).Errors.Select(e => $"{e.Field}:{e.Code}").SingleOrDefault().ShouldBe(error);

    [Fact]
    public void It_is_kept_trimmed_and_in_capitals() =>
        RealNameRules.Check(new(RealNameKind.Person, " 张三 ", "１1010519491231002x"), _today).Value.ShouldBe(new(RealNameKind.Person, "张三", "11010519491231002X"));

    [Theory]
    [InlineData("深圳点卡（集团）有限公司", "深圳点卡(集团)有限公司", true)]
    [InlineData("Lu Cards Ltd", "LU CARDS LTD", true)]
    [InlineData("张三", " 张 三", true)]
    [InlineData("张三", "张三丰", false)]
    [InlineData("张三", "", false)]
    public void Spaces_width_and_case_do_not_tell_names_apart(string name, string holder, bool isSame) =>
        new RealName { Name = name }.IsOf(holder).ShouldBe(isSame);
}
