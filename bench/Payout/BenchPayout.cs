using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lianka.Bench.Flash;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Bench.TopUp;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Payout;

/// <summary>How long the money of a sale takes to the file for the bank, when nobody has to be waited for: supplies without a hold time.</summary>
/// <remarks>
/// The node and PostgreSQL are processes of their own; orders come as signed HTTP, one after the other, and the node releases them in its own time. The supplier and the
/// two who approve are calls of the front door, one after the other without a pause.
/// </remarks>
internal static class BenchPayout
{
    public const string Arguments = "[--sales N] [--report FILE]";

    private const long Supplier = 900, Anna = 901, Bo = 902;

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var sales = Text("--sales") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 100;
        var folder = Directory.CreateTempSubdirectory("lianka-payout-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var connection = await server.NewDatabaseAsync("payout");
            var callers = Path.Combine(folder, "callers");
            await Market.FillAsync(folder, connection, new MarketSize(Skus: 1, Merchants: 100, Cards: 10_000), callers, TextWriter.Null);
            var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
            var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
            await using var _ = database;
            using var __ = vault;
            await using var services = Market.Services(settings, database, vault);
            var desk = services.GetRequiredService<PayoutDesk>();
            await database.WriteAsync(s => s.ExecuteAsync("update supply set hold_seconds = 0; update version set value = value + 1 where name = 'prices'"));
            var supplier = new SupplierId(await database.ReadAsync(s => s.ScalarAsync<long>("select supplier_id from supply")));
            await desk.SetBankAsync(supplier, new BankDraft { Holder = "Bench", Bank = "Bench", Number = "6222020012345678" }, "bench");

            await using var node = await Node.StartAsync(folder, connection, environment: Market.Environment);
            using var http = new HttpClient { BaseAddress = node.Address };
            var caller = (await File.ReadAllLinesAsync(callers))[0].Split(' ');
            var (sold, available, filed, whole) = (new Latencies(), new Latencies(), new Latencies(), new Latencies());
            for (var no = 0; no < sales; no++)
            {
                // At any place between two ticks of the node's clock.
                await Task.Delay(Random.Shared.Next(1_000));
                var start = Stopwatch.GetTimestamp();
                var body = Encoding.UTF8.GetBytes($$"""{"client_order_no":"p{{no}}","sku":"b-0000","quantity":1,"max_total":"60"}""");
                if (await BenchTopUp.SendAsync(http, (caller[0], Encoding.ASCII.GetBytes(caller[1])), body) != 201) throw new InvalidOperationException("The order was not taken.");
                var there = Stopwatch.GetTimestamp();
                while ((await desk.AgeingAsync(supplier)).Available is var money && money != Money.Parse("42"))
                {
                    if (Stopwatch.GetElapsedTime(there) > TimeSpan.FromMinutes(1)) throw new InvalidOperationException($"{money} is available, and never 42.");
                    await Task.Delay(5);
                }

                var seen = Stopwatch.GetTimestamp();
                var payout = Done(await desk.RequestAsync(supplier, Supplier, "supplier:bench", Money.Parse("42"), $"{no}"));
                Done(await desk.ApproveAsync(payout.Id, Anna));
                Done(await desk.ApproveAsync(payout.Id, Bo));
                var text = await desk.WriteFileAsync((await desk.MakeFileAsync(Anna))!.Id);
                if (!text!.Contains($"{payout.No},Bench,6222020012345678,Bench,42.00,CNY", StringComparison.Ordinal)) throw new InvalidOperationException("It is not in the file.");
                sold.Add(Stopwatch.GetElapsedTime(start, there).TotalMicroseconds);
                available.Add(Stopwatch.GetElapsedTime(there, seen).TotalMicroseconds);
                filed.Add(Stopwatch.GetElapsedTime(seen).TotalMicroseconds);
                whole.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            var report = new StringBuilder("# From a sale to the bank's file\n\n`./lianka bench payout`\n\n").Append(await Description.OfAsync(server))
                .Append(CultureInfo.InvariantCulture, $"\n\n{sales:N0} sales of one card each, whose supply has no hold time, one after the other.\n\n| ms | p50 | p99 |\n|---|---|---|\n");
            foreach (var (what, took) in new[] { ("order sent to sold", sold), ("sold to available", available), ("asked for, approved twice, in the file", filed), ("order sent to in the file", whole) })
                report.Append(CultureInfo.InvariantCulture, $"| {what} | {took.Milliseconds(.5):N0} | {took.Milliseconds(.99):N0} |\n");
            var proof = new StringWriter();
            var isProved = await SaleMaking.ProveAsync(connection, proof);
            if (!isProved) report.Append(CultureInfo.InvariantCulture, $"\n```\n{proof.ToString().TrimEnd()}\n```\n");
            await output.WriteLineAsync(report.ToString());
            if (Text("--report") is { } file) await File.WriteAllTextAsync(file, report.ToString());
            return isProved ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static Modules.Suppliers.Payout Done(PayoutDecision decision) =>
        decision is PayoutDecision.Done done ? done.Payout : throw new InvalidOperationException($"Refused: {decision}");
}
