using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Ledger;

public sealed class FoldTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Folding_changes_no_balance(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var revenue = await books.AccountAsync(AccountKinds.Revenue, Parties.Platform);
        await books.PostAsync(books.Clearing, revenue, "7");
        await books.PostAsync(revenue, books.Clearing, "2");

        (await world.Get<LedgerFold>().FoldAsync()).ShouldBe(await world.Database.ReadAsync(s => s.ScalarAsync<long>("select max(id) from transfer")));
        (await books.LockedAsync(revenue)).Balance.ShouldBe(Money.Parse("5"));
        (await books.LockedAsync(books.Clearing)).Balance.ShouldBe(Money.Parse("-5"));

        await books.PostAsync(books.Clearing, revenue, "1");
        (await books.LockedAsync(revenue)).Balance.ShouldBe(Money.Parse("5"));
        (await books.BalanceAsync(Parties.Platform, AccountKinds.Revenue)).ShouldBe(Money.Parse("6"));
        await world.Get<LedgerFold>().FoldAsync();
        await world.Get<LedgerFold>().FoldAsync();
        (await books.LockedAsync(revenue)).Balance.ShouldBe(Money.Parse("6"));
        (await books.BalanceAsync(Parties.Platform, AccountKinds.Revenue)).ShouldBe(Money.Parse("6"));
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Folding_beside_postings_passes_over_none(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallets = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => books.WalletAsync(i)));
        var posting = Task.WhenAll(wallets.Select(async w =>
        {
            for (var i = 0; i < 40; i++) await books.PostAsync(books.Clearing, w, "1");
        }));
        var folds = 0;
        while (!posting.IsCompleted || folds < 3)
        {
            await Task.WhenAll(world.Get<LedgerFold>().FoldAsync(), world.Get<LedgerFold>().FoldAsync());
            folds++;
        }

        await posting;
        (await books.BalanceAsync(Parties.Platform, AccountKinds.Clearing("test"))).ShouldBe(Money.Parse("-320"));
        await world.Get<LedgerFold>().FoldAsync();
        (await books.LockedAsync(books.Clearing)).Balance.ShouldBe(Money.Parse("-320"));
        await books.ShouldBeProvenAsync();
    }

    // The number of a transfer is drawn before its commit; a mark set above it meanwhile would lose it.
    [Fact]
    public async Task The_fold_waits_for_a_transfer_that_is_under_way()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Postgres);
        var books = await Books.OpenAsync(world);
        var (slow, quick) = (await books.WalletAsync(1), await books.WalletAsync(2));
        var (written, commit) = (new TaskCompletionSource(), new TaskCompletionSource());
        var open = world.Database.WriteAsync(async s =>
        {
            await books.Ledger.PostAsync(s, new Posting("test", "tester", [new Leg(books.Clearing, slow, Money.Parse("5"), "test")]));
            written.TrySetResult();
            await commit.Task;
        });
        await written.Task;
        await books.PostAsync(books.Clearing, quick, "1");
        var fold = world.Get<LedgerFold>().FoldAsync();
        await books.UntilWaitingForLockAsync(fold);
        fold.IsCompleted.ShouldBeFalse();
        commit.SetResult();
        await open;
        await fold;
        (await books.LockedAsync(books.Clearing)).Balance.ShouldBe(Money.Parse("-6"));
    }
}
