using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

/// <summary>
/// Small worlds: a line of one to four merchants, prices of 1 to 12 units, so that equal prices, inversions and prices
/// that vanish are common.
/// </summary>
public sealed class PriceProperties
{
    /// <param name="Source">0 the level list, 1 a special price, 2 a fixed mark-up, 3 one in basis points, 4 nothing.</param>
    private sealed record Step(int Source, int Value);

    private sealed record World(Step[] Steps, int Tier, int Promotion);

    private static readonly Arbitrary<World> _worlds = (
        from steps in Gen.ArrayOf(
            from source in Gen.Frequency((4, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Constant(2)), (2, Gen.Constant(3)), (1, Gen.Constant(4)))
            from value in Gen.Choose(1, 12)
            select new Step(source, value), 4)
        from count in Gen.Choose(1, 4)
        from tier in Gen.Elements(0, 0, 20, 1_000, 5_000)
        from promotion in Gen.Elements(0, 0, 500, 9_000)
        select new World(steps[..count], tier, promotion)).ToArbitrary();

    private static Terms? Terms(World world, int? of = null)
    {
        var book = new Book().Line(world.Steps.Length).Supply(s => s with { Cost = new Money(1) });
        for (var i = 0; i < world.Steps.Length; i++)
        {
            var (merchant, step, text) = (i + 1, world.Steps[i], new Money(world.Steps[i].Value).ToString());
            if (step.Source == 0) book.Level(merchant, text);
            if (step.Source == 1) book.Special(merchant, text);
            if (step.Source == 2 && i > 0) book.Fixed(i, merchant, text);
            if (step.Source == 3 && i > 0) book.Bps(i, merchant, step.Value * 500);
        }

        if (world.Tier > 0) book.Tier(2, world.Tier);
        if (world.Promotion > 0) book.Promotion(9, world.Promotion);
        return book.Build().Terms(new(of ?? world.Steps.Length), Book.Sku, 10, Book.Now);
    }

    private static void ForAll(Func<World, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(_worlds, holds));

    [Fact]
    public void I8_The_chain_sums_to_the_price_and_nobody_is_negative() => ForAll(world => Terms(world) is not { } terms
        || (terms.Unit.IsPositive && terms.TopUnit.IsPositive
            && terms.Ancestors.All(a => !a.Unit.IsNegative)
            && terms.Ancestors.Aggregate(terms.TopUnit, (sum, a) => sum + a.Unit) == terms.Unit));

    [Fact]
    public void Every_ancestor_stands_in_the_chain_nearest_first() => ForAll(world => Terms(world) is not { } terms
        || terms.Ancestors.Select(a => a.Merchant.Value).SequenceEqual(Enumerable.Range(1, world.Steps.Length - 1).Reverse().Select(i => (long)i)));

    [Fact]
    public void The_platform_gets_the_lowest_price_of_the_line() => ForAll(world =>
    {
        if (Terms(world) is not { } terms) return true;
        var prices = Enumerable.Range(1, world.Steps.Length).Select(i => Terms(world, i)?.Unit).OfType<Money>();
        return terms.TopUnit == prices.Aggregate(Money.Min);
    });

    [Fact]
    public void An_ancestor_that_pays_more_than_someone_below_it_earns_nothing_and_is_told() => ForAll(world =>
    {
        if (Terms(world) is not { } terms) return true;
        var lowest = terms.Unit;
        var inverted = false;
        foreach (var share in terms.Ancestors)
        {
            var own = Terms(world, (int)share.Merchant.Value)?.Unit;
            if (own > lowest)
            {
                inverted = true;
                if (!share.Unit.IsZero) return false;
            }

            if (own < lowest) lowest = own.Value;
        }

        return inverted == terms.IsInverted;
    });

    [Fact]
    public void A_parent_with_a_markup_policy_earns_just_that_markup() => ForAll(world =>
    {
        var step = world.Steps[^1];
        if (world.Steps.Length < 2 || step.Source != 2 || Terms(world, world.Steps.Length - 1) is null) return true;
        return Terms(world)!.Ancestors[0].Unit == new Money(step.Value);
    });

    [Fact]
    public void More_reduction_never_costs_more() => ForAll(world =>
        Terms(world) is not { } terms || Terms(world with { Tier = 0, Promotion = 0 })!.Unit >= terms.Unit);

    [Fact]
    public void The_worlds_are_wild_enough()
    {
        var seen = new Dictionary<string, int>();
        ForAll(world =>
        {
            var terms = Terms(world);
            Count(terms is null ? "not offered" : terms.IsInverted ? "inverted" : "in order");
            if (terms is { Ancestors: [{ Unit.IsZero: true }, ..] }) Count("equal or inverted at the first step");
            if (terms is { Ancestors.Count: 3 }) Count("three ancestors");
            return true;
        });
        seen.Count.ShouldBe(5);
        seen.Values.ShouldAllBe(n => n > 20);

        void Count(string what) => seen[what] = seen.GetValueOrDefault(what) + 1;
    }
}
