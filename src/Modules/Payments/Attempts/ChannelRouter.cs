using Lianka.Kernel;
using Lianka.Kernel.Routing;
using Lianka.Modules.Payments.Core;

namespace Lianka.Modules.Payments.Attempts;

/// <summary>The channel router of this node: what it saw of each channel's attempts decides through which the next payment goes.</summary>
internal sealed class ChannelRouter(Router router, Random chance)
{
    /// <summary>What a sale leaves to its sellers, about: so much is lost with a payment that does not come about.</summary>
    private const long MarginBps = 500;

    public (Offer Offer, string Why) Choose(IReadOnlyList<Offer> offers, Money amount, DateTimeOffset now)
    {
        var candidates = offers.Select(o => new Candidate
        {
            Id = o.Channel.Id, CostUnits = ChannelFees.At(amount, o.Channel.FeeBps).Units, Priority = (int)o.Channel.Priority, Weight = (int)o.Channel.Weight,
        }).ToArray();
        var decision = router.Choose(candidates, amount.AtBps(MarginBps).Units, now, chance.NextDouble());
        return (offers.First(o => o.Channel.Id == decision.Chosen), decision.ToJson());
    }

    public void Sent(Attempt attempt, DateTimeOffset now) => router.Begin(attempt.ChannelId, attempt.Id, now);

    /// <summary>No buyer has seen its pay code: what becomes of it says nothing about the channel.</summary>
    public void Unseen(Attempt attempt) => router.Withdraw(attempt.ChannelId, attempt.Id);

    public void Paid(Attempt attempt, DateTimeOffset now) => router.Report(attempt.ChannelId, attempt.Id, Outcome.Succeeded, attempt.CreatedAt, now);

    /// <summary>The channel gave no pay code, or the buyer saw one and did not pay.</summary>
    public void Failed(Attempt attempt, DateTimeOffset now) => router.Report(attempt.ChannelId, attempt.Id, Outcome.Failed, attempt.CreatedAt, now);
}
