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
}
