using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>How long one batch has tried in vain to reach the database, and when to give up.</summary>
/// <remarks>
/// What certainly was not done may be given up soon: the caller hears "busy" and comes again. After a commit of which
/// nobody knows whether it happened, only the database can tell, so that is waited for much longer.
/// </remarks>
internal sealed class Outage(TimeProvider clock)
{
    /// <summary>Restarts of a database server take seconds; callers have time-outs of about that.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _patienceUnknown = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromMilliseconds(500);

    /// <summary>Shorter ones pass without anybody being turned away.</summary>
    private static readonly TimeSpan _felt = TimeSpan.FromMilliseconds(500);

    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(20), _paused;
    private CommitUnknownException? _unknown;

    // Pauses count even where a clock stands still.
    private TimeSpan Lasted => TimeSpan.FromTicks(Math.Max(_paused.Ticks, clock.GetElapsedTime(_start).Ticks));

    /// <summary>It is more than a hiccup: new commands are better refused than taken in.</summary>
    public bool IsFelt => Lasted >= _felt;

    public bool IsOver(Exception fault)
    {
        _unknown ??= fault as CommitUnknownException;
        return Lasted >= (_unknown is null ? _patience : _patienceUnknown);
    }

    /// <summary>What the callers are told at the end.</summary>
    public Exception Verdict => _unknown as Exception ?? new EngineBusyException();

    public async Task PauseAsync()
    {
        await Task.Delay(_pause, clock);
        _paused += _pause;
        _pause = _pause * 2 < _pauseMax ? _pause * 2 : _pauseMax;
    }
}
