using System.Globalization;
using System.Text;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Tests.Simulation;

/// <summary>What the runs came across.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<(string Command, string Outcome), long> _outcomes = new();

    public long Runs { get; private set; }
    public long Commands { get; private set; }
    public long Orders { get; private set; }
    public long Kills { get; private set; }

    /// <summary>The fewest in one run.</summary>
    public long CommandsMin { get; private set; } = long.MaxValue;
    public long KillsMin { get; private set; } = long.MaxValue;
    public long Faults { get; set; }

    /// <summary>Batches that found at their save that an account or a lot had changed since they read it.</summary>
    public long Stale { get; set; }

    /// <summary>Transactions that met a unique index, because another node was first.</summary>
    public long Duplicates { get; set; }
    public long[] Passed { get; } = new long[Enum.GetValues<Point>().Length];
    public long[] KilledAt { get; } = new long[Enum.GetValues<Point>().Length];
    public long[] Refused { get; } = new long[Enum.GetValues<Refusal>().Length];

    /// <summary>Refusals that the edge gives before a command reaches the engine.</summary>
    public static readonly Refusal[] NotFromTheEngine = [Refusal.RequestInProgress];

    public void Finished(long commands, long orders, long kills)
    {
        (Runs, Commands, Orders, Kills) = (Runs + 1, Commands + commands, Orders + orders, Kills + kills);
        (CommandsMin, KillsMin) = (Math.Min(CommandsMin, commands), Math.Min(KillsMin, kills));
    }

    public void Answered(OrderCommand command, OrderDecision decision)
    {
        if (decision is OrderDecision.Refused refused) Refused[(int)refused.Why]++;
        Count(command.GetType().Name, decision switch
        {
            OrderDecision.Refused r => r.Why.ToString(),
            OrderDecision.Done { IsReplay: true } => "replayed",
            _ => "done",
        });
    }

    public void Failed(OrderCommand command, Exception fault) =>
        Count(command.GetType().Name, fault switch { EngineBusyException => "(busy)", CommitUnknownException => "(unknown)", _ => "(fault)" });

    /// <summary>What no run came across, of what every large set of runs must.</summary>
    public IEnumerable<string> Missing() =>
    [
        .. Enum.GetValues<Point>().Where(p => KilledAt[(int)p] == 0).Select(p => $"no node died at {p}"),
        .. Stale == 0 ? ["nothing was read that had changed by the time it was written"] : (string[])[],
        .. Duplicates == 0 ? ["no transaction met a unique index"] : (string[])[],
        .. Enum.GetValues<Refusal>().Where(r => Refused[(int)r] == 0 && !NotFromTheEngine.Contains(r)).Select(r => $"nothing was refused as {r}"),
    ];

    public void Add(Tally other)
    {
        (Runs, Commands, Orders, Kills) = (Runs + other.Runs, Commands + other.Commands, Orders + other.Orders, Kills + other.Kills);
        (Faults, Stale, Duplicates) = (Faults + other.Faults, Stale + other.Stale, Duplicates + other.Duplicates);
        (CommandsMin, KillsMin) = (Math.Min(CommandsMin, other.CommandsMin), Math.Min(KillsMin, other.KillsMin));
        for (var i = 0; i < Passed.Length; i++) (Passed[i], KilledAt[i]) = (Passed[i] + other.Passed[i], KilledAt[i] + other.KilledAt[i]);
        for (var i = 0; i < Refused.Length; i++) Refused[i] += other.Refused[i];
        foreach (var (key, count) in other._outcomes) _outcomes[key] = _outcomes.GetValueOrDefault(key) + count;
    }

    public string Report()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Runs:N0} seeds, {Commands:N0} commands, {Orders:N0} orders, {Kills:N0} kills, {Faults:N0} other faults of the database, {Stale:N0} stale reads, {Duplicates:N0} duplicate keys");
        text.AppendLine(CultureInfo.InvariantCulture, $"in each seed at least {CommandsMin} commands and {KillsMin} kills");
        text.AppendLine().AppendLine("command   outcome                      answers");
        foreach (var ((command, outcome), count) in _outcomes)
            text.AppendLine(CultureInfo.InvariantCulture, $"{command,-9} {outcome,-21} {count,14:N0}");
        text.AppendLine().AppendLine("refusal                      answers");
        foreach (var refusal in Enum.GetValues<Refusal>())
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{refusal,-21} {Refused[(int)refusal],14:N0}{(NotFromTheEngine.Contains(refusal) ? "  (given by the edge, not by the engine)" : "")}");
        text.AppendLine().AppendLine("kill point                   passed          kills");
        foreach (var point in Enum.GetValues<Point>())
            text.AppendLine(CultureInfo.InvariantCulture, $"{point,-21} {Passed[(int)point],14:N0} {KilledAt[(int)point],14:N0}");
        return text.ToString();
    }

    private void Count(string command, string outcome)
    {
        var key = (command, outcome);
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + 1;
    }
}

internal static class Words
{
    public static string Of(OrderDecision decision) => decision switch
    {
        OrderDecision.Done { IsReplay: true } d => $"replayed {d.Order.Id} {d.Order.Status} v{d.Order.Version}",
        OrderDecision.Done d => $"done {d.Order.Id} {d.Order.Status} {d.Order.Settlement} v{d.Order.Version}",
        OrderDecision.Refused r => $"refused {r.Why} {r.Detail}",
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };
}
