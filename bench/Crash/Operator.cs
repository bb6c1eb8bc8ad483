using Lianka.Kernel;

namespace Lianka.Bench.Crash;

/// <summary>A person at the operator's console: refunds of API and retail orders, money into wallets and out of them.</summary>
internal sealed class Operator(int number, CrashMarket market, Arena arena, Journal journal, CrashPlan plan) : IDisposable
{
    private readonly Random _random = new(HashCode.Combine(plan.Seed, number, "operator"));
    private readonly Browser _browser = new(arena, journal, (number << 8) + 77);
    private bool _isIn;

    public async Task RunAsync(CancellationToken stop)
    {
        if (!_isIn)
        {
            var login = await _browser.GetAsync("/login");
            _isIn = (await _browser.PostAsync("log-in", login, "/login", ("login", CrashMarket.Login), ("password", CrashMarket.Password))).IsRedirect;
            if (!_isIn) throw new InvalidOperationException("The operator could not log in.");
        }

        while (!stop.IsCancellationRequested)
        {
            await (_random.Next(10) switch { < 5 => RefundAsync(), 5 => RefundRetailAsync(), _ => MoneyAsync() });
            await Task.Delay(_random.Next(120), CancellationToken.None);
        }
    }

    private async Task RefundAsync()
    {
        if (Pick() is not var (list, record)) return;
        var units = 1 + _random.NextInt64(record.Quantity - record.RefundedUnits);
        if (await RefundAsync("refund", new OrderId(record.Id), units) is not { } done) journal.Violation($"{record.Key}: its refund page is not there");
        else if (!done) journal.Violation($"{record.Key}: a refund of {units} units was refused");
        else lock (list) record.RefundedUnits += units;
        lock (list) record.IsBeingRefunded = false;
    }

    private async Task RefundRetailAsync()
    {
        // Only whether it was acknowledged counts; whether it can be is not this client's to know.
        if (journal.Retail.Skip(_random.Next(Math.Max(1, journal.Retail.Count))).FirstOrDefault(r => r is { IsPaid: true, RefundedUnits: 0 }) is not { } record) return;
        lock (record)
        {
            if (record.RefundedUnits != 0) return;
            record.RefundedUnits = -1;
        }

        var done = await RefundAsync("retail refund", new OrderId(record.Id), 1) is true;
        lock (record) record.RefundedUnits = done ? 1 : 0;
    }

    /// <returns>Null when there is no such page.</returns>
    private async Task<bool?> RefundAsync(string kind, OrderId order, long units)
    {
        var path = $"/console/orders/{order}/refund?units={units}";
        var form = await _browser.GetAsync(path);
        if (form.Status != 200) return null;
        return (await _browser.PostAsync(kind, form, path, ("reason", "crash test"), ("once", form.Field("once")))).IsRedirect;
    }

    private (List<OrderRecord> List, OrderRecord Record)? Pick()
    {
        var lists = journal.Orders.ToArray();
        var list = lists[_random.Next(lists.Length)];
        lock (list)
        {
            if (list.Count == 0) return null;
            var record = list[_random.Next(3) > 0 ? Math.Max(0, list.Count - 1 - _random.Next(20)) : _random.Next(list.Count)];
            if (!record.IsDone || record.IsBeingRefunded || record.RefundedUnits == record.Quantity) return null;
            record.IsBeingRefunded = true;
            return (list, record);
        }
    }

    private async Task MoneyAsync()
    {
        var merchant = _random.Next(3) > 0 ? CrashMarket.Poor : _random.Next(market.Merchants.Count);
        var isIn = _random.Next(4) > 0;
        var amount = new Money(10_000 * _random.NextInt64(1, 800));
        var path = $"/console/merchants/{market.Merchants[merchant].Id}/wallet";
        var form = await _browser.GetAsync(path);
        var page = await _browser.PostAsync(isIn ? "top-up" : "take-out", form, path,
            ("direction", isIn ? "in" : "out"), ("amount", amount.ToString()), ("reason", "crash test"), ("once", form.Field("once")));
        if (page.IsRedirect) journal.Moved(merchant, isIn ? amount.Units : -amount.Units);
        else if (isIn) journal.Violation($"a top-up of {amount} was answered {page.Status}");
    }

    public void Dispose() => _browser.Dispose();
}
