using System.Diagnostics;
using Lianka.Host.Commands;
using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Inventory;

/// <summary>F36: duplicate or used codes; an import stopped half-way.</summary>
public sealed class F36Tests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private static string Cards(int count, string prefix = "CARD") => string.Join('\n', Enumerable.Range(0, count).Select(i => $"{prefix}-{i:D7}"));

    [Theory, MemberData(nameof(Both))]
    public async Task F36_A_code_that_was_sold_before_is_a_duplicate(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var first = await ImportTests.ImportAsync(world, goods, "USED\n");
        await world.Database.WriteAsync(s => s.ExecuteAsync("update lot set next = total + 1 where id = @LotId", new { first.LotId }));
        var job = await ImportTests.ImportAsync(world, goods, "USED\nNEW\n");
        (job.Imported, job.DuplicateInStock).ShouldBe((1, 1));
    }

    public static TheoryData<DatabaseKind, string> Breaks => new()
    {
        { DatabaseKind.Sqlite, "reading" }, { DatabaseKind.Postgres, "reading" },
        { DatabaseKind.Sqlite, "cards" }, { DatabaseKind.Postgres, "cards" },
        { DatabaseKind.Sqlite, "lot" }, { DatabaseKind.Postgres, "lot" },
        { DatabaseKind.Sqlite, "job" }, { DatabaseKind.Postgres, "job" },
    };

    [Theory, MemberData(nameof(Breaks))]
    public async Task F36_A_fault_at_any_step_leaves_no_card_and_no_lot(DatabaseKind kind, string step)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        await BreakAsync(world, step);
        var content = step == "reading" ? new BreakingStream(Cards(5_000)) : ImportTests.Bytes(Cards(5_000) + "\nbad row here\n");
        var desk = world.Get<ImportDesk>();
        var start = await desk.RunAsync(ImportTests.Request(goods), content);
        var job = (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!;
        (job.State, job.Failure, job.Imported, job.LotId).ShouldBe((ImportState.Failed, "fault", 0, null));
        await ImportTests.NothingIsThereAsync(world);

        await MendAsync(world, step);
        (await ImportTests.ImportAsync(world, goods, Cards(5_000))).Imported.ShouldBe(5_000);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F36_A_node_that_stops_leaves_nothing_of_its_imports_and_says_so(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var desk = new ImportDesk(world.Database, world.Vault, world.Get<IdSource>(), world.Get<Modules.Catalog.Catalog>(),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ImportDesk>.Instance);
        var ids = new List<long>();
        for (var i = 0; i < 2; i++)
            ids.Add((await desk.StartAsync(ImportTests.Request(goods), ImportTests.Bytes(Cards(200_000, $"N{i}")))).ShouldBeOfType<ImportStart.Accepted>().Id);
        while ((await desk.FindAsync(ids[0], null))!.Rows == 0) await Task.Delay(1);
        await desk.DisposeAsync();
        foreach (var id in ids)
        {
            var job = (await world.Get<ImportDesk>().FindAsync(id, null))!;
            (job.State, job.Failure).ShouldBe((ImportState.Failed, "stopped"));
        }

        await ImportTests.NothingIsThereAsync(world);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F36_An_import_that_was_given_up_takes_no_effect_afterwards(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var desk = world.Get<ImportDesk>();
        // Another node thinks this one is dead, just before it would have finished.
        var start = await desk.RunAsync(ImportTests.Request(goods), ImportTests.Bytes(Cards(100)), id =>
            world.Database.WriteAsync(async s =>
            {
                await s.ExecuteAsync("update import_job set beat_at = @At where id = @id", new { id, At = DateTimeOffset.UtcNow - (2 * ImportDesk.BeatMissing) });
            }).ContinueWith(_ => desk.SweepAsync()).Unwrap().GetAwaiter().GetResult());
        var job = (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!;
        (job.State, job.Failure).ShouldBe((ImportState.Failed, "interrupted"));
        await ImportTests.NothingIsThereAsync(world);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F36_An_import_killed_with_its_process_leaves_nothing_and_is_swept(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var file = Path.Combine(world.Settings.DataFolder, "cards.txt");
        await File.WriteAllTextAsync(file, Cards(400_000));

        // Killed while it reads, while it seals, while it writes: at a percentage of its own report.
        foreach (var percent in new[] { 1, 50, 76 })
        {
            (await KilledAtAsync(world, file, percent)).ShouldBeTrue($"the import was over before {percent} %");
            await ImportTests.NothingIsThereAsync(world);
        }

        var desk = world.Get<ImportDesk>();
        (await desk.SweepAsync()).ShouldBe(0, "their last beat is young");
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            "update import_job set beat_at = @At", new { At = DateTimeOffset.UtcNow - ImportDesk.BeatMissing - TimeSpan.FromSeconds(1) }));
        (await desk.SweepAsync()).ShouldBe(3);
        (await desk.ListAsync(null)).ShouldAllBe(j => j.State == ImportState.Failed && j.Failure == "interrupted");

        var output = new StringWriter();
        (await ImportCommand.RunAsync(world.Settings, ["--supply", "sku-a:supplier-a", "--file", file, "--expires", "2099-12-31"], output)).ShouldBe(0);
        output.ToString().ShouldContain("done: 400000 rows, 400000 imported, 0 duplicate in file, 0 duplicate in stock, 0 malformed; lot lot_");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F36_A_spreadsheet_stopped_half_way_leaves_nothing_and_duplicates_in_it_are_found(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        await ImportTests.ImportAsync(world, goods, "USED\n");
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => Workbook.Row($"N{i}", $"S{i}")));
        var desk = world.Get<ImportDesk>();
        var request = ImportTests.Request(goods) with { Format = CardFormat.Xlsx };

        // What is wrong stands in the last row: 20,000 were read, looked up and sealed before.
        var start = await desk.RunAsync(request, new Workbook($"{rows}<row><c t=\"s\"><v>7</v></c></row>").Build());
        var job = (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!;
        (job.State, job.Failure, job.Imported, job.LotId).ShouldBe((ImportState.Failed, "broken_xlsx", 0, null));
        (await ImportTests.CountAsync(world, "card")).ShouldBe(1);

        start = await desk.RunAsync(request, new Workbook($"{rows}{Workbook.Row("", "USED")}{Workbook.Row("N7", "S7")}").Build());
        job = (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!;
        (job.State, job.Imported, job.DuplicateInFile, job.DuplicateInStock).ShouldBe((ImportState.Done, 20_000, 1, 1));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_command_prints_the_rows_left_out_and_fails_on_a_bad_file(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var file = Path.Combine(world.Settings.DataFolder, "cards.csv");
        await File.WriteAllTextAsync(file, "number,secret\n1,A\n2,A\n1,A\n3,\n");
        string[] args = ["--supply", goods.Supply.Id.ToString(), "--file", file];
        var output = new StringWriter();
        (await ImportCommand.RunAsync(world.Settings, args, output)).ShouldBe(0);
        output.ToString().ShouldContain("row 4: duplicate_in_file: The same card stands in row 2 of this file.");
        output.ToString().ShouldContain("row 5: malformed: There is no secret in this row.");
        output.ToString().ShouldContain("done: 4 rows, 2 imported, 1 duplicate in file, 0 duplicate in stock, 1 malformed");

        var results = Path.Combine(world.Settings.DataFolder, "results.csv");
        (await ImportCommand.RunAsync(world.Settings, [.. args, "--results", results], output)).ShouldBe(0);
        (await File.ReadAllLinesAsync(results)).Length.ShouldBe(5);

        await File.WriteAllBytesAsync(file, [0xFF, 0xFE, 0x31, 0]);
        (await ImportCommand.RunAsync(world.Settings, args, output)).ShouldBe(1);
        output.ToString().ShouldContain("failed: The file is UTF-16");

        foreach (string[] bad in (string[][])[["--file", file], ["--supply", "nothing:here", "--file", file], [.. args, "--expires", "31.12.2099"],
            [.. args, "--expires", "2001-01-01"], [.. args, "--color", "red"], [.. args, "--note"], [.. args, "--format", "ods"], [.. args, "--kind", "coupon"]])
            await Should.ThrowAsync<UsageException>(() => ImportCommand.RunAsync(world.Settings, bad, output));
    }

    private static async Task<bool> KilledAtAsync(World world, string file, int percent)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var arg in new[] { typeof(ImportCommand).Assembly.Location, "import", "--supply", "sku-a:supplier-a", "--file", file })
            start.ArgumentList.Add(arg);
        start.Environment["LIANKA_DATA"] = world.Settings.DataFolder;
        start.Environment["LIANKA_DATABASE"] = world.Settings.Database;
        start.Environment["LIANKA_MASTER_KEY"] = Convert.ToBase64String(world.Settings.MasterKey);
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("done", StringComparison.Ordinal)) break;
            if (int.TryParse(line.Split('%')[0].Trim(), out var now) && now >= percent)
            {
                process.Kill(); // SIGKILL: no handler runs.
                await process.WaitForExitAsync();
                return true;
            }
        }

        await process.WaitForExitAsync();
        return false;
    }

    private static Task BreakAsync(World world, string step) => step == "reading" ? Task.CompletedTask : world.Database.WriteAsync(async s =>
    {
        var (table, when, body) = step switch
        {
            "cards" => ("card", "before insert", "new.seq = 4000"),
            "lot" => ("lot", "before insert", "1 = 1"),
            _ => ("import_job", "before update", "new.state = 'done'"),
        };
        if (s.Kind == DatabaseKind.Sqlite)
        {
            await s.ExecuteAsync($"create trigger breaks {when} on {table} when {body} begin select raise(abort, 'broken on purpose'); end");
            return;
        }

        await s.ExecuteAsync("create function breaks() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$");
        await s.ExecuteAsync($"create trigger breaks {when} on {table} for each row when ({body}) execute function breaks()");
    });

    private static Task MendAsync(World world, string step) => step == "reading" ? Task.CompletedTask : world.Database.WriteAsync(async s =>
    {
        if (s.Kind == DatabaseKind.Sqlite) await s.ExecuteAsync("drop trigger breaks");
        else await s.ExecuteAsync("drop function breaks cascade");
    });

    /// <summary>Breaks off in the middle, as a connection does.</summary>
    private sealed class BreakingStream(string text) : MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            Position > Length / 2 ? throw new IOException("broken on purpose") : base.Read(buffer, offset, Math.Min(count, 4_096));
    }
}
