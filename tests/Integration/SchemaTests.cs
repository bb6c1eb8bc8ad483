using Lianka.Platform.Data;

namespace Lianka.Tests.Integration;

public sealed class SchemaTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_second_start_changes_nothing(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var again = await new SchemaRunner(world.Database, typeof(Modules.Inventory.VaultKeys).Assembly, TimeProvider.System).RunAsync();
        again.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_changed_file_is_refused(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await world.Database.WriteAsync(s => s.ExecuteAsync("update schema_change set checksum = 'other' where number = 3"));
        var runner = new SchemaRunner(world.Database, typeof(Modules.Inventory.VaultKeys).Assembly, TimeProvider.System);
        await Should.ThrowAsync<SchemaMismatchException>(() => runner.RunAsync());
    }
}
