using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps;

/// <summary>A wallet that can spend less than its merchant wants to have.</summary>
/// <param name="Free">Balance and credit line, less what is held.</param>
public sealed record LowBalance(MerchantId Merchant, Money Free, Money Below);

/// <summary>Tells merchants, and the operator, whose wallets run low: a wallet that is empty stops a merchant's own customers.</summary>
/// <remarks>Held by: tests/Integration/TopUps/BalanceWarningTests.cs.</remarks>
public sealed class BalanceWarnings(Database database)
{
    private sealed record Row
    {
        public MerchantId Merchant { get; init; }
        public Money Free { get; init; }
        public Money Below { get; init; }
    }

    /// <summary>Null: this merchant wants to be told nothing.</summary>
    public async Task<Money?> BelowAsync(MerchantId merchant) =>
        await database.ReadAsync(s => s.ScalarAsync<long?>("select below from balance_warning where merchant_id = @merchant", new { merchant })) is { } units ? new Money(units) : null;

    /// <param name="below">Yuan; empty: no warning any more.</param>
    /// <returns>What is wrong with it.</returns>
    public async Task<IReadOnlyList<FieldError>> SetAsync(MerchantId merchant, string below)
    {
        if (below.Length == 0)
        {
            await database.WriteAsync(s => s.ExecuteAsync("delete from balance_warning where merchant_id = @merchant", new { merchant }));
            return [];
        }

        if (!Money.TryParse(below, out var amount) || !amount.IsPositive)
            return [new("below", "bad_amount", "An amount above 0, such as 500.", "填一个大于 0 的金额，例如 500。")];
        await database.WriteAsync(s => s.ExecuteAsync(
            "insert into balance_warning (merchant_id, below) values (@merchant, @amount) on conflict (merchant_id) do update set below = excluded.below",
            new { merchant, amount }));
        return [];
    }

    /// <summary>Wallets below their warning, the emptiest for its warning first.</summary>
    /// <param name="merchant">Only this merchant's; null: everybody's.</param>
    public async Task<IReadOnlyList<LowBalance>> LowAsync(MerchantId? merchant = null, int limit = 50)
    {
        const string Free = "coalesce(a.balance - a.held + case when a.floor < 0 then -a.floor else 0 end, 0)";
        var rows = await database.ReadAsync(s => s.QueryAsync<Row>(
            $"""
            select w.merchant_id as merchant, {Free} as free, w.below from balance_warning w
            left join account a on a.party_id = w.merchant_id and a.kind = @Wallet and a.currency = 'CNY'
            where {Free} < w.below {(merchant is null ? "" : "and w.merchant_id = @merchant")} order by ({Free}) * 1.0 / w.below, w.merchant_id limit @limit
            """, new { AccountKinds.Wallet, merchant, limit }));
        return rows.ConvertAll(r => new LowBalance(r.Merchant, r.Free, r.Below));
    }
}
