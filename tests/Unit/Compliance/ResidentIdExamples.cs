using Lianka.Modules.Compliance;

namespace Lianka.Tests.Unit.Compliance;

public sealed class ResidentIdExamples
{
    private static readonly DateOnly _today = new(2026, 7, 1);

    [Theory] // The two examples of GB 11643-1999, and what people mistype.
    [InlineData("11010519491231002X", null)]
    [InlineData("440524188001010014", null)]
    [InlineData("110105194912310021", "bad_check")]
    [InlineData("11010519491231020X", "bad_check")]
    [InlineData("1101051949123100", "bad_length")]
    [InlineData("", "bad_length")]
    [InlineData("1101051949123100X2", "bad_character")]
    [InlineData("11010519491231002x", "bad_character")]
    [InlineData("１1010519491231002X", "bad_character")]
    [InlineData("-1010519491231002X", "bad_character")]
    [InlineData("99010519491231002X", "bad_region")]
    [InlineData("110105194902300026", "bad_birthday")]
    [InlineData("110105202702280026", "bad_birthday")]
    public void A_number_is_judged_by_its_parts_and_its_check_character(string number, string? code) =>
        ResidentId.Problem("number", number, _today)?.Code.ShouldBe(code);

    [Fact]
    public void Any_single_changed_digit_is_noticed()
    {
        const string Number = "440524188001010014";
        for (var i = 0; i < 17; i++)
            foreach (var other in "0123456789".Where(c => c != Number[i]))
                ResidentId.Problem("number", Number[..i] + other + Number[(i + 1)..], _today).ShouldNotBeNull();
    }

    [Fact]
    public void Two_neighbours_in_the_wrong_order_are_noticed()
    {
        const string Number = "11010519491231002X";
        for (var i = 0; i < 16; i++)
        {
            if (Number[i] == Number[i + 1]) continue;
            ResidentId.Problem("number", Number[..i] + Number[i + 1] + Number[i] + Number[(i + 2)..], _today).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Born_today_is_the_last_day()
    {
        ResidentId.Problem("number", "11010519491231002X", new DateOnly(1949, 12, 31)).ShouldBeNull();
        ResidentId.Problem("number", "11010519491231002X", new DateOnly(1949, 12, 30))!.Code.ShouldBe("bad_birthday");
    }
}
