using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Withdrawals;
using Lianka.Modules.Withdrawals.Core;

namespace Lianka.Tests.Unit.Withdrawals;

public sealed class WithdrawalProperties
{
    [Fact]
    public void Whatever_the_terms_what_may_leave_is_whole_covered_within_limits_and_more_than_its_fee()
    {
        for (var seed = 1; seed <= 3_000; seed++)
        {
            var random = new Random(seed);
            Money Some(int max) => new(random.NextInt64(0, max) * (random.Next(3) == 0 ? 1 : 100));
            Money Fen(int max) => new(random.NextInt64(0, max) * 100);
            WithdrawalLimits Limits() => new(Fen(3_000), Fen(5_000), Fen(9_000), random.Next(1, 4), random.Next(1, 9));
            var terms = new WithdrawalTerms
            {
                Least = Fen(300) + new Money(100), FeeBps = random.Next(0, 1_000), FeeLeast = Fen(200), TwoPersonsAbove = Fen(2_000),
                CoolDownHours = random.Next(0, 48), Person = Limits(), Company = Limits(),
            };
            if (WithdrawalRule.Fee(terms, terms.Least) >= terms.Least) continue;
            var now = new DateTimeOffset(2026, 7, 15, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(100_000));
            var kind = random.Next(2) == 0 ? RealNameKind.Person : RealNameKind.Company;
            var position = new Position(Some(6_000) - Some(300), Some(200), Some(200), new Used(Fen(2_000), random.Next(0, 4), Fen(4_000), random.Next(0, 9)),
                random.Next(8) == 0 ? null : new RealName { Kind = kind, Name = "N", State = RealNameState.Verified },
                random.Next(8) == 0 ? null : new Payee { Holder = random.Next(8) == 0 ? "O" : "n" },
                random.Next(3) > 0 ? null : new SecurityChange { Kind = "payee", At = now.AddHours(-random.Next(60)) }, now);
            var limits = position.Name?.Kind == RealNameKind.Company ? terms.Company : terms.Person;

            var able = WithdrawalRule.Of(terms, position);
            (able.Most.IsZero == able.Blocks.Count > 0).ShouldBeTrue($"seed {seed}");
            able.Most.IsWholeFen.ShouldBeTrue($"seed {seed}");
            // The most is taken, a fen more is not.
            foreach (var (amount, isTaken) in new[] { (able.Most, able.Most.IsPositive), (able.Most + new Money(100), false) })
            {
                var errors = WithdrawalRule.Check(terms, position, amount, "k");
                (errors.Count == 0).ShouldBe(isTaken, $"seed {seed}: {amount}");
            }

            if (able.Most.IsZero) continue;
            (able.Most <= position.Balance - position.Held - position.Owed).ShouldBeTrue($"seed {seed}");
            (able.Most <= limits.Each && able.Most + position.Used.Day <= limits.Day && able.Most + position.Used.Month <= limits.Month).ShouldBeTrue($"seed {seed}");
            (WithdrawalRule.Fee(terms, able.Most) < able.Most && WithdrawalRule.Fee(terms, able.Most).IsWholeFen).ShouldBeTrue($"seed {seed}");
        }
    }
}
