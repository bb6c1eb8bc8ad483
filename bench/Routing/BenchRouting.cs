using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lianka.Kernel.Routing;

namespace Lianka.Bench.Routing;

/// <summary>The router beside simpler ways to choose a source, in a simulated world whose events and chance come from seeds.</summary>
internal static class BenchRouting
{
    public const string Arguments = "[--training] [--set NAME=VALUE …]";

    private static (string Name, Func<World, IPolicy> Make)[] Policies(RouterSettings settings) =>
    [
        ("fixed", _ => new FixedPriority()),
        ("round robin", w => new RoundRobin(w.Scenario.Arms.Count)),
        ("SRv3", w => new SuccessRateV3(w, isCostAware: false)),
        ("SRv3+cost", w => new SuccessRateV3(w, isCostAware: true)),
        ("router", w => new OurRouter(w, settings)),
        ("oracle", w => new Oracle(w)),
    ];

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var isTraining = args.Contains("--training");
        var seeds = isTraining ? Scenarios.Training : Scenarios.HeldOut;
        await output.WriteLineAsync(F($"{seeds.Length} {(isTraining ? "training" : "held-out")} seeds, {seeds[0]} to {seeds[^1]}"));
        await output.WriteLineAsync("\n## Supplies: regret in basis points of what buyers paid");
        await CompareAsync(Scenarios.All, seeds, Policies(Settings(args, new RouterSettings())), output);
        await output.WriteLineAsync("\n## Payment channels: regret in basis points of what a sale leaves");
        await CompareAsync(Scenarios.Payments, seeds, Policies(Settings(args, RouterSettings.OfPayments)), output);

        var (choosing, reporting, perSecond) = DecisionSpeed.Measure();
        await output.WriteLineAsync(F($"\nchoosing among 10: p50 {choosing[0]:F1} µs, p99 {choosing[1]:F1} µs, p99.9 {choosing[2]:F1} µs; {perSecond:N0}/s on one core"));
        await output.WriteLineAsync(F($"reporting: p50 {reporting[0]:F1} µs, p99 {reporting[1]:F1} µs, p99.9 {reporting[2]:F1} µs"));
        return 0;
    }

    private static async Task CompareAsync(
        (string Name, Func<int, Scenario> Of)[] scenarios, int[] seeds, (string Name, Func<World, IPolicy> Make)[] policies, TextWriter output)
    {
        await output.WriteLineAsync($"\n| scenario | {string.Join(" | ", policies.Select(p => p.Name))} |\n|---|{string.Concat(policies.Select(_ => "---:|"))}");
        var all = policies.Select(_ => new List<double>()).ToArray();
        var details = new List<string>();
        foreach (var (name, of) in scenarios)
        {
            var tallies = policies.AsParallel().AsOrdered().Select(p => Together(of, seeds, p.Make)).ToArray();
            await output.WriteLineAsync($"| {name} | {string.Join(" | ", tallies.Select(t => F($"{t.RegretBps:F1}")))} |");
            for (var i = 0; i < tallies.Length; i++) all[i].Add(tallies[i].RegretBps);
            details.AddRange(policies.Zip(tallies).Where(p => p.First.Name is not "oracle")
                .Select(p => F($"| {name} | {p.First.Name} | {Middle(p.Second.Leaving)} | {Middle(p.Second.Returning)} | {p.Second.WorstShare:P0} |")));
        }

        await output.WriteLineAsync($"| **mean** | {string.Join(" | ", all.Select(a => F($"**{a.Average():F1}**")))} |");
        await output.WriteLineAsync("\n| scenario | | seconds to leave, median and worst | seconds to return, median and worst | worst wrong share of a quarter of an hour |\n|---|---|---:|---:|---:|");
        foreach (var line in details) await output.WriteLineAsync(line);
    }

    /// <summary>The usual settings with those changed that the command line names.</summary>
    private static RouterSettings Settings(string[] args, RouterSettings usual)
    {
        var settings = JsonSerializer.SerializeToNode(usual)!.AsObject();
        for (var i = 0; i + 1 < args.Length; i++)
        {
            if (args[i] != "--set") continue;
            if (args[i + 1].Split('=') is not [var name, var value] || !settings.ContainsKey(name))
                throw new ArgumentException($"--set {args[i + 1]}: one of {string.Join(", ", settings.Select(s => s.Key))} and a value.");
            settings[name] = JsonNode.Parse(value);
        }

        return settings.Deserialize<RouterSettings>()!;
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
