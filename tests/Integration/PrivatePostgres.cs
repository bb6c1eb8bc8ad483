using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Npgsql;

namespace Lianka.Tests.Integration;

/// <summary>One private PostgreSQL for the whole test run: made on first use, stopped and deleted at the end.</summary>
public static class PrivatePostgres
{
    private static readonly Lazy<Task<string>> _start = new(StartAsync);
    private static int _count;

    /// <summary>The connection string of a new database that already has the schema.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await _start.Value;
        var name = $"t{Interlocked.Increment(ref _count)}";
        await RunAsync(server, $"create database {name} template lianka_template");
        return $"{server};Database={name}";
    }

    private static async Task<string> StartAsync()
    {
        var bin = FindBin();
        var root = Directory.CreateTempSubdirectory("lianka-pg-").FullName;
        var data = Path.Combine(root, "data");
        var port = FreePort();
        var asRoot = Environment.UserName == "root";
        if (asRoot) Run("chown", "nobody", root);
        Run2(asRoot, $"{bin}/initdb", "-D", data, "-A", "trust", "-U", "lianka", "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8");
        Run2(asRoot, $"{bin}/pg_ctl", "-D", data, "-w", "-l", Path.Combine(root, "log"), "-o",
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=off", "start");
        StopWhenWeAreGone(asRoot, bin, data, root);
        var server = $"Host=127.0.0.1;Port={port};Username=lianka;Timeout=30;Command Timeout=60";
        await RunAsync(server, "create database lianka_template");
        await using (var template = Database.OpenPostgres($"{server};Database=lianka_template"))
            await new SchemaRunner(template, typeof(VaultKeys).Assembly, TimeProvider.System).RunAsync();
        NpgsqlConnection.ClearAllPools();
        return server;
    }

    /// <summary>
    /// A shell outlives this process, however it ends, and cleans up: test runners give no time for it, and may be killed.
    /// </summary>
    private static void StopWhenWeAreGone(bool asRoot, string bin, string data, string root)
    {
        const string script = """
            trap '' INT TERM HUP; exec >/dev/null 2>&1 </dev/null
            while kill -0 "$1"; do sleep 0.5; done
            if [ "$2" = root ]; then runuser -u nobody -- "$3/pg_ctl" -D "$4" -m immediate stop; else "$3/pg_ctl" -D "$4" -m immediate stop; fi
            rm -rf "$5"
            """;
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (var arg in (string[])["-c", script, "sh", $"{Environment.ProcessId}", asRoot ? "root" : "", bin, data, root])
            start.ArgumentList.Add(arg);
        Process.Start(start)!.Dispose();
    }

    private static string FindBin()
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
            .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => $"{d}/bin") : []];
        return folders.FirstOrDefault(f => File.Exists($"{f}/initdb") && File.Exists($"{f}/pg_ctl"))
            ?? throw new InvalidOperationException("PostgreSQL is not installed (initdb was not found): ./test installs it.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // PostgreSQL refuses to run as root.
    private static void Run2(bool asRoot, string program, params string[] args)
    {
        if (asRoot) Run("runuser", ["-u", "nobody", "--", program, .. args]);
        else Run(program, args);
    }

    private static void Run(string program, params string[] args)
    {
        // The server inherits our output, so nothing is redirected: reading would never end.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("\"$@\" >/dev/null 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
