namespace Lianka.Kernel.Routing;

/// <summary>The rule by which candidates are ranked. Pure.</summary>
/// <remarks>
/// A candidate's worth is what an order brings there on average: the chance of success times what is left after its cost, less the harm of a failure
/// and of waiting. The highest worth goes first, except that a less known candidate goes first when what could be learned is worth more, over the
/// orders to come, than what this order is expected to lose by it.
/// </remarks>
internal static class Ranking
{
    public static Decision Of(ReadOnlySpan<View> views, ReadOnlySpan<Candidate> candidates, long paid, double draw, RouterSettings settings)
    {
        Span<double> worth = stackalloc double[views.Length];
        Span<int> order = stackalloc int[views.Length];
        for (var i = 0; i < views.Length; i++)
        {
            (worth[i], order[i]) = (WorthAt(views[i].Belief.Mean, views[i], candidates[i], paid, settings), i);
        }

        Sort(order, worth, views, settings);
        var why = (Why?)null;
        if (!MayBeUsed(views[order[0]], settings))
        {
            why = Why.LeastBad;
        }
        else
        {
            var equals = PutEqualsInTurn(order, worth, views, candidates, paid, draw, settings);
            if (MostWorthLearning(order, equals, worth, views, candidates, paid, settings) is var at and > 0)
            {
                MoveToFront(order, at);
                why = Why.Probe;
            }
            else if (views[order[0]].Standing.Trust == Trust.Probing)
            {
                why = Why.Probe;
            }
        }

        var ranked = new Standing[order.Length];
        for (var i = 0; i < order.Length; i++) ranked[i] = views[order[i]].Standing;
        var cheapest = Cheapest(candidates);
        return new Decision
        {
            Why = why ?? Reason(order[0], cheapest, worth, views, candidates, paid, settings),
            Instead = cheapest == order[0] ? null : candidates[cheapest].Id,
            Ranked = ranked,
        };
    }

    private static double WorthAt(double rate, in View view, in Candidate candidate, long paid, RouterSettings settings) =>
        (rate * GradeOf(candidate) * (paid - candidate.CostUnits)) - ((1 - rate) * settings.HarmBps * paid / 10_000) - WaitOf(view, paid, settings);

    private static double GradeOf(in Candidate candidate) => candidate.Grade is > 0 and <= 1 ? candidate.Grade : 1;

    private static double WaitOf(in View view, long paid, RouterSettings settings) =>
        Math.Min(view.Seconds, settings.WaitSecondsMax) * settings.SecondBps * paid / 10_000;

    private static bool MayBeUsed(in View view, RouterSettings settings) =>
        view.Standing.Trust == Trust.Closed || (view.Standing.Trust == Trust.Probing && view.Pending < settings.ProbesMax);

    // Those that may be used before those that may not; then the highest worth; then as they were given. Few enough for the simplest way.
    private static void Sort(Span<int> order, ReadOnlySpan<double> worth, ReadOnlySpan<View> views, RouterSettings settings)
    {
        for (var i = 1; i < order.Length; i++)
        {
            var moved = order[i];
            var at = i;
            for (; at > 0 && Precedes(moved, order[at - 1], worth, views, settings); at--) order[at] = order[at - 1];
            order[at] = moved;
        }
    }

    private static bool Precedes(int a, int b, ReadOnlySpan<double> worth, ReadOnlySpan<View> views, RouterSettings settings)
    {
        var (mayA, mayB) = (MayBeUsed(views[a], settings), MayBeUsed(views[b], settings));
        return mayA != mayB ? mayA : worth[a] > worth[b];
    }

    /// <summary>Of those as good as the best, the lowest priority goes first, and among these chance decides by weight.</summary>
    /// <returns>How many are as good as the best, itself included.</returns>
    private static int PutEqualsInTurn(
        Span<int> order, ReadOnlySpan<double> worth, ReadOnlySpan<View> views, ReadOnlySpan<Candidate> candidates, long paid, double draw, RouterSettings settings)
    {
        var least = worth[order[0]] - (settings.EqualBps * paid / 10_000);
        var (equals, priority) = (0, int.MaxValue);
        while (equals < order.Length && worth[order[equals]] >= least && MayBeUsed(views[order[equals]], settings))
            priority = Math.Min(priority, candidates[order[equals++]].Priority);
        if (equals < 2) return 1;

        long weights = 0;
        for (var i = 0; i < equals; i++)
            if (candidates[order[i]].Priority == priority) weights += Math.Max(candidates[order[i]].Weight, 1);
        var left = draw * weights;
        for (var i = 0; i < equals; i++)
        {
            if (candidates[order[i]].Priority != priority || (left -= Math.Max(candidates[order[i]].Weight, 1)) >= 0) continue;
            MoveToFront(order, i);
            break;
        }

        return equals;
    }

    /// <summary>The place of the candidate about which news is worth more than it costs; 0 when there is none.</summary>
    /// <param name="from">Those before it are as good as the first: their turn is decided, and nothing is spent on which of them is the best by a hair.</param>
    private static int MostWorthLearning(
        ReadOnlySpan<int> order, int from, ReadOnlySpan<double> worth, ReadOnlySpan<View> views, ReadOnlySpan<Candidate> candidates, long paid, RouterSettings settings)
    {
        var perSecond = 0.0;
        foreach (var view in views) perSecond += view.PerSecond;
        var horizon = Math.Min(settings.Horizon, perSecond * settings.HorizonSeconds);
        var (best, most, found) = (worth[order[0]], 0.0, 0);
        for (var place = from; place < order.Length; place++)
        {
            var i = order[place];
            if (!MayBeUsed(views[i], settings) || views[i].Pending >= settings.ProbesMax) continue;
            var gain = 0.0;
            for (var level = Belief.Levels - 1; level >= 0; level--)
            {
                var more = WorthAt(Belief.Rate(level), views[i], candidates[i], paid, settings) - best;
                if (more <= 0) break; // Levels below are worth less still.
                gain += views[i].Belief.Share(level) * more;
            }

            var net = (gain * horizon) - (best - worth[i]);
            if (net > most) (most, found) = (net, place);
        }

        return found;
    }

    private static int Cheapest(ReadOnlySpan<Candidate> candidates)
    {
        var cheapest = 0;
        for (var i = 1; i < candidates.Length; i++)
        {
            var (a, b) = (candidates[i], candidates[cheapest]);
            if (a.CostUnits < b.CostUnits || (a.CostUnits == b.CostUnits && a.Priority < b.Priority)) cheapest = i;
        }

        return cheapest;
    }

    // What speaks most against the cheapest, in data that can be shown.
    private static Why Reason(
        int chosen, int cheapest, ReadOnlySpan<double> worth, ReadOnlySpan<View> views, ReadOnlySpan<Candidate> candidates, long paid, RouterSettings settings)
    {
        if (views.Length == 1) return Why.Only;
        if (chosen == cheapest) return Why.Cost;
        var against = views[cheapest].Standing;
        if (!MayBeUsed(views[cheapest], settings)) return Why.Paused;
        if (worth[cheapest] >= worth[chosen] - (settings.EqualBps * paid / 10_000)) return Why.Equal;

        var rate = (views[chosen].Belief.Mean - views[cheapest].Belief.Mean) * (paid - candidates[cheapest].CostUnits + (settings.HarmBps * paid / 10_000.0));
        var time = WaitOf(views[cheapest], paid, settings) - WaitOf(views[chosen], paid, settings);
        var grade = (GradeOf(candidates[chosen]) - GradeOf(candidates[cheapest])) * (paid - candidates[cheapest].CostUnits);
        if (grade > rate && grade > time) return Why.Grade;
        if (time > rate) return Why.Time;
        return against.Run >= 2 ? Why.Run : against.Silent >= 2 ? Why.Silence : Why.Rate;
    }

    private static void MoveToFront(Span<int> order, int place)
    {
        var first = order[place];
        order[..place].CopyTo(order[1..]);
        order[0] = first;
    }
}
