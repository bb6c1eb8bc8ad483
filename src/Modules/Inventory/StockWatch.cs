using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory;

/// <summary>Watches how fast stock is sold, says how long it lasts, and tells once when it runs low.</summary>
public sealed class StockWatch(Database database, IdSource ids, Catalog.Catalog catalog, TimeProvider clock)
{
    /// <summary>How often the stock is looked at, by whichever node comes first.</summary>
    internal static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Writes down what was sold since the last look, raises alerts and clears those whose stock has recovered.</summary>
    /// <returns>How many were raised; 0 also when it is not time yet.</returns>
    public Task<int> LookAsync(CancellationToken cancel = default) => database.WriteAsync(async s =>
    {
        var now = clock.Now();
        if (!await WatchStore.BeginAsync(s, now - Every, now)) return 0;
        var today = StockForecast.DayOf(now);
        var drawn = await WatchStore.DrawnAsync(s, supplier: null, skus: null);
        var meters = (await WatchStore.MetersAsync(s, drawn.ConvertAll(d => d.SupplyId.Value))).ToDictionary(m => m.SupplyId);
        foreach (var count in drawn)
        {
            var meter = meters.GetValueOrDefault(count.SupplyId);
            if (meter?.Drawn == count.Drawn) continue;
            // What was sold before the first look was sold nobody knows when.
            if (meter is not null) await WatchStore.UseAsync(s, count.SupplyId, today, count.Drawn - meter.Drawn);
            await WatchStore.MeterAsync(s, count.SupplyId, count.Drawn, now);
        }

        await WatchStore.ForgetAsync(s, today - StockForecast.Days);
        return await AlertAsync(s, await OutlooksAsync(s, supplier: null, skus: null, now), now);
    }, cancel);

    /// <summary>How long each supply lasts that has or had cards.</summary>
    /// <param name="supplier">The tenant. Null: the operator.</param>
    /// <param name="skus">Null: all.</param>
    public Task<List<SupplyOutlook>> OutlooksAsync(SupplierId? supplier, IReadOnlyCollection<SkuId>? skus = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => OutlooksAsync(s, supplier, skus, clock.Now()), cancel);

    /// <summary>All supplies of one SKU taken together.</summary>
    /// <param name="outlooks">At least one.</param>
    public static SupplyOutlook Together(IEnumerable<SupplyOutlook> outlooks) => outlooks.Aggregate((sum, o) => sum with
    {
        Left = sum.Left + o.Left,
        SoldRecently = sum.SoldRecently + o.SoldRecently,
        Rate = sum.Rate is null ? o.Rate : sum.Rate + (o.Rate ?? 0),
    });

    /// <summary>Alerts that stand, then those whose stock has recovered; of each the newest first.</summary>
    /// <param name="supplier">The tenant. Null: the operator.</param>
    /// <param name="after">The last one of the page before.</param>
    public Task<List<StockAlert>> AlertsAsync(
        SupplierId? supplier, bool openOnly, int limit = 100, StockAlertCursor? after = null, CancellationToken cancel = default) => database.ReadAsync(async s =>
    {
        var alerts = after is { IsCleared: true } ? [] : await WatchStore.ListAsync(s, supplier, isCleared: false, after?.Id, limit);
        if (!openOnly && alerts.Count < limit)
            alerts.AddRange(await WatchStore.ListAsync(s, supplier, isCleared: true, after is { IsCleared: true } ? after.Id : null, limit - alerts.Count));
        return alerts;
    }, cancel);

    /// <summary>How many alerts stand.</summary>
    /// <param name="supplier">The tenant. Null: the operator.</param>
    public Task<long> CountAlertsAsync(SupplierId? supplier, CancellationToken cancel = default) =>
        database.ReadAsync(s => WatchStore.CountOpenAsync(s, supplier), cancel);

    /// <summary>The limits that are set for some supplies, and those for all others of a supplier (no supply is named).</summary>
    /// <param name="supplier">The tenant. Null: the operator.</param>
    public async Task<IReadOnlyList<(SupplierId Supplier, SupplyId? Supply, StockLimit Limit)>> LimitsAsync(
        SupplierId? supplier, IEnumerable<SupplyId> supplies, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => WatchStore.LimitsAsync(s, supplier, [0, .. supplies.Select(y => y.Value)]), cancel))
            .ConvertAll(l => (l.SupplierId, l.SupplyId == 0 ? (SupplyId?)null : new SupplyId(l.SupplyId), new StockLimit(l.Days, l.Units)));

    /// <param name="supply">One of the supplier's. Null: for all of its supplies that have no limit of their own.</param>
    public async Task<LimitDecision> SetLimitAsync(SupplierId supplier, SupplyId? supply, string days, string units, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var limit = new StockLimit(check.Number("days", days, 0, 365), check.Number("units", units, 0, 1_000_000_000));
        if (supply is { } id && (await catalog.FindSupplyAsync(id, cancel))?.SupplierId != supplier)
            check.Add("supply", "not_found", "There is no such supply.", "没有这个货源。");
        if (check.Errors.Count > 0) return new LimitDecision.Refused(check.Errors);
        await database.WriteAsync(s => WatchStore.SetLimitAsync(s, supplier, supply?.Value ?? 0, limit), cancel);
        return new LimitDecision.Saved(limit);
    }

    private static async Task<List<SupplyOutlook>> OutlooksAsync(
        Session s, SupplierId? supplier, IReadOnlyCollection<SkuId>? skus, DateTimeOffset now)
    {
        var today = StockForecast.DayOf(now);
        var drawn = await WatchStore.DrawnAsync(s, supplier, skus);
        var supplies = drawn.ConvertAll(d => d.SupplyId.Value);
        var meters = (await WatchStore.MetersAsync(s, supplies)).ToDictionary(m => m.SupplyId);
        var uses = (await WatchStore.UsesAsync(s, supplies, today - StockForecast.Days + 1)).ToDictionary(u => (u.SupplyId, u.Day), u => u.Units);
        var left = (await LotStore.CountAsync(s, skus, supplier, now)).ToDictionary(c => c.SupplyId, c => c.Cards);
        return drawn.ConvertAll(count =>
        {
            var sold = Enumerable.Range(0, StockForecast.Days).Sum(age => uses.GetValueOrDefault((count.SupplyId, today - age)));
            return new SupplyOutlook(count.SupplyId, count.SkuId, count.SupplierId, left.GetValueOrDefault(count.SupplyId), Math.Max(0, sold),
                meters.TryGetValue(count.SupplyId, out var meter)
                    ? StockForecast.RateOf(day => uses.GetValueOrDefault((count.SupplyId, day)), meter.Since, now)
                    : null);
        });
    }

    private async Task<int> AlertAsync(Session s, List<SupplyOutlook> outlooks, DateTimeOffset now)
    {
        var offered = await catalog.OfferedAsync(s, [.. outlooks.Select(o => o.Sku).Distinct()]);
        var limits = (await WatchStore.LimitsAsync(s, supplier: null, supplies: null)).ToDictionary(l => (l.SupplierId, l.SupplyId), l => new StockLimit(l.Days, l.Units));
        var open = (await WatchStore.ListAsync(s, supplier: null, isCleared: false, before: null, int.MaxValue)).ToDictionary(a => a.SupplyId);
        var raised = 0;
        foreach (var outlook in outlooks)
        {
            var limit = limits.TryGetValue((outlook.Supplier, outlook.Supply.Value), out var own) ? own
                : limits.TryGetValue((outlook.Supplier, 0), out var general) ? general : StockLimit.Default;
            var isOffered = offered.Contains(outlook.Supply);
            if (open.TryGetValue(outlook.Supply, out var alert))
            {
                if (!isOffered || LowStock.IsRecovered(outlook.Left, outlook.SecondsLeft, limit)) await WatchStore.ClearAsync(s, alert.Id, now);
            }
            else if (isOffered && LowStock.ReasonOf(outlook.Left, outlook.SecondsLeft, limit) is { } reason)
            {
                await WatchStore.RaiseAsync(s, new StockAlert
                {
                    Id = await ids.NextAsync(s), SupplyId = outlook.Supply, SkuId = outlook.Sku, SupplierId = outlook.Supplier,
                    Reason = reason, UnitsLeft = outlook.Left, SecondsLeft = outlook.SecondsLeft, RaisedAt = now,
                });
                raised++;
            }
        }

        return raised;
    }
}
