using Lianka.Kernel.Routing;

namespace Lianka.Tests.Unit.Kernel;

/// <summary>Random small worlds: a few candidates that fail in turns, answers that come late, twice, or as unknown first.</summary>
public sealed class RouterProperties
{
    private const long Paid = 1_000_000;

    [Fact]
    public void A_paused_candidate_is_never_chosen_while_another_is_not() => InWorlds((seed, step) =>
    {
        var chosen = step.Decision.Ranked[0];
        if (chosen.Trust == Trust.Open) step.Decision.Ranked.ShouldAllBe(s => s.Trust != Trust.Closed, seed);
        step.Decision.Why.ShouldBe(step.Decision.Ranked.All(s => s.Trust == Trust.Open) && step.Decision.Ranked.Count > 0 ? Why.LeastBad : step.Decision.Why, seed);
    });

    [Fact]
    public void No_more_probes_are_under_way_than_allowed() => InWorlds((seed, step) =>
    {
        if (step.Decision.Ranked[0].Trust == Trust.Probing && step.Decision.Why == Why.Probe)
            step.PendingOfChosen.ShouldBeLessThan(new RouterSettings().ProbesMax, seed);
    });

    [Fact]
    public void What_a_decision_says_is_true() => InWorlds((seed, step) =>
    {
        var (decision, candidates) = (step.Decision, step.Candidates);
        decision.Ranked.Select(s => s.Id).Order().ShouldBe(candidates.Select(c => c.Id).Order(), seed);
        var cheapest = candidates.MinBy(c => (c.CostUnits, c.Priority));
        decision.Instead.ShouldBe(decision.Chosen == cheapest.Id ? null : cheapest.Id, seed);
        foreach (var standing in decision.Ranked)
        {
            var outcomes = step.Known[standing.Id].OrderBy(o => o.Sent).TakeLast(125).ToList();
            standing.Of.ShouldBe(outcomes.Count, seed);
            standing.Succeeded.ShouldBe(outcomes.Count(o => o.Succeeded), seed);
            standing.Run.ShouldBe(Enumerable.Reverse(outcomes).TakeWhile(o => !o.Succeeded).Count(), seed);
        }

        if (decision.Instead is not { } instead) return;
        var against = decision.Ranked.Single(s => s.Id == instead);
        var said = decision.Why switch
        {
            Why.Run => against.Run >= 2,
            Why.Silence => against.Silent >= 2,
            Why.Paused => against.Trust != Trust.Closed,
            Why.Rate => against.ExpectedBps < decision.Ranked[0].ExpectedBps,
            Why.Time => against.Milliseconds > decision.Ranked[0].Milliseconds,
            Why.Only or Why.Cost => false,
            _ => true,
        };
        said.ShouldBeTrue($"{seed}: {decision.ToJson()}");
    });

    [Fact]
    public void The_same_calls_give_the_same_decisions()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            List<string> first = [], second = [];
            Run(seed, step => first.Add(step.Decision.ToJson()));
            Run(seed, step => second.Add(step.Decision.ToJson()));
            second.ShouldBe(first, $"seed {seed}");
        }
    }

    /// <summary>Whatever happened before: once all is well again, the cheapest gets nearly all orders within ten minutes.</summary>
    [Fact]
    public void When_all_is_well_again_it_goes_back_to_the_cheapest()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var world = Run(seed, _ => { });
            for (var i = 0; i < 600; i++) world.Step(allWell: true);
            var last = Enumerable.Range(0, 100).Select(_ => world.Step(allWell: true).Decision.Chosen).ToList();
            last.Count(c => c == 1).ShouldBeGreaterThan(80, $"seed {seed}");
        }
    }

    [Fact]
    public void Many_threads_at_once_lose_nothing()
    {
        var router = new Router();
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        Candidate[] candidates = [.. Enumerable.Range(1, 4).Select(i => new Candidate { Id = i, CostUnits = 900_000 })];
        Parallel.For(0, 400, i =>
        {
            router.Choose(candidates, Paid, now, .5);
            router.Begin(1 + (i % 4), i, now);
            router.Report(1 + (i % 4), i, Outcome.Succeeded, now, now.AddSeconds(1));
        });
        router.Choose(candidates, Paid, now, .5).Ranked.ShouldAllBe(s => s.Of == 100 && s.Succeeded == 100);
    }

    private static void InWorlds(Action<string, Step> check)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var name = $"seed {seed}";
            Run(seed, step => check(name, step));
        }
    }

    private static SmallRouterWorld Run(int seed, Action<Step> each)
    {
        var world = new SmallRouterWorld(seed);
        for (var i = 0; i < 400; i++) each(world.Step(allWell: false));
        return world;
    }

    private sealed record Step(
        Decision Decision, Candidate[] Candidates, int PendingOfChosen, IReadOnlyDictionary<long, List<(long Sent, long Attempt, bool Succeeded)>> Known);

    private sealed class SmallRouterWorld
    {
        private readonly Random _random;
        private readonly Router _router = new();
        private readonly Candidate[] _candidates;
        private readonly double[] _rates;
        private readonly Dictionary<long, List<(long Sent, long Attempt, bool Succeeded)>> _known = [];
        private readonly PriorityQueue<(long Candidate, long Attempt, Outcome Outcome, DateTimeOffset Sent), long> _coming = new();
        private readonly Dictionary<long, HashSet<long>> _pending = [];
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);
        private long _attempt;

        public SmallRouterWorld(int seed)
        {
            _random = new Random(seed);
            _candidates = [.. Enumerable.Range(1, 2 + (seed % 4)).Select(i => new Candidate { Id = i, CostUnits = 920_000 + (i * 4_000), Priority = i, Weight = i })];
            _rates = [.. _candidates.Select(_ => .98)];
            foreach (var c in _candidates) (_known[c.Id], _pending[c.Id]) = ([], []);
        }

        public Step Step(bool allWell)
        {
            _now = _now.AddSeconds(_random.NextDouble() * 2);
            if (_random.Next(40) == 0) _rates[_random.Next(_rates.Length)] = _random.Next(3) switch { 0 => 0, 1 => .5, _ => .98 };
            if (allWell) Array.Fill(_rates, .99);
            while (_coming.TryPeek(out var answer, out var at) && at <= _now.Ticks) Hear(_coming.Dequeue(), at);

            var decision = _router.Choose(_candidates, Paid, _now, _random.NextDouble());
            var chosen = decision.Chosen;
            var step = new Step(decision, _candidates, _pending[chosen].Count, _known);
            _router.Begin(chosen, ++_attempt, _now);
            _pending[chosen].Add(_attempt);
            var outcome = _random.NextDouble() < _rates[chosen - 1] ? Outcome.Succeeded : Outcome.Failed;
            var answered = _now.AddSeconds(.5 + (_random.NextDouble() * 2));
            if (!allWell && _random.Next(10) == 0)
            {
                _coming.Enqueue((chosen, _attempt, Outcome.Unknown, _now), answered.Ticks);
                answered = answered.AddSeconds(1 + _random.Next(60));
            }

            _coming.Enqueue((chosen, _attempt, outcome, _now), answered.Ticks);
            if (_random.Next(10) == 0) _coming.Enqueue((chosen, _attempt, outcome, _now), answered.AddSeconds(5).Ticks);
            return step;
        }

        private void Hear((long Candidate, long Attempt, Outcome Outcome, DateTimeOffset Sent) answer, long at)
        {
            _router.Report(answer.Candidate, answer.Attempt, answer.Outcome, answer.Sent, new DateTimeOffset(at, TimeSpan.Zero));
            _pending[answer.Candidate].Remove(answer.Attempt);
            var known = _known[answer.Candidate];
            known.RemoveAll(k => k.Attempt == answer.Attempt);
            known.Add((answer.Sent.ToUnixTimeMilliseconds(), answer.Attempt, answer.Outcome == Outcome.Succeeded));
            known.Sort();
        }
    }
}
