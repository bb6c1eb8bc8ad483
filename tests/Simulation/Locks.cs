namespace Lianka.Tests.Simulation;

/// <summary>What a transaction may lock, in the engine's order: the engines' own lock, orders, then flash sales, accounts and lots.</summary>
internal enum RowKind { Engine, Order, Sale, Account, Lot, Waiting }

/// <summary>One transaction on the simulated database.</summary>
internal sealed class Tx
{
    public List<(RowKind, long)> Held { get; } = [];

    /// <summary>Whether it ends well is now the server's business alone.</summary>
    public bool IsCommitSent { get; set; }
    public bool IsOver { get; set; }
}

/// <summary>Row locks: held until the end of the transaction, waited for.</summary>
internal sealed class Locks
{
    private readonly Dictionary<(RowKind, long), Tx> _holders = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly Timeline _timeline;

    public Locks(Timeline timeline) => _timeline = timeline;

    public int Count => _holders.Count;

    public override string ToString() => $"{string.Join(", ", _holders.Select(h => $"{h.Key.Item1} {h.Key.Item2} {(h.Value.IsOver ? "over" : h.Value.IsCommitSent ? "committing" : "open")}"))}, {_waiting.Count} wait";

    public async ValueTask TakeAsync(Tx tx, RowKind kind, IEnumerable<long> sorted)
    {
        foreach (var id in sorted)
        {
            while (!TryTake(tx, kind, id))
            {
                var released = new TaskCompletionSource();
                _waiting.Add(released);
                await released.Task;
                // The backend was ended while it waited.
                if (tx.IsOver) await Never.Task;
            }
        }
    }

    public bool TryTake(Tx tx, RowKind kind, long id)
    {
        if (_holders.TryGetValue((kind, id), out var holder)) return holder == tx;
        _holders[(kind, id)] = tx;
        tx.Held.Add((kind, id));
        return true;
    }

    public void Release(Tx tx)
    {
        if (tx.IsOver) return;
        tx.IsOver = true;
        foreach (var row in tx.Held) _holders.Remove(row);
        if (_waiting.Count == 0) return;
        var woken = _waiting.ToArray();
        _waiting.Clear();
        foreach (var one in woken) _timeline.In(10, one.SetResult);
    }
}

/// <summary>What a dead node waits for. Each time another, so that the dead are forgotten.</summary>
internal static class Never
{
    public static Task Task => new TaskCompletionSource().Task;
}
