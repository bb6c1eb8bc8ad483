using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Ledger;

/// <summary>The series that orders and transfers share: rising over blocks, over transactions and beside others.</summary>
public sealed class NumberTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Numbers_rise_over_blocks_and_from_draw_to_draw(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        const int count = (2 * LedgerNumbers.Block) + 1;
        var first = await DrawAsync(world, count);
        var second = await DrawAsync(world, 1);
        first.ShouldBeInOrder(SortDirection.Ascending);
        first.Distinct().Count().ShouldBe(count);
        first[0].ShouldBeGreaterThanOrEqualTo(LedgerNumbers.Start);
        second[0].ShouldBeGreaterThan(first[^1]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Draws_beside_each_other_share_no_number(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DrawAsync(world, LedgerNumbers.Block + 1)));
        drawn.SelectMany(d => d).Distinct().Count().ShouldBe(8 * (LedgerNumbers.Block + 1));
    }

    [Fact]
    public void Whoever_asks_for_more_than_was_drawn_is_refused()
    {
        var numbers = new LedgerNumbers([LedgerNumbers.Start]);
        for (var i = 0; i < LedgerNumbers.Block; i++) numbers.Next().ShouldBe(LedgerNumbers.Start + i);
        (numbers.First, numbers.Last).ShouldBe((LedgerNumbers.Start, LedgerNumbers.Start + LedgerNumbers.Block - 1));
        Should.Throw<InvalidOperationException>(() => numbers.Next());
    }

    /// <summary>Else an order would stand before the credit line that allowed it (I2).</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I2_Numbers_drawn_before_a_new_credit_line_do_not_spend_it(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Books.OpenAsync(world);
        var wallet = await books.WalletAsync(1, "10");
        var early = await NumbersAsync(world);
        await books.SetCreditAsync(wallet, "100");
        var account = await books.LockedAsync(wallet);
        await Should.ThrowAsync<StaleReadException>(() => ReplaceAsync(early));
        await ReplaceAsync(await NumbersAsync(world));
        (await books.LockedAsync(wallet)).Balance.ShouldBe(Money.Parse("-90"));

        Task ReplaceAsync(LedgerNumbers numbers) => world.Database.WriteAsync(async s =>
        {
            await LedgerWrites.ReplaceBalancesAsync(s, [(account, Money.Parse("-90"))], numbers);
            return 0;
        });
    }

    private static Task<LedgerNumbers> NumbersAsync(World world) => world.Database.WriteAsync(async s =>
    {
        var numbers = await LedgerNumbers.DrawAsync(s, 1);
        numbers.Next();
        return numbers;
    });

    private static Task<List<long>> DrawAsync(World world, int count) => world.Database.WriteAsync(async s =>
    {
        var numbers = await LedgerNumbers.DrawAsync(s, count);
        return Enumerable.Range(0, count).Select(_ => numbers.Next()).ToList();
    });
}
