using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Unit.Orders;

/// <summary>Several small purchases told as one, and accounted one by one.</summary>
public sealed class PurchaseCallExamples
{
    private static Purchase Part(long id, long count, long supply = 1) => new()
    {
        Id = id, OrderId = new OrderId(id), No = 1, SkuId = new SkuId(1), SupplyId = new SupplyId(supply), SupplierId = new SupplierId(1), Count = count,
        UnitCost = Money.Parse("2"), State = PurchaseState.Sent, CreatedAt = default,
    };

    private static PurchaseCall Call(params long[] counts) => new(99, [.. counts.Select((c, i) => Part(i + 1, c))], IsFirst: false);

    private static UpstreamAnswer.Succeeded Cards(string? charged, params string[] secrets) =>
        new("u-1", charged is null ? null : Money.Parse(charged), null, [.. secrets.Select(s => new UpstreamCard(null, s))]);

    [Fact]
    public void Each_part_gets_its_own_cards_and_its_share_of_the_charge()
    {
        var shares = Call(1, 2).Shares(Cards("10", "C", "A", "B"));
        shares.Select(s => string.Join(',', s!.Cards.Select(c => c.Secret))).ShouldBe(["A", "B,C"]);
        shares.Select(s => s!.Charged.ToString()).ShouldBe(["3.3333", "6.6667"]);
    }

    [Fact]
    public void Told_again_in_another_order_each_part_finds_its_own_cards() =>
        Call(2, 1).Shares(Cards(null, "A", "B", "C")).Select(s => string.Join(',', s!.Cards))
            .ShouldBe(Call(2, 1).Shares(Cards(null, "C", "B", "A")).Select(s => string.Join(',', s!.Cards)));

    [Fact]
    public void What_is_not_enough_goes_to_the_oldest()
    {
        var shares = Call(2, 2, 2).Shares(Cards(null, "A", "B", "C"));
        shares.Select(s => s?.Delivered).ShouldBe([2, 1, null]);
    }

    [Fact]
    public void A_purchase_by_itself_keeps_the_answer_as_it_is()
    {
        var answer = Cards("10", "B", "A");
        Call(2).Shares(answer).ShouldHaveSingleItem().ShouldBeSameAs(answer);
    }

    [Fact]
    public void Only_the_same_supply_and_account_go_together_and_not_more_than_it_takes()
    {
        List<(Purchase, string?)> waiting = [(Part(1, 2), "x"), (Part(2, 2), "x"), (Part(3, 2), "x"), (Part(4, 1), "y"), (Part(5, 1, supply: 2), "x")];
        PurchaseCall.Group(waiting, _ => 5).Select(g => string.Join(',', g.Select(p => p.Id))).ShouldBe(["1,2", "3", "4", "5"], ignoreOrder: true);
    }

    /// <summary>Nothing is given twice, nothing is lost, and nobody gets more than was asked for.</summary>
    [Fact]
    public void I5_Shares_add_up_to_what_was_delivered() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(_deliveries, d =>
    {
        var (asked, delivered, charge) = d;
        var call = Call([.. asked.Select(c => (long)c)]);
        var cards = Enumerable.Range(0, delivered).Select(i => $"{i:D4}").ToArray();
        var shares = call.Shares(Cards(null, cards) with { Charged = new Money(charge) });
        var given = shares.SelectMany(s => s?.Cards ?? []).Select(c => c.Secret).ToList();
        return shares.Zip(asked).All(p => p.First is null || (p.First.Delivered <= p.Second && p.First.Cards.Count == p.First.Delivered))
            && given.Count == Math.Min(call.Count, delivered) && given.Distinct().Count() == given.Count
            && shares.Sum(s => s?.Charged?.Units ?? 0) == charge;
    }));

    private static readonly Arbitrary<(int[] Asked, int Delivered, int Charge)> _deliveries = (
        from first in Gen.Choose(1, 9)
        from rest in Gen.NonEmptyListOf(Gen.Choose(1, 9))
        from delivered in Gen.Choose(1, 120)
        from charge in Gen.Choose(0, int.MaxValue)
        select (rest.Prepend(first).ToArray(), delivered, charge)).ToArbitrary();
}
