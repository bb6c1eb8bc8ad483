using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>A supplier's deposit beside what it has to cover.</summary>
/// <param name="Deposit">What could be drawn now.</param>
/// <param name="Categories">The sum of the amounts of the categories it sells in.</param>
/// <param name="Turnover">What settlement paid it in the last 30 whole days.</param>
/// <param name="Required">What has to be there, or nothing of it is offered.</param>
public sealed record Cover(SupplierId Supplier, Money Deposit, Money Categories, Money Turnover, Money Required)
{
    public bool IsShort => Deposit < Required;
    public Money Missing => Money.Max(Required - Deposit, Money.Zero);
}

/// <summary>The amount of one category.</summary>
public sealed record DepositRate
{
    public required long CategoryId { get; init; }
    public required Money Amount { get; init; }
}

/// <summary>What becomes of a movement of a deposit.</summary>
public abstract record DepositDecision
{
    private DepositDecision() { }

    /// <param name="IsReplay">It had been posted before under this key; nothing was moved now.</param>
    /// <param name="Cover">As it stands afterwards.</param>
    public sealed record Posted(PostingId Id, bool IsReplay, Cover Cover) : DepositDecision;

    public sealed record Refused(FieldError Error) : DepositDecision;

    /// <summary>There is no such supplier.</summary>
    public sealed record Missing : DepositDecision;
}

/// <summary>Suppliers' deposits: paid in, drawn from, returned; and whether they cover what is offered.</summary>
/// <remarks>
/// Every movement here looks at the cover in its own transaction. Late refunds are taken by the order engine, and the catalog changes
/// what is to be covered: those are seen by <see cref="SupplierWatch"/>, every second (I10).
/// Held by: tests/Integration/Onboarding/DepositTests.cs.
/// </remarks>
public sealed class Deposits(Database database, Ledger.Ledger ledger, Catalog.Catalog catalog, IdSource ids, TimeProvider clock)
{
    private const string ShareSetting = "deposit.turnover_bps";

    /// <summary>The last day of turnover that was counted.</summary>
    private const string CountedSetting = "deposit.turnover_day";

    private static readonly FieldError _owes = new(
        "amount", "owes", "The supplier owes the platform: that comes first.", "供应商还欠平台款，要先结清。");

    private static readonly FieldError _covers = new(
        "amount", "covers", "What is left would not cover what the supplier offers.", "剩下的不够保证它正在供的货。");

    public Task<List<Cover>> ListAsync(CancellationToken cancel = default) => database.ReadAsync(s => CoversAsync(s), cancel);

    public async Task<Cover?> FindAsync(SupplierId supplier, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => CoversAsync(s, supplier), cancel)).FirstOrDefault();

    /// <summary>A transfer that reached the bank. The slip's number is the key: nobody books one slip twice.</summary>
    public async Task<DepositDecision> PayInAsync(SupplierId supplier, string amount, string slip, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var money = check.Amount("amount", amount);
        slip = check.Name("slip", slip, 64);
        if (check.Errors.Count > 0) return new DepositDecision.Refused(check.Errors[0]);
        return await MoveAsync(supplier, async (s, deposit, bank) => (await ledger.PostAsync(
            s, new Posting("deposit_in", actor, [new Leg(bank, deposit, money, "deposit_in")], slip, $"deposit:{slip}")), null), "slip", cancel);
    }

    /// <summary>Gives back what is above the cover, to a supplier who owes nothing.</summary>
    /// <param name="key">Of this one return; the same key again moves nothing.</param>
    public async Task<DepositDecision> ReturnAsync(
        SupplierId supplier, string amount, string reason, string key, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var money = check.Amount("amount", amount);
        reason = check.Name("reason", reason, 200);
        if (check.Errors.Count > 0) return new DepositDecision.Refused(check.Errors[0]);
        return await MoveAsync(supplier, async (s, deposit, bank) =>
        {
            var posting = new Posting("deposit_out", actor, [new Leg(deposit, bank, money, "deposit_out")], reason, key);
            var receivable = await ledger.OpenAsync(s, AccountKinds.Receivable, supplier.Value);
            // Both locked before they are looked at: a late refund that comes now waits, and then finds less.
            var accounts = await ledger.LockAsync(s, [deposit, receivable, bank]);
            if (!await ledger.IsPostedAsync(s, key))
            {
                if (accounts[receivable].Balance.IsNegative) return (null, _owes);
                var left = accounts[deposit].Available!.Value - money;
                if (!left.IsNegative && left < (await CoversAsync(s, supplier))[0].Required) return (null, _covers);
            }

            return (await ledger.PostAsync(s, posting), null);
        }, "key", cancel);
    }

    /// <summary>Draws from a deposit to make good what a supplier has done (a ruling), in the caller's transaction.</summary>
    /// <param name="to">Whom it goes to.</param>
    /// <param name="key">Of this one draw; the same key again moves nothing.</param>
    /// <returns>Posted; or <see cref="PostDecision.InsufficientFunds"/>, and nothing moved: a draw is never more than the deposit.</returns>
    /// <remarks>The listing of a supplier whose deposit falls short is off with the same commit.</remarks>
    public async Task<PostDecision> CompensateAsync(
        Session session, SupplierId supplier, Money amount, AccountId to, string key, string reason, string actor)
    {
        var deposit = await ledger.OpenAsync(session, AccountKinds.Deposit, supplier.Value);
        var posted = await ledger.PostAsync(
            session, new Posting("compensation", actor, [new Leg(deposit, to, amount, "compensation")], reason, key));
        if (posted is PostDecision.Posted { IsReplay: false }) await LookAsync(session, supplier);
        return posted;
    }

    public Task<List<DepositRate>> RatesAsync(CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<DepositRate>("select category_id, amount from deposit_rate order by category_id"), cancel);

    /// <returns>The share of the turnover in basis points.</returns>
    public Task<long> ShareAsync(CancellationToken cancel = default) => database.ReadAsync(ShareAsync, cancel);

    /// <summary>Sets what deposits have to cover. Suppliers who fall short by it are off at once.</summary>
    /// <param name="amounts">By category, as typed; empty: nothing for it.</param>
    /// <param name="share">Basis points of the turnover, as typed.</param>
    public async Task<IReadOnlyList<FieldError>> SaveRatesAsync(
        IReadOnlyDictionary<long, string> amounts, string share, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var bps = check.Number("share", share, 0, 10_000);
        var rates = amounts.Where(a => a.Value.Length > 0)
            .Select(a => new DepositRate { CategoryId = a.Key, Amount = check.Amount(RateField(a.Key), a.Value) }).ToList();
        if (check.Errors.Count > 0) return check.Errors;
        var now = clock.Now();
        await database.WriteAsync(async s =>
        {
            foreach (var rate in rates)
                await s.ExecuteAsync(
                    """
                    insert into deposit_rate (category_id, amount, changed_at) values (@CategoryId, @Amount, @now)
                    on conflict (category_id) do update set amount = excluded.amount, changed_at = excluded.changed_at
                    where deposit_rate.amount <> excluded.amount
                    """, new { rate.CategoryId, rate.Amount, now });
            foreach (var gone in amounts.Where(a => a.Value.Length == 0))
                await s.ExecuteAsync("delete from deposit_rate where category_id = @Key", new { gone.Key });
            await s.ExecuteAsync(
                "insert into setting (name, value) values (@ShareSetting, @Value) on conflict (name) do update set value = excluded.value",
                new { ShareSetting, Value = $"{bps}" });
            await LookAsync(s, null);
        }, cancel);
        return [];
    }

    /// <summary>The form's name for a category's amount.</summary>
    public static string RateField(long category) => $"c{PublicId.Encode(category)}";

    private async Task<List<Cover>> CoversAsync(Session s, SupplierId? supplier = null)
    {
        var through = CoverRule.LastClosed(clock.Now());
        var suppliers = await s.QueryAsync<SupplierId>(
            $"select id from supplier {(supplier is null ? "" : "where id = @supplier")} order by id", new { supplier });
        var rates = (await s.QueryAsync<DepositRate>("select category_id, amount from deposit_rate")).ToDictionary(r => r.CategoryId, r => r.Amount);
        var categories = (rates.Count == 0 ? [] : await Selling.CategoriesAsync(s, supplier)).ToLookup(c => c.SupplierId, c => c.CategoryId);
        var turnover = await TurnoverAsync(s, through);
        var share = await ShareAsync(s);
        var deposits = (await Statements.OfKindAsync(s, AccountKinds.Deposit, supplier?.Value)).ToDictionary(a => a.PartyId, a => a.Balance - a.Held);
        return
        [
            .. suppliers.Select(x =>
            {
                var fixedSum = categories[x].Aggregate(Money.Zero, (sum, c) => sum + rates.GetValueOrDefault(c));
                var sold = turnover.GetValueOrDefault(x.Value);
                return new Cover(x, deposits.GetValueOrDefault(x.Value), fixedSum, sold, CoverRule.Required(fixedSum, sold, share));
            }),
        ];
    }

    /// <summary>True when <see cref="LookAsync"/> would change something.</summary>
    internal async Task<bool> IsStaleAsync(Session s)
    {
        var there = (await Selling.StopsAsync(s)).Where(t => t.Reason == StopReasons.Deposit).Select(t => t.SupplierId).ToHashSet();
        return !there.SetEquals((await CoversAsync(s)).Where(c => c.IsShort).Select(c => c.Supplier));
    }

    /// <summary>Writes down what settlement paid on the days that are over and not counted yet, and looks at all covers.</summary>
    internal async Task CountTurnoverAsync(CancellationToken cancel)
    {
        var through = CoverRule.LastClosed(clock.Now());
        var counted = await database.ReadAsync(s => CountedAsync(s), cancel);
        // A first start has the days before it to count.
        for (var day = Math.Max(counted + 1, through - CoverRule.TurnoverDays + 1); day <= through; day++)
            await database.WriteAsync(s => CountTurnoverAsync(s, day), cancel);
    }

    private async Task CountTurnoverAsync(Session s, long day)
    {
        var suppliers = (await s.QueryAsync<long>("select id from supplier")).ToHashSet();
        var paid = await Statements.BroughtAsync(
            s, "settle_in", [AccountKinds.Payable, AccountKinds.Receivable], CoverRule.StartOf(day), CoverRule.StartOf(day + 1));
        foreach (var (supplier, amount) in paid.Where(p => suppliers.Contains(p.Key)).OrderBy(p => p.Key))
            await s.ExecuteAsync(
                "insert into supplier_turnover (supplier_id, day, amount) values (@supplier, @day, @amount) on conflict do nothing",
                new { supplier, day, amount });
        await s.ExecuteAsync(
            "insert into setting (name, value) values (@CountedSetting, @Value) on conflict (name) do update set value = excluded.value",
            new { CountedSetting, Value = $"{day}" });
        await LookAsync(s, null);
    }

    private static async Task<long> CountedAsync(Session s) =>
        long.TryParse(await s.ScalarAsync<string>("select value from setting where name = @CountedSetting", new { CountedSetting }), out var day) ? day : 0;

    /// <summary>Puts the stops of one supplier, or of all, as the covers say; tells those who fell short, once.</summary>
    internal async Task LookAsync(Session s, SupplierId? supplier)
    {
        var now = clock.Now();
        var there = await Selling.StopsAsync(s, supplier);
        var isShort = (await CoversAsync(s, supplier)).Where(c => c.IsShort).Select(c => c.Supplier).ToHashSet();
        foreach (var begun in await Selling.StopAsync(s, StopReasons.Deposit, there, isShort, now))
            await Notices.AddAsync(s, await ids.NextAsync(s), begun, NoticeKinds.DepositShort, now.ToMicros(), now);
    }

    private async Task<DepositDecision> MoveAsync(
        SupplierId supplier, Func<Session, AccountId, AccountId, Task<(PostDecision?, FieldError?)>> post, string keyField, CancellationToken cancel)
    {
        if (await catalog.FindSupplierAsync(supplier, cancel) is null) return new DepositDecision.Missing();
        return await database.WriteAsync<DepositDecision>(async s =>
        {
            var deposit = await ledger.OpenAsync(s, AccountKinds.Deposit, supplier.Value);
            var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
            var (decision, refusal) = await post(s, deposit, bank);
            if (refusal is not null) return new DepositDecision.Refused(refusal);
            switch (decision)
            {
                case PostDecision.Posted posted:
                    if (!posted.IsReplay) await LookAsync(s, supplier);
                    return new DepositDecision.Posted(posted.Id, posted.IsReplay, (await CoversAsync(s, supplier))[0]);
                case PostDecision.InsufficientFunds:
                    return new DepositDecision.Refused(new FieldError("amount", "insufficient_funds", "The deposit does not hold that much.", "保证金里没有这么多。"));
                default:
                    return new DepositDecision.Refused(new FieldError(keyField, "taken",
                        "This was booked before, with another amount or for another supplier.", "这一笔入过账了，金额或供应商不一样。"));
            }
        }, cancel);
    }

    private static async Task<Dictionary<long, Money>> TurnoverAsync(Session s, long through) => (await s.QueryAsync<TurnoverRow>(
        """
        select supplier_id, cast(sum(amount) as bigint) as amount from supplier_turnover
        where day > @After and day <= @through group by supplier_id
        """, new { through, After = through - CoverRule.TurnoverDays })).ToDictionary(r => r.SupplierId, r => r.Amount);

    private static async Task<long> ShareAsync(Session s) =>
        long.TryParse(await s.ScalarAsync<string>("select value from setting where name = @ShareSetting", new { ShareSetting }), out var bps) ? bps : 0;

    private sealed record TurnoverRow
    {
        public long SupplierId { get; init; }
        public Money Amount { get; init; }
    }
}
