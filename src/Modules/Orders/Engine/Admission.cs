namespace Lianka.Modules.Orders.Engine;

/// <summary>The engine's queue at one moment.</summary>
/// <param name="Wait">What a command that comes now must expect to wait.</param>
/// <param name="Waiting">How many commands wait.</param>
/// <param name="Batch">How long a batch takes.</param>
internal readonly record struct QueueState(TimeSpan Wait, int Waiting, TimeSpan Batch);

/// <summary>Whether an order that comes now is taken in, or told to come again.</summary>
/// <remarks>
/// A short crowd is let wait up to <see cref="CrowdMax"/>: it will be served soon, and nobody likes to ask twice. A queue that has stood
/// for <see cref="Patience"/> does not go away by waiting: from then on whoever comes waits <see cref="Target"/> at most, or for three
/// batches where these take long, and the rest is told at once. Less than a full batch may wait longer, so that turning away never
/// leaves the engine without work. Asked by many threads at once; one that sees a moment too old is wrong for a moment only.
/// </remarks>
/// <param name="batchMax">How many commands a batch takes.</param>
internal sealed class Admission(TimeProvider clock, int batchMax)
{
    /// <summary>Longer than this nobody waits behind a full batch.</summary>
    public static readonly TimeSpan CrowdMax = TimeSpan.FromMilliseconds(500);

    /// <summary>What a standing queue is cut down to.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromMilliseconds(100);

    /// <summary>After so long a crowd is a standing queue.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Longer than this nobody waits at all: the engine is stuck, or its database is away.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private long _calmAt = clock.GetTimestamp();

    /// <summary>To be told of every command that comes, so that a queue which came a moment ago is not taken for one that stands.</summary>
    public void Note(QueueState queue)
    {
        // A queue that is no longer than half of what is allowed does not stand.
        if (queue.Wait <= Allowed(queue) / 2) Volatile.Write(ref _calmAt, clock.GetTimestamp());
    }

    public bool Takes(QueueState queue)
    {
        Note(queue);
        if (queue.Waiting < batchMax) return queue.Wait < WaitMax;
        return queue.Wait <= Allowed(queue) || (queue.Wait <= CrowdMax && clock.GetElapsedTime(Volatile.Read(ref _calmAt)) < Patience);
    }

    private static TimeSpan Allowed(QueueState queue) => queue.Batch * 3 > Target ? queue.Batch * 3 : Target;
}
