using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Inventory;

public sealed class StockTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static string Text(IEnumerable<string> parts) => string.Join("\n", parts);

    private static async Task<LotId> LotAsync(World world, Goods goods, string prefix, int count, DateTimeOffset? expires = null)
    {
        var desk = world.Get<ImportDesk>();
        var start = await desk.RunAsync(ImportTests.Request(goods) with { ExpiresAt = expires },
            ImportTests.Bytes(Text(Enumerable.Range(1, count).Select(i => $"{prefix}{i}"))));
        return (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!.LotId!.Value;
    }

    private static Task<IReadOnlyList<Draw>?> DrawAsync(World world, Goods goods, long quantity, DateTimeOffset? now = null) =>
        world.Database.WriteAsync(async s =>
        {
            var inventory = world.Get<Modules.Inventory.Inventory>();
            var stock = await ReadAsync(s, goods, now);
            var draws = Drawing.Plan(stock.Lots(goods.Sku.Id), quantity, _ => 1);
            if (draws is null) return null;
            stock.Take(goods.Sku.Id, draws);
            await inventory.SaveStockAsync(s, stock);
            return draws;
        });

    private static async Task<Stock> ReadAsync(Session s, Goods goods, DateTimeOffset? now = null)
    {
        var reads = new ReadBatch(s);
        var stock = Modules.Inventory.Inventory.ReadStock(reads, s, [goods.Sku.Id], now ?? DateTimeOffset.UtcNow, isLocking: true);
        await reads.RunAsync();
        return stock([]);
    }

    private static Task GiveBackAsync(World world, Goods goods, params (LotId Lot, CardRange Cards)[] ranges) => world.Database.WriteAsync(async s =>
    {
        var inventory = world.Get<Modules.Inventory.Inventory>();
        var stock = await ReadAsync(s, goods);
        foreach (var (lot, cards) in ranges) stock.GiveBack(goods.Sku.Id, lot, cards);
        await inventory.SaveStockAsync(s, stock);
    });

    private static async Task<long> CountAsync(World world, Goods goods) =>
        (await world.Get<Modules.Inventory.Inventory>().StockOfAsync([goods.Sku.Id]))[goods.Sku.Id];

    private static string Of(IReadOnlyList<Draw>? draws, params LotId[] lots) => draws is null ? "short"
        : string.Join(" ", draws.Select(d => $"{(char)('a' + Array.IndexOf(lots, d.Lot))}{d.FromSeq}+{d.Count}{(d.IsReturned ? "r" : "")}"));

    [Theory, MemberData(nameof(Both))]
    public async Task Draws_and_returns_are_kept_exactly(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var a = await LotAsync(world, goods, "A", 5, DateTimeOffset.UtcNow.AddDays(9));
        var b = await LotAsync(world, goods, "B", 5, DateTimeOffset.UtcNow.AddDays(5));
        Of(await DrawAsync(world, goods, 7), a, b).ShouldBe("b1+5 a1+2");
        (await CountAsync(world, goods)).ShouldBe(3);
        await GiveBackAsync(world, goods, (b, new(1, 2)), (b, new(4, 1)), (a, new(2, 1)));
        (await CountAsync(world, goods)).ShouldBe(7);
        // b's cursor is exhausted: it lives on by what came back.
        Of(await DrawAsync(world, goods, 1), a, b).ShouldBe("b1+1r");
        await GiveBackAsync(world, goods, (b, new(3, 1)));
        Of(await DrawAsync(world, goods, 4), a, b).ShouldBe("b2+3r a2+1r");
        Of(await DrawAsync(world, goods, 4), a, b).ShouldBe("short");
        Of(await DrawAsync(world, goods, 3), a, b).ShouldBe("a3+3");
        (await CountAsync(world, goods)).ShouldBe(0);
        (await ImportTests.CountAsync(world, "card_return")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Cards_open_with_their_lot_number_and_kind(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var expires = DateTimeOffset.UtcNow.AddDays(3);
        expires = Instants.FromMicros(expires.ToMicros());
        var desk = world.Get<ImportDesk>();
        var start = await desk.RunAsync(ImportTests.Request(goods) with { ExpiresAt = expires },
            ImportTests.Bytes("S1\nN2 S2\nhttps://x.example/3\n"));
        var lot = (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!.LotId!.Value;
        var inventory = world.Get<Modules.Inventory.Inventory>();
        (await world.Database.ReadAsync(s => inventory.OpenCardsAsync(s, lot, 2, 2))).ShouldBe([
            new OpenedCard(lot, 2, "N2", "S2", "pair", expires),
            new OpenedCard(lot, 3, null, "https://x.example/3", "link", expires),
        ]);
        await Should.ThrowAsync<InvalidOperationException>(() => world.Database.ReadAsync(s => inventory.OpenCardsAsync(s, lot, 3, 2)));

        // A sealed text moved to another row does not open.
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            "update card set sealed = (select c.sealed from card c where c.lot_id = @lot and c.seq = 1) where lot_id = @lot and seq = 2", new { lot }));
        await Should.ThrowAsync<Vault.SealBrokenException>(() => world.Database.ReadAsync(s => inventory.OpenCardsAsync(s, lot, 2, 1)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Lots_that_expired_or_are_off_sale_are_neither_counted_nor_drawn(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var inventory = world.Get<Modules.Inventory.Inventory>();
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        var a = await LotAsync(world, goods, "A", 2, expires);
        Of(await DrawAsync(world, goods, 1, expires.AddTicks(-10)), a).ShouldBe("a1+1");
        Of(await DrawAsync(world, goods, 1, expires), a).ShouldBe("short");
        (await CountAsync(world, goods)).ShouldBe(1);

        (await inventory.SetLotStateAsync(a, LotState.Off, new SupplierId(1))).ShouldBeFalse();
        (await CountAsync(world, goods)).ShouldBe(1);
        (await inventory.SetLotStateAsync(a, LotState.Off, goods.Supplier.Id)).ShouldBeTrue();
        (await CountAsync(world, goods)).ShouldBe(0);
        Of(await DrawAsync(world, goods, 1), a).ShouldBe("short");
        // A lapsed reservation still gives its card back to a lot off sale.
        await GiveBackAsync(world, goods, (a, new(1, 1)));
        (await inventory.SetLotStateAsync(a, LotState.Active, null)).ShouldBeTrue();
        (await CountAsync(world, goods)).ShouldBe(2);

        Goods.Saved(await world.Get<Modules.Catalog.Catalog>().UpdateSupplyAsync(goods.Supply.Id, new SupplyDraft { Cost = "" }));
        (await CountAsync(world, goods)).ShouldBe(0, "a supply without a cost is not offered");
        (await inventory.StockOfSupplierAsync(goods.Supplier.Id)).ShouldBe(new() { [goods.Supply.Id] = 2 });
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Batches_beside_each_other_draw_every_card_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        for (var i = 0; i < 4; i++) await LotAsync(world, goods, $"{(char)('A' + i)}-", 25);
        var taken = (await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => DrawAsync(world, goods, 3))))).ToList();
        taken.Count(t => t is not null).ShouldBe(33);
        var cards = taken.Where(t => t is not null).SelectMany(t => t!)
            .SelectMany(d => Enumerable.Range(0, (int)d.Count).Select(i => (d.Lot, d.FromSeq + i))).ToList();
        cards.Count.ShouldBe(99);
        cards.Distinct().Count().ShouldBe(99);
        (await CountAsync(world, goods)).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_order_of_5000_draws_whole_over_several_lots(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        foreach (var (name, count) in new[] { ("A", 1_700), ("B", 1_600), ("C", 1_701) }) await LotAsync(world, goods, name, count);
        var draws = (await DrawAsync(world, goods, 5_000))!;
        draws.Sum(d => d.Count).ShouldBe(5_000);
        var inventory = world.Get<Modules.Inventory.Inventory>();
        var secrets = new HashSet<string>();
        foreach (var draw in draws)
            secrets.UnionWith((await world.Database.ReadAsync(s => inventory.OpenCardsAsync(s, draw.Lot, draw.FromSeq, draw.Count))).Select(c => c.Secret));
        secrets.Count.ShouldBe(5_000);
        (await CountAsync(world, goods)).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Lots_are_listed_newest_first_to_their_tenant(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (goods, other) = (await Goods.CreateAsync(world, "a"), await Goods.CreateAsync(world, "b"));
        var first = await LotAsync(world, goods, "A", 3);
        var second = await LotAsync(world, goods, "B", 2);
        await LotAsync(world, other, "C", 1);
        await DrawAsync(world, goods, 2);
        await GiveBackAsync(world, goods, (first, new(1, 1)));
        var inventory = world.Get<Modules.Inventory.Inventory>();
        var page = await inventory.ListLotsAsync(new LotFilter(goods.Supplier.Id, Limit: 1));
        (page.Items.Single().Id, page.Items.Single().Left, page.Next).ShouldBe((second, 2, second));
        page = await inventory.ListLotsAsync(new LotFilter(goods.Supplier.Id, Before: page.Next, Limit: 1));
        (page.Items.Single().Id, page.Items.Single().Left, page.Items.Single().Total, page.Next).ShouldBe((first, 2, 3, null));
        (await inventory.ListLotsAsync(new LotFilter())).Items.Count.ShouldBe(3);
        (await inventory.ListLotsAsync(new LotFilter(Sku: other.Sku.Id))).Items.Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Each_look_at_a_secret_is_kept(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var at = Instants.FromMicros(DateTimeOffset.UtcNow.ToMicros());
        var id = await world.Get<IdSource>().NextAsync();
        await world.Database.WriteAsync(s => world.Get<Modules.Inventory.Inventory>().LogRevealAsync(s, id, new OrderId(7), "key:lk", "192.0.2.1", at));
        (await world.Database.ReadAsync(s => s.ScalarAsync<string>("select actor || ' ' || address from reveal_log where order_id = 7"))).ShouldBe("key:lk 192.0.2.1");
    }
}
