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

    [Theory] // price, margin, fee, floor, ceiling → R
    [InlineData("47.3050", 480, 60, "47.70", "55.00", "49.58")] // 49.57564 up to the fen
    [InlineData("47.3050", 0, 0, "47.00", "55.00", "47.31")]
    [InlineData("47.3050", 0, 0, "48.00", "55.00", "48.00")] // raised to the floor
    [InlineData("47.3050", 5_000, 60, "47.70", "55.00", "55.00")] // lowered to the ceiling
    [InlineData("47.3050", 480, 60, "47.705", "47.999", "47.99")] // control between fens: inside it
    [InlineData("47.3050", 10, 60, "47.00", "55.00", null)] // the margin does not cover the fee
    [InlineData("47.3050", 480, 60, "40.00", "47.00", null)] // the ceiling is below price(m)
    [InlineData("47.3050", 480, 60, "47.701", "47.709", null)] // no whole fen within control
    public void One_click_listing_stays_within_control_or_does_not_list(
        string price, long marginBps, long feeBps, string floor, string ceiling, string? expected) =>
        RetailRules.WithMargin(Money.Parse(price), marginBps, r => r.AtBps(feeBps), Money.Parse(floor), Money.Parse(ceiling))
            .ShouldBe(expected is null ? null : Money.Parse(expected));
}
