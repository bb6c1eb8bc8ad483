using FsCheck;
using FsCheck.Fluent;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Ledger.Core;

namespace Lianka.Tests.Unit.Ledger;

/// <summary>Small worlds of six accounts, so that legs meet on them.</summary>
public sealed class PostLegsProperties
{
    private sealed record World(Account[] Accounts, Leg[] Legs);

    private static readonly Arbitrary<World> _worlds = (
        from accounts in Accounts()
        from legs in Gen.ArrayOf(Leg(), 8)
        from count in Gen.Choose(1, 8)
        select new World(accounts, legs[..count])).ToArbitrary();

    private static Gen<Account[]> Accounts() =>
        from balances in Gen.ArrayOf(Gen.Choose(0, 50), 6)
        from held in Gen.ArrayOf(Gen.Choose(0, 20), 6)
        from credit in Gen.ArrayOf(Gen.Choose(0, 30), 6)
        // Four with a limit, one receivable without a floor, one folded.
        select balances.Select((balance, i) => new Account(
            new AccountId(i + 1), i == 4 ? AccountKinds.Receivable : i == 5 ? AccountKinds.Clearing("test") : AccountKinds.Wallet, i, i != 5,
            i < 4 ? -credit[i] : null, new Money(balance), new Money(i < 4 ? Math.Min(held[i], balance) : 0))).ToArray();

    private static Gen<Leg> Leg() =>
        from debit in Gen.Choose(1, 6)
        from step in Gen.Choose(1, 5)
        from amount in Gen.Choose(1, 40)
        select new Leg(new AccountId(debit), new AccountId(((debit - 1 + step) % 6) + 1), new Money(amount), "test");

    private static LegsDecision Decide(World world) => PostLegs.Decide(world.Accounts.ToDictionary(a => a.Id), world.Legs);

    private static void ForAll(Func<World, bool> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(_worlds, holds));

    [Fact]
    public void I2_Each_running_balance_is_the_one_before_it_plus_the_entry() => ForAll(world =>
    {
        if (Decide(world) is not LegsDecision.Applied applied) return true;
        var running = world.Accounts.ToDictionary(a => a.Id, a => a.Balance);
        foreach (var leg in applied.Legs)
        {
            running[leg.Leg.Debit] -= leg.Leg.Amount;
            running[leg.Leg.Credit] += leg.Leg.Amount;
            if (leg.DebitAfter is { } d && d != running[leg.Leg.Debit]) return false;
            if (leg.CreditAfter is { } c && c != running[leg.Leg.Credit]) return false;
        }

        return applied.Balances.All(b => running[b.Key] == b.Value);
    });

    [Fact]
    public void I2_Exactly_the_accounts_with_a_running_balance_show_one() => ForAll(world => Decide(world) is not LegsDecision.Applied applied
        || applied.Legs.All(l => (l.DebitAfter is null) == (l.Leg.Debit.Value == 6) && (l.CreditAfter is null) == (l.Leg.Credit.Value == 6)));

    [Fact]
    public void I2_No_debit_leaves_less_than_the_limit_and_what_is_held() => ForAll(world =>
    {
        var byId = world.Accounts.ToDictionary(a => a.Id);
        return Decide(world) is not LegsDecision.Applied applied || applied.Legs.All(l =>
            byId[l.Leg.Debit].Floor is not { } floor || l.DebitAfter!.Value.Units - byId[l.Leg.Debit].Held.Units >= floor);
    });

    [Fact]
    public void A_refusal_names_the_first_debit_that_is_not_covered() => ForAll(world =>
    {
        var byId = world.Accounts.ToDictionary(a => a.Id);
        var running = byId.ToDictionary(a => a.Key, a => a.Value.Balance);
        foreach (var leg in world.Legs)
        {
            running[leg.Debit] -= leg.Amount;
            if (byId[leg.Debit].Floor is { } floor && running[leg.Debit].Units - byId[leg.Debit].Held.Units < floor)
                return Decide(world) == new LegsDecision.Short(leg.Debit);
            running[leg.Credit] += leg.Amount;
        }

        return Decide(world) is LegsDecision.Applied;
    });

    [Fact]
    public void The_worlds_are_neither_all_tame_nor_all_wild()
    {
        var decisions = Gen.Sample(_worlds.Generator, 400, 1).Select(Decide).ToList();
        decisions.Count(d => d is LegsDecision.Applied).ShouldBeInRange(40, 360);
    }
}
