using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class CertificateExamples
{
    private static readonly DateTimeOffset _end = new(2026, 6, 30, 16, 0, 0, TimeSpan.Zero);

    [Theory] // Seconds before the end.
    [InlineData((30 * 86_400) + 1, null)]
    [InlineData(30 * 86_400, 30)]
    [InlineData((7 * 86_400) + 1, 30)]
    [InlineData(7 * 86_400, 7)]
    [InlineData(86_401, 7)]
    [InlineData(86_400, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-86_400, 0)]
    public void The_end_is_told_at_30_7_and_1_days_and_when_it_has_come(int before, int? step)
    {
        var now = _end.AddSeconds(-before);
        CertificateRule.Step(_end, now).ShouldBe(step);
        CertificateRule.IsValid(_end.AddYears(-1), _end, now).ShouldBe(before > 0);
        CertificateRule.IsValid(_end, null, now).ShouldBe(before <= 0, "not before its first day");
    }

    [Fact]
    public void One_without_an_end_is_never_told() => CertificateRule.Step(null, _end).ShouldBeNull();

    [Theory]
    [InlineData("25504446 2D312E37", "application/pdf")]
    [InlineData("FFD8FFE0 00104A46", "image/jpeg")]
    [InlineData("89504E47 0D0A1A0A 0000", "image/png")]
    [InlineData("3C68746D 6C3E", null)]
    [InlineData("89504E47 0D0A", null)]
    [InlineData("4D5A9000", null)]
    [InlineData("504B0304", null)]
    [InlineData("0A255044 462D", null)]
    [InlineData("", null)]
    public void A_file_is_what_its_first_bytes_say(string hex, string? type) =>
        FileKinds.MediaTypeOf(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))).ShouldBe(type);
}
