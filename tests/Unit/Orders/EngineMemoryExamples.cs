using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Unit.Orders;

/// <summary>What an engine does with what it remembers when others had the turn.</summary>
public sealed class EngineMemoryExamples
{
    private static readonly AccountId _one = new(501), _two = new(502);
    private static readonly SkuId _cards = new(20), _vouchers = new(21);

    [Fact]
    public void Nothing_is_forgotten_while_the_turn_stays() => Kept(Remembering(batch: 7), new EngineTurn(0, 7), []).ShouldBe("501:0 502:0 20:1 21:1");

    [Fact]
    public void What_others_changed_is_taken_over() => Kept(Remembering(batch: 7), new EngineTurn(5, 9), new()
    {
        [8] = new EngineChange([(_one, -3), (new AccountId(503), 4)], [(_cards, new LotId(1), 5), (new SkuId(22), new LotId(3), 2)], []),
        [9] = new EngineChange([(_one, 9)], [(_cards, new LotId(1), 6)], []),
    }).ShouldBe("501:9 502:0 20:6 21:1");

    [Fact]
    public void A_lot_that_others_sold_out_is_no_longer_open() =>
        Kept(Remembering(batch: 7), new EngineTurn(5, 8), new() { [8] = new EngineChange([], [(_cards, new LotId(1), 11)], []) }).ShouldBe("501:0 502:0 20:none 21:1");

    [Fact]
    public void Lots_with_returned_cards_are_read_again() =>
        Kept(Remembering(batch: 7), new EngineTurn(5, 8), new() { [8] = new EngineChange([], [], [_vouchers]) }).ShouldBe("501:0 502:0 20:1");

    [Fact]
    public void Everything_is_forgotten_when_one_of_them_did_not_tell() =>
        Kept(Remembering(batch: 7), new EngineTurn(5, 9), new() { [9] = new EngineChange([(_one, 9)], [], []) }).ShouldBe("");

    [Fact]
    public void Everything_is_forgotten_in_a_database_that_went_back() => Kept(Remembering(batch: 7), new EngineTurn(5, 6), []).ShouldBe("");

    [Fact]
    public void An_engine_tells_what_it_changes_once_it_has_met_another()
    {
        var memory = Remembering(batch: 7);
        memory.IsShared.ShouldBeFalse();
        memory.Follow(new EngineTurn(5, 8), new Dictionary<long, EngineChange>());
        memory.IsShared.ShouldBeTrue();
    }

    private static EngineMemory Remembering(long batch)
    {
        var memory = new EngineMemory();
        var loaded = new Loaded
        {
            Batch = batch,
            Prices = new SmallWorld().State().Prices,
            Numbers = new LedgerNumbers([LedgerNumbers.Start]),
            Accounts = [Wallet(_one), Wallet(_two)],
            Stock = new Stock([Lot(1, _cards), Lot(2, _vouchers)]),
        };
        memory.Keep(loaded, new BatchState(loaded, SmallWorld.Start, new SmallWorld().Risk, new FirstSupply()));
        return memory;

        Account Wallet(AccountId id) => new(id, AccountKinds.Wallet, id.Value, IsLimited: true, Floor: 0, Money.Zero, Money.Zero);
        OpenLot Lot(long id, SkuId sku) => new(new LotId(id), sku, SmallWorld.CheapSupply, SmallWorld.Cheap, null, SmallWorld.Start, 1, 10, []);
    }

    private static string Kept(EngineMemory memory, EngineTurn was, Dictionary<long, EngineChange> told)
    {
        memory.Follow(was with { Holder = was.Holder == 0 ? memory.Holder : was.Holder }, told);
        return string.Join(' ', ((AccountId[])[_one, _two]).Select(memory.Account).OfType<Account>().Select(a => $"{a.Id.Value}:{a.Balance.Units}")
            .Concat(((SkuId[])[_cards, _vouchers]).Where(s => memory.Lots(s) is not null)
                .Select(s => $"{s.Value}:{(memory.Lots(s) is [var lot] ? $"{lot.Next}" : "none")}")));
    }
}
