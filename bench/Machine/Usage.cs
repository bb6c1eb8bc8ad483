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

    /// <remarks>With their ended children: a server's connections come and go during a run.</remarks>
    private static double OfCommand(string name) => Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(d[6]))
        .Where(d => Text($"{d}/comm")?.Trim() == name).Sum(d => CpuOf(d, fields: 4) ?? 0);

    /// <param name="fields">2: of the process itself. 4: of its ended children too.</param>
    private static double? CpuOf(string process, int fields = 2)
    {
        if (Text($"{process}/stat") is not { } stat) return null;
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(fields).Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / 100.0;
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
