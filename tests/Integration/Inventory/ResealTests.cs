using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Vault;

namespace Lianka.Tests.Integration.Inventory;

/// <summary>All cards come under a new data key while a node serves and buyers look at what they bought.</summary>
public sealed class ResealTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Cards_are_resealed_beside_a_node_whose_buyers_never_miss_one(DatabaseKind kind)
    {
        await using var node = await ApiWorld.CreateAsync(kind, cards: 60);
        var goods = await node.Get<Modules.Catalog.Catalog>().FindSupplyAsync(
            (await node.Get<Modules.Catalog.Catalog>().ListSuppliesAsync())[0].Id);
        var more = string.Join('\n', Enumerable.Range(0, 6_000).Select(i => $"MORE-{i:D5}"));
        await node.Get<ImportDesk>().RunAsync(new ImportRequest(goods!.Id, CardFormat.Text, CardEncoding.Utf8, "more", "test"), ImportTests.Bytes(more));

        var orders = new List<(string No, string[] Secrets)>();
        for (var i = 0; i < 20; i++)
        {
            var placed = await node.Caller.BuyAsync($"R-{i}", quantity: 3, reveal: true);
            orders.Add((placed["order_no"], Secrets(placed)));
        }

        // Another program rotates and re-seals; the node hears of the key when it meets it.
        var (settings, clock) = (node.Get<Platform.Settings>(), new SetClock());
        using var vault = await VaultKeys.OpenAsync(node.Database, settings, clock);
        var first = new Resealing(node.Database, vault, clock);
        (await first.FindAsync()).ShouldBeNull();
        (await VaultKeys.RotateAsync(node.Database, settings, clock)).Id.ShouldBe(2);
        (await first.RunAsync()).ShouldBe(0, "not before every node seals with the new key");
        clock.Add(Resealing.Begins);
        await VaultKeys.RefreshAsync(node.Database, vault, clock);

        using var stop = new CancellationTokenSource();
        var looks = 0;
        var looking = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; looks++)
            {
                var (no, secrets) = orders[looks % orders.Count];
                Secrets(await node.Caller.PostAsync($"/api/v1/orders/{no}/reveal")).ShouldBe(secrets);
            }
        });

        // Stopped in the middle, then two at it together.
        using var soon = new CancellationTokenSource();
        var half = first.RunAsync(soon.Token);
        while ((await first.FindAsync())!.Resealed == 0) await Task.Delay(1);
        await soon.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => half);
        var progress = (await first.FindAsync())!;
        (progress.EndedAt, progress.Looked > 0, progress.Looked < progress.Cards, progress.Cards).ShouldBe((null, true, true, 6_060L));

        var second = new Resealing(node.Database, vault, clock);
        await Task.WhenAll(Task.Run(() => first.RunAsync()), Task.Run(() => second.RunAsync()));
        while (looks < 2 * orders.Count) await Task.Delay(10);
        await stop.CancelAsync();
        await looking;

        progress = (await first.FindAsync())!;
        (progress.EndedAt is not null, progress.Resealed, progress.Looked, progress.Found).ShouldBe((true, 6_060, 6_060, 0));
        var seals = await node.Database.ReadAsync(s => s.QueryAsync<byte[]>("select sealed from card"));
        seals.ShouldAllBe(bytes => CardVault.KeyOf(bytes) == 2);
        (await first.RunAsync()).ShouldBe(0, "nothing is left to do");
        foreach (var (no, secrets) in orders) Secrets(await node.Caller.PostAsync($"/api/v1/orders/{no}/reveal")).ShouldBe(secrets);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Cards_that_came_in_behind_the_place_are_found_by_another_pass(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var late = await ImportTests.ImportAsync(world, goods, "A\nB\n");
        await ImportTests.ImportAsync(world, goods, string.Join('\n', Enumerable.Range(0, 1_500).Select(i => $"C{i}")));
        var clock = new SetClock();
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        clock.Add(Resealing.Begins);
        await VaultKeys.RefreshAsync(world.Database, world.Vault, clock);
        // The place has passed the first lot, which was written only now.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update reseal set lot_id = @LotId, seq = 2, looked = 2", new { late.LotId }));
        var resealing = new Resealing(world.Database, world.Vault, clock);
        (await resealing.RunAsync()).ShouldBe(1_502);
        (await world.Database.ReadAsync(s => s.QueryAsync<byte[]>("select sealed from card"))).ShouldAllBe(b => CardVault.KeyOf(b) == 2);
        var cards = await world.Database.ReadAsync(s => world.Get<Modules.Inventory.Inventory>().OpenCardsAsync(s, late.LotId!.Value, 1, 2));
        cards.Select(c => c.Secret).ShouldBe(["A", "B"]);

        // The next rotation ends the work for the one before.
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from reseal where ended_at is null"))).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_command_adds_a_key_and_tells_how_far_the_cards_are(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var output = new StringWriter();
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, ["--status"], output)).ShouldBe(0);
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, [], output)).ShouldBe(0);
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, ["--status"], output)).ShouldBe(0);
        output.ToString().ShouldContain("no data key was ever added");
        output.ToString().ShouldContain("data key 2 seals from");
        output.ToString().ShouldContain("re-sealing has not begun");
        await Should.ThrowAsync<Host.Commands.UsageException>(() => Host.Commands.RotateKeys.RunAsync(world.Settings, ["--now"], output));
    }

    private static string[] Secrets(Answer answer) =>
        [.. answer.Json.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("secret").GetString()!)];

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public void Add(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
