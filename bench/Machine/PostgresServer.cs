using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lianka.Bench.Machine;

/// <summary>A private PostgreSQL in a folder of its own, durable as in production, stopped and deleted at the end.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly bool _asRoot = Environment.UserName == "root";
    private readonly string _root;
    private readonly string _settings;
    private readonly bool _isKept;

    public int Port { get; } = FreePort.Find();
    public string DataFolder { get; }

    private PostgresServer(string root, string settings, bool isKept) =>
        (_root, _settings, _isKept, DataFolder) = (root, settings, isKept, Path.Combine(root, "data"));

    /// <param name="settings">Further settings, as <c>-c name=value</c>.</param>
    /// <param name="keep">A folder that stays, with its data, for the next run; null: a new one, deleted at the end.</param>
    public static async Task<PostgresServer> StartAsync(string settings = "", string? keep = null)
    {
        var root = keep is null ? Directory.CreateTempSubdirectory("lianka-bench-pg-").FullName : Directory.CreateDirectory(keep).FullName;
        var server = new PostgresServer(root, settings, keep is not null);
        if (_asRoot) await Shell.RunAsync("chown", "nobody", root);
        if (!File.Exists(Path.Combine(server.DataFolder, "PG_VERSION"))) await server.ProgramAsync("initdb", "-D", server.DataFolder, "-A", "trust", "-U", "lianka", "--locale=C.UTF-8", "--encoding=UTF8");
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the server (again) and waits until it takes connections.</summary>
    public Task StartAsync() => ProgramAsync("pg_ctl", "-D", DataFolder, "-w", "-t", "120", "-l", Path.Combine(_root, "log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 " +
        "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=4GB -c max_wal_size=16GB " +
        $"-c checkpoint_timeout=15min -c wal_compression=off {_settings}", "start");

    /// <param name="mode">smart, fast or immediate (as after a power cut).</param>
    public Task StopAsync(string mode) => ProgramAsync("pg_ctl", "-D", DataFolder, "-m", mode, "-w", "stop");

    public async Task<string> NewDatabaseAsync(string name)
    {
        await ExecuteAsync("postgres", $"create database \"{name}\"");
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=lianka;Database={database};Timeout=30;Command Timeout=600";

    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task<bool> HasDatabaseAsync(string name) =>
        await ExecuteAsync("postgres", $"select 1 from pg_database where datname = '{name}'") is not null;

    /// <summary>The path of a program of this server's version, for example pgbench.</summary>
    public static string Program(string name) => Folders().Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"PostgreSQL's {name} was not found.");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(_isKept ? "fast" : "immediate");
        }
        catch (InvalidOperationException)
        {
            // It was not running: a run that stopped the server itself.
        }

        if (!_isKept) Directory.Delete(_root, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    private Task ProgramAsync(string name, params string[] args) => _asRoot
        ? Shell.RunAsync("runuser", ["-u", "nobody", "--", Program(name), .. args])
        : Shell.RunAsync(Program(name), args);

    private static IEnumerable<string> Folders() =>
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
        .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => $"{d}/bin") : [],
    ];
}

internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

internal static class Shell
{
    /// <summary>Runs a program to its end; its output goes nowhere, because a server that it starts would hold a pipe open.</summary>
    /// <exception cref="InvalidOperationException">It ended with a code other than 0.</exception>
    public static async Task RunAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (var arg in (string[])["-c", "\"$@\" >/dev/null 2>&1", "sh", program, .. args]) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    /// <summary>Runs a program to its end and gives what it printed.</summary>
    public static async Task<string> OutputAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
