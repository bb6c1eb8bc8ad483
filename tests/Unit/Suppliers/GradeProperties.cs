using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class GradeProperties
{
    // Goal: nobody gains by doing worse. Method: random figures, each made a little better in one thing, from a seed.
    [Fact]
    public void A_better_figure_never_gives_a_worse_score()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var f = new Figures(Sold: random.Next(100), Imported: random.Next(100), Purchases: random.Next(100), Timed: random.Next(100), P95Milliseconds: random.Next(400_000));
            f = f with
            {
                Refunded = random.NextInt64(f.Sold + 1), Duplicates = random.NextInt64(f.Imported + 1),
                Failed = random.NextInt64(f.Purchases + 1), OutOfStock = random.NextInt64(f.Purchases + 1),
            };
            Figures[] better =
            [
                f with { Refunded = random.NextInt64(f.Refunded + 1) },
                f with { Duplicates = random.NextInt64(f.Duplicates + 1) },
                f with { Failed = random.NextInt64(f.Failed + 1) },
                f with { OutOfStock = random.NextInt64(f.OutOfStock + 1) },
                f with { P95Milliseconds = random.NextInt64(f.P95Milliseconds + 1) },
            ];
            foreach (var b in better)
            {
                var (was, now) = (GradeRule.Score(f), GradeRule.Score(b));
                (now is null == was is null && (now ?? 0) >= (was ?? 0)).ShouldBeTrue($"seed {seed}: {f} has {was}, {b} has {now}");
                (now is null or (>= 0 and <= 100)).ShouldBeTrue($"seed {seed}: {now}");
            }
        }
    }

    [Fact]
    public void A_higher_score_never_gives_a_worse_grade()
    {
        for (var score = 0; score < 100; score++)
            string.CompareOrdinal(GradeRule.Grade(score), GradeRule.Grade(score + 1)).ShouldBeGreaterThanOrEqualTo(0, $"{score}");
    }
}
