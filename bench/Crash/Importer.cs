using System.Diagnostics;
using Lianka.Bench.Orders;
using Lianka.Kernel;
using Lianka.Modules.Inventory;

namespace Lianka.Bench.Crash;

/// <summary>Brings cards by <c>./lianka import</c> beside the nodes. Every third import is killed on its way and run again
/// with the same file, until it is acknowledged.</summary>
internal sealed class Importer(CrashMarket market, string folder, string database, Journal journal, CrashPlan plan)
{
    private readonly Random _random = new(HashCode.Combine(plan.Seed, "import"));
    private readonly long[] _left = new long[CrashMarket.Skus];
    private readonly int _fileSize = (int)Math.Clamp(plan.Orders / 4, 1_000, 20_000);
    private int _cards;

    public void Sold(int sku, long units) => Interlocked.Add(ref _left[sku], -units);

    /// <summary>What is in stock before the first fault.</summary>
    public async Task OpenAsync(ImportDesk desk)
    {
        for (var sku = 0; sku < CrashMarket.Skus; sku++)
        {
            var count = sku == CrashMarket.Scarce ? 200 : 2 * _fileSize;
            using var cards = new MemoryStream(CrashMarket.File(_cards, count));
            if (await desk.RunAsync(new ImportRequest(new SupplyId(market.Supplies[sku]), CardFormat.Text, CardEncoding.Utf8, "opening.txt", "crash"), cards) is not ImportStart.Accepted)
                throw new InvalidOperationException("The opening stock was not taken.");
            Take(sku, count);
        }
    }

    private void Take(int sku, int count)
    {
        for (var i = 0; i < count; i++) journal.Imported.Add(_cards++);
        Interlocked.Add(ref _left[sku], count);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var least = Enumerable.Range(0, CrashMarket.Skus - 1).MinBy(s => Interlocked.Read(ref _left[s]));
            var isShort = Interlocked.Read(ref _left[least]) < 2L * _fileSize;
            if (isShort || _random.Next(60) == 0) await ImportAsync(least, isShort ? _fileSize : 100, _random.Next(3) == 0);
            else await Task.Delay(250, CancellationToken.None);
        }
    }

    private async Task ImportAsync(int sku, int count, bool mayBeKilled)
    {
        var file = Path.Combine(folder, $"cards-{_cards}.txt");
        await File.WriteAllBytesAsync(file, CrashMarket.File(_cards, count));
        for (var isKilled = mayBeKilled; ; isKilled = false)
        {
            var done = await RunAsync(sku, file, isKilled ? TimeSpan.FromMilliseconds(_random.Next(300, 2_500)) : null);
            journal.Count("import", done ? Outcome.Done : Outcome.Unknown);
            if (done) break;
            await Task.Delay(200);
        }

        Take(sku, count);
        File.Delete(file);
    }

    private async Task<bool> RunAsync(int sku, string file, TimeSpan? killedAfter)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka.dll"), "import", "--supply", new SupplyId(market.Supplies[sku]).ToString(), "--file", file])
            start.ArgumentList.Add(arg);
        start.Environment["LIANKA_DATA"] = folder;
        start.Environment["LIANKA_DATABASE"] = database;
        // A killed process would leave the sockets of its diagnostics behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in Market.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEndAsync();
        if (killedAfter is { } time && await Task.WhenAny(said, Task.Delay(time)) != said)
        {
            process.Kill();
            journal.Fault("import killed", isKill: true);
        }

        await process.WaitForExitAsync();
        await errors;
        return (await said).Contains("done:", StringComparison.Ordinal) && process.ExitCode == 0;
    }
}
