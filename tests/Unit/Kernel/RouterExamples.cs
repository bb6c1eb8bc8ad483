using Lianka.Kernel.Routing;

namespace Lianka.Tests.Unit.Kernel;

/// <summary>The router by examples: 100 yuan are paid; A costs 93, B 94, C 95.50.</summary>
public sealed class RouterExamples
{
    private const long Paid = 1_000_000;
    private static readonly Candidate _a = new() { Id = 1, CostUnits = 930_000, Priority = 0 };
    private static readonly Candidate _b = new() { Id = 2, CostUnits = 940_000, Priority = 1 };
    private static readonly Candidate _c = new() { Id = 3, CostUnits = 955_000, Priority = 2 };

    private readonly Router _router = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);
    private long _attempt;

    [Fact]
    public void Among_the_unknown_the_cheapest_goes_first()
    {
        var decision = Choose(_c, _b, _a);
        decision.Chosen.ShouldBe(1);
        decision.Why.ShouldBe(Why.Cost);
        decision.Instead.ShouldBeNull();
    }

    [Fact]
    public void Nothing_to_choose_from_is_a_bug_of_the_caller() => Should.Throw<ArgumentException>(() => Choose());

    [Fact]
    public void The_only_one_is_taken_however_bad_it_is()
    {
        Happen(_a, Outcome.Failed, 20);
        Choose(_a).Chosen.ShouldBe(1);
    }

    [Fact]
    public void A_single_failure_among_many_successes_changes_nothing()
    {
        Happen(_a, Outcome.Succeeded, 100);
        Happen(_b, Outcome.Succeeded, 100);
        Happen(_a, Outcome.Failed, 1);
        Choose(_a, _b).Chosen.ShouldBe(1);
    }

    [Fact]
    public void A_few_failures_in_a_row_are_enough_to_leave()
    {
        Happen(_a, Outcome.Succeeded, 100);
        Happen(_b, Outcome.Succeeded, 100);
        Happen(_a, Outcome.Failed, 3);
        var decision = Choose(_a, _b);
        (decision.Chosen, decision.Why, decision.Instead).ShouldBe((2, Why.Run, 1));
        DecisionWords.En(decision, Name).ShouldBe("chose B: A failed 3 times in a row");
        DecisionWords.Zh(decision, Name).ShouldBe("选择 B：A 连续失败 3 次");
    }

    [Fact]
    public void A_low_rate_is_left_and_told_in_numbers()
    {
        for (var i = 0; i < 125; i++)
        {
            Happen(_a, i % 7 is 1 or 4 ? Outcome.Failed : Outcome.Succeeded, 1);
            Happen(_b, Outcome.Succeeded, 1);
        }

        var decision = Choose(_a, _b);
        (decision.Chosen, decision.Why).ShouldBe((2, Why.Rate));
        DecisionWords.En(decision, Name).ShouldStartWith("chose B: A at 71 % over the last 125, reckoned at ");
        DecisionWords.Zh(decision, Name).ShouldStartWith("选择 B：A 近 125 单成功率 71%，估计为 ");
    }

    [Fact]
    public void A_slow_one_is_left_when_waiting_costs_more_than_the_other()
    {
        var dearer = _b with { CostUnits = 930_500 };
        Happen(_a, Outcome.Succeeded, 60, seconds: 20);
        Happen(dearer, Outcome.Succeeded, 60);
        var decision = Choose(_a, dearer);
        (decision.Chosen, decision.Why).ShouldBe((2, Why.Time));
        DecisionWords.En(decision, Name).ShouldBe("chose B: A takes 20.0 s, B 1.0 s");
    }

    [Fact]
    public void A_worse_grade_costs_an_order()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        var decision = Choose(_a with { Grade = .7 }, _b);
        (decision.Chosen, decision.Why).ShouldBe((2, Why.Grade));
    }

    [Fact]
    public void Equals_go_by_priority_and_then_by_weight()
    {
        Candidate[] equals = [_c with { CostUnits = 930_000, Priority = 2 }, _a with { Priority = 1, Weight = 3 }, _b with { CostUnits = 930_000, Priority = 1, Weight = 1 }];
        var chosen = Enumerable.Range(0, 100).Select(i => _router.Choose(equals, Paid, _now, i / 100.0).Chosen).ToList();
        chosen.Count(c => c == 1).ShouldBe(75);
        chosen.Count(c => c == 2).ShouldBe(25);
    }

    /// <summary>Which of two equals is better by a hair is not worth turning their order around for.</summary>
    [Fact]
    public void Equals_go_by_priority_and_weight_also_when_much_is_known_of_them()
    {
        var b = _b with { CostUnits = 930_000, Priority = 1 };
        for (var i = 0; i < 100; i++)
        {
            Happen(_a, Outcome.Succeeded, 1);
            Happen(b, Outcome.Succeeded, 1);
        }

        Choose(b, _a).Chosen.ShouldBe(1);
        Choose(_a with { Priority = 2 }, b).Chosen.ShouldBe(2);
        Candidate[] weighed = [_a with { Priority = 1, Weight = 3 }, b with { Weight = 1 }];
        Enumerable.Range(0, 100).Count(i => _router.Choose(weighed, Paid, _now, i / 100.0).Chosen == 1).ShouldBe(75);
    }

    /// <summary>Buyers who go away are heard of when their reservation ends; by then many others have paid, and one that is used much would look better than one that is not.</summary>
    [Fact]
    public void Of_payments_silence_counts_while_others_pay_and_is_corrected_when_the_buyer_pays_late()
    {
        var router = new Router(RouterSettings.OfPayments);
        for (var i = 1; i <= 400; i++)
        {
            router.Begin(1, i, _now);
            if (i % 4 != 0) router.Report(1, i, Outcome.Succeeded, _now, _now.AddSeconds(20));
            _now = _now.AddSeconds(1);
        }

        router.Begin(1, 401, _now = _now.AddSeconds(200));
        Standing Seen() => router.Choose([_a], Paid, _now, 0).Ranked[0];
        (Seen().Succeeded, Seen().Of).ShouldBe((300, 400));
        router.Report(1, 400, Outcome.Succeeded, _now, _now);
        (Seen().Succeeded, Seen().Of).ShouldBe((301, 400));
        router.Report(1, 396, Outcome.Failed, _now, _now);
        (Seen().Succeeded, Seen().Of).ShouldBe((301, 400));
    }

    [Fact]
    public void Silence_speaks_before_the_time_out_does()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        for (var i = 0; i < 4; i++) _router.Begin(1, ++_attempt, _now);
        Choose(_a, _b).Chosen.ShouldBe(1);
        _now = _now.AddSeconds(5);
        var decision = Choose(_a, _b);
        (decision.Chosen, decision.Why).ShouldBe((2, Why.Silence));
        DecisionWords.En(decision, Name).ShouldBe("chose B: A leaves 4 orders without an answer");
    }

    [Fact]
    public void What_is_never_heard_of_again_stops_counting_once_another_succeeds()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        for (var i = 0; i < 4; i++) _router.Begin(1, ++_attempt, _now);
        _now = _now.AddSeconds(5);
        Happen(_a, Outcome.Succeeded, 5);
        var decision = Choose(_a, _b);
        (decision.Chosen, decision.Ranked[0].Silent).ShouldBe((1, 0));
    }

    [Fact]
    public void What_was_not_sent_says_nothing()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        for (var i = 0; i < 4; i++) _router.Begin(1, 10_000 + i, _now);
        for (var i = 0; i < 4; i++) _router.Withdraw(1, 10_000 + i);
        _now = _now.AddSeconds(5);
        Choose(_a, _b).Chosen.ShouldBe(1);
    }

    [Fact]
    public void Unknown_counts_at_once_and_is_corrected_when_the_truth_comes()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        Happen(_a, Outcome.Unknown, 6);
        var paused = Choose(_a, _b);
        (paused.Chosen, paused.Why).ShouldBe((2, Why.Paused));
        Find(paused, 1).Succeeded.ShouldBe(60);

        for (var i = 0; i < 6; i++) _router.Report(1, _attempt - i, Outcome.Succeeded, _now, _now.AddSeconds(3));
        var corrected = Choose(_a, _b);
        (corrected.Chosen, corrected.Why).ShouldBe((1, Why.Cost));
        Find(corrected, 1).Succeeded.ShouldBe(66);
        Find(corrected, 1).Of.ShouldBe(66);
    }

    [Fact]
    public void A_repeated_or_contradicting_report_changes_nothing()
    {
        Happen(_a, Outcome.Succeeded, 3);
        _router.Report(1, _attempt, Outcome.Succeeded, _now, _now);
        _router.Report(1, _attempt, Outcome.Failed, _now, _now);
        var standing = Choose(_a).Ranked[0];
        (standing.Succeeded, standing.Of).ShouldBe((3, 3));
    }

    [Fact]
    public void An_open_breaker_lets_few_probes_through_and_closes_by_itself()
    {
        Happen(_a, Outcome.Succeeded, 60);
        Happen(_b, Outcome.Succeeded, 60);
        Happen(_a, Outcome.Failed, 6);
        Find(Choose(_a, _b), 1).Trust.ShouldBe(Trust.Open);

        // Long enough for its pause to be over, and for the belief that it is down to have faded.
        for (var i = 0; i < 10; i++)
        {
            Happen(_b, Outcome.Succeeded, 60);
        }

        var probe = Choose(_a, _b);
        (probe.Chosen, probe.Why, probe.Ranked[0].Trust).ShouldBe((1, Why.Probe, Trust.Probing));
        DecisionWords.En(probe, Name).ShouldBe("tries A, to find out how it is now (91 % over the last 66)");

        var settings = new RouterSettings();
        for (var i = 0; i < settings.ProbesMax; i++) _router.Begin(1, 20_000 + i, _now);
        Choose(_a, _b).Chosen.ShouldBe(2);

        for (var i = 0; i < settings.ProbesMax; i++) _router.Report(1, 20_000 + i, Outcome.Succeeded, _now, _now.AddSeconds(1));
        Find(Choose(_a, _b), 1).Trust.ShouldBe(Trust.Probing, "one that succeeds is not enough");
        Happen(_a, Outcome.Succeeded, settings.ClosesAfter - settings.ProbesMax);
        var back = Choose(_a, _b);
        (back.Chosen, back.Why, back.Ranked[0].Trust).ShouldBe((1, Why.Cost, Trust.Closed));
    }

    [Fact]
    public void A_probe_that_fails_pauses_for_longer()
    {
        Happen(_a, Outcome.Failed, 6);
        var settings = new RouterSettings();
        _now += settings.PauseMin;
        Find(Choose(_a, _b), 1).Trust.ShouldBe(Trust.Probing);
        Happen(_a, Outcome.Failed, 1);
        _now += settings.PauseMin;
        Find(Choose(_a, _b), 1).Trust.ShouldBe(Trust.Open);
        _now += settings.PauseMin;
        Find(Choose(_a, _b), 1).Trust.ShouldBe(Trust.Probing);
    }

    [Fact]
    public void With_all_down_the_least_bad_is_used()
    {
        Happen(_a, Outcome.Failed, 20, seconds: .1);
        Happen(_b, Outcome.Failed, 20, seconds: .1);
        Happen(_c, Outcome.Succeeded, 3, seconds: .1);
        Happen(_c, Outcome.Failed, 5, seconds: .1);
        var decision = Choose(_a, _b, _c);
        (decision.Chosen, decision.Why).ShouldBe((3, Why.LeastBad));
        DecisionWords.En(decision, Name).ShouldStartWith("all are paused after failures; C is the least bad");
    }

    [Fact]
    public void What_a_node_reads_at_its_start_may_come_in_any_order()
    {
        var other = new Router();
        var outcomes = Enumerable.Range(0, 60).Select(i => (Attempt: (long)i, At: _now.AddSeconds(i), Outcome: i is > 40 and < 50 ? Outcome.Failed : Outcome.Succeeded)).ToList();
        foreach (var (attempt, at, outcome) in outcomes) _router.Report(1, attempt, outcome, at, at.AddSeconds(1));
        foreach (var (attempt, at, outcome) in outcomes.OrderBy(o => o.Attempt * 37 % 61)) other.Report(1, attempt, outcome, at, at.AddSeconds(1));
        _now = _now.AddSeconds(600);
        Choose(_a).Ranked.ShouldBe(other.Choose([_a], Paid, _now, 0).Ranked);
    }

    [Fact]
    public void The_stored_form_comes_back_and_keeps_its_shape()
    {
        Happen(_a, Outcome.Succeeded, 100);
        Happen(_b, Outcome.Succeeded, 60);
        Happen(_a, Outcome.Failed, 3);
        var decision = Choose(_a, _b);
        var json = decision.ToJson();
        json.ShouldStartWith("{\"v\":1,\"why\":\"run\",\"instead\":1,\"seen\":[[2,0,60,60,0,0,1000,940000,");
        var back = Decision.FromJson(json).ShouldNotBeNull();
        (back.Why, back.Instead).ShouldBe((decision.Why, decision.Instead));
        back.Ranked.ShouldBe(decision.Ranked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"v\":2,\"why\":\"cost\",\"seen\":[[1,0,0,0,0,0,0,0,0]]}")]
    [InlineData("{\"v\":1,\"why\":\"whim\",\"seen\":[[1,0,0,0,0,0,0,0,0]]}")]
    [InlineData("{\"v\":1,\"why\":\"cost\",\"seen\":[]}")]
    [InlineData("{\"v\":1,\"why\":\"cost\",\"seen\":[[1]]}")]
    public void What_is_no_stored_form_has_no_explanation(string? json) => Decision.FromJson(json).ShouldBeNull();

    [Fact]
    public void Every_reason_has_words_in_both_languages_whatever_is_known()
    {
        Happen(_a, Outcome.Failed, 2);
        var decision = Choose(_a, _b) with { Instead = 1 };
        foreach (var why in Enum.GetValues<Why>())
        {
            DecisionWords.En(decision with { Why = why }, Name).Length.ShouldBeGreaterThan(10, why.ToString());
            DecisionWords.Zh(decision with { Why = why }, Name).ShouldMatch("[\u4e00-\u9fff]", why.ToString());
        }
    }

    private static string Name(long id) => ((char)('A' + id - 1)).ToString();

    private static Standing Find(Decision decision, long id) => decision.Ranked.Single(s => s.Id == id);

    private Decision Choose(params Candidate[] candidates) => _router.Choose(candidates, Paid, _now, 0);

    private void Happen(Candidate candidate, Outcome outcome, int times, double seconds = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _router.Begin(candidate.Id, ++_attempt, _now);
            _now = _now.AddSeconds(seconds);
            _router.Report(candidate.Id, _attempt, outcome, _now, _now);
        }
    }
}
