using System.Diagnostics;
using System.Globalization;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Modules.Inventory;
using Lianka.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Crash;

/// <summary>The crash proof: random real work, random faults, and afterwards every client's record explained by the database.</summary>
internal static class BenchCrash
{
    /// <summary>Nodes on one PostgreSQL: one can die while another works and a third starts.</summary>
    private const int PostgresNodes = 3;

    /// <summary>Many at once make large batches, which is where a kill loses most.</summary>
    private const int BuyersMax = 192;

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        CrashPlan plan;
        try
        {
            plan = CrashPlan.Read(args);
        }
        catch (ArgumentException fault)
        {
            await output.WriteLineAsync($"{fault.Message}; usage: ./lianka bench crash {CrashPlan.Arguments}");
            return 2;
        }

        await output.WriteLineAsync($"crash proof: {plan.Kills:N0} kills and {plan.Orders:N0} orders on each database, at least {plan.Seconds} s, seed {plan.Seed}");
        // Told to stop, it stops what it started.
        using var stop = new CancellationTokenSource();
        using var term = Stopper(System.Runtime.InteropServices.PosixSignal.SIGTERM, stop);
        using var interrupt = Stopper(System.Runtime.InteropServices.PosixSignal.SIGINT, stop);
        // Both at once: while a node starts on one database, the other's clients have the processor.
        List<Task<bool>> runs = [];
        if (plan.OnSqlite) runs.Add(SqliteAsync(plan, output, stop.Token));
        if (plan.OnPostgres) runs.Add(PostgresAsync(plan, output, stop.Token));
        return (await Task.WhenAll(runs)).All(fine => fine) ? 0 : 1;
    }

    private static System.Runtime.InteropServices.PosixSignalRegistration Stopper(System.Runtime.InteropServices.PosixSignal on, CancellationTokenSource stop) =>
        System.Runtime.InteropServices.PosixSignalRegistration.Create(on, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });

    private static async Task<bool> SqliteAsync(CrashPlan plan, TextWriter output, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("lianka-crash-").FullName;
        try
        {
            return await RunAsync("sqlite", "sqlite", folder, null, 1, plan, output, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> PostgresAsync(CrashPlan plan, TextWriter output, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("lianka-crash-").FullName;
        try
        {
            // Small, because after some faults it recovers from its log; durable like every server of the benches.
            await using var server = await PostgresServer.StartAsync("-c shared_buffers=256MB -c max_wal_size=512MB -c checkpoint_timeout=30s");
            var database = $"{await server.NewDatabaseAsync("crash")};Options=-c idle_in_transaction_session_timeout=3s";
            return await RunAsync("postgres", database, folder, server, PostgresNodes, plan, output, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(
        string name, string database, string folder, PostgresServer? server, int nodes, CrashPlan plan, TextWriter output, CancellationToken stop)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", database, "none", Market.MasterKey);
        var (opened, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = opened;
        using var __ = vault;
        await using var services = Market.Services(settings, opened, vault);
        var market = await CrashMarket.FillAsync(services);
        var journal = new Journal(market.Merchants.Count);
        var importer = new Importer(market, folder, database, journal, plan);
        await importer.OpenAsync(services.GetRequiredService<ImportDesk>());
        await using var arena = await Arena.OpenAsync(folder, database, nodes);
        using var calls = new Calls(arena, journal);
        using var first = new Operator(1, market, arena, journal, plan);
        using var second = new Operator(2, market, arena, journal, plan);
        var buyers = Enumerable.Range(0, (int)Math.Clamp(plan.Orders / 2_000, 48, BuyersMax)).Select(i => new Buyer(i, market, calls, journal, importer, plan)).ToList();
        var guests = Enumerable.Range(0, 4).Select(i => new Guest(i, arena, journal, plan)).ToList();
        var faults = new Faults(arena, server, "crash", journal, plan);
        var proof = new Proof(services, market, journal);

        var watch = Stopwatch.StartNew();
        IReadOnlyList<Line> lines = [];
        while (!IsEnough() && !stop.IsCancellationRequested)
        {
            // A proof in between names the span of faults in which something went wrong.
            var until = journal.Kills + Math.Max(10, plan.Kills / 4);
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stop);
            List<Task> work = [faults.RunAsync(round.Token), importer.RunAsync(round.Token), first.RunAsync(round.Token), second.RunAsync(round.Token),
                .. buyers.Select(b => b.RunAsync(round.Token)), .. guests.Select(g => g.RunAsync(round.Token))];
            while (!round.IsCancellationRequested)
            {
                if (work.Find(t => t.IsFaulted) is { } broken) await broken;
                if (IsEnough() || (journal.Kills >= until && plan.Kills > until)) await round.CancelAsync();
                else await Task.Delay(100, CancellationToken.None);
            }

            await Task.WhenAll(work);
            await arena.AllUpAsync();
            lines = await proof.RunAsync();
            await output.WriteLineAsync($"     {name}: {watch.Elapsed:hh\\:mm\\:ss} {journal.Kills:N0} kills, {journal.OrdersDone:N0} orders, {(lines.All(l => l.Broken.Count == 0) ? "ok" : "VIOLATIONS")}");
            if (lines.Any(l => l.Broken.Count > 0)) break;
        }

        await PrintAsync(name, journal, lines, output);
        return lines.Count > 0 && lines.All(l => l.Broken.Count == 0);

        bool IsEnough() => journal.Kills >= plan.Kills && journal.OrdersDone >= plan.Orders && watch.Elapsed.TotalSeconds >= plan.Seconds;
    }

    private static async Task PrintAsync(string name, Journal journal, IReadOnlyList<Line> lines, TextWriter output)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        await text.WriteLineAsync($"{name}: what clients asked            done     refused   no answer");
        foreach (var kind in journal.Attempts.GroupBy(a => a.Kind))
            await text.WriteLineAsync($"  {kind.Key,-28} {Of(kind, Outcome.Done),11:N0} {Of(kind, Outcome.Refused),11:N0} {Of(kind, Outcome.Unknown),11:N0}");
        var (unknown, done) = journal.Unknowns;
        await text.WriteLineAsync($"  orders once without an answer: {unknown:N0}, of which {done:N0} were done and {unknown - done:N0} were not");
        await text.WriteLineAsync($"{name}: faults");
        foreach (var (kind, count) in journal.Faults) await text.WriteLineAsync($"  {kind,-36} {count,7:N0}");
        foreach (var line in lines)
        {
            await text.WriteLineAsync(line.Broken.Count == 0 ? $"ok   crash {name} {line.Name}: {line.Text}" : $"FAILED crash {name} {line.Name}: {line.Text}");
            foreach (var broken in line.Broken.Take(20)) await text.WriteLineAsync($"       {broken}");
        }

        await output.WriteAsync(text.ToString());

        static long Of(IEnumerable<(string, Outcome, long)> some, Outcome outcome) => some.Where(a => a.Item2 == outcome).Sum(a => a.Item3);
    }
}
