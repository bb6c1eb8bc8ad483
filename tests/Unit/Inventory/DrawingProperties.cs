using FsCheck;
using FsCheck.Fluent;
using Lianka.Modules.Inventory;

namespace Lianka.Tests.Unit.Inventory;

/// <summary>
/// Goal: whatever is drawn and given back in whatever order, no card is out twice and none is lost.
/// Method: small random lots and a random walk of orders and returns from a seed, beside a plain set of cards.
/// </summary>
public sealed class DrawingProperties
{
    private static readonly SkuId _sku = new(1);

    [Fact]
    public void No_card_is_out_twice_none_is_lost_and_all_can_be_drawn() =>
        Prop.ForAll<int>(seed => Walk(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Exactly_all_is_delivered_and_one_more_is_refused() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var stock = new Stock(Lots(random));
        var all = stock.Lots(_sku).Sum(l => l.Left);
        Drawing.Plan(stock.Lots(_sku), all + 1, _ => 1).ShouldBeNull();
        if (all == 0) return;
        var draws = Drawing.Plan(stock.Lots(_sku), all, _ => 1)!;
        draws.Sum(d => d.Count).ShouldBe(all);
        stock.Take(_sku, draws);
        stock.Lots(_sku).Sum(l => l.Left).ShouldBe(0);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void Walk(Random random)
    {
        var stock = new Stock(Lots(random));
        var cards = stock.Lots(_sku).Sum(l => l.Left);
        var outside = new HashSet<(LotId, long)>();
        var deliveries = new List<Draw>();
        for (var step = 0; step < 60; step++)
        {
            if (deliveries.Count > 0 && random.Next(3) == 0)
            {
                var back = deliveries[random.Next(deliveries.Count)];
                deliveries.Remove(back);
                stock.GiveBack(_sku, back.Lot, new CardRange(back.FromSeq, back.Count));
                for (var c = back.FromSeq; c < back.FromSeq + back.Count; c++) outside.Remove((back.Lot, c)).ShouldBeTrue();
            }
            else
            {
                var quantity = random.Next(1, 12);
                var left = stock.Lots(_sku).Sum(l => l.Left);
                var draws = Drawing.Plan(stock.Lots(_sku), quantity, _ => 1);
                (draws is null).ShouldBe(left < quantity);
                if (draws is null) continue;
                draws.Sum(d => d.Count).ShouldBe(quantity);
                foreach (var draw in draws)
                {
                    var lot = stock.Lots(_sku).Single(l => l.Id == draw.Lot);
                    (draw.FromSeq + draw.Count - 1).ShouldBeLessThanOrEqualTo(lot.Total);
                    for (var c = draw.FromSeq; c < draw.FromSeq + draw.Count; c++) outside.Add((draw.Lot, c)).ShouldBeTrue();
                }

                stock.Take(_sku, draws);
                deliveries.AddRange(draws);
            }

            (stock.Lots(_sku).Sum(l => l.Left) + outside.Count).ShouldBe(cards);
        }
    }

    private static List<OpenLot> Lots(Random random) =>
        [.. Enumerable.Range(1, random.Next(1, 5)).Select(id =>
        {
            var total = random.Next(0, 20);
            return new OpenLot(
                new(id), _sku, new(random.Next(1, 3)), new(1),
                random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(random.Next(1, 4)),
                DateTimeOffset.UnixEpoch.AddDays(random.Next(3)), 1, total, []);
        })];
}
