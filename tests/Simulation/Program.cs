using System.Diagnostics;
using System.Globalization;
using Lianka.Tests.Simulation;

// The long form of the simulation: dotnet run --project tests/Simulation -c Release -- --seeds 1000000 [--from 0] [--threads 1]
// One seed again, with everything that happened: … -- --seed N
var options = new Dictionary<string, long> { ["--seeds"] = 10_000, ["--from"] = 0, ["--threads"] = 1 };
for (var i = 0; i + 1 < args.Length; i += 2) options[args[i]] = long.Parse(args[i + 1], CultureInfo.InvariantCulture);

if (options.TryGetValue("--seed", out var one))
{
    var failure = Runs.One(one, new Tally(), Console.WriteLine);
    Console.WriteLine(failure ?? $"seed {one}: everything holds");
    return failure is null ? 0 : 1;
}

var watch = Stopwatch.StartNew();
var (tally, failures) = Runs.Of(options["--from"], options["--seeds"], (int)options["--threads"]);
Console.WriteLine(tally.Report());
foreach (var failure in failures) Console.WriteLine(failure);
foreach (var missing in tally.Missing()) Console.WriteLine(missing);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{failures.Count} seeds failed; {watch.Elapsed.TotalSeconds:F1} s, {watch.Elapsed.TotalMilliseconds * options["--threads"] / Math.Max(1, tally.Runs):F3} ms a seed and thread"));
return failures.Count == 0 ? 0 : 1;
