namespace Lianka.Modules.Orders.Engine;

/// <summary>How long a command that comes now must expect to wait, judged by the batches that ran last.</summary>
/// <remarks>
/// Time is the measure, not a number of commands: the same queue is short on a fast database and long on a slow one. A batch
/// takes whatever waits, so what counts is how many batches stand in front. Written by the engine's loop alone, read by
/// everybody; a reader who sees one half of a change is wrong for a moment only.
/// </remarks>
internal sealed class QueueDelay(TimeProvider clock, int batchMax)
{
    /// <summary>A new batch counts so much for the usual time of one, in parts of 8.</summary>
    private const int Weight = 2, Of = 8;

    /// <summary>A batch that runs so long is stuck: nobody knows when it ends.</summary>
    private static readonly TimeSpan _stuck = TimeSpan.FromSeconds(1);

    private long _runningSince, _usual;

    public void Begin() => Volatile.Write(ref _runningSince, clock.GetTimestamp());

    public void End()
    {
        var took = clock.GetTimestamp() - Volatile.Read(ref _runningSince);
        var usual = Volatile.Read(ref _usual);
        Volatile.Write(ref _usual, usual == 0 ? took : ((usual * (Of - Weight)) + (took * Weight)) / Of);
        Volatile.Write(ref _runningSince, 0);
    }

    /// <summary>How long a batch takes, as a rule.</summary>
    public TimeSpan Usual => Span(Volatile.Read(ref _usual));

    /// <param name="waiting">How many commands wait now.</param>
    public TimeSpan Expect(int waiting)
    {
        var (since, usual) = (Volatile.Read(ref _runningSince), Volatile.Read(ref _usual));
        if (since == 0 && waiting == 0) return TimeSpan.Zero;
        var own = ((waiting / batchMax) + 1) * usual;
        if (since == 0) return Span(own);
        var runs = clock.GetTimestamp() - since;
        var wait = Span(Math.Max(0, usual - runs) + own);
        var stuck = Span(runs);
        return stuck >= _stuck && stuck > wait ? stuck : wait;
    }

    private TimeSpan Span(long ticks) => TimeSpan.FromTicks((long)((Int128)ticks * TimeSpan.TicksPerSecond / clock.TimestampFrequency));
}
