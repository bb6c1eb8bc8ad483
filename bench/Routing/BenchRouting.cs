using System.Globalization;

namespace Lianka.Bench.Routing;

/// <summary>The router beside simpler ways to choose a source, in a simulated world whose events and chance come from seeds.</summary>
internal static class BenchRouting
{
    public const string Arguments = "[--training]";

    private static readonly (string Name, Func<World, IPolicy> Make)[] _policies =
    [
        ("fixed", _ => new FixedPriority()),
        ("round robin", w => new RoundRobin(w.Scenario.Arms.Count)),
        ("SRv3", w => new SuccessRateV3(w, isCostAware: false)),
        ("SRv3+cost", w => new SuccessRateV3(w, isCostAware: true)),
        ("router", w => new OurRouter(w)),
        ("oracle", w => new Oracle(w)),
    ];

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var isTraining = args.Contains("--training");
        var seeds = isTraining ? Scenarios.Training : Scenarios.HeldOut;
        await output.WriteLineAsync(F($"{seeds.Length} {(isTraining ? "training" : "held-out")} seeds, {seeds[0]} to {seeds[^1]}; regret in basis points of what buyers paid"));
        await output.WriteLineAsync($"\n| scenario | {string.Join(" | ", _policies.Select(p => p.Name))} |\n|---|{string.Concat(_policies.Select(_ => "---:|"))}");

        var all = _policies.Select(_ => new List<double>()).ToArray();
        var details = new List<string>();
        foreach (var (name, of) in Scenarios.All)
        {
            var tallies = _policies.AsParallel().AsOrdered().Select(p => Together(of, seeds, p.Make)).ToArray();
            await output.WriteLineAsync($"| {name} | {string.Join(" | ", tallies.Select(t => F($"{t.RegretBps:F1}")))} |");
            for (var i = 0; i < tallies.Length; i++) all[i].Add(tallies[i].RegretBps);
            details.AddRange(_policies.Zip(tallies).Where(p => p.First.Name is not "oracle")
                .Select(p => F($"| {name} | {p.First.Name} | {Middle(p.Second.Leaving)} | {Middle(p.Second.Returning)} | {p.Second.WorstShare:P0} |")));
        }

        await output.WriteLineAsync($"| **mean** | {string.Join(" | ", all.Select(a => F($"**{a.Average():F1}**")))} |");
        await output.WriteLineAsync("\n| scenario | | seconds to leave, median and worst | seconds to return, median and worst | worst wrong share of a quarter of an hour |\n|---|---|---:|---:|---:|");
        foreach (var line in details) await output.WriteLineAsync(line);
        return 0;
    }

    private static Tally Together(Func<int, Scenario> of, int[] seeds, Func<World, IPolicy> make)
    {
        var together = new Tally();
        foreach (var seed in seeds) together.Add(Simulation.Run(new World(of(seed), seed), seed, make));
        return together;
    }

    private static string Middle(List<double> seconds)
    {
        if (seconds.Count == 0) return "–";
        seconds.Sort();
        return F($"{seconds[seconds.Count / 2]:F0}, {seconds[^1]:F0}");
    }

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
