using System.Runtime.InteropServices;

namespace Lianka.Kernel.Routing;

/// <summary>Chooses among sources by what they cost, how often and how soon they succeed, and how they are graded; finds out when that changes.</summary>
/// <remarks>
/// In memory, of one node, thread-safe; no clock and no chance of its own: the same calls give the same decisions. It may be lost at any moment;
/// a node that starts can report the outcomes of the last hours to it, in any order.
/// Order of calls for an attempt: <see cref="Choose"/>, <see cref="Begin"/> when it is going to be sent, <see cref="Report"/> when something is known,
/// again when an unknown one becomes known; <see cref="Withdraw"/> when it was not sent after all.
/// Held by: tests/Unit/Kernel/RouterExamples.cs, RouterProperties.cs.
/// </remarks>
public sealed class Router(RouterSettings settings)
{
    // With this many candidates remembered, those that nobody used for a day are forgotten: by then they are as if unheard of.
    private const int TracksBeforeSweep = 4_096;
    private const long Day = 86_400_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Track> _tracks = [];
    private int _sweepAt = TracksBeforeSweep;

    public Router() : this(new RouterSettings()) { }

    /// <summary>Ranks the candidates for one order. Changes nothing.</summary>
    /// <param name="candidates">At least one, each id once; more than a hundred are not looked at.</param>
    /// <param name="paidUnits">What the buyer pays for the order, in 1/10,000 yuan: what there is to lose.</param>
    /// <param name="draw">Chance in [0, 1), for what goes by weight.</param>
    /// <exception cref="ArgumentException">No candidate.</exception>
    public Decision Choose(ReadOnlySpan<Candidate> candidates, long paidUnits, DateTimeOffset now, double draw)
    {
        if (candidates.IsEmpty) throw new ArgumentException("There is nothing to choose from.", nameof(candidates));
        candidates = candidates[..Math.Min(candidates.Length, 100)];
        Span<View> views = stackalloc View[candidates.Length];
        lock (_gate)
        {
            for (var i = 0; i < candidates.Length; i++) views[i] = Look(candidates[i], paidUnits, now.ToMicros());
        }

        return Ranking.Of(views, candidates, paidUnits, draw, settings);
    }

    /// <summary>An attempt is about to be sent. The same number again changes nothing.</summary>
    /// <param name="attempt">The caller's number for it, unlike any other of this candidate.</param>
    public void Begin(long candidate, long attempt, DateTimeOffset now)
    {
        lock (_gate) TrackOf(candidate, now.ToMicros()).Begin(attempt, now.ToMicros());
    }

    /// <summary>The attempt was not sent: it says nothing about the candidate.</summary>
    public void Withdraw(long candidate, long attempt)
    {
        lock (_gate)
        {
            if (_tracks.TryGetValue(candidate, out var track)) track.Withdraw(attempt);
        }
    }

    /// <summary>What became of an attempt. An unknown one can be corrected later; anything else stands.</summary>
    /// <param name="sent">When it was sent; of an attempt begun here the time of <see cref="Begin"/> counts instead.</param>
    /// <param name="known">When this became known.</param>
    public void Report(long candidate, long attempt, Outcome outcome, DateTimeOffset sent, DateTimeOffset known)
    {
        lock (_gate) TrackOf(candidate, known.ToMicros()).Report(attempt, outcome, sent.ToMicros(), known.ToMicros());
    }

    private View Look(in Candidate candidate, long paid, long now)
    {
        if (!_tracks.TryGetValue(candidate.Id, out var track))
        {
            var usual = Belief.Usual();
            return new View(usual, 0, new Standing
            {
                Id = candidate.Id, Trust = Trust.Closed, Of = 0, Succeeded = 0, Run = 0, Silent = 0, Milliseconds = 0,
                CostUnits = candidate.CostUnits, ExpectedBps = (int)(usual.Mean * 10_000),
            }, 0, 0);
        }

        var belief = track.BeliefAt(now, out var silent);
        return new View(belief, track.SecondsAt(now), track.StandingAt(candidate, now, belief.Mean, silent), track.Pending, track.PerSecond(now));
    }

    private Track TrackOf(long candidate, long now)
    {
        ref var track = ref CollectionsMarshal.GetValueRefOrAddDefault(_tracks, candidate, out _);
        if (track is not null) return track;
        var made = track = new Track(settings);
        if (_tracks.Count < _sweepAt) return made;
        foreach (var (id, old) in _tracks)
            if (old != made && old.Touched < now - Day) _tracks.Remove(id);
        _sweepAt = Math.Max(TracksBeforeSweep, _tracks.Count * 2);
        return made;
    }
}

/// <summary>A candidate as a decision sees it.</summary>
/// <param name="Pending">Attempts under way.</param>
/// <param name="PerSecond">Attempts a second that it got of late.</param>
internal readonly record struct View(Belief Belief, double Seconds, Standing Standing, int Pending, double PerSecond);
