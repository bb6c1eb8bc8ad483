using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Ledger;

public sealed class StatementTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_statement_shows_each_entry_once_over_its_pages_newest_first(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(7, "100");
        var escrow = await books.AccountAsync(AccountKinds.Escrow, 7);
        // Both sides are the party's own: two entries of one transfer, which a page may part.
        for (var i = 0; i < 10; i++) await books.PostAsync(wallet, escrow, "1", reason: $"r{i}");

        var lines = new List<StatementLine>();
        StatementCursor? cursor = null;
        do
        {
            var page = await world.Database.ReadAsync(s => Statements.OfPartyAsync(s, 7, new StatementFilter(Cursor: cursor, Limit: 4)));
            page.Lines.Count.ShouldBeLessThanOrEqualTo(4);
            lines.AddRange(page.Lines);
            if (page.Next is null) break;
            StatementCursor.TryParse(page.Next.ToString(), out cursor).ShouldBeTrue();
        }
        while (true);

        lines.Count.ShouldBe(21);
        lines.Distinct().Count().ShouldBe(21);
        lines.Select(l => l.Transfer).ShouldBeInOrder(SortDirection.Descending);
        lines.Where(l => l.Account == wallet).Select(l => l.BalanceAfter!.Value.ToString())
            .ShouldBe(Enumerable.Range(0, 11).Select(i => $"{90 + i}.0000"));
        var own = lines.First(l => l.Account == wallet);
        (own.Amount, own.OtherKind, own.OtherParty, own.Reason).ShouldBe((Money.Parse("-1"), AccountKinds.Escrow, 7, "r9"));

        var wallets = await world.Database.ReadAsync(s => Statements.OfPartyAsync(s, 7, new StatementFilter(Kinds: [AccountKinds.Wallet])));
        wallets.Lines.ShouldBe(lines.Where(l => l.Account == wallet));
        var single = await world.Database.ReadAsync(s => Statements.OfAccountAsync(s, escrow, new StatementFilter()));
        single.Lines.ShouldBe(lines.Where(l => l.Account == escrow));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_statement_takes_from_and_leaves_to(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(7);
        var start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        await world.Database.WriteAsync(s => LedgerWrites.WriteAsync(s, [.. Enumerable.Range(0, 5).Select(i =>
            new TransferRow(new PostingId(i + 1), "test", books.Clearing, wallet, new Money(i + 1), null, null, null, start.AddHours(i)))], []));
        var page = await world.Database.ReadAsync(s => Statements.OfAccountAsync(s, wallet, new StatementFilter(start.AddHours(1), start.AddHours(3))));
        page.Lines.Select(l => l.Amount.Units).ShouldBe([3, 2]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_trial_balance_sums_to_zero_and_shows_every_kind(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (a, b) = (await books.WalletAsync(1, "100"), await books.WalletAsync(2, credit: "50"));
        await books.PostAsync(b, await books.AccountAsync(AccountKinds.Revenue, Parties.Platform), "20");
        await world.Get<LedgerFold>().FoldAsync();
        await books.PostAsync(a, await books.AccountAsync(AccountKinds.Fees, Parties.Platform), "0.0001");

        var lines = await world.Database.ReadAsync(Statements.TrialBalanceAsync);
        lines.Sum(l => l.Balance.Units).ShouldBe(0);
        lines.Select(l => $"{l.Kind} {l.Accounts} {l.Debit} {l.Credit}").ShouldBe(
        [
            "clearing:test 1 100.0000 0.0000", "fees 1 0.0000 0.0001", "revenue 1 0.0000 20.0000", "wallet 2 20.0000 99.9999",
        ]);
        var own = (await world.Database.ReadAsync(s => Statements.BalancesAsync(s, 2))).ShouldHaveSingleItem();
        (own.Kind, own.Balance, own.Credit, own.Currency).ShouldBe((AccountKinds.Wallet, Money.Parse("-20"), Money.Parse("50"), "CNY"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_transfers_of_an_order_show_both_sides(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var (wallet, escrow) = (await books.WalletAsync(7, "10"), await books.AccountAsync(AccountKinds.Escrow, 7));
        var order = new OrderId(99);
        await books.PostAsync(new Posting("order", "tester", [new Leg(wallet, escrow, Money.Parse("4"), "order", order)]));
        var transfer = (await world.Database.ReadAsync(s => Statements.OfOrderAsync(s, order))).ShouldHaveSingleItem();
        (transfer.Kind, transfer.DebitKind, transfer.DebitParty, transfer.CreditKind, transfer.CreditParty, transfer.Amount)
            .ShouldBe(("order", AccountKinds.Wallet, 7, AccountKinds.Escrow, 7, Money.Parse("4")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("4f9k2m7xq1c8e")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void A_cursor_that_was_never_given_out_is_refused(string? text) => StatementCursor.TryParse(text, out _).ShouldBeFalse();
}
