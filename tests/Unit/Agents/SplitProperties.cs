using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

/// <summary>Small worlds: shares of 0 to 3 units, costs around what reaches the platform, three suppliers.</summary>
public sealed class SplitProperties
{
    private sealed record World(int Top, int[] Ancestors, int Margin, int Fee, Supplied[] Delivered)
    {
        public Money MerchantUnit => new(Top + Ancestors.Sum());
        public Money Unit => MerchantUnit + new Money(Margin);
        public long Units => Delivered.Sum(d => d.Units);

        public SplitResult Split() => Modules.Agents.Split.Of(
            Unit, MerchantUnit, [.. Ancestors.Select((a, i) => new AncestorShare(new(i + 1), new Money(a)))],
            new Money(Top), new Money(Fee), new(9), Delivered);
    }

    private static readonly Arbitrary<World> _worlds = (
        from top in Gen.Choose(1, 6)
        from ancestors in Gen.ArrayOf(Gen.Choose(0, 3), 3)
        from depth in Gen.Choose(0, 3)
        from margin in Gen.Choose(0, 3)
        from fee in Gen.Choose(0, 12)
        from delivered in Gen.ArrayOf(
            from supplier in Gen.Choose(1, 3)
            from cost in Gen.Choose(1, 8)
            from units in Gen.Choose(1, 4)
            select new Supplied(new(supplier), new Money(cost), units), 3)
        from parts in Gen.Choose(0, 3)
        select new World(top, ancestors[..depth], margin, fee, delivered[..parts])).ToArbitrary();

    private static void ForAll(Func<World, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(_worlds, holds));

    private static Money Sum(IEnumerable<SplitShare> shares) => shares.Aggregate(Money.Zero, (sum, s) => sum + s.Amount);

    [Fact]
    public void I8_The_shares_sum_to_what_was_paid_and_what_the_promotion_adds() => ForAll(world =>
    {
        var split = world.Split();
        return Sum(split.Shares) == (world.Unit * world.Units) + split.Subsidy;
    });

    [Fact]
    public void Nobody_is_negative_and_nothing_is_written_for_nothing() => ForAll(world =>
    {
        var split = world.Split();
        return split.Shares.All(s => s.Amount.IsPositive) && !split.Subsidy.IsNegative && !split.FeeOwed.IsNegative;
    });

    [Fact]
    public void Every_supplier_gets_its_cost() => ForAll(world =>
    {
        var split = world.Split();
        return world.Delivered.GroupBy(d => d.Supplier).All(g =>
            split.Shares.Single(s => s.Role == SplitRole.Supplier && s.PartyId == g.Key.Value).Amount
                == g.Aggregate(Money.Zero, (sum, d) => sum + (d.UnitCost * d.Units)));
    });

    [Fact]
    public void Each_party_stands_once_in_each_role() => ForAll(world =>
        world.Split().Shares.GroupBy(s => (s.Role, s.PartyId)).All(g => g.Count() == 1));

    [Fact]
    public void The_fee_is_paid_or_owed_in_full_and_owed_only_when_the_margin_is_gone() => ForAll(world =>
    {
        var split = world.Split();
        var merchant = Sum(split.Shares.Where(s => s.Role == SplitRole.Merchant));
        return Sum(split.Shares.Where(s => s.Role == SplitRole.Fees)) + split.FeeOwed == new Money(world.Fee)
            && (split.FeeOwed.IsZero || merchant.IsZero);
    });

    [Fact]
    public void The_promotion_adds_only_where_a_unit_costs_more_than_reaches_the_platform() => ForAll(world =>
        world.Split().Subsidy == new Money(world.Delivered.Sum(d => Math.Max(0, d.UnitCost.Units - world.Top) * d.Units)));

    [Fact]
    public void Two_halves_of_a_delivery_split_as_the_whole_but_for_the_fee() => ForAll(world =>
    {
        var free = world with { Fee = 0 };
        var half = world.Delivered.Length / 2;
        var parts = new[] { free with { Delivered = world.Delivered[..half] }, free with { Delivered = world.Delivered[half..] } };
        return parts.SelectMany(p => p.Split().Shares).GroupBy(s => (s.Role, s.PartyId)).Select(g => (g.Key, Sum(g))).ToHashSet()
            .SetEquals(free.Split().Shares.Select(s => ((s.Role, s.PartyId), s.Amount)));
    });
}
