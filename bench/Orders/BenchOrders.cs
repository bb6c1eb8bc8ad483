using System.Globalization;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;

namespace Lianka.Bench.Orders;

internal static class BenchOrders
{
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var cards = Number("--cards", 1_000_000);
        var seconds = Number("--seconds", 10);
        var folder = Directory.CreateDirectory(Array.IndexOf(args, "--keep") is >= 0 and var k ? args[k + 1] : Directory.CreateTempSubdirectory("lianka-bench-").FullName).FullName;
        await using var server = await PostgresServer.StartAsync(keep: Path.Combine(folder, "pg"));
        var callers = Path.Combine(folder, "callers");
        if (!await server.HasDatabaseAsync("full"))
        {
            var started = DateTime.UtcNow;
            await Market.FillAsync(folder, await server.NewDatabaseAsync("full"), new MarketSize(Cards: cards), callers, output);
            await output.WriteLineAsync($"filled in {(DateTime.UtcNow - started).TotalSeconds:F0} s");
        }

        await server.ExecuteAsync("postgres", "drop database if exists market");
        await server.ExecuteAsync("postgres", "create database market template \"full\"");
        var connection = server.ConnectionString("market");
        await using var node = await Node.StartAsync(folder, connection, environment: Market.Environment);
        foreach (var connections in (int[])[64, .. Enumerable.Repeat(1024, Number("--rounds", 3))])
        {
            var before = (long)(await server.ExecuteAsync("market", "select count(*) from orders"))!;
            var cpu = Cpu(node.Id);
            var pg = PostgresCpu();
            var machine = MachineCpu();
            var result = await LoadProcess.RunAsync(new LoadPlan("orders", [node.Address.ToString()], connections, 0, 2, seconds, 0, callers,
                $"r{Guid.NewGuid():N}"[..8], new() { ["merchants"] = "10000", ["skus"] = "1000" }));
            var after = (long)(await server.ExecuteAsync("market", "select count(*) from orders"))!;
            var m = MachineCpu().Zip(machine, (x, y) => (double)(x - y)).ToArray();
            var (nodeUsed, pgUsed) = (Cpu(node.Id) - cpu, PostgresCpu() - pg);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{connections,5} connections: {result.PerSecond,8:F0}/s p50 {result.Latencies.Milliseconds(.5):F1} p99 {result.Latencies.Milliseconds(.99):F1} ms; rows {after - before}; us/order node {nodeUsed / (after - before) * 1e6:F1} pg {pgUsed / (after - before) * 1e6:F1} load {result.CpuSeconds / result.Latencies.Total * 1e6:F1}; {node.Memory().Now >> 20} MB; idle {(m[3] + m[4]) / m.Sum() * 2:F2} steal {m[7] / m.Sum() * 2:F2} other {(m[0] + m[1] + m[2] + m[5] + m[6] - ((nodeUsed + pgUsed + (result.CpuSeconds * (after - before) / result.Latencies.Total)) * 100)) / m.Sum() * 2:F2}; {string.Join(' ', result.Statuses.Select(s => $"{s.Key}:{s.Value}"))}"));
            using (var http = new HttpClient())
                foreach (var line in (await http.GetStringAsync(new Uri(node.Address, "/metrics"))).Split('\n').Where(l => (l.Contains("_stage_seconds_", StringComparison.Ordinal) || l.Contains("order_batch", StringComparison.Ordinal)) && !l.Contains("bucket", StringComparison.Ordinal)))
                    await output.WriteLineAsync(line);
            foreach (var (status, sample) in result.SampleByStatus.Where(s => s.Key != "201")) await output.WriteLineAsync($"  {status}: {sample}");
        }

        return 0;

        int Number(string name, int fallback) => Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;
    }

    /// <summary>Ticks of the machine: user, nice, system, idle, iowait, irq, softirq, steal.</summary>
    private static long[] MachineCpu() => [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
        .Select(f => long.Parse(f, CultureInfo.InvariantCulture))];

    /// <summary>Seconds of CPU that a process used, user and system.</summary>
    private static double Cpu(int pid) => CpuOf($"/proc/{pid}") ?? 0;

    private static double PostgresCpu() => Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(d[6]))
        .Where(d => CommandOf(d) == "postgres").Sum(d => CpuOf(d) ?? 0);

    private static string? CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double? CpuOf(string process)
    {
        try
        {
            var fields = File.ReadAllText($"{process}/stat").Split(") ")[1].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
