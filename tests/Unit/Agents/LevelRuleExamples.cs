using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class LevelRuleExamples
{
    [Theory] // base, percent in basis points, amount, at least, step, cost, price before → price
    [InlineData(PriceBase.Cost, 300, "0", "0.05", PriceStep.Fen, "45.2500", null, "46.6100")] // 46.6075 up to the fen
    [InlineData(PriceBase.Cost, 300, "0", "0.05", PriceStep.Fen, "1.0000", null, "1.0500")] // 3 % is 0.03: at least 0.05
    [InlineData(PriceBase.Cost, 300, "0.02", "0.05", PriceStep.Exact, "1.0000", null, "1.0500")] // exactly at least
    [InlineData(PriceBase.Cost, 300, "0.0201", "0.05", PriceStep.Exact, "1.0000", null, "1.0501")]
    [InlineData(PriceBase.Cost, 0, "0", "0", PriceStep.Exact, "45.2501", null, "45.2501")]
    [InlineData(PriceBase.Cost, 0, "0", "0", PriceStep.Fen, "45.2501", null, "45.2600")]
    [InlineData(PriceBase.Cost, 0, "0", "0", PriceStep.Fen, "45.2500", null, "45.2500")]
    [InlineData(PriceBase.Cost, 0, "0", "0", PriceStep.Jiao, "45.2500", null, "45.3000")]
    [InlineData(PriceBase.Cost, 0, "0", "0", PriceStep.Yuan, "45.2500", null, "46.0000")]
    [InlineData(PriceBase.Cost, 300, "0", "0", PriceStep.Fen, null, "50.0000", "NoCost")] // unknown is not zero
    [InlineData(PriceBase.Price, -250, "0", "0", PriceStep.Exact, null, "40.0000", "39.0000")]
    [InlineData(PriceBase.Price, 0, "-0.05", "0", PriceStep.Exact, "39.0000", "40.0000", "39.9500")]
    [InlineData(PriceBase.Price, 0, "-40", "0", PriceStep.Exact, "39.0000", "40.0000", "NotPositive")]
    [InlineData(PriceBase.Price, 100, "0", "0", PriceStep.Fen, "39.0000", null, "NoPrice")]
    [InlineData(PriceBase.Nothing, 0, "46.1550", "0", PriceStep.Exact, null, null, "46.1550")]
    [InlineData(PriceBase.Nothing, 0, "1000000", "0", PriceStep.Exact, null, null, "1000000.0000")]
    [InlineData(PriceBase.Nothing, 0, "999999.9901", "0", PriceStep.Yuan, null, null, "1000000.0000")]
    [InlineData(PriceBase.Cost, 1, "0", "0", PriceStep.Exact, "1000000.0000", null, "TooHigh")]
    [InlineData(PriceBase.Cost, 100, "0", "0", PriceStep.Exact, "0.0050", null, "0.0051")] // half a unit goes up
    public void Prices(PriceBase from, long bps, string added, string least, PriceStep step, string? cost, string? was, string expected)
    {
        var level = new LevelAdd(1, bps, Money.Parse(added));
        var (price, why) = new LevelRule(from, [level], Money.Parse(least), step).Propose(level, Of(cost), Of(was));
        (price?.ToString() ?? why.ToString()).ShouldBe(expected);
        (price is null).ShouldBe(why != LevelRefusal.None);
    }

    [Theory] // the level's rank and price, cost, ceiling, all levels → warnings
    [InlineData(2, "46.0000", "45.0000", "50", "1=45.5 2=46 3=47", PriceWarnings.None)]
    [InlineData(2, "46.0000", null, "50", "1=45.5 2=46", PriceWarnings.None)]
    [InlineData(2, "46.0000", "46.0001", "50", "2=46", PriceWarnings.BelowCost)]
    [InlineData(2, "46.0000", "46.0000", "46", "1=46 2=46 3=46", PriceWarnings.None)] // equal is not upside down, nor above
    [InlineData(2, "46.0000", "45.0000", "45.99", "2=46", PriceWarnings.AboveCeiling)]
    [InlineData(2, "46.0000", "45.0000", "50", "1=46.0001 2=46", PriceWarnings.UpsideDown)] // the better level pays more
    [InlineData(2, "46.0000", "45.0000", "50", "2=46 3=45.9999", PriceWarnings.UpsideDown)]
    [InlineData(2, "46.0000", "47.0000", "45", "2=46 3=45", PriceWarnings.BelowCost | PriceWarnings.AboveCeiling | PriceWarnings.UpsideDown)]
    public void What_is_odd(int level, string price, string? cost, string ceiling, string levels, PriceWarnings expected) =>
        LevelRule.Look(level, Money.Parse(price), Of(cost), Money.Parse(ceiling),
            levels.Split(' ').Select(l => l.Split('=')).Select(l => (int.Parse(l[0]), Money.Parse(l[1])))).ShouldBe(expected);

    [Theory]
    [InlineData("46.6075", "45.2500", 300L)]
    [InlineData("44.0000", "45.2500", -276L)]
    [InlineData("46.0000", null, null)]
    public void A_margin_is_told_of_the_cost(string price, string? cost, long? bps) => LevelRule.MarginBps(Money.Parse(price), Of(cost)).ShouldBe(bps);

    [Fact]
    public void A_price_over_the_cost_is_the_lowest_on_its_step_that_adds_enough() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll((
        from cost in Gen.Choose(1, 3_000_000)
        from bps in Gen.Choose(0, 3_000)
        from added in Gen.Choose(0, 20_000)
        from least in Gen.Choose(0, 20_000)
        from step in Gen.Elements(PriceStep.Exact, PriceStep.Fen, PriceStep.Jiao, PriceStep.Yuan)
        select (Cost: new Money(cost), Bps: (long)bps, Added: new Money(added), Least: new Money(least), Step: step)).ToArbitrary(), w =>
        {
            var level = new LevelAdd(1, w.Bps, w.Added);
            var price = new LevelRule(PriceBase.Cost, [level], w.Least, w.Step).Propose(level, w.Cost, null).Price!.Value;
            var step = w.Step switch { PriceStep.Exact => 1, PriceStep.Fen => 100, PriceStep.Jiao => 1_000, _ => 10_000 };
            bool Adds(Money p) => p - w.Cost >= w.Cost.AtBps(w.Bps) + w.Added && p - w.Cost >= w.Least;
            return price.Units % step == 0 && Adds(price) && !Adds(price - new Money(step));
        }));

    private static Money? Of(string? text) => text is null ? null : Money.Parse(text);
}
