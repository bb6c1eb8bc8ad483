using System.Globalization;

namespace Lianka.Bench.Machine;

/// <summary>Seconds of CPU that processes and the machine used, read before and after a run.</summary>
internal sealed record Usage(double Node, double Postgres, double Busy, double Idle)
{
    public static Usage Read(params int[] nodes)
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(f => long.Parse(f, CultureInfo.InvariantCulture) / 100.0).ToArray();
        var idle = ticks[3] + ticks[4];
        return new Usage(nodes.Sum(n => CpuOf($"/proc/{n}") ?? 0), OfCommand("postgres"), ticks.Sum() - idle, idle);
    }

    public static Usage operator -(Usage after, Usage before) =>
        new(after.Node - before.Node, after.Postgres - before.Postgres, after.Busy - before.Busy, after.Idle - before.Idle);

    private static double OfCommand(string name) => Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(d[6]))
        .Where(d => Text($"{d}/comm")?.Trim() == name).Sum(d => CpuOf(d) ?? 0);

    private static double? CpuOf(string process)
    {
        if (Text($"{process}/stat") is not { } stat) return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null; // The process has ended.
        }
    }
}

/// <summary>What a figure was measured on.</summary>
internal static class MachineCard
{
    public static async Task<string> ReadAsync()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var memory = long.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 20;
        var kernel = (await Shell.OutputAsync("uname", "-sr")).Trim();
        return $"{Environment.ProcessorCount} × {cpu}, {memory} GiB, {kernel}, .NET {Environment.Version}";
    }
}
