using System.Diagnostics;
using Lianka.Host.Commands;
using Lianka.Platform;
using Lianka.Platform.Data;
using Npgsql;

namespace Lianka.Tests.Integration.Faults;

public sealed class DurabilityTests
{
    [Fact]
    public async Task F11_Each_setting_of_PostgreSQL_that_loses_commits_is_named_wherever_it_was_set()
    {
        // The tests' own server runs without fsync, which is the first to be seen.
        var server = await PrivatePostgres.NewDatabaseAsync();
        (await FaultsAsync(server)).ShouldBe(["fsync=off"]);
        (await FaultsAsync($"{server};Options=-c synchronous_commit=off")).ShouldBe(["fsync=off", "synchronous_commit=off"]);
        (await FaultsAsync($"{server};Options=-c synchronous_commit=local")).ShouldBe(["fsync=off"], "the own disk is waited for");

        var name = new NpgsqlConnectionStringBuilder(server).Database;
        await using (var database = Database.OpenPostgres(server))
            await database.WriteAsync(s => s.ExecuteAsync($"alter database {name} set synchronous_commit = off"));
        (await FaultsAsync($"{server};Application Name=afterwards")).ShouldBe(["fsync=off", "synchronous_commit=off"]);
    }

    [Fact]
    public async Task F11_SQLite_without_a_write_ahead_log_is_named_and_one_of_ours_is_durable()
    {
        await using (var world = await World.CreateAsync(DatabaseKind.Sqlite))
            (await Durability.FaultsAsync(world.Database)).ShouldBeEmpty();
        await using var forgetful = Database.OpenSqlite(":memory:");
        (await Durability.FaultsAsync(forgetful)).Select(f => $"{f.Name}={f.Value}").ShouldBe(["journal_mode=memory"]);
    }

    [Fact]
    public async Task F11_A_node_refuses_to_start_on_a_database_that_loses_commits_unless_that_is_allowed()
    {
        await using var world = await World.CreateAsync(DatabaseKind.Postgres);
        var (code, errors) = await ServeAsync(world.Settings, allowed: null);
        code.ShouldBe(2);
        errors.ShouldContain("fsync is 'off': set fsync = on in postgresql.conf");
        errors.ShouldContain("LIANKA_UNSAFE_DATABASE=allow");

        (code, errors) = await ServeAsync(world.Settings, allowed: "yes");
        code.ShouldBe(2);
        errors.ShouldContain("LIANKA_UNSAFE_DATABASE must be refuse or allow");

        (code, var output) = await ServeAsync(world.Settings, allowed: "allow");
        code.ShouldBe(0);
        output.ShouldContain("WARNING, allowed by LIANKA_UNSAFE_DATABASE");
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(string connection)
    {
        await using var database = Database.OpenPostgres(connection);
        return [.. (await Durability.FaultsAsync(database)).Select(f => $"{f.Name}={f.Value}")];
    }

    /// <returns>How it ended by itself, or after it had become ready and was told to stop; and what it said.</returns>
    private static async Task<(int Code, string Said)> ServeAsync(Settings settings, string? allowed)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ImportCommand).Assembly.Location);
        start.ArgumentList.Add("serve");
        start.Environment["LIANKA_DATA"] = settings.DataFolder;
        start.Environment["LIANKA_DATABASE"] = settings.Database;
        start.Environment["LIANKA_URLS"] = "http://127.0.0.1:0";
        start.Environment["LIANKA_MASTER_KEY"] = Convert.ToBase64String(settings.MasterKey);
        if (allowed is null) start.Environment.Remove("LIANKA_UNSAFE_DATABASE");
        else start.Environment["LIANKA_UNSAFE_DATABASE"] = allowed;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = new StringWriter();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            await said.WriteLineAsync(line);
            if (!line.StartsWith("Lianka is ready", StringComparison.Ordinal)) continue;
            using var stop = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await stop.WaitForExitAsync();
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, $"{said}{await errors}");
    }
}
