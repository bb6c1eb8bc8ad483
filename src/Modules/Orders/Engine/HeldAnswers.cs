namespace Lianka.Modules.Orders.Engine;

/// <summary>The answers of a committed batch, held back for the moment in which the next one begins.</summary>
/// <remarks>
/// Hundreds of answers wake as many requests at once, and then the engine, whose turn with the database is a round trip
/// away, would wait for a processor behind all of them. So the next batch first asks for its turn, and the answers go out
/// while it is decided. They never wait for longer than <see cref="_longest"/>, whatever holds the next batch up.
/// </remarks>
internal sealed class HeldAnswers(TimeProvider clock)
{
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(10);

    private Action? _answers;
    private ITimer? _timer;

    /// <param name="answers">Gives the answers; run once, on whichever thread lets them go.</param>
    public void Hold(Action answers)
    {
        LetGo();
        Volatile.Write(ref _answers, answers);
        _timer = clock.CreateTimer(static held => ((HeldAnswers)held!).LetGo(), this, _longest, Timeout.InfiniteTimeSpan);
    }

    public void LetGo()
    {
        // Read before the answers are taken, so that it is never the timer of later ones: those would wait without it.
        var timer = Volatile.Read(ref _timer);
        if (Interlocked.Exchange(ref _answers, null) is not { } answers) return;
        timer?.Dispose();
        answers();
    }
}
