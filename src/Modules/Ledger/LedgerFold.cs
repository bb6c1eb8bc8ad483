using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>Moves the fold marks of accounts without a running balance, so that reading one stays cheap.</summary>
public sealed class LedgerFold(Database database)
{
    /// <summary>Folds what is committed. Safe beside postings, itself and other nodes; may be stopped at any point.</summary>
    /// <returns>The mark: every transfer up to it is in the folded balances.</returns>
    public async Task<long> FoldAsync(CancellationToken cancel = default)
    {
        // Holding everyone out lasts only as long as reading one number: once the transfers then under way are committed,
        // nothing can appear below the mark any more, and the summing needs no lock.
        var mark = await database.WriteAsync(async s =>
        {
            await LedgerWrites.WaitForOthersAsync(s);
            return await s.ScalarAsync<long>("select coalesce(max(id), 0) from transfer");
        }, cancel);
        await database.WriteAsync(s => s.ExecuteAsync(
            """
            update account set folded_to = @mark, balance = balance
                + coalesce((select cast(sum(t.amount) as bigint) from transfer t
                            where t.credit_account = account.id and t.id > account.folded_to and t.id <= @mark), 0)
                - coalesce((select cast(sum(t.amount) as bigint) from transfer t
                            where t.debit_account = account.id and t.id > account.folded_to and t.id <= @mark), 0)
            where limited = 0 and folded_to < @mark
            """, new { mark }), cancel);
        return mark;
    }
}
