namespace Lianka.Modules.Ledger;

/// <summary>Expressions that several statements share.</summary>
internal static class LedgerSql
{
    /// <summary>The whole balance of the row of <c>account</c> at hand: a folded account's mark plus what came since.</summary>
    /// <remarks>The pair of account and number keeps PostgreSQL at the index of debits: of an account that was never folded it would walk over all transfers.</remarks>
    public const string Balance =
        """
        (case when account.limited = 1 then account.balance else account.balance
            + coalesce((select cast(sum(t.amount) as bigint) from transfer_row t where t.credit_account = account.id and t.id > account.folded_to), 0)
            - coalesce((select cast(sum(t.amount) as bigint) from transfer_row t where t.debit_account = account.id and (t.debit_account, t.id) > (account.id, account.folded_to)), 0)
            + case when account.kind <> 'escrow' then 0 else coalesce((select cast(sum(t.amount) as bigint) from order_transfer t
                where t.merchant_id = account.party_id and t.source in (1, 2) and t.credit_account = account.id and t.id > account.folded_to), 0) end end)
        """;
}
