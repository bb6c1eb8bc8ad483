using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Tests.Integration.Inventory;

public sealed class VaultKeysTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static int KeyOf(byte[] sealedBytes) => sealedBytes[4];

    [Theory, MemberData(nameof(Both))]
    public async Task A_new_data_key_opens_at_once_seals_when_all_nodes_know_it_and_the_old_one_still_opens(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var now = new SetClock();
        using var node = await VaultKeys.OpenAsync(world.Database, world.Settings, now);
        var old = node.Seal("old", "x");
        KeyOf(old).ShouldBe(1);

        (await VaultKeys.RotateAsync(world.Database, world.Settings, now)).Id.ShouldBe(2);
        // A node that starts now still seals with the key that everyone has.
        using var fresh = await VaultKeys.OpenAsync(world.Database, world.Settings, now);
        KeyOf(fresh.Seal("x", "x")).ShouldBe(1);
        await VaultKeys.RefreshAsync(world.Database, node, now);
        KeyOf(node.Seal("x", "x")).ShouldBe(1);

        now.Add(VaultKeys.Settling);
        await VaultKeys.RefreshAsync(world.Database, fresh, now);
        var young = fresh.Seal("young", "x");
        KeyOf(young).ShouldBe(2);
        node.Open(young, "x").ShouldBe("young");
        fresh.Open(old, "x").ShouldBe("old");
        using var later = await VaultKeys.OpenAsync(world.Database, world.Settings, now);
        later.Open(old, "x").ShouldBe("old");
        KeyOf(later.Seal("x", "x")).ShouldBe(2);
        // Duplicates are still found: the fingerprint hangs on the master key, not on the data key.
        later.Fingerprint("A", "product:1").ShouldBe(node.Fingerprint("A", "product:1"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Another_master_key_is_refused_at_the_start(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await Should.ThrowAsync<SealBrokenException>(() =>
            VaultKeys.OpenAsync(world.Database, world.Settings with { MasterKey = new byte[32] }, TimeProvider.System));
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow.AddHours(1);

        public void Add(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
