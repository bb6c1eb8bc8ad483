using Lianka.Kernel;
using Lianka.Modules.Analytics.Core;
using Lianka.Modules.Analytics.Store;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics;

/// <summary>Adds to days and earnings what has happened since their marks. Safe beside orders, itself and other nodes; may be stopped at any point.</summary>
/// <remarks>
/// What stands below the ledger's own mark never changes, so it is read and summed without a lock; the writing transaction is short, and
/// moves the mark with what it adds: both are done, or neither. Held by: tests/Integration/Analytics/FigureTests.cs.
/// </remarks>
public sealed class FigureFold(Database database, TimeProvider clock)
{
    /// <summary>So many transfers, ends of purchases or ends of attempts at a time.</summary>
    public const int StepMax = 20_000;

    /// <summary>Folds all there is.</summary>
    /// <param name="most">Of one step.</param>
    public async Task RunAsync(int most = StepMax, CancellationToken cancel = default)
    {
        while (await TransfersAsync(most, cancel)) { }
        while (await PurchasesAsync(most, cancel)) { }
        while (await ReleasesAsync(most, cancel)) { }
        while (await AttemptsAsync(most, cancel)) { }
    }

    private async Task<bool> TransfersAsync(int most, CancellationToken cancel)
    {
        if (await database.ReadAsync(s => FactRows.ReadAsync(s, most), cancel) is not { } step) return false;
        var sales = step.IsOfDays ? FoldSales.Of(step.Sales) : [];
        var earnings = step.IsOfEarnings ? FoldEarnings.Of(step.Sales) : [];
        await database.WriteAsync(async s =>
        {
            // Another node may have added the same step in the meantime.
            var moved = await s.ExecuteAsync(
                "update figure_mark set up_to = @Days, earned_up_to = @Earnings where id = 1 and up_to = @DaysFrom and earned_up_to = @EarningsFrom",
                new { step.UpTo.Days, step.UpTo.Earnings, DaysFrom = step.From.Days, EarningsFrom = step.From.Earnings });
            if (moved == 0) return;
            await SumRows.AddAsync(s, sales);
            await SumRows.AddAsync(s, step.Supplies);
            await SumRows.AddAsync(s, step.Accounts);
            await SumRows.AddAsync(s, earnings);
        }, cancel);
        return true;
    }

    /// <remarks>These have no mark: a share that was not added stands in a row of its own, which goes with the adding.</remarks>
    private Task<bool> ReleasesAsync(int most, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var taken = await ReleasedShares.TakeAsync(s, most);
        await SumRows.AddAsync(s, taken.GroupBy(r => new EarningKey(r.Party.Value, r.Child?.Value ?? FoldEarnings.Own))
            .ToDictionary(g => g.Key, g => new EarningSums(0, 0, 0, 0, g.Sum(r => r.Amount.Units))));
        return taken.Count == most;
    }, cancel);

    private Task<bool> PurchasesAsync(int most, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var ended = await EndedPurchases.TakeAsync(s, most);
        await SumRows.AddAsync(s,
        [
            .. ended.Where(p => p.IsSuppliers).GroupBy(p => (Day: FigureDay.NumberOf(ChinaDay.Of(p.EndedAt)), p.Supplier, p.Supply)).Select(g => new SupplyDay
            {
                Day = g.Key.Day, SupplierId = g.Key.Supplier.Value, SupplyId = g.Key.Supply.Value,
                Units = g.Sum(p => p.HasSucceeded ? p.Units : 0), Cost = g.Sum(p => p.HasSucceeded ? p.Units * p.UnitCost.Units : 0),
                Succeeded = g.Count(p => p.HasSucceeded), Failed = g.Count(p => !p.HasSucceeded),
            }),
        ]);
        return ended.Count == most;
    }, cancel);

    private Task<bool> AttemptsAsync(int most, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var ended = await EndedAttempts.TakeAsync(s, clock.Now(), most);
        await SumRows.AddAsync(s,
        [
            .. ended.GroupBy(a => (Day: FigureDay.NumberOf(ChinaDay.Of(a.CreatedAt)), a.ChannelId)).Select(g => new ChannelTries
            {
                Number = g.Key.Day, ChannelId = g.Key.ChannelId, Tried = g.Sum(a => a.Tried), Paid = g.Sum(a => a.Paid),
            }).Where(d => d.Tried + d.Paid > 0),
        ]);
        return ended.Count == most;
    }, cancel);
}
