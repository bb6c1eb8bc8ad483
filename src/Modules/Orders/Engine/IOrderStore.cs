using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lianka.Modules.Orders.Core;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Where the engine's batches are loaded from and saved to.</summary>
internal interface IOrderStore
{
    /// <summary>One transaction: loads what the commands may look at, lets them be decided, saves what was written, commits.</summary>
    /// <param name="begun">Told when the turn has come or is waited for, before anything is read; may add commands. Told more than once.</param>
    /// <param name="decide">Decides and applies; run again with a fresh load when the database ended the first run.</param>
    /// <exception cref="System.Data.Common.DbException">The database refused, or nobody knows whether the commit happened.</exception>
    Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide);
}

/// <summary>The points inside the engine, between two calls of the store, at which a node may die.</summary>
internal enum EngineStep { Dequeued, Decided, Applied, Answered }

/// <summary>The store on SQLite and PostgreSQL.</summary>
internal sealed class SqlOrderStore(Database database, EngineMemory memory, BatchStore load, BatchSave save) : IOrderStore
{
    private static readonly Meter _meter = new("Lianka.Orders");
    private static readonly Histogram<double> _stageSeconds = _meter.CreateHistogram<double>("lianka_order_stage_seconds", description: "Stages of a batch");

    /// <summary>
    /// Accounts and lots are taken from memory or read without locks, and written only if nobody changed them in between;
    /// after a change they are read again and locked.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide)
    {
        for (var isLocking = false; ;)
        {
            try
            {
                var (loaded, state, saved) = await database.WriteBlockingAsync(session => RunAsync(session, commands, now, begun, decide, isLocking));
                Stage("commit", ref saved);
                memory.Keep(loaded, state);
                return;
            }
            catch (StaleReadException) when (!isLocking)
            {
                memory.Forget();
                isLocking = true;
            }
            catch (Exception fault)
            {
                memory.Forget();
                if (Database.IsDuplicate(fault)) memory.ExpectRepeats();
                throw;
            }
        }
    }

    private async Task<(Loaded, BatchState, long Saved)> RunAsync(
        Session session, IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide, bool isLocking)
    {
        var start = Stopwatch.GetTimestamp();
        var loaded = await load.LoadAsync(session, commands, now, begun, isLocking);
        Stage("load", ref start);
        var state = decide(loaded);
        Stage("decide", ref start);
        await load.CheckAsync(session, state);
        if (!state.Writes.IsEmpty) await save.RunAsync(session, loaded, state);
        if (memory.IsShared) await EngineChange.Of(state).SaveAsync(session, loaded.Batch);
        Stage("save", ref start);
        return (loaded, state, start);
    }

    private static void Stage(string name, ref long start)
    {
        var end = Stopwatch.GetTimestamp();
        var lasted = Stopwatch.GetElapsedTime(start, end);
        _stageSeconds.Record(lasted.TotalSeconds, new KeyValuePair<string, object?>("stage", name));
        Traces.Ended(name, lasted);
        start = end;
    }
}
