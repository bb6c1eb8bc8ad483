namespace Lianka.Tests.Integration;

/// <summary>A clock that a test turns by hand; timers stay real.</summary>
public sealed class TurnedClock : TimeProvider
{
    private TimeSpan _turned;
    private DateTimeOffset? _stopped;

    public void Turn(TimeSpan by) => _turned += by;

    /// <summary>From here on it is always the same moment; timers run on.</summary>
    public void Stop() => _stopped = base.GetUtcNow();

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_turned.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => (_stopped ?? base.GetUtcNow()) + _turned;
}
