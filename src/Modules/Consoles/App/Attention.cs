using System.Collections.Concurrent;
using Lianka.Modules.Catalog;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payouts;
using Lianka.Modules.Reviews;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Withdrawals;

namespace Lianka.Modules.Consoles.App;

/// <summary>How much waits for somebody.</summary>
/// <param name="Of">By the address of the page that lists it; pages where nothing waits are left out.</param>
public sealed record AttentionAnswer(long Total, IReadOnlyDictionary<string, long> Of);

/// <summary>What waits for the people of the consoles: cases, reviews, approvals, low stock.</summary>
/// <remarks>Told to each as far as they may open the pages. Counted for all viewers of one party together, at most once in <see cref="Fresh"/>, however many look. Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
public sealed class Attention(
    PurchaseDesk purchases, Applications applications, Certificates certificates, Proposals proposals, CostChanges costs, Grades grades, PayoutDesk payouts,
    StockWatch watch, PaymentCaseDesk cases, BankDesk transfers, ReviewDesk reviews, WithdrawalDesk withdrawals, RealNames names, PageNeeds needs, TimeProvider clock)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // A number beyond this says no more than that there is much to do.
    private const int Most = 99;

    private sealed record Counted(DateTimeOffset At, Task<AttentionAnswer> Answer);

    private readonly ConcurrentDictionary<(string Role, long Party), Counted> _counted = new();

    public async Task<AttentionAnswer> OfAsync(Person person)
    {
        var now = clock.GetUtcNow();
        var all = await _counted.AddOrUpdate((person.Role, person.PartyId),
            _ => new Counted(now, CountAsync(person)),
            (_, last) => now - last.At < Fresh && !last.Answer.IsFaulted ? last : new Counted(now, CountAsync(person))).Answer;
        if (person.Rights.IsAll) return all;
        var own = all.Of.Where(p => needs.MayOpen(person, p.Key)).ToDictionary();
        return new AttentionAnswer(own.Values.Sum(), own);
    }

    private async Task<AttentionAnswer> CountAsync(Person person)
    {
        var of = new SortedDictionary<string, long>(StringComparer.Ordinal);
        switch (person.Role)
        {
            case Roles.Operator:
                Add("/console/cases", (await purchases.CasesAsync(isOpen: true, limit: Most)).Count);
                Add("/console/applications", (await applications.ListAsync()).Count(a => a.State == ApplicationState.Waiting));
                Add("/console/certificates", (await certificates.WaitingAsync()).Count);
                Add("/console/proposals", (await proposals.ListAsync(null)).Count(p => p.State == ProposalState.Waiting));
                Add("/console/reviews", (await reviews.ListAsync(null, waitingOnly: true, limit: Most)).Count);
                Add("/console/costs", (await costs.ListAsync(null)).Count(c => c.State == CostChangeState.Waiting));
                Add("/console/grades", (await grades.AppealsAsync()).Count(a => a.State == AppealState.Waiting));
                Add("/console/stock-alerts", await watch.CountAlertsAsync(null));
                Add("/console/payment-cases", (await cases.ListAsync(isOpen: true, limit: Most)).Count);
                Add("/console/bank-transfers", (await transfers.WaitingAsync()).Count(t => t.SlipId is not null));
                Add("/console/payouts", (await payouts.ListAsync(null, limit: Most, openOnly: true)).Count(p => p.State is PayoutState.Requested or PayoutState.ApprovedOnce));
                Add("/console/withdrawals", (await withdrawals.ListAsync(null, limit: Most, openOnly: true)).Count(w => w.State is PayoutState.Requested or PayoutState.ApprovedOnce));
                Add("/console/real-names", (await names.ListAsync(waitingOnly: true, limit: Most)).Count);
                break;
            case Roles.Supplier:
                var supplier = new SupplierId(person.PartyId);
                Add("/console/supplier/deliveries", (await purchases.OpenAsync(supplier, limit: Most)).Count);
                Add("/console/supplier/stock-alerts", await watch.CountAlertsAsync(supplier));
                break;
        }

        return new AttentionAnswer(of.Values.Sum(), of);

        void Add(string page, long count)
        {
            if (count > 0) of[page] = count;
        }
    }
}
