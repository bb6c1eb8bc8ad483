using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Ledger;

public sealed class PostingTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_credited_to_a_wallet_stands_in_both_accounts(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(7);

        var posted = await books.PostAsync(books.Clearing, wallet, "100.5000");

        posted.ShouldBeOfType<PostDecision.Posted>().IsReplay.ShouldBeFalse();
        (await books.LockedAsync(wallet)).Balance.ShouldBe(Money.Parse("100.5"));
        // A folded account is not touched on the way of money: its row keeps the folded part.
        (await books.LockedAsync(books.Clearing)).Balance.ShouldBe(Money.Zero);
        var afters = await world.Database.ReadAsync(s => s.FirstAsync<string>(
            "select coalesce(cast(debit_after as text), '-') || ' ' || coalesce(cast(credit_after as text), '-') from transfer"));
        afters.ShouldBe("- 1005000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task An_account_is_opened_once_and_keeps_its_credit_line(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => books.AccountAsync(AccountKinds.Wallet, 7, "50")));
        opened.Distinct().Count().ShouldBe(1);
        (await books.AccountAsync(AccountKinds.Wallet, 7)).ShouldBe(opened[0]);
        (await books.LockedAsync(opened[0])).Available.ShouldBe(Money.Parse("50"));
        (await world.Database.ReadAsync(s => books.Ledger.FindAsync(s, AccountKinds.Wallet, 8))).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refused_posting_writes_nothing(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (rich, poor) = (await books.WalletAsync(1, "10"), await books.WalletAsync(2, "1"));
        var before = await books.RowsAsync();

        var decision = await books.PostAsync(new Posting("test", "tester",
            [new Leg(rich, books.Clearing, Money.Parse("10"), "a"), new Leg(poor, books.Clearing, Money.Parse("1.0001"), "b")], Key: "k"));

        decision.ShouldBe(new PostDecision.InsufficientFunds(poor));
        (await books.RowsAsync()).ShouldBe(before);
        (await books.LockedAsync(rich)).Balance.ShouldBe(Money.Parse("10"));
        // The refusal consumed nothing: with money the same key posts.
        await books.PostAsync(books.Clearing, poor, "5");
        (await books.PostAsync(poor, books.Clearing, "2", key: "k")).ShouldBeOfType<PostDecision.Posted>().IsReplay.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_self_transfer_mints_no_money(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "10");
        await Should.ThrowAsync<ArgumentException>(() => books.PostAsync(wallet, wallet, "10"));
        (await books.LockedAsync(wallet)).Balance.ShouldBe(Money.Parse("10"));
        // The database refuses it too, for those who write in bulk.
        var row = new TransferRow(new PostingId(1), "test", wallet, wallet, Money.Parse("1"), null, null, null, DateTimeOffset.UnixEpoch);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => world.Database.WriteAsync(s => LedgerWrites.WriteAsync(s, [row], [])));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_hundred_parallel_postings_with_one_key_move_money_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1);
        var decisions = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => books.PostAsync(books.Clearing, wallet, "3", key: "once", reason: "top-up")));
        decisions.Cast<PostDecision.Posted>().Count(p => !p.IsReplay).ShouldBe(1);
        decisions.Cast<PostDecision.Posted>().Select(p => p.Id).Distinct().Count().ShouldBe(1);
        (await books.LockedAsync(wallet)).Balance.ShouldBe(Money.Parse("3"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_repeated_posting_is_a_replay_although_the_money_is_gone_by_now(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "10");
        var first = (await books.PostAsync(wallet, books.Clearing, "10", key: "k")).ShouldBeOfType<PostDecision.Posted>();
        (await books.PostAsync(wallet, books.Clearing, "10", key: "k")).ShouldBe(first with { IsReplay = true });
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F16_One_key_with_other_content_is_refused(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (a, b) = (await books.WalletAsync(1), await books.WalletAsync(2));
        await books.PostAsync(books.Clearing, a, "3", key: "k");
        (await books.PostAsync(books.Clearing, a, "4", key: "k")).ShouldBeOfType<PostDecision.KeyConflict>();
        (await books.PostAsync(books.Clearing, b, "3", key: "k")).ShouldBeOfType<PostDecision.KeyConflict>();
        (await books.PostAsync(books.Clearing, a, "3", key: "k", reason: "other")).ShouldBeOfType<PostDecision.KeyConflict>();
        (await books.PostAsync(new Posting("other", "tester", [new Leg(books.Clearing, a, Money.Parse("3"), "test")], Key: "k"))).ShouldBeOfType<PostDecision.KeyConflict>();
        (await books.PostAsync(books.Clearing, a, "3", key: "k")).ShouldBeOfType<PostDecision.Posted>().IsReplay.ShouldBeTrue();
        // At once and on accounts that share no lock, one wins and the other hears of the conflict.
        var (c, d) = (await books.WalletAsync(3), await books.WalletAsync(4));
        var race = await Task.WhenAll(books.PostAsync(books.Clearing, c, "1", key: "race"), books.PostAsync(books.Clearing, d, "1", key: "race"));
        race.Count(r => r is PostDecision.Posted).ShouldBe(1);
        race.Count(r => r is PostDecision.KeyConflict).ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_must_be_posted_ends_the_transaction_when_the_ledger_refuses(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (rich, other) = (await books.WalletAsync(1, "3"), await books.WalletAsync(2));
        (await MustAsync(rich, "1", beside: 3)).IsReplay.ShouldBeFalse();
        (await MustAsync(rich, "1", beside: 3)).IsReplay.ShouldBeTrue();
        (await MustAsync(other, "1", beside: 4).ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("KeyConflict");
        (await MustAsync(rich, "4", beside: 5, key: "k2").ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("InsufficientFunds");
        (await books.LockedAsync(rich)).Balance.ShouldBe(Money.Parse("2"));
        // What was written beside it stands or falls with it.
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from account where party_id in (3, 4, 5)"))).ShouldBe(1);

        Task<PostDecision.Posted> MustAsync(AccountId from, string amount, long beside, string key = "k") => world.Database.WriteAsync(async s =>
        {
            await books.Ledger.OpenAsync(s, AccountKinds.Wallet, beside);
            return await books.Ledger.MustPostAsync(s, new Posting("test", "tester", [new Leg(from, books.Clearing, Money.Parse(amount), "test")], Key: key));
        });
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F20_Crossing_transfers_lose_no_money_and_overdraw_no_wallet(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        AccountId[] wallets = [await books.WalletAsync(1, "10"), await books.WalletAsync(2, "10"), await books.WalletAsync(3, "10")];
        await Task.WhenAll(Enumerable.Range(0, 120).Select(i =>
            books.PostAsync(wallets[i % 3], wallets[(i + 1 + (i / 3 % 2)) % 3], $"{1 + (i % 7)}.0001")));
        var balances = await Task.WhenAll(wallets.Select(async w => (await books.LockedAsync(w)).Balance));
        balances.Sum(b => b.Units).ShouldBe(Money.Parse("30").Units);
        balances.ShouldAllBe(b => !b.IsNegative);
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Lowering_a_credit_line_only_blocks_further_debits(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, credit: "100");
        await books.PostAsync(wallet, books.Clearing, "80");
        await books.SetCreditAsync(wallet, "20");
        (await books.LockedAsync(wallet)).Balance.ShouldBe(Money.Parse("-80"));
        (await books.PostAsync(wallet, books.Clearing, "0.0001")).ShouldBe(new PostDecision.InsufficientFunds(wallet));
        (await books.PostAsync(books.Clearing, wallet, "70")).ShouldBeOfType<PostDecision.Posted>();
        (await books.PostAsync(wallet, books.Clearing, "10")).ShouldBeOfType<PostDecision.Posted>();
        await books.SetCreditAsync(wallet, "30");
        await books.SetCreditAsync(wallet, "25");
        (await books.PostAsync(wallet, books.Clearing, "5")).ShouldBeOfType<PostDecision.Posted>();
        await books.ShouldBeProvenAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Bulk_writes_keep_their_order_and_every_column(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        AccountId[] wallets = [await books.WalletAsync(1), await books.WalletAsync(2)];
        var at = TimeProvider.System.Now();
        var rows = Enumerable.Range(1, 600).Select(i => new TransferRow(
            new PostingId(i), "bulk", books.Clearing, wallets[i % 2], new Money(i), null, new Money(i * 2), i % 5 == 0 ? new OrderId(i) : null, at)).ToList();
        await world.Database.WriteAsync(async s =>
        {
            await LedgerWrites.EnterAsync(s);
            await LedgerWrites.WriteAsync(s, rows, [(wallets[1], new Money(11)), (wallets[0], new Money(22))]);
            await LedgerWrites.WriteAsync(s, [], []);
        });
        var page = await world.Database.ReadAsync(s => Statements.OfAccountAsync(s, wallets[1], new StatementFilter(Limit: 200)));
        page.Lines.Select(l => l.Posting.Value).ShouldBe(Enumerable.Range(0, 200).Select(i => 599L - (2 * i)));
        page.Lines[2].ShouldBe(new StatementLine
        {
            Transfer = page.Lines[2].Transfer, Posting = new PostingId(595), Account = wallets[1], AccountKind = AccountKinds.Wallet, Kind = "bulk",
            Amount = new Money(595), BalanceAfter = new Money(1190), OtherKind = "clearing:test", Order = new OrderId(595), At = at,
        });
        (await books.LockedAsync(wallets[0])).Balance.ShouldBe(new Money(22));
        (await books.LockedAsync(wallets[1])).Balance.ShouldBe(new Money(11));
    }
}
