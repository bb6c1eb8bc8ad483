using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Risk;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Orders;

public sealed class RiskTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    private sealed class Rules : IOrderRisk
    {
        public RiskAnswer Answer { get; set; } = RiskAnswer.Block;

        public RiskVerdict Assess(in OrderFacts facts) => new(Answer, ["velocity"]);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I16_What_risk_does_not_allow_leaves_no_row_and_its_number_stays_usable(DatabaseKind kind)
    {
        var rules = new Rules();
        await using var trade = await Trade.OpenAsync(kind, cards: 10, replace: s => s.AddSingleton<IOrderRisk>(rules));
        var before = await RowsAsync(trade);
        foreach (var answer in (RiskAnswer[])[RiskAnswer.Block, RiskAnswer.Review, RiskAnswer.StepUp])
        {
            rules.Answer = answer;
            (await trade.PlaceAsync("A-1", 3)).ShouldBeOfType<OrderDecision.Refused>().Why.ShouldBe(Refusal.RiskBlocked);
            (await trade.ReserveAsync("B-1", 2)).ShouldBeOfType<OrderDecision.Refused>().Why.ShouldBe(Refusal.RiskBlocked);
        }

        (await RowsAsync(trade)).ShouldBe(before);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("100000.0000");

        rules.Answer = RiskAnswer.Allow;
        Trade.Done(await trade.PlaceAsync("A-1", 3));
        Trade.Done(await trade.ReserveAsync("B-1", 2));
        // What was accepted is not judged again.
        rules.Answer = RiskAnswer.Block;
        (await trade.PlaceAsync("A-1", 3)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        await trade.ProveAsync();
    }

    private static async Task<string> RowsAsync(Trade trade)
    {
        List<long> counts = [await trade.CountAsync("select coalesce(sum(next), 0) from lot"), await trade.CountAsync("select coalesce(sum(balance), 0) from account")];
        foreach (var table in (string[])["orders", "fulfilment", "order_event", "order_contact", "transfer", "posting", "payment", "card_return", "reveal_log"])
            counts.Add(await trade.CountAsync($"select count(*) from {table}"));
        return string.Join(' ', counts);
    }
}
