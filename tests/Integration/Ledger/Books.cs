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
}
