using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

/// <summary>F33: the statement, our payments and the ledger, compared.</summary>
public sealed class MatchExamples
{
    private static readonly DateTimeOffset _at = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static Attempt Attempt(long id = 1, string amount = "49.50", AttemptState state = AttemptState.Paid, string? trade = "T1") =>
        new() { Id = id, Amount = Money.Parse(amount), State = state, TradeNo = trade };

    private static Refund Refund(string amount = "10", RefundState state = RefundState.Done) => new() { Id = 7, AttemptId = 1, Amount = Money.Parse(amount), State = state };

    private static MatchLine Paid(Attempt? attempt, string amount = "49.50", string trade = "T1", string? ledger = "49.50", long id = 1) =>
        new(id, new StatementLine("o", trade, null, Money.Parse(amount), Money.Parse("0.30"), _at), attempt, null, ledger is null ? null : Money.Parse(ledger));

    private static MatchLine Back(Refund? refund, string amount = "10", string? ledger = "10", string? chargedBack = null) =>
        new(2, new StatementLine("o", "T1", "r", Money.Parse(amount), Money.Zero, _at), Attempt(), refund,
            ledger is null ? null : Money.Parse(ledger), chargedBack is null ? null : Money.Parse(chargedBack));

    private static string Of(MatchLine line, bool isNextThere = false)
    {
        var item = MatchRule.Day([line], [], isNextThere).ShouldHaveSingleItem();
        return $"{item.Verdict} ours {item.Ours} ledger {item.Ledger} theirs {item.Theirs}{(item.IsInFlight ? " in flight" : "")}";
    }

    [Fact]
    public void F33_A_payment_in_the_statement()
    {
        Of(Paid(Attempt())).ShouldBe("Matched ours 49.5000 ledger 49.5000 theirs 49.5000");
        Of(Paid(Attempt(), "49.49")).ShouldBe("AmountDiffers ours 49.5000 ledger 49.5000 theirs 49.4900");
        Of(Paid(null)).ShouldBe("UnknownMoney ours 0.0000 ledger 0.0000 theirs 49.5000");
        Of(Paid(Attempt(), trade: "T2")).ShouldBe("UnknownMoney ours 0.0000 ledger 0.0000 theirs 49.5000");
        Of(Paid(Attempt(), trade: "pi_1") with { HasTradeNo = false }).ShouldBe("Matched ours 49.5000 ledger 49.5000 theirs 49.5000");
        Of(Paid(Attempt(trade: null))).ShouldBe("Matched ours 49.5000 ledger 49.5000 theirs 49.5000");
        Of(Paid(Attempt(state: AttemptState.Closed))).ShouldBe("UnpaidHere ours 0.0000 ledger 0.0000 theirs 49.5000");
        Of(Paid(Attempt(), ledger: null)).ShouldBe("LedgerDiffers ours 49.5000 ledger 0.0000 theirs 49.5000");
        Of(Paid(Attempt(), ledger: "49.51")).ShouldBe("LedgerDiffers ours 49.5000 ledger 49.5100 theirs 49.5000");
    }

    [Fact]
    public void F33_A_refund_in_the_statement()
    {
        Of(Back(Refund())).ShouldBe("Matched ours -10.0000 ledger -10.0000 theirs -10.0000");
        Of(Back(Refund("10.01"), ledger: "10.01")).ShouldBe("RefundDiffers ours -10.0100 ledger -10.0100 theirs -10.0000");
        // It went back from our bank, and now there as well.
        Of(Back(Refund() with { Way = RefundWay.Bank })).ShouldBe("UnknownRefund ours 0.0000 ledger 0.0000 theirs -10.0000");
        Of(Back(Refund() with { Way = RefundWay.Console })).ShouldBe("Matched ours -10.0000 ledger -10.0000 theirs -10.0000");
        Of(Back(null, ledger: null)).ShouldBe("UnknownRefund ours 0.0000 ledger 0.0000 theirs -10.0000");
        Of(Back(null, ledger: null, chargedBack: "10")).ShouldBe("Matched ours -10.0000 ledger -10.0000 theirs -10.0000");
        Of(Back(null, ledger: null, chargedBack: "9")).ShouldBe("UnknownRefund ours 0.0000 ledger 0.0000 theirs -10.0000");
        Of(Back(Refund(state: RefundState.Failed), ledger: null)).ShouldBe("RefundOpen ours 0.0000 ledger 0.0000 theirs -10.0000");
        Of(Back(Refund(state: RefundState.Pending), ledger: null)).ShouldBe("RefundOpen ours 0.0000 ledger 0.0000 theirs -10.0000 in flight");
        Of(Back(Refund(state: RefundState.Pending), ledger: null), isNextThere: true).ShouldBe("RefundOpen ours 0.0000 ledger 0.0000 theirs -10.0000");
        Of(Back(Refund(), ledger: null)).ShouldBe("LedgerDiffers ours -10.0000 ledger 0.0000 theirs -10.0000");
    }

    [Fact]
    public void What_no_statement_names_is_missing_only_after_the_next_days()
    {
        MatchOwn[] own = [new(Attempt(), null, Money.Parse("49.50")), new(Attempt(), Refund(), Money.Parse("10"))];
        MatchRule.Day([], own, isNextThere: false).ShouldAllBe(i => i.IsInFlight);
        var items = MatchRule.Day([], own, isNextThere: true);
        items.Select(i => (i.Verdict, i.IsInFlight, i.Ours.ToString(), i.Gain.ToString())).ShouldBe(
            [(MatchVerdict.MissingThere, false, "49.5000", "-49.5000"), (MatchVerdict.RefundMissing, false, "-10.0000", "10.0000")]);
    }

    [Fact]
    public void I6_Two_trades_for_one_attempt_are_not_both_its_payment() =>
        MatchRule.Day([Paid(Attempt(trade: null), trade: "T2", id: 1), Paid(Attempt(trade: null), trade: "T1", id: 2)], [], false)
            .Select(i => (i.Line!.Line.TradeNo, i.Verdict)).ShouldBe([("T1", MatchVerdict.Matched), ("T2", MatchVerdict.UnknownMoney)]);

    // Goal: a channel may write its lines in any order. Method: random small days, each shuffled; the seed is in the failure.
    [Fact]
    public void The_order_of_the_lines_does_not_matter()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, random.Next(1, 8)).Select(i => random.Next(4) == 0
                ? Back(random.Next(2) == 0 ? null : Refund(), random.Next(2) == 0 ? "10" : "9") with { Id = i }
                : Paid(random.Next(4) == 0 ? null : Attempt(random.Next(1, 3), trade: random.Next(2) == 0 ? null : "T1"), random.Next(3) == 0 ? "49.49" : "49.50", $"T{i}", id: i))
                .DistinctBy(l => (l.Line.TradeNo, l.Line.RefundNo)).ToArray();
            var shuffled = lines.ToArray();
            random.Shuffle(shuffled);
            MatchRule.Day(shuffled, [], true).ShouldBe(MatchRule.Day(lines, [], true), $"seed {seed}");
            var texts = lines.Select(l => l.Line).ToArray();
            DayProof.Of("", "a", "2026-11-22", shuffled.Select(l => l.Line)).ShouldBe(DayProof.Of("", "a", "2026-11-22", texts), $"seed {seed}");
        }
    }

    [Fact]
    public void The_proof_of_a_day_changes_with_everything_in_it()
    {
        StatementLine line = new("o", "T1", null, Money.Parse("1"), Money.Parse("0.01"), _at);
        StatementLine[] others =
        [
            line with { OutNo = "p" }, line with { TradeNo = "T2" }, line with { RefundNo = "" }, line with { Amount = Money.Parse("1.01") },
            line with { Fee = Money.Zero }, line with { At = _at.AddSeconds(1) },
        ];
        var proofs = others.Select(o => DayProof.Of("", "a", "d", [o])).Append(DayProof.Of("", "a", "d", [line])).Append(DayProof.Of("", "a", "d", []))
            .Append(DayProof.Of("x", "a", "d", [line])).Append(DayProof.Of("", "b", "d", [line])).Append(DayProof.Of("", "a", "e", [line])).ToList();
        proofs.Distinct().Count().ShouldBe(proofs.Count);
    }
}
