using Lianka.Kernel;
using Lianka.Kernel.Routing;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders.Core;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>The supply router of this node: what it saw of each supply's purchases decides where the next one goes.</summary>
internal sealed class SupplyRouter(Router router, Random chance) : ISupplyRouter
{
    public RouteChoice Choose(IReadOnlyList<SupplyEntry> candidates, long count, Money unit, DateTimeOffset now)
    {
        var asked = candidates.Select(s => new Candidate
        {
            Id = s.Id.Value, CostUnits = s.Cost!.Value.Units * count, Priority = (int)s.Rank, Weight = (int)s.Weight,
            Grade = GradeEffect.Of(s.Grade).WeightBps / 10_000.0,
        }).ToArray();
        var decision = router.Choose(asked, unit.Units * count, now, chance.NextDouble());
        return new RouteChoice(candidates.First(s => s.Id.Value == decision.Chosen), decision.ToJson());
    }

    /// <summary>A purchase that ended before this node began.</summary>
    public void Remember(Purchase purchase)
    {
        if (purchase is not { SentAt: { } sent, EndedAt: { } ended } || purchase.Fault == "account") return;
        router.Report(purchase.SupplyId.Value, purchase.Id, purchase.State == PurchaseState.Succeeded ? Outcome.Succeeded : Outcome.Failed, sent, ended);
    }

    public void Sent(PurchaseCall call, DateTimeOffset now) => router.Begin(call.First.SupplyId.Value, call.Number, now);

    /// <summary>What a call said of the supply; the buyer's own mistake and a call that never left say nothing.</summary>
    public void Heard(PurchaseCall call, PurchaseStep step, DateTimeOffset now)
    {
        var (supply, sent) = (call.First.SupplyId.Value, call.First.SentAt ?? now);
        switch (step)
        {
            case PurchaseStep.Delivered: router.Report(supply, call.Number, Outcome.Succeeded, sent, now); break;
            case PurchaseStep.Failed { IsBuyersFault: true }: router.Withdraw(supply, call.Number); break;
            case PurchaseStep.Failed: router.Report(supply, call.Number, Outcome.Failed, sent, now); break;
            case PurchaseStep.Wait { State: PurchaseState.Unknown }: router.Report(supply, call.Number, Outcome.Unknown, sent, now); break;
        }
    }
}
