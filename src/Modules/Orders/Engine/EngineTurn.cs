using System.Data.Common;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Another node's engine is in full swing: this one waits a little, so that neither has to read everything anew for each batch.</summary>
internal sealed class OthersTurnException() : Exception("Another engine is in full swing.");

/// <summary>Whose engine ran the last batch on this database, and how it looked then.</summary>
/// <param name="At">When it began, by the clock of that node. Only politeness goes by it: with clocks apart nodes are less polite, and as right.</param>
/// <param name="Commands">How many commands the batch had.</param>
internal sealed record EngineTurn(long Holder, DateTimeOffset At, long Commands)
{
    private const string Select = "select holder, at, commands from engine_turn";

    /// <summary>Batches of this size come from an engine that is always busy; smaller ones take turns freely.</summary>
    private const int FullSwing = 64;

    /// <summary>An engine that has not begun a batch for so long has nothing to do.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(60);

    /// <summary>How long another engine may keep the turn while this one has work.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(5);

    private static EngineTurn Read(DbDataReader row) => new(row.GetInt64(0), Instants.FromMicros(row.GetInt64(1)), row.GetInt64(2));

    public bool IsInFullSwing(DateTimeOffset now) => Commands >= FullSwing && (now - At).Duration() < _pause;

    /// <summary>Adds the reads that take the turn; undone with the transaction.</summary>
    /// <param name="was">Told whose turn it was.</param>
    public static void Take(ReadBatch reads, long holder, DateTimeOffset at, int commands, Action<EngineTurn> was)
    {
        reads.Add(Select, row => was(Read(row)));
        reads.Add("update engine_turn set holder = @holder, at = @at, commands = @commands returning one", static _ => { },
            ("@holder", holder), ("@at", at.ToMicros()), ("@commands", (long)commands));
    }

    /// <summary>Returns when the other engine has nothing more to do, or has had its time.</summary>
    public static async Task WaitAsync(Database database, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        do
        {
            await Task.Delay(_look, clock);
            var turn = await database.ReadAsync(async s =>
            {
                var reads = new ReadBatch(s);
                EngineTurn? found = null;
                reads.Add(Select, row => found = Read(row));
                await reads.RunAsync();
                return found!;
            });
            if (!turn.IsInFullSwing(clock.Now())) return;
        }
        while (clock.GetElapsedTime(start) < _patience);
    }
}
