using Lianka.Kernel;
using Lianka.Modules.TopUps;
using Lianka.Modules.TopUps.Core;

namespace Lianka.Tests.Unit.TopUps;

/// <summary>Many merchants top up, pay, let lapse and pay late, in any order: small worlds, so that budgets and limits are met.</summary>
public sealed class BonusProperties
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    private sealed class World(Random random)
    {
        private readonly List<(int Merchant, long Rule, Money Bonus, bool IsOver)> _promises = [];

        public List<BonusRule> Rules { get; } =
        [
            .. Enumerable.Range(1, random.Next(1, 4)).Select(id => new BonusRule
            {
                Id = id, FromAt = _now, ToAt = _now.AddDays(1), Budget = new Money(random.Next(1, 40) * 100L),
                TimesMax = random.Next(2) == 0 ? null : random.Next(1, 4), TotalMax = random.Next(2) == 0 ? null : new Money(random.Next(1, 20) * 100L),
                Steps = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => random.Next(2) == 0
                    ? new BonusStep { FromAmount = new Money((1 + (i * 7)) * 100), Bonus = new Money(random.Next(1, 8) * 100L) }
                    : new BonusStep { FromAmount = new Money((1 + (i * 7)) * 100), Bps = random.Next(1, 10_001) })],
            }),
        ];

        public BonusUse UseOf(int merchant, long rule)
        {
            var own = _promises.FindAll(p => p.Merchant == merchant && p.Rule == rule && !p.IsOver);
            return new BonusUse(own.Count, own.Aggregate(Money.Zero, (sum, p) => sum + p.Bonus));
        }

        private void Use(long rule, Money bonus)
        {
            var at = Rules.FindIndex(r => r.Id == rule);
            Rules[at] = Rules[at] with { Used = Rules[at].Used + bonus };
        }

        public void Step()
        {
            var merchant = random.Next(3);
            if (random.Next(3) > 0 || _promises.Count == 0)
            {
                if (BonusChoice.Best(Rules, r => UseOf(merchant, r.Id), new Money(random.Next(1, 30) * 100L), _now) is not { } best) return;
                Use(best.Rule.Id, best.Bonus);
                _promises.Add((merchant, best.Rule.Id, best.Bonus, false));
                return;
            }

            // One lapses, or is paid after it had.
            var at = random.Next(_promises.Count);
            var promise = _promises[at];
            if (!promise.IsOver) Use(promise.Rule, -promise.Bonus);
            else if (BonusChoice.Allows(Rules.Find(r => r.Id == promise.Rule)!, UseOf(promise.Merchant, promise.Rule), promise.Bonus, _now)) Use(promise.Rule, promise.Bonus);
            else return;
            _promises[at] = promise with { IsOver = !promise.IsOver };
        }
    }

    [Fact]
    public void I6_A_bonus_is_never_above_its_budget_nor_a_merchants_limits()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var world = new World(new Random(seed));
            for (var step = 0; step < 60; step++)
            {
                world.Step();
                foreach (var rule in world.Rules)
                {
                    (rule.Used >= Money.Zero && rule.Used <= rule.Budget).ShouldBeTrue($"seed {seed}, step {step}");
                    var uses = Enumerable.Range(0, 3).Select(m => world.UseOf(m, rule.Id)).ToList();
                    uses.Aggregate(Money.Zero, (sum, u) => sum + u.Total).ShouldBe(rule.Used, $"seed {seed}, step {step}");
                    uses.ShouldAllBe(u => !(u.Times > (rule.TimesMax ?? long.MaxValue)) && (rule.TotalMax == null || u.Total <= rule.TotalMax), $"seed {seed}, step {step}");
                }
            }
        }
    }

    [Fact]
    public void A_larger_amount_within_one_step_never_gets_less()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var step = random.Next(2) == 0 ? new BonusStep { FromAmount = new Money(100), Bonus = new Money(random.Next(1, 99) * 100L) }
                : new BonusStep { FromAmount = new Money(100), Bps = random.Next(1, 10_001) };
            var (less, more) = (new Money(random.NextInt64(1, 100_000_000) * 100), Money.Zero);
            more = less + new Money(random.NextInt64(1, 1_000) * 100);
            var (small, large) = (BonusChoice.Of([step], less), BonusChoice.Of([step], more));
            (small <= large && small.IsWholeFen && (step.Bps == 0 || small <= less)).ShouldBeTrue($"seed {seed}");
        }
    }
}
