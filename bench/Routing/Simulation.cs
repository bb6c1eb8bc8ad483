namespace Lianka.Bench.Routing;

/// <summary>What a policy did in one course of events, or in several together.</summary>
internal sealed class Tally
{
    public long Orders { get; private set; }

    /// <summary>Units of money that the best choice at each moment would have been worth more, on average.</summary>
    public double Regret { get; private set; }

    /// <summary>Seconds until an arm that became wrong was left, and until one that became right again was back.</summary>
    public List<double> Leaving { get; } = [];
    public List<double> Returning { get; } = [];

    /// <summary>The largest share of clearly wrong choices in any quarter of an hour.</summary>
    public double WorstShare { get; set; }

    /// <summary>In basis points of what was paid.</summary>
    public double RegretBps => Regret / Orders / World.Paid * 10_000;

    public void Count(double regret) => (Orders, Regret) = (Orders + 1, Regret + regret);

    public void Add(Tally other)
    {
        (Orders, Regret) = (Orders + other.Orders, Regret + other.Regret);
        Leaving.AddRange(other.Leaving);
        Returning.AddRange(other.Returning);
        WorstShare = Math.Max(WorstShare, other.WorstShare);
    }
}

/// <summary>Runs one policy through one course of events.</summary>
internal static class Simulation
{
    // Clearly wrong: half a percent of what was paid worse than the best.
    private const double Wrong = World.Paid * .005;
    private const double Quarter = 900;

    public static Tally Run(World world, int seed, Func<World, IPolicy> make)
    {
        var (policy, tally, scenario) = (make(world), new Tally(), world.Scenario);
        var answers = new PriorityQueue<(long Order, int Arm, Heard What, double Sent), (double At, long Order, int What)>();
        var turns = new Turns(world, tally);
        var (inQuarter, wrongInQuarter, quarterEnds) = (0, 0, Quarter);
        var t = 0.0;
        for (long order = 1; ; order++)
        {
            t += -Math.Log(1 - Chance.Of(seed, order, 255, 5)) / scenario.PerSecond;
            if (t >= scenario.Length) return tally;
            while (answers.TryPeek(out var answer, out var when) && when.At <= t)
            {
                answers.Dequeue();
                policy.Hear(answer.Order, answer.Arm, answer.What, answer.Sent, when.At);
            }

            var arm = policy.Choose(order, t, Chance.Of(seed, order, 255, 6));
            foreach (var (at, what) in world.Attempt(order, arm, t)) answers.Enqueue((order, arm, what, t), (at, order, (int)what));

            var best = Oracle.Best(world, t);
            var regret = world.Worth(best, t) - world.Worth(arm, t);
            tally.Count(regret);
            turns.Saw(t, arm, best);

            if (t >= quarterEnds)
            {
                // A quarter with a handful of orders says nothing about a share.
                if (inQuarter >= 10) tally.WorstShare = Math.Max(tally.WorstShare, (double)wrongInQuarter / inQuarter);
                (inQuarter, wrongInQuarter, quarterEnds) = (0, 0, quarterEnds + (Quarter * (1 + Math.Floor((t - quarterEnds) / Quarter))));
            }

            inQuarter++;
            if (regret > Wrong) wrongInQuarter++;
        }
    }

    /// <summary>
    /// When the best arm changes, how long until at most two of ten orders go to the former one, if that one became clearly wrong; and until
    /// eight of ten go to the new one, if staying became clearly wrong.
    /// </summary>
    private sealed class Turns(World world, Tally tally)
    {
        private readonly Queue<int> _last = new();
        private int _best = -1, _former = -1;
        private double _since;
        private bool _isLeaving, _isReturning;

        public void Saw(double t, int arm, int best)
        {
            _last.Enqueue(arm);
            if (_last.Count > 10) _last.Dequeue();
            if (best != _best)
            {
                // A turn that was not finished before the next one took as long as there was.
                if (_isLeaving) tally.Leaving.Add(t - _since);
                if (_isReturning) tally.Returning.Add(t - _since);
                (_former, _best, _since) = (_best, best, t);
                var lost = _former < 0 ? 0 : world.Worth(best, t) - world.Worth(_former, t);
                var hasFallen = lost > Wrong && Share(_former) >= .5;
                // The former arm is as good as ever: the other one is back.
                var isBack = _former >= 0 && !hasFallen && world.Worth(best, t) > world.Worth(_former, t) && Share(best) < .5;
                (_isLeaving, _isReturning) = (hasFallen, isBack);
            }

            if (_isLeaving && Share(_former) <= .2)
            {
                _isLeaving = false;
                tally.Leaving.Add(t - _since);
            }

            if (_isReturning && Share(_best) >= .8)
            {
                _isReturning = false;
                tally.Returning.Add(t - _since);
            }
        }

        private double Share(int arm) => _last.Count == 0 ? 0 : (double)_last.Count(a => a == arm) / _last.Count;
    }
}
