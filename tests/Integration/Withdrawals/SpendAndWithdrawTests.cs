using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Withdrawals;

/// <summary>F20: one wallet, spent and taken out at once, by one node and by two.</summary>
public sealed class SpendAndWithdrawTests
{
    public static TheoryData<DatabaseKind, bool> Cases => new()
    {
        { DatabaseKind.Sqlite, false }, { DatabaseKind.Sqlite, true }, { DatabaseKind.Postgres, false }, { DatabaseKind.Postgres, true },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task F20_Withdraw_and_buy_from_one_wallet_at_once_never_take_the_same_yuan(DatabaseKind kind, bool twoNodes)
    {
        await using var world = await OpenAsync(kind);
        await using var other = twoNodes ? await world.Trade.AnotherNodeAsync() : null;
        var second = other ?? world.Trade;
        // Warm: from here on the engines remember the wallet.
        Trade.Done(await world.Trade.PlaceAsync("warm-1"));
        if (other is not null) Trade.Done(await other.PlaceAsync("warm-2"));
        var before = Money.Parse(await world.Trade.BalanceAsync(AccountKinds.Wallet, 3));

        var orders = new List<Task<OrderDecision?>>();
        var withdrawals = new List<Task<WithdrawalDecision>>();
        for (var i = 0; i < 40; i++)
        {
            orders.Add(BuyAsync(i % 2 == 0 ? world.Trade : second, $"o-{i}"));
            withdrawals.Add((i % 2 == 0 ? second : world.Trade).World.Get<WithdrawalDesk>()
                .RequestAsync(Trade.Leaf, Withdrawing.Asker, "merchant:leaf", WithdrawalSource.Wallet, Money.Parse("37.00"), $"w-{i}"));
            if (i % 8 == 7) await Task.WhenAll(orders[i], withdrawals[i]);
        }

        await Task.WhenAll(orders);
        // What came too late for the engine is sent again, as a client would.
        for (var i = 0; i < 40; i++)
            if (await orders[i] is null) orders[i] = BuyAsync(second, $"o-{i}");
        var bought = (await Task.WhenAll(orders)).OfType<OrderDecision.Done>().Aggregate(Money.Zero, (sum, d) => sum + d.Order.Total);
        var taken = (await Task.WhenAll(withdrawals)).OfType<WithdrawalDecision.Done>().Aggregate(Money.Zero, (sum, d) => sum + d.Withdrawal.Amount);
        bought.IsPositive.ShouldBeTrue();
        taken.IsPositive.ShouldBeTrue();
        var left = Money.Parse(await world.Trade.BalanceAsync(AccountKinds.Wallet, 3));
        (bought + taken + left).ShouldBe(before);
        left.IsNegative.ShouldBeFalse();
        // There was too little for all: what is left buys nothing and is no withdrawal.
        (left < Money.Parse("48") && left < Money.Parse("37")).ShouldBeTrue(left.ToString());
        (await world.Trade.BalanceAsync(AccountKinds.Withdrawal, 0)).ShouldBe(taken.ToString());
        await world.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task F20_A_credit_line_buys_goods_and_is_never_taken_out(DatabaseKind kind, bool twoNodes)
    {
        await using var world = await OpenAsync(kind);
        await using var other = twoNodes ? await world.Trade.AnotherNodeAsync() : null;
        var second = other ?? world.Trade;
        var ledger = world.Trade.World.Get<Modules.Ledger.Ledger>();
        await world.Trade.World.Database.WriteAsync(async s =>
            await ledger.SetCreditAsync(s, (await ledger.FindAsync(s, AccountKinds.Wallet, 3))!.Value, Money.Parse("600"), "operator:anna"));
        var orders = Enumerable.Range(0, 30).Select(i => BuyAsync(second, $"o-{i}")).ToList();
        var withdrawals = Enumerable.Range(0, 30).Select(i => world.AskAsync("37.00", $"w-{i}")).ToList();
        await Task.WhenAll(orders);
        await Task.WhenAll(withdrawals);
        // Whatever the order of the two: each withdrawal left no less than nothing.
        (await world.Trade.CountAsync("select count(*) from transfer_row where kind = 'withdrawal_request' and debit_after < 0")).ShouldBe(0);
        (Money.Parse(await world.Trade.BalanceAsync(AccountKinds.Wallet, 3)) >= Money.Parse("-600")).ShouldBeTrue();
        await world.Trade.ProveAsync();
    }

    /// <returns>Null when its turn did not come in time, and nothing was bought: the wallet has many who wait for it.</returns>
    private static async Task<OrderDecision?> BuyAsync(Trade trade, string key)
    {
        try
        {
            return await trade.PlaceAsync(key);
        }
        catch (EngineBusyException)
        {
            return null;
        }
    }

    private static Task<Withdrawing> OpenAsync(DatabaseKind kind) => Withdrawing.OpenAsync(kind, cards: 100, rules: [("person_day_count", "1000"), ("person_month_count", "1000")]);
}
