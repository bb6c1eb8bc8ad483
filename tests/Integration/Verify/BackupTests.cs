using Lianka.Host;
using Lianka.Host.Commands;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Verify;

public sealed class BackupTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_wrecked_database_is_whole_again_after_restore(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        var file = FileIn(world, "a.backup");
        var said = await RunAsync(Backup.RunAsync, world.Settings, file);
        said.ShouldContain("master key is NOT in it");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = await SumAsync(world.Database);

        await world.Database.WriteAsync(s => s.ExecuteAsync("delete from transfer_row where kind = 'top_up'; drop table settlement; create table of_tomorrow (id integer)"));
        await CloseAsync(world);
        (await Should.ThrowAsync<IOException>(() => RunAsync(Restore.RunAsync, world.Settings, file))).Message.ShouldContain("--force");
        (await Should.ThrowAsync<Exception>(() => RunAsync(Lianka.Host.Commands.Verify.RunAsync, world.Settings))).ShouldBeAssignableTo<System.Data.Common.DbException>();

        said = await RunAsync(Restore.RunAsync, world.Settings, file, "--force");
        said.ShouldContain("I1 ok");
        said.ShouldContain("I17 ok");
        await using var restored = Composition.OpenDatabase(world.Settings);
        (await SumAsync(restored)).ShouldBe(before);
        // The sequences and marks go on where they were: the next posting is like any other.
        await restored.WriteAsync(s => LedgerWrites.WriteAsync(s,
            [new TransferRow(new PostingId(9), "test", new AccountId(1), new AccountId(2), new Money(1), null, null, null, DateTimeOffset.UnixEpoch)], []));
        await Should.ThrowAsync<System.Data.Common.DbException>(() => restored.ReadAsync(s => s.ScalarAsync<long>("select count(*) from of_tomorrow")));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_backup_beside_a_running_node_is_one_moment(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var books = await Ledger.Books.OpenAsync(world);
        var wallets = new[] { await books.WalletAsync(1, "100"), await books.WalletAsync(2, "100") };
        using var stop = new CancellationTokenSource();
        var trading = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) await books.PostAsync(wallets[i % 2], wallets[(i + 1) % 2], "1");
        });
        var files = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            files.Add(FileIn(world, $"{i}.backup"));
            await RunAsync(Backup.RunAsync, world.Settings, files[i]);
        }

        await stop.CancelAsync();
        await trading;
        await CloseAsync(world);
        foreach (var file in files) (await RunAsync(Restore.RunAsync, world.Settings, file, "--force")).ShouldContain("I2 ok");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Restore_refuses_while_a_node_is_running_and_what_is_no_backup(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await SampleTrade.CreateAsync(world);
        var file = FileIn(world, "a.backup");
        await RunAsync(Backup.RunAsync, world.Settings, file);
        var before = await SumAsync(world.Database);

        await using (var node = await world.Database.OpenAsync())
        {
            await using var read = node.CreateCommand();
            read.CommandText = "select count(*) from account";
            await read.ExecuteScalarAsync();
            (await Should.ThrowAsync<IOException>(() => RunAsync(Restore.RunAsync, world.Settings, file, "--force"))).Message.ShouldContain("stop");
        }

        await CloseAsync(world);
        var text = FileIn(world, "letter.txt");
        await File.WriteAllTextAsync(text, "Dear operator, this is a letter and no backup.");
        (await Should.ThrowAsync<IOException>(() => RunAsync(Restore.RunAsync, world.Settings, text, "--force"))).Message.ShouldContain("not a backup");

        // Cut off in the middle: what was there still is.
        var bytes = await File.ReadAllBytesAsync(file);
        var cut = FileIn(world, "cut.backup");
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length * 2 / 3)]);
        await Should.ThrowAsync<Exception>(() => RunAsync(Restore.RunAsync, world.Settings, cut, "--force"));
        await using var database = Composition.OpenDatabase(world.Settings);
        (await SumAsync(database)).ShouldBe(before);
        // A backup never writes over a file.
        await Should.ThrowAsync<IOException>(() => RunAsync(Backup.RunAsync, world.Settings, file));
        (await File.ReadAllBytesAsync(file)).ShouldBe(bytes);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Restore_says_when_the_master_key_is_another(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var file = FileIn(world, "a.backup");
        await RunAsync(Backup.RunAsync, world.Settings, file);
        await CloseAsync(world);
        var output = new StringWriter();
        (await Restore.RunAsync(world.Settings with { MasterKey = new byte[32] }, [file, "--force"], output)).ShouldBe(1);
        output.ToString().ShouldContain("master key of this installation is not the one of the backup");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_backup_from_yesterday_is_judged_by_the_clock_of_yesterday(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        clock.Turn(TimeSpan.FromDays(-1));
        await using var world = await World.CreateAsync(kind, s => s.AddSingleton<TimeProvider>(clock));
        await SampleTrade.CreateAsync(world);
        var file = FileIn(world, "a.backup");
        await RunAsync(Backup.RunAsync, world.Settings, file);
        await CloseAsync(world);
        (await RunAsync(Restore.RunAsync, world.Settings, file, "--force")).ShouldContain("I17 ok");
        var output = new StringWriter();
        (await Lianka.Host.Commands.Verify.RunAsync(world.Settings, [], output)).ShouldBe(1);
        output.ToString().ShouldContain("does not hold: no reservation outlives its time");
    }

    private static string FileIn(World world, string name) => Path.Combine(world.Settings.DataFolder, name);

    private static async Task<string> RunAsync(Func<Settings, string[], TextWriter, Task<int>> verb, Settings settings, params string[] args)
    {
        var output = new StringWriter();
        (await verb(settings, args, output)).ShouldBe(0, output.ToString());
        return output.ToString();
    }

    private static Task<string?> SumAsync(Database database) => database.ReadAsync(s => s.ScalarAsync<string>(
        """
        select (select count(*) from transfer) || ' ' || (select sum(id * amount) from transfer) || ' ' || (select sum(balance) from account)
            || ' ' || (select count(*) from settlement_line) || ' ' || (select count(*) from card)
        """));

    /// <summary>As if the node had stopped: nobody has the database open any more.</summary>
    private static async Task CloseAsync(World world)
    {
        if (world.Kind == DatabaseKind.Sqlite)
        {
            await world.Database.DisposeAsync();
            return;
        }

        await using var own = Database.OpenPostgres($"{world.Settings.Database};Pooling=false");
        await own.ReadAsync(s => s.ScalarAsync<long>(
            "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"));
    }
}
