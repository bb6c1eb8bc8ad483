using System.Diagnostics;
using Lianka.Bench.Orders;
using Lianka.Kernel;

namespace Lianka.Bench.Crash;

/// <summary>Brings cards by <c>./lianka import</c> beside the nodes. Every third import is killed on its way and run again
/// with the same file, until it is acknowledged.</summary>
internal sealed class Importer(CrashMarket market, string folder, string database, Journal journal, CrashPlan plan)
{
    private readonly Random _random = new(HashCode.Combine(plan.Seed, "import"));
    private readonly long[] _left = new long[CrashMarket.Skus];
    private readonly int _fileSize = (int)Math.Clamp(plan.Orders / 25, 300, 20_000);
    private int _cards;

    public void Sold(int sku, long units) => Interlocked.Add(ref _left[sku], -units);

    public async Task OpenAsync()
    {
        for (var sku = 0; sku < CrashMarket.Skus; sku++) await ImportAsync(sku, sku == CrashMarket.Scarce ? 200 : _fileSize, mayBeKilled: false);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var least = Enumerable.Range(0, CrashMarket.Skus - 1).MinBy(s => Interlocked.Read(ref _left[s]));
            var isShort = Interlocked.Read(ref _left[least]) < 2L * _fileSize;
            if (isShort || _random.Next(20) == 0) await ImportAsync(least, isShort ? _fileSize : 100, _random.Next(3) == 0);
            else await Task.Delay(250, CancellationToken.None);
        }
    }

    private async Task ImportAsync(int sku, int count, bool mayBeKilled)
    {
        var first = _cards;
        _cards += count;
        var file = Path.Combine(folder, $"cards-{first}.txt");
        await File.WriteAllBytesAsync(file, CrashMarket.File(first, count));
        for (var isKilled = mayBeKilled; ; isKilled = false)
        {
            var done = await RunAsync(sku, file, isKilled ? TimeSpan.FromMilliseconds(_random.Next(300, 2_500)) : null);
            journal.Count("import", done ? Outcome.Done : Outcome.Unknown);
            if (done) break;
            await Task.Delay(200);
        }

        for (var i = 0; i < count; i++) journal.Imported.Add(first + i);
        Interlocked.Add(ref _left[sku], count);
        File.Delete(file);
    }

    private async Task<bool> RunAsync(int sku, string file, TimeSpan? killedAfter)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka.dll"), "import", "--supply", new SupplyId(market.Supplies[sku]).ToString(), "--file", file])
            start.ArgumentList.Add(arg);
        start.Environment["LIANKA_DATA"] = folder;
        start.Environment["LIANKA_DATABASE"] = database;
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
