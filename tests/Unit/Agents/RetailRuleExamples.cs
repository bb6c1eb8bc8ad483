using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class RetailRuleExamples
{
    [Theory] // price, margin, fee in basis points, floor, ceiling → R
    [InlineData("47.3050", 480, 60, "47.70", "55.00", "49.58")] // 49.57564 up to the fen
    [InlineData("47.3050", 0, 0, "47.00", "55.00", "47.31")]
    [InlineData("47.3050", 0, 0, "48.00", "55.00", "48.00 Floor")]
    [InlineData("47.3050", 5_000, 60, "47.70", "55.00", "55.00 Ceiling")]
    [InlineData("47.3050", 480, 60, "47.705", "47.999", "47.99 Ceiling")] // control between fens: inside it
    [InlineData("47.3050", 10, 60, "47.00", "55.00", "BelowCost")] // the margin does not cover the fee: not raised unasked
    [InlineData("47.3050", 480, 60, "40.00", "47.00", "BelowCost")] // the ceiling is below price(m)
    [InlineData("47.3050", 480, 60, "47.701", "47.709", "BelowFloor")] // no whole fen within control
    public void A_margin_stays_within_control_or_is_refused(string price, long marginBps, long feeBps, string floor, string ceiling, string expected) =>
        Told(new RetailRule(marginBps), price, feeBps, floor, ceiling).ShouldBe(expected);

    [Theory] // 47.3050 with 480 bps is 49.57564; margin, amount on top, limit of both, ending → R
    [InlineData(480, "0", null, RetailEnding.Jiao, "49.60")]
    [InlineData(480, "0", null, RetailEnding.Nine, "49.59")]
    [InlineData(480, "0", null, RetailEnding.Yuan, "50.00")]
    [InlineData(0, "2.2850", null, RetailEnding.Nine, "49.59")] // 49.59 ends so already
    [InlineData(0, "2.2950", null, RetailEnding.Nine, "49.69")] // 49.60: a fen further is ten
    [InlineData(0, "2.2950", null, RetailEnding.Jiao, "49.60")]
    [InlineData(0, "2.6950", null, RetailEnding.Yuan, "50.00")]
    [InlineData(480, "1", null, RetailEnding.Fen, "50.58")]
    [InlineData(480, "1", "2", RetailEnding.Fen, "49.31")] // 47.3050 + 2, not + 3.2706
    [InlineData(480, "0", "9", RetailEnding.Fen, "49.58")]
    [InlineData(480, "0", "0", RetailEnding.Fen, "47.31")]
    public void Amount_limit_and_ending(long marginBps, string added, string? most, RetailEnding ending, string expected) =>
        Told(new RetailRule(marginBps, Money.Parse(added), most is null ? null : Money.Parse(most), ending), "47.3050", 0, "40.00", "55.00").ShouldBe(expected);

    [Fact]
    public void An_ending_stands_above_the_floor_and_gives_way_to_the_ceiling()
    {
        Told(new RetailRule(0, Ending: RetailEnding.Nine), "47.3050", 0, "48.00", "55.00").ShouldBe("48.09 Floor");
        Told(new RetailRule(480, Ending: RetailEnding.Yuan), "47.3050", 0, "40.00", "49.95").ShouldBe("49.95 Ceiling");
    }

    private static string Told(RetailRule rule, string price, long feeBps, string floor, string ceiling)
    {
        var (retail, correction, why) = rule.Propose(Money.Parse(price), r => r.AtBps(feeBps), Money.Parse(floor), Money.Parse(ceiling));
        return why?.ToString() ?? (correction == RetailCorrection.None ? retail!.Value.Text(2) : $"{retail!.Value.Text(2)} {correction}");
    }
}
