using System.Globalization;
using System.Text;
using Lianka.Bench.Flash;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;

namespace Lianka.Bench.Overload;

/// <summary>More orders than the machine can take: what is still accepted, how soon the rest hears so, and how soon it is over.</summary>
internal static class BenchOverload
{
    public const string Arguments = "[--seconds N] [--connections N] [--report FILE]";

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (seconds, connections) = (Number("--seconds", 10), Number("--connections", 4_000));
        var folder = Directory.CreateTempSubdirectory("lianka-overload-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var database = await server.NewDatabaseAsync("overload");
            var callers = Path.Combine(folder, "callers");
            await Market.FillAsync(folder, database, new MarketSize(Skus: 100, Merchants: 1_000, Cards: 1_200_000), callers, output);
            await using var node = await Node.StartAsync(folder, database, environment: Market.Environment);
            var text = new StringBuilder("# Overload\n\n`./lianka bench overload`\n\n").Append(await Description.OfAsync(server))
                .Append("\n\nOrders are counted as new rows in the database.\n\n")
                .Append("| | arrivals/s | orders/s | of peak | accepted, p50 / p99 | turned away | told so, p50 / p99 | cores of generator, node, database | generator late, p99 |\n")
                .Append("|---|---|---|---|---|---|---|---|---|\n");

            await StepAsync("warm-up, closed loop", 256, 0, null);
            var peak = await StepAsync("peak, closed loop", 1_024, 0, null);
            await StepAsync("1.5 × peak", connections, peak * 1.5, peak);
            await StepAsync("3 × peak", connections, peak * 3, peak);
            await StepAsync("0.6 × peak, at once after", connections, peak * 0.6, peak);
            await StepAsync("peak again, closed loop", 1_024, 0, peak);

            var proof = new StringWriter();
            var isProved = await SaleMaking.ProveAsync(database, proof);
            text.Append($"\n## Verification\n\n```\n{proof.ToString().TrimEnd()}\n```\n");
            await output.WriteLineAsync(text.ToString());
            if (Text("--report") is { } file) await File.WriteAllTextAsync(file, text.ToString());
            return isProved ? 0 : 1;

            async Task<double> StepAsync(string what, int wide, double rate, double? peakRate)
            {
                var before = await CountAsync();
                // Two seconds to come to rest; rows are counted over the whole of it.
                var plan = new LoadPlan("orders", [node.Address.ToString()], wide, rate, 2, seconds - 2, 0, callers, $"o{Guid.NewGuid():N}"[..8],
                    new() { ["merchants"] = "1000", ["skus"] = "100" });
                var from = Usage.Read(node.Id);
                var result = await LoadProcess.RunAsync(plan);
                var used = Usage.Read(node.Id) - from;
                var perSecond = (await CountAsync() - before) / (double)seconds;
                var accepted = result.LatenciesByStatus.GetValueOrDefault(201);
                var shed = result.LatenciesByStatus.GetValueOrDefault(503);
                var others = result.Statuses.Where(s => s.Key is not (201 or 503)).Select(s => F($", {s.Key}: {s.Value}"));
                var rates = F($"{(rate > 0 ? rate : result.PerSecond):N0} | {perSecond:N0} | {(peakRate is { } p ? F($"{perSecond / p:P0}") : "")}");
                var cores = F($"{result.CpuSeconds / result.Seconds:F2}, {used.Node / seconds:F2}, {used.Postgres / seconds:F2}");
                var late = rate > 0 ? F($"{result.Lag.Milliseconds(.99):F0} ms") : "";
                var line = F($"| {what} | {rates} | {Times(accepted)} | {result.Of(503):N0}{string.Concat(others)} | {Times(shed)} | {cores} | {late} |");
                await output.WriteLineAsync(F($"{line} unsent {result.Unsent}"));
                text.Append(line).Append('\n');
                return perSecond;
            }

            async Task<long> CountAsync() => (long)(await server.ExecuteAsync("overload", "select count(*) from orders"))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;
        int Number(string name, int fallback) => Text(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : fallback;
    }

    private static string Times(Latencies? of) => of is null ? "" : F($"{of.Milliseconds(.5):F0} / {of.Milliseconds(.99):F0} ms");

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
