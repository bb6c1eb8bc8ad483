using System.Globalization;
using System.Runtime.InteropServices;

namespace Lianka.Bench.Machine;

/// <summary>What a measurement was taken on, for its report.</summary>
internal static class Description
{
    public static async Task<string> OfAsync(PostgresServer server)
    {
        var cpu = Array.Find(File.ReadAllLines("/proc/cpuinfo"), l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var postgres = (await Shell.OutputAsync(PostgresServer.Program("postgres"), "--version")).Trim();
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {cpu}, {memory} GiB; {RuntimeInformation.OSDescription.Split('(')[0].Trim()}; {RuntimeInformation.FrameworkDescription}; {postgres}; generator, node and database share the machine");
    }

    /// <summary>How many connections a process may open at most.</summary>
    public static long OpenFilesMax()
    {
        var line = Array.Find(File.ReadAllLines("/proc/self/limits"), l => l.StartsWith("Max open files", StringComparison.Ordinal))!;
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return hard == "unlimited" ? long.MaxValue : long.Parse(hard, CultureInfo.InvariantCulture);
    }
}
