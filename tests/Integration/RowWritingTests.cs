using Lianka.Platform.Data;

namespace Lianka.Tests.Integration;

public sealed class RowWritingTests
{
    private sealed record Thing
    {
        public long Id { get; init; }
        public long? Number { get; init; }
        public string? Text { get; init; }
        public byte[]? Bytes { get; init; }
    }

    private static readonly Thing[] _things =
    [
        new() { Id = 1 },
        new() { Id = 2, Number = long.MinValue, Text = "", Bytes = [] },
        new() { Id = 3, Number = long.MaxValue, Text = "卡密 🎫 'a'", Bytes = [0, 255, 0] },
        new() { Id = 4 },
    ];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Rows_read_back_as_they_were_written(DatabaseKind kind)
    {
        await using var world = await WithTableAsync(kind);
        await world.Database.WriteAsync(s => InsertAsync(s, _things));
        var found = await world.Database.ReadAsync(s => s.QueryAsync<Thing>("select id, number, text, bytes from thing order by id"));
        found.Select(Show).ShouldBe(_things.Select(Show));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_row_that_is_there_already_is_a_duplicate_and_undoes_the_transaction(DatabaseKind kind)
    {
        await using var world = await WithTableAsync(kind);
        var fault = await Should.ThrowAsync<System.Data.Common.DbException>(() => world.Database.WriteAsync(s => InsertAsync(s, [.. _things, _things[1]])));
        Database.IsDuplicate(fault).ShouldBeTrue();
        (await CountAsync(world)).ShouldBe(0);

        await world.Database.WriteAsync(s => InsertAsync(s, _things));
        (await CountAsync(world)).ShouldBe(_things.Length);
    }

    [Fact]
    public async Task Statements_kept_by_the_writer_survive_a_change_of_the_schema()
    {
        await using var world = await WithTableAsync(DatabaseKind.Sqlite);
        await world.Database.WriteAsync(s => InsertAsync(s, _things[..1]));
        await world.Database.WriteAsync(s => s.ExecuteAsync("alter table thing add column more integer not null default 7"));
        await world.Database.WriteAsync(s => InsertAsync(s, _things[1..]));
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select sum(more) from thing"))).ShouldBe(7L * _things.Length);
    }

    [Fact]
    public async Task A_statement_for_each_row_counts_what_it_changed_and_wants_all_its_values()
    {
        await using var world = await WithTableAsync(DatabaseKind.Sqlite);
        await world.Database.WriteAsync(s => InsertAsync(s, _things));
        long[] ids = [2, 3, 9];
        var changed = await world.Database.WriteAsync(s => Task.FromResult(
            s.ForEach("update thing set number = 5 where id = ?1", ids, static (id, w) => w.Number(id))));
        changed.ShouldBe(2);
        await Should.ThrowAsync<InvalidOperationException>(() => world.Database.WriteAsync(s =>
            Task.FromResult(s.ForEach("update thing set number = ?2 where id = ?1", ids, static (id, w) => w.Number(id)))));
        await Should.ThrowAsync<InvalidOperationException>(() => world.Database.ReadAsync(s =>
            Task.FromResult(s.ForEach("update thing set number = 5 where id = ?1", ids, static (id, w) => w.Number(id)))));
    }

    [Fact]
    public async Task F11_the_connection_that_writes_forces_each_commit_to_the_disk()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Sqlite);
        (await world.Database.WriteAsync(s => s.ScalarAsync<long>("pragma synchronous"))).ShouldBe(2);
        (await world.Database.WriteAsync(s => s.ScalarAsync<string>("pragma journal_mode"))).ShouldBe("wal");
    }

    [Fact]
    public async Task The_connection_that_writes_is_kept_until_the_database_faults()
    {
        await using var world = await WithTableAsync(DatabaseKind.Sqlite);
        var first = await ConnectionAsync();
        (await ConnectionAsync()).ShouldBeSameAs(first);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => world.Database.WriteAsync(s => InsertAsync(s, [_things[0], _things[0]])));
        await Should.ThrowAsync<InvalidOperationException>(() => world.Database.WriteAsync(Task (_) => throw new InvalidOperationException("It changed its mind.")));
        (await ConnectionAsync()).ShouldBeSameAs(first, "what was rolled back left nothing behind");
        (await CountAsync(world)).ShouldBe(0);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => world.Database.WriteAsync(s => s.ExecuteAsync("insert into nothing values (1)")));
        (await ConnectionAsync()).ShouldNotBeSameAs(first);

        Task<System.Data.Common.DbConnection> ConnectionAsync() => world.Database.WriteAsync(s => Task.FromResult(s.Connection));
    }

    private static async Task<World> WithTableAsync(DatabaseKind kind)
    {
        var world = await World.CreateAsync(kind);
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            $"create table thing (id bigint primary key, number bigint, text text, bytes {(kind == DatabaseKind.Postgres ? "bytea" : "blob")})"));
        return world;
    }

    private static Task InsertAsync(Session session, Thing[] things) => session.InsertAsync("thing", "id, number, text, bytes", things, static (t, w) =>
    {
        w.Number(t.Id);
        w.Number(t.Number);
        w.Text(t.Text);
        w.Bytes(t.Bytes);
    });

    private static Task<long> CountAsync(World world) => world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from thing"));

    private static string Show(Thing t) =>
        $"{t.Id} {t.Number?.ToString() ?? "null"} {t.Text ?? "null"} {(t.Bytes is null ? "null" : Convert.ToHexString(t.Bytes))}";
}
