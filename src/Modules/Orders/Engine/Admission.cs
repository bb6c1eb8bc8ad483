namespace Lianka.Modules.Orders.Engine;

/// <summary>Whether an order that comes now is taken in, or told to come again.</summary>
/// <remarks>
/// A short crowd is let wait up to <see cref="CrowdMax"/>: it will be served soon, and nobody likes to ask twice. A queue that has stood
/// for <see cref="Patience"/> does not go away by waiting: from then on whoever comes waits <see cref="Target"/> at most, and the rest
/// is told at once. Less than a full batch may wait longer, so that turning away never leaves the engine without work when its
/// batches take long. Asked by many threads at once; one that sees a moment too old is wrong for a moment only.
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

    /// <summary>A queue that is no longer than this does not stand.</summary>
    private static readonly TimeSpan _calm = Target / 2;

    private long _calmAt = clock.GetTimestamp();

    /// <param name="wait">What an order that comes now must expect to wait.</param>
    /// <param name="waiting">How many commands wait.</param>
    public bool Takes(TimeSpan wait, int waiting)
    {
        if (wait <= _calm) Volatile.Write(ref _calmAt, clock.GetTimestamp());
        if (waiting < batchMax) return wait < WaitMax;
        return wait <= Target || (wait <= CrowdMax && clock.GetElapsedTime(Volatile.Read(ref _calmAt)) < Patience);
    }
}
