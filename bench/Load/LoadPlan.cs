using System.Diagnostics;
using System.Text.Json;

namespace Lianka.Bench.Load;

/// <summary>What the generator is told, as a file: it runs as a process of its own.</summary>
/// <param name="Script">Which requests: see <see cref="Scripts"/>.</param>
/// <param name="Target">The node's address; several: connections are spread over them in turn.</param>
/// <param name="Rate">Requests a second, sent by the clock whatever the answers do (open loop); 0: each connection sends
/// again when it was answered (closed loop).</param>
/// <param name="Most">Stop after so many requests; 0: only the time counts.</param>
/// <param name="Callers">A file of callers for the script (keys and secrets, tokens).</param>
/// <param name="Tag">Makes the run's own numbers unique in the database.</param>
/// <param name="Arguments">The script's own.</param>
internal sealed record LoadPlan(
    string Script, string[] Target, int Connections, double Rate, double WarmSeconds, double Seconds, long Most, string Callers, string Tag,
    Dictionary<string, string> Arguments);

/// <param name="Seconds">The measured time, after the warm-up.</param>
/// <param name="Statuses">Answers in the measured time, by HTTP status; 0: the connection broke.</param>
/// <param name="Latencies">From the send (closed loop) or from the scheduled send (open loop) to the last byte.</param>
/// <param name="LatenciesByStatus">As <paramref name="Latencies"/>, apart by HTTP status.</param>
/// <param name="CpuSeconds">What the generator itself used.</param>
/// <param name="Lag">Open loop: how late the generator itself was, from the scheduled send to its own looking at it.</param>
/// <param name="Unsent">Open loop: arrivals that found no free connection until the end.</param>
internal sealed record LoadResult(
    double Seconds, Dictionary<int, long> Statuses, Latencies Latencies, Dictionary<int, Latencies> LatenciesByStatus, Latencies Lag,
    double CpuSeconds, long Unsent, Dictionary<string, string> SampleByStatus)
{
    public double PerSecond => Latencies.Total / Seconds;

    public long Of(int status) => Statuses.GetValueOrDefault(status);
}

/// <summary>Runs the generator as its own process, so that it shares nothing with what it measures but the machine.</summary>
internal static class LoadProcess
{
    public static async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(plan));
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "lianka-bench.dll"));
            start.ArgumentList.Add("load");
            start.ArgumentList.Add(file);
            // Answers are handled on the thread that waits for the sockets: no hand-over, few switches.
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
            start.Environment["DOTNET_TieredPGO"] = "0";
            using var process = Process.Start(start)!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0) throw new InvalidOperationException($"The load generator ended with {process.ExitCode}: {text}");
            return JsonSerializer.Deserialize<LoadResult>(text)!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The verb <c>load PLAN</c>, used by the other measurements.</summary>
    public static async Task<int> MainAsync(string[] args, TextWriter output)
    {
        var plan = JsonSerializer.Deserialize<LoadPlan>(await File.ReadAllTextAsync(args[0]))!;
        using var generator = new Generator(plan, Scripts.Open(plan));
        await output.WriteLineAsync(JsonSerializer.Serialize(generator.Run()));
        return 0;
    }
}
