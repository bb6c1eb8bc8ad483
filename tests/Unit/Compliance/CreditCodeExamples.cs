using Lianka.Modules.Compliance;

namespace Lianka.Tests.Unit.Compliance;

public sealed class CreditCodeExamples
{
    [Theory] // Companies whose codes are public.
    [InlineData("9144030071526726XG", true)]
    [InlineData("91330100799655058B", true)]
    [InlineData("914403001922038216", true)]
    [InlineData("91110108551385082Q", true)]
    [InlineData("9144030071526726XH", false)]
    [InlineData("9144030071526762XG", false)]
    [InlineData("9144030071526726X", false)]
    [InlineData("9144030071526726XGG", false)]
    [InlineData("9144O30071526726XG", false)]
    [InlineData("9144030071526726xg", false)]
    [InlineData("９144030071526726XG", false)]
    [InlineData("", false)]
    public void A_code_is_judged_by_its_check_character(string code, bool isValid) => CreditCode.IsValid(code).ShouldBe(isValid);

    [Fact]
    public void Any_single_changed_character_is_noticed()
    {
        const string Code = "91330100799655058B";
        for (var i = 0; i < 18; i++)
            foreach (var other in "0123456789ABCDEFGHJKLMNPQRTUWXY".Where(c => c != Code[i]))
                CreditCode.IsValid(Code[..i] + other + Code[(i + 1)..]).ShouldBeFalse();
    }
}
