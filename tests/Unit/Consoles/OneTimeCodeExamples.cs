using System.Text;
using Lianka.Modules.Consoles.Core;

namespace Lianka.Tests.Unit.Consoles;

public sealed class OneTimeCodeExamples
{
    private static readonly byte[] _secret = "12345678901234567890"u8.ToArray();

    // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        OneTimeCode.At(_secret, OneTimeCode.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    // RFC 4648, section 10, without its padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base_32_is_that_of_the_standard(string text, string coded) => OneTimeCode.Base32(Encoding.ASCII.GetBytes(text)).ShouldBe(coded);

    [Fact]
    public void A_code_is_taken_one_step_early_or_late_and_none_before_the_last()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);
        var step = OneTimeCode.StepOf(now);
        foreach (var near in new[] { -1, 0, 1 }) OneTimeCode.Match(_secret, OneTimeCode.At(_secret, step + near), now, 0).ShouldBe(step + near);
        foreach (var far in new[] { -2, 2 }) OneTimeCode.Match(_secret, OneTimeCode.At(_secret, step + far), now, 0).ShouldBeNull();
        OneTimeCode.Match(_secret, OneTimeCode.At(_secret, step), now, step).ShouldBeNull();
        OneTimeCode.Match(_secret, OneTimeCode.At(_secret, step + 1), now, step).ShouldBe(step + 1);
        foreach (var wrong in new[] { "", "05047", "0504711", "abcdef" }) OneTimeCode.Match(_secret, wrong, now, 0).ShouldBeNull();
    }

    [Fact]
    public void The_address_names_who_it_is_for() =>
        OneTimeCode.Address("foobar"u8, "zhou@a b").ShouldBe("otpauth://totp/Lianka:zhou%40a%20b?secret=MZXW6YTBOI&issuer=Lianka");
}
