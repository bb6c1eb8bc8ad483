using Lianka.Kernel;
using Lianka.Modules.Payments;

namespace Lianka.Tests.Unit.Payments;

public sealed class ChannelFeesExamples
{
    [Theory]
    [InlineData("0.01", "0.00")]
    [InlineData("0.83", "0.00")]
    [InlineData("0.84", "0.01")]
    [InlineData("2.49", "0.01")]
    [InlineData("2.50", "0.02")]
    [InlineData("49.50", "0.30")]
    [InlineData("99.00", "0.59")]
    [InlineData("100.00", "0.60")]
    [InlineData("1000000.00", "6000.00")]
    public void Sixty_basis_points_are_rounded_half_up_to_a_fen(string amount, string fee) =>
        ChannelFees.At(Money.Parse(amount), 60).ShouldBe(Money.Parse(fee));

    [Fact]
    public void A_fee_is_always_whole_fen()
    {
        for (var fen = 1; fen < 5_000; fen++) ChannelFees.At(new Money(fen * Money.UnitsPerFen), 37).IsWholeFen.ShouldBeTrue();
    }
}
