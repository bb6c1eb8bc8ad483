using Lianka.Host.Proof;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Verify;

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

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Settlement_lines_of_an_older_database_stay_as_they_were(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        var before = await LinesAsync(world);

        // As it was before 0021: every released order has its lines in a table.
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            """
            create table kept as select settlement_id, order_id, party_id, role, amount from settlement_line where order_id = 408;
            drop view settlement_line;
            insert into settlement_part (settlement_id, order_id, party_id, role, account_id, amount)
                select settlement_id, order_id, party_id, role, 1, amount from kept;
            drop table kept;
            drop table earned_from;
            alter table orders drop column settlement_id;
            drop index settlement_part_party;
            alter table settlement_part rename to settlement_line;
            create index settlement_line_party on settlement_line (party_id, order_id);
            create index settlement_line_settlement on settlement_line (settlement_id);
            delete from schema_change where number = 21;
            """));
        (await new SchemaRunner(world.Database, typeof(Modules.Inventory.VaultKeys).Assembly, TimeProvider.System).RunAsync())
            .ShouldBe(["0021-settlement.sql"]);
        (await LinesAsync(world)).ShouldBe(before);
        var output = new StringWriter();
        (await Verification.RunAsync(world.Database, TimeProvider.System, output)).ShouldBeTrue(output.ToString());
    }

    private static Task<List<string>> LinesAsync(World world) => world.Database.ReadAsync(s => s.QueryAsync<string>(
        "select order_id || ' ' || role || ' ' || party_id || ' ' || amount || ' ' || settlement_id from settlement_line order by 1"));
}
