using Lianka.Host.Proof;
using Lianka.Modules.Ledger;
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
            drop index orders_settled;
            drop index orders_settled_in_parts;
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

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Transfers_of_an_older_database_stay_and_later_ones_come_behind_them(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        var before = await EntriesAsync(world);

        // As it was before 0023: every transfer is a row, numbered by the database.
        var isSqlite = kind == DatabaseKind.Sqlite;
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            $"""
            create table kept as select * from transfer where id in (select id from order_transfer);
            drop view entry;
            drop view transfer;
            drop view order_transfer;
            insert into transfer_row select * from kept;
            drop table kept;
            alter table orders drop column payer_after;
            alter table account drop column moved_by;
            alter table transfer_row rename to transfer;
            create view entry as select id from transfer;
            drop index orders_merchant;
            create index orders_merchant on orders (merchant_id, id);
            {(isSqlite
                ? "delete from id_block where name = 'ledger';"
                : "drop sequence ledger_number; alter table transfer alter column id add generated always as identity;")}
            delete from schema_change where number = 23;
            """));
        (await new SchemaRunner(world.Database, typeof(Modules.Inventory.VaultKeys).Assembly, TimeProvider.System).RunAsync())
            .ShouldBe(["0023-order-transfers.sql"]);
        (await EntriesAsync(world)).ShouldBe(before);
        (await world.Database.WriteAsync(async s => (await LedgerNumbers.DrawAsync(s, 1)).Next())).ShouldBe(LedgerNumbers.Start);
        var output = new StringWriter();
        (await Verification.RunAsync(world.Database, TimeProvider.System, output)).ShouldBeTrue(output.ToString());
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_merchants_earned_in_an_older_database_is_added_up(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            """
            drop table earning;
            drop table released_share;
            alter table figure_mark drop column earned_up_to;
            create table earned_from (party_id bigint);
            create table merchant_past (ancestor_id bigint);
            delete from schema_change where number in (100, 101);
            """));
        (await new SchemaRunner(world.Database, typeof(Modules.Inventory.VaultKeys).Assembly, TimeProvider.System).RunAsync())
            .ShouldBe(["0100-no-older-settlements.sql", "0101-earnings.sql"]);
        (await world.Database.ReadAsync(s => s.QueryAsync<string>("select party_id || ' ' || child_id || ' ' || amount from released_share order by 1")))
            .ShouldBe(["101 0 38000", "102 101 35000"]);
        var output = new StringWriter();
        (await Verification.RunAsync(world.Database, TimeProvider.System, output)).ShouldBeTrue(output.ToString());
    }

    private static Task<List<string>> EntriesAsync(World world) => world.Database.ReadAsync(s => s.QueryAsync<string>(
        """
        select transfer_id || ' ' || posting_id || ' ' || kind || ' ' || account_id || ' ' || other_account_id || ' ' || amount || ' '
            || coalesce(balance_after, 0) || ' ' || coalesce(order_id, 0) || ' ' || at from entry order by 1
        """));

    private static Task<List<string>> LinesAsync(World world) => world.Database.ReadAsync(s => s.QueryAsync<string>(
        "select order_id || ' ' || role || ' ' || party_id || ' ' || amount || ' ' || settlement_id from settlement_line order by 1"));
}
