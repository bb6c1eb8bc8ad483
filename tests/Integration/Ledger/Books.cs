using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Ledger;

/// <summary>A ledger in a test's hand: wallets, a channel's clearing account, and short ways to post.</summary>
public sealed class Books(World world)
{
    public Modules.Ledger.Ledger Ledger { get; } = world.Get<Modules.Ledger.Ledger>();
    public AccountId Clearing { get; private set; }

    public static async Task<Books> OpenAsync(World world)
    {
        var books = new Books(world);
        books.Clearing = await books.AccountAsync(AccountKinds.Clearing("test"), Parties.Platform);
        return books;
    }

    public Task<AccountId> AccountAsync(string kind, long party, string credit = "0") =>
        world.Database.WriteAsync(s => Ledger.OpenAsync(s, kind, party, Money.Parse(credit)));

    /// <summary>A wallet with money from outside in it.</summary>
    public async Task<AccountId> WalletAsync(long party, string money = "0", string credit = "0")
    {
        var wallet = await AccountAsync(AccountKinds.Wallet, party, credit);
        if (Money.Parse(money).IsPositive) (await PostAsync(Clearing, wallet, money)).ShouldBeOfType<PostDecision.Posted>();
        return wallet;
    }

    public Task<PostDecision> PostAsync(AccountId debit, AccountId credit, string amount, string? key = null, string? reason = null) =>
        PostAsync(new Posting("test", "tester", [new Leg(debit, credit, Money.Parse(amount), "test")], reason, key));

    public Task<PostDecision> PostAsync(Posting posting) => world.Database.WriteAsync(s => Ledger.PostAsync(s, posting));

    /// <summary>The account as a transaction sees it under its lock.</summary>
    public Task<Account> LockedAsync(AccountId account) =>
        world.Database.WriteAsync(async s => (await Ledger.LockAsync(s, [account]))[account]);

    public Holds Holds { get; } = world.Get<Holds>();

    public Task SetCreditAsync(AccountId wallet, string credit) =>
        world.Database.WriteAsync(s => Ledger.SetCreditAsync(s, wallet, Money.Parse(credit), "tester"));

    /// <summary>The whole balance of a party's account, as pages show it.</summary>
    public async Task<Money> BalanceAsync(long party, string kind) =>
        (await world.Database.ReadAsync(s => Statements.BalancesAsync(s, party))).Single(a => a.Kind == kind).Balance;

    public Task<HoldDecision> TryHoldAsync(AccountId account, string amount, TimeSpan? lasts = null, string? key = null)
    {
        var until = world.Get<TimeProvider>().Now() + (lasts ?? TimeSpan.FromHours(1));
        return world.Database.WriteAsync(s => Holds.PlaceAsync(s, account, Money.Parse(amount), "test", until, key));
    }

    public async Task<Hold> HoldAsync(AccountId account, string amount, TimeSpan? lasts = null) =>
        (await TryHoldAsync(account, amount, lasts)).ShouldBeOfType<HoldDecision.Placed>().Hold;

    /// <summary>Captures into the clearing account.</summary>
    public Task<CaptureDecision> CaptureAsync(Hold hold, AccountId account, string amount) => world.Database.WriteAsync(
        s => Holds.CaptureAsync(s, hold.Id, new Posting("payout", "tester", [new Leg(account, Clearing, Money.Parse(amount), "payout")])));

    /// <summary>How many rows the ledger has, to see that nothing was written.</summary>
    public Task<long> RowsAsync() => world.Database.ReadAsync(s => s.ScalarAsync<long>(
        "select (select count(*) from transfer) + (select count(*) from posting) + (select count(*) from hold)"));

    /// <summary>Until the work, or another session, waits for an advisory lock of PostgreSQL; or the work is done.</summary>
    public async Task UntilWaitingForLockAsync(Task work)
    {
        while (!work.IsCompleted && await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted")) == 0)
            await Task.Delay(10);
    }

    /// <summary>Every invariant of the ledger holds.</summary>
    public async Task ShouldBeProvenAsync()
    {
        foreach (var check in LedgerInvariants.All)
        {
            var rows = await world.Database.ReadAsync(s => s.QueryAsync<object>(check.Sql, new { Now = world.Get<TimeProvider>().Now() }));
            rows.ShouldBeEmpty($"I{check.Number} {check.Text}");
        }
    }
}
