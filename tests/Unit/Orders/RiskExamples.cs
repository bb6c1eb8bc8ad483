using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Risk;
using static Lianka.Tests.Unit.Orders.PlaceOrderExamples;

namespace Lianka.Tests.Unit.Orders;

public sealed class RiskExamples
{
    private sealed class Rules(RiskAnswer answer) : IOrderRisk
    {
        public List<OrderFacts> Asked { get; } = [];

        public RiskVerdict Assess(in OrderFacts facts)
        {
            Asked.Add(facts);
            return new RiskVerdict(answer, ["velocity"]);
        }
    }

    [Theory] //        answer      decision
    [InlineData(RiskAnswer.Allow,  "done 144.0000")]
    [InlineData(RiskAnswer.StepUp, "RiskBlocked step_up")]
    [InlineData(RiskAnswer.Review, "RiskBlocked review")]
    [InlineData(RiskAnswer.Block,  "RiskBlocked")]
    public void I16_Only_an_allowed_order_has_an_effect(RiskAnswer answer, string expected)
    {
        var world = new SmallWorld { Risk = new Rules(answer) }.Cards(10).Fund(AccountKinds.Wallet, 3, "1000");
        Detailed(world.Run(world.Place("K", 3, "144"))).ShouldBe(expected);
        world.State().Writes.IsEmpty.ShouldBe(answer != RiskAnswer.Allow);
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(answer == RiskAnswer.Allow ? 7 : 10);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe(answer == RiskAnswer.Allow ? "856.0000" : "1000.0000");
    }

    [Fact]
    public void I16_A_blocked_reservation_holds_nothing_and_is_not_counted()
    {
        var world = new SmallWorld { Risk = new Rules(RiskAnswer.Block) }.Cards(10);
        Detailed(world.Run(world.Reserve("K", 2))).ShouldBe("RiskBlocked");
        world.State().Writes.IsEmpty.ShouldBeTrue();
        (world.State().FreeUnits(SmallWorld.Sku), world.State().HeldUnits(SmallWorld.Sku)).ShouldBe((10, 0));
    }

    [Theory] // quantity  max     wallet   cards  decision
    [InlineData(0,       "144",  "1000",   10,   "QuantityOutOfRange")]
    [InlineData(3,       "143",  "1000",   10,   "PriceMoved")]   // before risk
    [InlineData(3,       "144",  "1",      10,   "RiskBlocked")]  // before money
    [InlineData(3,       "144",  "1000",    1,   "RiskBlocked")]  // before stock
    public void Risk_is_asked_after_the_price_and_before_money_and_stock(long quantity, string max, string wallet, int cards, string expected)
    {
        var world = new SmallWorld { Risk = new Rules(RiskAnswer.Block) }.Cards(cards).Fund(AccountKinds.Wallet, 3, wallet);
        Detailed(world.Run(world.Place("K", quantity, max))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("49.40", "PriceMoved")]
    [InlineData("49.50", "RiskBlocked")]
    public void A_reservation_is_judged_after_its_price_and_before_its_stock(string retail, string expected)
    {
        var world = new SmallWorld { Risk = new Rules(RiskAnswer.Block) };
        Detailed(world.Run(world.Reserve("K", 2, retail: retail))).ShouldBe(expected);
    }

    [Fact]
    public void Risk_sees_the_facts_of_the_order_and_is_not_asked_again_for_a_replay()
    {
        var rules = new Rules(RiskAnswer.Allow);
        var world = new SmallWorld { Risk = rules }.Cards(10).Fund(AccountKinds.Wallet, 3, "1000");
        for (var i = 0; i < 2; i++)
        {
            world.Run(world.Place("K", 3, "200", revealTo: "192.0.2.1"));
            world.Run(world.Reserve("R", 2, contact: 7));
        }

        rules.Asked.Select(f => f with { ContactKey = null }).ShouldBe(
        [
            new OrderFacts(SmallWorld.Leaf, SmallWorld.Sku, 3, SmallWorld.Yuan("144"), OrderOrigin.Api, null, null, "192.0.2.1", SmallWorld.Start),
            new OrderFacts(SmallWorld.Leaf, SmallWorld.Sku, 2, SmallWorld.Yuan("99"), OrderOrigin.Retail, null, null, null, SmallWorld.Start),
        ]);
        rules.Asked.ConvertAll(f => f.ContactKey?[0]).ShouldBe([null, 7]);
    }

    [Fact]
    public void The_reasons_are_not_part_of_what_is_told()
    {
        var world = new SmallWorld { Risk = new Rules(RiskAnswer.Block) }.Cards(10).Fund(AccountKinds.Wallet, 3, "1000");
        typeof(OrderDecision.Refused).GetProperties().Select(p => p.Name).ShouldBe(["Why", "Detail"], ignoreOrder: true);
        world.Run(world.Place("K", 3, "144")).ShouldBeOfType<OrderDecision.Refused>().Risk!.Reasons.ShouldBe(["velocity"]);
    }

    [Fact]
    public void An_origin_has_the_code_of_its_source() => Enum.GetValues<OrderSource>()
        .Select(s => $"{s} {(short)s}").ShouldBe(Enum.GetValues<OrderOrigin>().Select(o => $"{o} {(short)o}"));

    private static string Detailed(OrderDecision decision) =>
        decision is OrderDecision.Refused { Detail: { } detail } refused ? $"{refused.Why} {detail}" : Text(decision);
}
