namespace Lianka.Kernel.Routing;

/// <summary>What is known of one candidate: its last outcomes in the order they were sent, what it has not answered, and its breaker.</summary>
/// <remarks>Not thread-safe: <see cref="Router"/> holds its lock around every call. Times are microseconds since 1970.</remarks>
internal sealed class Track(RouterSettings settings)
{
    private const double Second = 1_000_000;

    // A share of the newest answer in the mean time.
    private const double TimeShare = .15;

    // Attempts without an answer that are looked at in one decision; more would tell nothing new.
    private const int SilentMax = 16;

    private readonly LinkedList<(long Attempt, long Sent)> _waiting = new();
    private readonly Dictionary<long, LinkedListNode<(long Attempt, long Sent)>> _pending = [];
    private Heard[] _last = new Heard[8];
    private int _count, _succeeded;

    // The first attempt without an answer that was sent after the last success: those before it may wait for ever without being walked over.
    private LinkedListNode<(long Attempt, long Sent)>? _silent;
    private long _lastSuccess = long.MinValue;
    private Belief _belief = Belief.Usual();
    private double _seconds, _successSeconds;

    // The breaker: when it opened (0: closed), until when nothing goes there, and how far it is on its way back.
    private long _opened, _until, _pause;
    private int _returned;

    private record struct Heard(long Sent, long Attempt, Outcome Outcome, double Seconds, bool WasUnknown);

    public int Pending => _pending.Count;

    /// <summary>When it was last used or heard of.</summary>
    public long Touched { get; private set; }

    /// <summary>Attempts a second, as far as they are remembered.</summary>
    public double PerSecond(long now)
    {
        var oldest = _count > 0 ? _last[0].Sent : _waiting.First?.Value.Sent ?? now;
        return (_count + _pending.Count) / Math.Max((now - oldest) / Second, 1);
    }

    public void Begin(long attempt, long now)
    {
        Touched = now;
        CountOverdue(now);
        if (_pending.ContainsKey(attempt)) return;
        if (_pending.Count >= settings.PendingMax)
        {
            var (oldest, sent) = _waiting.First!.Value;
            Report(oldest, Outcome.Unknown, sent, now);
        }

        var before = _waiting.Last;
        while (before is not null && before.Value.Sent > now) before = before.Previous;
        var node = before is null ? _waiting.AddFirst((attempt, now)) : _waiting.AddAfter(before, (attempt, now));
        _pending[attempt] = node;
        if (now >= _lastSuccess && (_silent is null || now < _silent.Value.Sent)) _silent = node;
    }

    public void Withdraw(long attempt)
    {
        if (_pending.Remove(attempt, out var node)) Unlink(node);
    }

    public void Report(long attempt, Outcome outcome, long sent, long now)
    {
        Touched = Math.Max(Touched, now);
        if (_pending.Remove(attempt, out var node))
        {
            sent = node.Value.Sent;
            Unlink(node);
        }

        if (outcome == Outcome.Succeeded && sent > _lastSuccess)
        {
            _lastSuccess = sent;
            while (_silent is not null && _silent.Value.Sent < sent) _silent = _silent.Next;
        }

        var heard = new Heard(sent, attempt, outcome, Math.Max(now - sent, 0) / Second, WasUnknown: false);
        if (Find(attempt) is var at and >= 0)
        {
            // Only what was unknown can still change; a repeated report changes nothing.
            if (_last[at].Outcome != Outcome.Unknown || outcome == Outcome.Unknown) return;
            _last[at] = heard with { Seconds = _last[at].Seconds, WasUnknown = true };
            Recount();
        }
        else
        {
            Insert(heard);
        }

        Judge(sent, outcome, now);
    }

    // What is never answered would otherwise be forgotten before it counts, where the answers of others come fast.
    private void CountOverdue(long now)
    {
        if (settings.OverdueAfter == 0 || _successSeconds == 0) return;
        while (_waiting.First is { Value: var (attempt, sent) } && now - sent > settings.OverdueAfter * _successSeconds * Second)
            Report(attempt, Outcome.Unknown, sent, now);
    }

    public Trust TrustAt(long now) => _opened == 0 ? Trust.Closed : now < _until ? Trust.Open : Trust.Probing;

    /// <summary>What is believed at a moment, silence included.</summary>
    public Belief BeliefAt(long now, out int silent)
    {
        var belief = _belief;
        var at = _count == 0 ? now : _last[_count - 1].Sent;
        silent = 0;
        // Without a success nobody knows how long one takes.
        if (_successSeconds > 0)
        {
            for (var node = _silent; node is not null && silent < SilentMax; node = node.Next)
            {
                var (_, sent) = node.Value;
                var beyond = ((now - sent) / Second / _successSeconds) - 1;
                if (beyond <= .5) break;
                silent++;
                belief.Wait((sent - at) / Second, settings);
                at = Math.Max(at, sent);
                belief.HearNothing(1 - Math.Exp(-beyond));
            }
        }

        belief.Wait((now - at) / Second, settings);
        return belief;
    }

    /// <summary>Expected seconds to an answer. What was heard long ago fades towards the usual.</summary>
    public double SecondsAt(long now)
    {
        if (_count == 0) return 0;
        if (_successSeconds == 0) return _seconds;
        var fresh = Math.Exp(-Math.Max(now - _last[_count - 1].Sent, 0) / Second / settings.BadSeconds);
        return (fresh * _seconds) + ((1 - fresh) * Math.Min(_seconds, UsualSeconds()));
    }

    public Standing StandingAt(Candidate candidate, long now, double expected, int silent) => new()
    {
        Id = candidate.Id,
        Trust = TrustAt(now),
        Of = _count,
        Succeeded = _succeeded,
        Run = Run(),
        Silent = silent,
        Milliseconds = (long)(_seconds * 1_000),
        CostUnits = candidate.CostUnits,
        ExpectedBps = (int)(expected * 10_000),
    };

    private double UsualSeconds()
    {
        var (sum, of) = (0.0, 0);
        for (var i = 0; i < _count; i++)
        {
            if (_last[i].Outcome != Outcome.Succeeded || _last[i].WasUnknown) continue;
            sum += _last[i].Seconds;
            of++;
        }

        return of == 0 ? _seconds : sum / of;
    }

    private int Run()
    {
        var run = 0;
        while (run < _count && _last[_count - 1 - run].Outcome != Outcome.Succeeded) run++;
        return run;
    }

    private void Unlink(LinkedListNode<(long Attempt, long Sent)> node)
    {
        if (node == _silent) _silent = node.Next;
        _waiting.Remove(node);
    }

    private int Find(long attempt)
    {
        for (var i = _count - 1; i >= 0; i--)
            if (_last[i].Attempt == attempt) return i;
        return -1;
    }

    private void Insert(Heard heard)
    {
        if (_count == settings.Window)
        {
            if (heard.Sent < _last[0].Sent) return; // Older than all that is remembered.
            if (_last[0].Outcome == Outcome.Succeeded) _succeeded--;
            Array.Copy(_last, 1, _last, 0, --_count);
        }

        if (_count == _last.Length) Array.Resize(ref _last, Math.Min(_last.Length * 2, settings.Window));
        var at = _count;
        while (at > 0 && _last[at - 1].Sent > heard.Sent) at--;
        Array.Copy(_last, at, _last, at + 1, _count - at);
        _last[at] = heard;
        _count++;
        if (at < _count - 1)
        {
            Recount();
            return;
        }

        if (heard.Outcome == Outcome.Succeeded) _succeeded++;
        Learn(at);
    }

    // What was heard out of turn is put where it belongs in time, and everything is reckoned anew: outcomes come late, some by minutes.
    private void Recount()
    {
        (_belief, _succeeded, _seconds, _successSeconds) = (Belief.Usual(), 0, 0, 0);
        for (var i = 0; i < _count; i++)
        {
            if (_last[i].Outcome == Outcome.Succeeded) _succeeded++;
            Learn(i);
        }
    }

    private void Learn(int at)
    {
        var heard = _last[at];
        if (at > 0) _belief.Wait((heard.Sent - _last[at - 1].Sent) / Second, settings);
        _belief.Hear(heard.Outcome == Outcome.Succeeded);
        _seconds = _seconds == 0 ? heard.Seconds : _seconds + (TimeShare * (heard.Seconds - _seconds));
        if (heard.Outcome == Outcome.Succeeded && !heard.WasUnknown)
            _successSeconds = _successSeconds == 0 ? heard.Seconds : _successSeconds + (TimeShare * (heard.Seconds - _successSeconds));
    }

    private void Judge(long sent, Outcome outcome, long now)
    {
        var failsTooOften = Run() >= settings.OpensAtRun || (_count >= settings.OpensAtRun && _belief.Mean < settings.OpensBelow);
        if (_opened == 0)
        {
            if (failsTooOften) Open(now, settings.PauseMin.Ticks / TimeSpan.TicksPerMicrosecond);
            return;
        }

        if (outcome == Outcome.Succeeded)
        {
            // Sent before it opened: the truth about an unknown one, which may take away the reason for it.
            if (sent >= _opened ? ++_returned >= settings.ClosesAfter : !failsTooOften) _opened = 0;
        }
        else if (sent >= _until)
        {
            Open(now, Math.Min(_pause * 2, settings.PauseMax.Ticks / TimeSpan.TicksPerMicrosecond));
        }
    }

    private void Open(long now, long pause) => (_opened, _until, _pause, _returned) = (now, now + pause, pause, 0);
}
