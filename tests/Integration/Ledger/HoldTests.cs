using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Ledger;

public sealed class HoldTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Held_money_stays_in_the_balance_and_cannot_be_spent(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "100");
        await books.HoldAsync(wallet, "60");
        var account = await books.LockedAsync(wallet);
        (account.Balance, account.Held, account.Available).ShouldBe((Money.Parse("100"), Money.Parse("60"), Money.Parse("40")));
        (await books.PostAsync(wallet, books.Clearing, "40.0001")).ShouldBe(new PostDecision.InsufficientFunds(wallet));
        (await books.TryHoldAsync(wallet, "40.0001")).ShouldBeOfType<HoldDecision.InsufficientFunds>();
        (await books.TryHoldAsync(wallet, "40")).ShouldBeOfType<HoldDecision.Placed>();
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_released_hold_frees_its_money_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "100");
        var hold = await books.HoldAsync(wallet, "60");
        await books.HoldAsync(wallet, "10");
        var released = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Database.WriteAsync(s => books.Holds.ReleaseAsync(s, hold.Id))));
        released.Count(r => r).ShouldBe(1);
        (await books.LockedAsync(wallet)).Held.ShouldBe(Money.Parse("10"));
        (await books.CaptureAsync(hold, wallet, "60")).ShouldBeOfType<CaptureDecision.Ended>();
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_captured_hold_moves_its_money_once_and_frees_the_rest(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "100");
        var hold = await books.HoldAsync(wallet, "100");
        var captured = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => books.CaptureAsync(hold, wallet, "70")));
        captured.Cast<CaptureDecision.Captured>().Count(c => !c.IsReplay).ShouldBe(1);
        var account = await books.LockedAsync(wallet);
        (account.Balance, account.Held).ShouldBe((Money.Parse("30"), Money.Zero));
        (await books.CaptureAsync(hold, wallet, "71")).ShouldBeOfType<CaptureDecision.CapturedOtherwise>();
        (await world.Database.WriteAsync(s => books.Holds.ReleaseAsync(s, hold.Id))).ShouldBeFalse();
        (await world.Database.ReadAsync(s => books.Holds.FindAsync(s, hold.Id)))!.State.ShouldBe(HoldState.Captured);
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refused_capture_leaves_the_hold_as_it_was(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, credit: "50");
        var hold = await books.HoldAsync(wallet, "50");
        await books.SetCreditAsync(wallet, "10");
        (await books.CaptureAsync(hold, wallet, "50")).ShouldBe(new CaptureDecision.InsufficientFunds(wallet));
        (await books.LockedAsync(wallet)).Held.ShouldBe(Money.Parse("50"));
        await Should.ThrowAsync<ArgumentException>(() => books.CaptureAsync(hold, wallet, "50.0001"));
        (await books.CaptureAsync(hold, wallet, "10")).ShouldBeOfType<CaptureDecision.Captured>();
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_One_key_sets_money_aside_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (wallet, other) = (await books.WalletAsync(1, "100"), await books.WalletAsync(2, "100"));
        var placed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => books.TryHoldAsync(wallet, "9", key: "once")));
        placed.Cast<HoldDecision.Placed>().Count(p => !p.IsReplay).ShouldBe(1);
        (await books.LockedAsync(wallet)).Held.ShouldBe(Money.Parse("9"));
        (await books.TryHoldAsync(wallet, "8", key: "once")).ShouldBeOfType<HoldDecision.KeyConflict>();
        (await books.TryHoldAsync(other, "9", key: "once")).ShouldBeOfType<HoldDecision.KeyConflict>();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I17_No_hold_outlives_its_time(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "100");
        var first = await books.HoldAsync(wallet, "10", TimeSpan.FromMinutes(1));
        await books.HoldAsync(wallet, "20", TimeSpan.FromMinutes(1));
        await books.HoldAsync(wallet, "30", TimeSpan.FromMinutes(2));
        (await world.Database.WriteAsync(books.Holds.ReleaseLapsedAsync)).ShouldBe(0);

        clock.Turn(TimeSpan.FromMinutes(1));
        // Before any sweep, a lapsed hold is worth nothing any more.
        (await books.CaptureAsync(first, wallet, "10")).ShouldBeOfType<CaptureDecision.Ended>();
        (await books.LockedAsync(wallet)).Held.ShouldBe(Money.Parse("50"));
        (await world.Database.WriteAsync(books.Holds.ReleaseLapsedAsync)).ShouldBe(1);
        (await books.LockedAsync(wallet)).Held.ShouldBe(Money.Parse("30"));
    }
}
