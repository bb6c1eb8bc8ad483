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
            return await s.ScalarAsync<long>(
                """
                select max(id) from (
                    select coalesce(max(id), 0) as id from transfer_row union all select coalesce(max(id), 0) from order_transfer) as both_places
                """);
        }, cancel);
        await database.WriteAsync(async s =>
        {
            // Another node may have folded further in the meantime: under the lock its mark is seen.
            await LedgerWrites.WaitForOtherFoldsAsync(s);
            // Every account was folded up to the highest mark, or had nothing to fold: only what came after it is summed,
            // in one walk over the transfers, however many accounts there are.
            var from = await MarkAsync(s);
            if (from >= mark) return;
            await s.ExecuteAsync(
                """
                update account set folded_to = @mark, balance = account.balance + moved.amount
                from (select account_id, cast(sum(amount) as bigint) as amount from (
                          select credit_account as account_id, amount from transfer where id > @from and id <= @mark
                          union all
                          -- What orders tell by themselves is taken from wallets, which are not folded.
                          select debit_account, -amount from transfer_row where id > @from and id <= @mark) as sides
                      group by account_id) as moved
                where account.id = moved.account_id and account.limited = 0
                """, new { from, mark });
        }, cancel);
        return mark;
    }

    /// <summary>The mark of the last fold: no transfer up to it can still come, and none of them changes.</summary>
    public static Task<long> MarkAsync(Session session) => session.ScalarAsync<long>("select coalesce(max(folded_to), 0) from account where limited = 0");
}
