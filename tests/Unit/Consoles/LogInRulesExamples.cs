using Lianka.Modules.Consoles.Core;

namespace Lianka.Tests.Unit.Consoles;

public sealed class LogInRulesExamples
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 30)]
    [InlineData(6, 60)]
    [InlineData(9, 480)]
    [InlineData(10, 900)]
    [InlineData(1_000_000, 900)]
    public void The_wait_doubles_from_the_fifth_failure_to_a_quarter_of_an_hour(long failed, int seconds) =>
        LogInRules.Wait(failed).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("Zhou@Example.com ", "zhou@example.com")]
    [InlineData("ｚｈｏｕ１", "zhou1")]
    public void Logins_are_one_whatever_keyboard_typed_them(string typed, string login) => LogInRules.Normalise(typed).ShouldBe(login);

    [Theory]
    [InlineData("ab", false)]
    [InlineData("abc", true)]
    [InlineData("a.b_c-d@e+f", true)]
    [InlineData("周敏周敏", false)]
    [InlineData("a b c", false)]
    public void A_login_is_plain(string login, bool isUsable) => LogInRules.IsLogin(login).ShouldBe(isUsable);
}
