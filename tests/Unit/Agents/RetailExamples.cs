using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class RetailExamples
{
    [Theory] // price(m) 47.3050, fee 0.2950, so at least 47.6000; control 47.50 to 55.00
    [InlineData("47.60", null)]
    [InlineData("47.59", RetailRefusal.BelowCost)]
    [InlineData("47.50", RetailRefusal.BelowCost)]
    [InlineData("47.49", RetailRefusal.BelowFloor)]
    [InlineData("55.00", null)]
    [InlineData("55.01", RetailRefusal.AboveCeiling)]
    [InlineData("47.605", RetailRefusal.NotWholeFen)]
    [InlineData("47.6001", RetailRefusal.NotWholeFen)]
    [InlineData("0", RetailRefusal.NotPositive)]
    [InlineData("-47.60", RetailRefusal.NotPositive)]
    public void R_covers_price_and_fee_within_price_control(string retail, RetailRefusal? expected) =>
        RetailRules.Check(Money.Parse(retail), Money.Parse("47.3050"), Money.Parse("0.2950"), Money.Parse("47.50"), Money.Parse("55.00"))
            .ShouldBe(expected);

    [Fact]
    public void The_floor_itself_may_be_asked() =>
        RetailRules.Check(Money.Parse("47.50"), Money.Parse("40"), Money.Zero, Money.Parse("47.50"), Money.Parse("47.50")).ShouldBeNull();

    [Theory] // price, fee in basis points, floor, ceiling → the lowest R
    [InlineData("47.3050", 60, "40.00", "55.00", "47.60")] // 47.60 leaves 47.3144 after its fee, 47.59 leaves 47.3045
    [InlineData("47.3050", 60, "48.005", "55.00", "48.01")] // from the floor, up to the fen
    [InlineData("47.3050", 0, "40.00", "55.00", "47.31")]
    [InlineData("47.3050", 60, "40.00", "47.60", "47.60")] // the ceiling itself
    [InlineData("47.3050", 60, "40.00", "47.59", null)]
    [InlineData("47.3050", 500, "40.00", "55.00", "49.80")] // the largest fee there is
    public void The_lowest_price_covers_its_own_fee(string price, long feeBps, string floor, string ceiling, string? expected) =>
        RetailRules.Lowest(Money.Parse(price), r => r.AtBps(feeBps), Money.Parse(floor), Money.Parse(ceiling))
            .ShouldBe(expected is null ? null : Money.Parse(expected));
}
