namespace Lianka.Tests.Integration;

/// <summary>A clock that a test turns by hand; timers stay real.</summary>
public sealed class TurnedClock : TimeProvider
{
    private TimeSpan _turned;

    public void Turn(TimeSpan by) => _turned += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _turned;
}
