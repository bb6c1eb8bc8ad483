namespace Lianka.Tests.Simulation;

/// <summary>What happens next, in the order of simulated time. One thread runs it; nothing else moves the world.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (long Due, long No)> _due = new();
    private long _no;

    /// <summary>Microseconds since the beginning. Never goes back; the nodes' clocks may.</summary>
    public long Micros { get; private set; }

    public void In(long micros, Action what) => _due.Enqueue(what, (Micros + micros, _no++));

    /// <returns>False when nothing is left to happen.</returns>
    public bool Step()
    {
        if (!_due.TryDequeue(out var what, out var at)) return false;
        Micros = Math.Max(Micros, at.Due);
        what();
        return true;
    }
}

/// <summary>A node's clock: the timeline's time and the node's own error, which steps now and then (F14).</summary>
internal sealed class NodeClock(Timeline timeline, Func<bool> isStopped) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long ErrorMicros { get; set; }

    public DateTimeOffset Now => Start.AddMicroseconds(timeline.Micros + ErrorMicros);

    public override DateTimeOffset GetUtcNow() => Now;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => timeline.Micros;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new OnceTimer();
        timeline.In((long)dueTime.TotalMicroseconds, () =>
        {
            if (timer.IsOff || isStopped()) return;
            try
            {
                callback(state);
            }
            catch (NodeDiedException)
            {
                // It died of what its timer did.
            }
        });
        return timer;
    }

    private sealed class OnceTimer : ITimer
    {
        public bool IsOff { get; private set; }
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("A simulated timer rings once.");
        public void Dispose() => IsOff = true;

        public ValueTask DisposeAsync()
        {
            IsOff = true;
            return ValueTask.CompletedTask;
        }
    }
}
