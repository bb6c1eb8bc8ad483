using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Host;
using Lianka.Host.Proof;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Bench.Orders;

/// <summary>Signed orders over HTTP, beside pgbench on the same server in the same run.</summary>
/// <remarks>Counted are new rows of the database, never answers. Every database is verified at the end.</remarks>
internal sealed class BenchOrders(BenchOrders.Plan plan, TextWriter output) : IAsyncDisposable
{
    public const string Arguments = "[--seconds N] [--pairs N] [--cards N] [--present N] [--parts a,b] [--keep FOLDER [--reuse]] [--report FILE]";

    /// <param name="Present">Orders that stand in the tables before anything is measured.</param>
    /// <param name="Keep">A folder in which the filled market stays for the next run.</param>
    /// <param name="IsReused">The market as the last run left it, when it holds enough orders.</param>
    /// <param name="Parts">Which parts: see <see cref="All"/>.</param>
    internal sealed record Plan(double Seconds, int Pairs, long Cards, long Present, string? Keep, bool IsReused, string? Report, IReadOnlyList<string> Parts);

    private static readonly string[] All = ["pairs", "64", "hot", "two", "lists", "sold", "ordinary", "settle", "sqlite"];

    /// <summary>More than the load on one SKU can sell in its time.</summary>
    private long HotCards => plan.Parts.Contains("hot") ? (long)(plan.Seconds * 12_000) : 0;

    private readonly StringBuilder _report = new();
    private readonly string _folder = plan.Keep is { } keep ? Directory.CreateDirectory(keep).FullName : PassableFolder();
    private readonly List<double> _pgbench = [];
    private PostgresServer _server = null!; // Null until it has started.
    private int _runs;

    private string Callers => Path.Combine(_folder, "callers");

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var parts = Text("--parts", string.Join(',', All)).Split(',');
        if (parts.Except(All).FirstOrDefault() is { } unknown)
        {
            await output.WriteLineAsync($"There is no part '{unknown}'; there are {string.Join(", ", All)}.");
            return 2;
        }

        await using var bench = new BenchOrders(new Plan(
            Number("--seconds", 60), (int)Number("--pairs", 3), Number("--cards", 8_000_000), Number("--present", 3_000_000),
            Array.IndexOf(args, "--keep") >= 0 ? Text("--keep", "") : null, Array.IndexOf(args, "--reuse") >= 0,
            Array.IndexOf(args, "--report") >= 0 ? Text("--report", "") : null, parts), output);
        return await bench.RunAsync() ? 0 : 1;

        string Text(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : fallback;
        long Number(string name, long fallback) => long.Parse(Text(name, $"{fallback}"), CultureInfo.InvariantCulture);
    }

    /// <summary>PostgreSQL, which runs as another user under root, must get through to its own folder.</summary>
    internal static string PassableFolder()
    {
        var folder = Directory.CreateTempSubdirectory("lianka-bench-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private async Task<bool> RunAsync()
    {
        _server = await PostgresServer.StartAsync(keep: Path.Combine(_folder, "pg"));
        await SayAsync($"{await Description.OfAsync(_server)}; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        await SayAsync("PostgreSQL with fsync, synchronous_commit and full_page_writes on.");
        await SayAsync("");
        var connection = await MarketAsync();
        var spread = Has("pairs") || Has("64") || Has("hot") || Has("two") ? await LoadsAsync(connection) : 0;
        var fine = !Has("lists") || await ListsAsync(connection);
        if (Has("pairs")) await SizesAsync();
        fine &= await VerifyAsync("market", connection);
        if (Has("sold")) await new SoldPart(_server, _folder, SayAsync).RunAsync(name => CopyAsync("full", name));
        if (Has("ordinary")) await OrdinaryAsync(spread);
        if (Has("settle")) fine &= await SettleAsync();
        if (Has("sqlite")) fine &= await SqliteAsync();
        await SayAsync($"Checksum of this page: {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_report.ToString())))[..16]}");
        if (plan.Report is { } file) await File.WriteAllTextAsync(file, _report.ToString());
        return fine;
    }

    /// <returns>The orders a second of the middle pair; 0 without pairs.</returns>
    private async Task<double> LoadsAsync(string connection)
    {
        await SayAsync("| what | orders/s | p50 ms | p99 ms | µs CPU an order: node + database + generator | node MB | idle cores | ratio |");
        await SayAsync("|---|---|---|---|---|---|---|---|");
        var spread = 0.0;
        await using (var node = await Node.StartAsync(_folder, connection, environment: Market.Environment))
        {
            await LoadAsync("warm-up", "market", [node], 256, Math.Min(10, plan.Seconds), isSaid: false);
            if (Has("pairs")) spread = await PairsAsync(node);
            if (Has("64")) await LoadAsync("64 connections", "market", [node], 64, plan.Seconds / 2);
            if (Has("hot"))
            {
                var hot = await LoadAsync("hot spot: one SKU, one account, 1,024 connections", "market", [node], 1_024, plan.Seconds / 2, 1, 1);
                if (spread > 0) await SayAsync($"| hot spot against spread | | | | | | | {hot / spread:F2} × |");
            }

            if (Has("two")) await TwoNodesAsync(node, connection);
        }

        return spread;
    }

    private async Task<bool> ListsAsync(string connection)
    {
        var contacts = await ListMarket.PrepareAsync(_folder, connection);
        await using var node = await Node.StartAsync(_folder, connection, environment: Market.Environment);
        return await new ListsPart(node, connection, Callers, contacts, SayAsync).RunAsync();
    }

    /// <summary>A market with cards and orders: made once when it is kept, copied for each run.</summary>
    private async Task<string> MarketAsync()
    {
        if (!await _server.HasDatabaseAsync("full"))
            await Market.FillAsync(_folder, await _server.NewDatabaseAsync("full"), new MarketSize(Cards: plan.Cards, Hot: HotCards), Callers, output);
        var connection = _server.ConnectionString("market");
        if (plan.IsReused && await _server.HasDatabaseAsync("market") && await CountAsync("market") >= plan.Present) return connection;
        await CopyAsync("full", "market");
        if (plan.Present == 0) return connection;
        var rate = await Filler.RunAsync(_folder, connection, plan.Present, "fill-");
        await SayAsync($"{plan.Present:N0} orders were put in first, through the engine without HTTP: {rate:N0} a second.");
        await SayAsync("");
        return connection;
    }

    private bool Has(string part) => plan.Parts.Contains(part);

    private async Task<double> PairsAsync(Node node)
    {
        await _server.ExecuteAsync("postgres", "drop database if exists pgb");
        await _server.NewDatabaseAsync("pgb");
        await Shell.OutputAsync(PostgresServer.Program("pgbench"), "-h", "127.0.0.1", "-p", $"{_server.Port}", "-U", "lianka", "-i", "-s", "50", "-q", "pgb");
        var rates = new List<double>();
        for (var pair = 1; pair <= plan.Pairs; pair++)
        {
            var tps = await PgbenchAsync();
            rates.Add(await LoadAsync($"pair {pair}: spread, 1,024 connections", "market", [node], 1_024, plan.Seconds, hasCheckpoint: true, against: tps));
        }

        rates.Sort();
        _pgbench.Sort();
        return rates[rates.Count / 2];
    }

    /// <summary>TPC-B, scale 50, 16 clients, prepared: its best setting here, with a checkpoint in the middle.</summary>
    private async Task<double> PgbenchAsync()
    {
        var checkpoint = CheckpointAsync(plan.Seconds / 2);
        var text = await Shell.OutputAsync(PostgresServer.Program("pgbench"), "-h", "127.0.0.1", "-p", $"{_server.Port}", "-U", "lianka",
            "-M", "prepared", "-c", "16", "-j", "2", "-T", plan.Seconds.ToString(CultureInfo.InvariantCulture), "pgb");
        await checkpoint;
        var line = text.Split('\n').First(l => l.StartsWith("tps = ", StringComparison.Ordinal));
        var tps = double.Parse(line[6..].Split(' ')[0], CultureInfo.InvariantCulture);
        _pgbench.Add(tps);
        await SayAsync($"| pgbench TPC-B, scale 50, 16 clients | {tps:N0} | | | | | | 1 |");
        return tps;
    }

    private async Task CheckpointAsync(double afterSeconds)
    {
        await Task.Delay(TimeSpan.FromSeconds(afterSeconds));
        await _server.ExecuteAsync("postgres", "checkpoint");
    }

    /// <returns>New rows a second.</returns>
    private async Task<double> LoadAsync(
        string what, string database, Node[] nodes, int connections, double seconds, int merchants = 10_000, int skus = 1_000,
        bool hasCheckpoint = false, double against = 0, bool isSaid = true)
    {
        const double warm = 2;
        var ids = nodes.Select(n => n.Id).ToArray();
        var before = await CountAsync(database);
        var usage = Usage.Read(ids);
        var checkpoint = hasCheckpoint ? CheckpointAsync(warm + (seconds / 2)) : Task.CompletedTask;
        var result = await LoadProcess.RunAsync(new LoadPlan(
            "orders", [.. nodes.Select(n => n.Address.ToString())], connections, 0, warm, seconds, 0, Callers, $"{_runs++}-{Environment.ProcessId}-",
            new() { ["merchants"] = $"{merchants}", ["skus"] = $"{skus}" }));
        var used = Usage.Read(ids) - usage;
        await checkpoint;
        var rows = await CountAsync(database) - before;
        var rate = rows / (warm + seconds);
        if (result.Statuses.Keys.Any(s => s != 201))
            await output.WriteLineAsync($"other answers: {string.Join(", ", result.Statuses.Select(s => $"{s.Key}: {s.Value:N0}"))}; {string.Join(' ', result.SampleByStatus.Where(s => s.Key != "201").Select(s => s.Value))}");
        if (!isSaid) return rate;
        var cores = Environment.ProcessorCount;
        var cpu = database == "sqlite"
            ? $"{used.Node / rows * 1e6:F0} + 0 + {result.CpuSeconds / result.Latencies.Total * 1e6:F0}"
            : $"{used.Node / rows * 1e6:F0} + {used.Postgres / rows * 1e6:F0} + {result.CpuSeconds / result.Latencies.Total * 1e6:F0}";
        var ratio = against > 0 ? $"{rate / against:F2} ×" : _pgbench.Count > 0 ? $"{rate / _pgbench[_pgbench.Count / 2]:F2} ×" : "";
        await SayAsync(
            $"| {what} | {rate:N0} | {result.Latencies.Milliseconds(.5):F1} | {result.Latencies.Milliseconds(.99):F1} | {cpu} | {nodes.Max(n => n.Memory().Peak) >> 20} | {used.Idle / (used.Idle + used.Busy) * cores:F2} | {ratio} |");
        return rate;
    }

    private async Task<long> CountAsync(string database) => database == "sqlite"
        ? await SqliteCountAsync()
        : (long)(await _server.ExecuteAsync(database, "select count(*) from orders"))!;

    private async Task<long> SqliteCountAsync()
    {
        await using var database = Database.OpenSqlite(Path.Combine(_folder, "sqlite", "lianka.db"));
        return await database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from orders"));
    }

    private async Task TwoNodesAsync(Node node, string connection)
    {
        var one = await LoadAsync("one node, 512 connections", "market", [node], 512, plan.Seconds / 2);
        await using var second = await Node.StartAsync(_folder, connection, environment: Market.Environment);
        await LoadAsync("warm-up", "market", [second], 256, Math.Min(10, plan.Seconds), isSaid: false);
        var two = await LoadAsync("two nodes on one database, same accounts and SKUs, 512 connections", "market", [node, second], 512, plan.Seconds / 2);
        var deadlocks = (long)(await _server.ExecuteAsync("market", "select deadlocks from pg_stat_database where datname = 'market'"))!;
        await SayAsync($"| two nodes against one; {deadlocks} deadlocks | | | | | | | {two / one:F2} × |");
    }

    private async Task SizesAsync()
    {
        var size = (string)(await _server.ExecuteAsync("market",
            """
            select string_agg(format('%s %s B (rows %s, indexes %s)', relname, round(pg_total_relation_size(c.oid) / n), round(pg_relation_size(c.oid) / n),
                   round(pg_indexes_size(c.oid) / n)), '; ' order by relname)
            from pg_class c, (select count(*)::numeric as n from orders) o where relname in ('orders', 'order_part', 'order_note', 'transfer_row')
            """))!;
        await SayAsync("");
        await SayAsync($"Bytes an order, in the database: {size}.");
        await SayAsync("");
    }

    /// <summary>The ordinary way has no HTTP, so the engine is measured without it too, besides the figure over HTTP.</summary>
    private async Task OrdinaryAsync(double spread)
    {
        const long count = 400_000;
        var connection = _server.ConnectionString("ordinary");
        await CopyAsync("full", "ordinary");
        var engine = await Filler.RunAsync(_folder, connection, count, "alone-");
        await SayAsync($"The engine without HTTP, in empty tables: {engine:N0} orders a second ({count:N0} orders).");
        foreach (var isWhole in (bool[])[false, true])
        {
            await CopyAsync("full", "ordinary");
            await Filler.RunAsync(_folder, connection, 1_024, "schema-"); // Brings the copy's schema up to date.
            var rate = await OrdinaryWay.RunAsync(connection, plan.Seconds / 2, isWhole);
            await SayAsync($"The ordinary way, one transaction an order, without HTTP, in empty tables{(isWhole ? ", all rows of the first layout" : "")}: {rate:N0} orders a second; "
                + $"the engine does {engine / rate:F1} × that{(spread > 0 ? $", and over HTTP {spread / rate:F1} ×" : "")}.");
        }

        await _server.ExecuteAsync("postgres", "drop database ordinary");
    }

    private async Task<bool> SettleAsync()
    {
        const long count = 200_000;
        await CopyAsync("full", "settle");
        var connection = _server.ConnectionString("settle");
        await _server.ExecuteAsync("settle", "update supply set hold_seconds = 0; update version set value = value + 1 where name = 'prices'");
        await Filler.RunAsync(_folder, connection, count, "settle-");
        var start = Stopwatch.GetTimestamp();
        await using (await Node.StartAsync(_folder, connection, environment: Market.Environment))
        {
            var ready = Stopwatch.GetTimestamp();
            var left = count;
            var seen = (long)(await _server.ExecuteAsync("settle", "select count(*) from orders where settlement = 1"))!;
            while ((left = (long)(await _server.ExecuteAsync("settle", "select count(*) from orders where settlement = 1"))!) > 0) await Task.Delay(200);
            await SayAsync($"Settlement beside an idle engine: {seen / Stopwatch.GetElapsedTime(ready).TotalSeconds:N0} orders a second ({count:N0} orders, each with supplier, ancestors and platform).");
        }

        var fine = await VerifyAsync("settle", connection);
        await _server.ExecuteAsync("postgres", "drop database settle");
        return fine;
    }

    private async Task<bool> SqliteAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "sqlite")).FullName;
        if (!File.Exists(Path.Combine(folder, "lianka.db")))
            await Market.FillAsync(folder, "sqlite", new MarketSize(Cards: 1_000_000), Path.Combine(folder, "callers"), output);
        File.Copy(Path.Combine(folder, "callers"), Callers, overwrite: true);
        await using (var node = await Node.StartAsync(folder, "sqlite", environment: Market.Environment))
        {
            await LoadAsync("warm-up", "sqlite", [node], 256, 5, isSaid: false);
            await SayAsync("| what | orders/s | p50 ms | p99 ms | µs CPU an order | node MB | idle cores | ratio |");
            await SayAsync("|---|---|---|---|---|---|---|---|");
            await LoadAsync("SQLite, 256 connections", "sqlite", [node], 256, plan.Seconds / 2);
        }

        var fine = await VerifyAsync("sqlite", "sqlite", folder);
        Directory.Delete(folder, recursive: true);
        return fine;
    }

    private async Task<bool> VerifyAsync(string name, string connection, string? folder = null)
    {
        await using var database = Composition.OpenDatabase(new Settings(folder ?? _folder, "", connection, "none", Market.MasterKey));
        var lines = new StringWriter();
        var start = Stopwatch.GetTimestamp();
        var fine = await Verification.RunAsync(database, TimeProvider.System, lines);
        await SayAsync("");
        await SayAsync($"verify of {name}: {(fine ? "all invariants hold" : $"BROKEN\n{lines}")} ({Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s).");
        await SayAsync("");
        return fine;
    }

    private async Task CopyAsync(string from, string to)
    {
        await _server.ExecuteAsync("postgres", $"drop database if exists \"{to}\"");
        await _server.ExecuteAsync("postgres", $"create database \"{to}\" template \"{from}\"");
    }

    private async Task SayAsync(string line)
    {
        _report.Append(line).Append('\n');
        await output.WriteLineAsync(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (plan.Keep is null) Directory.Delete(_folder, recursive: true);
    }
}
