namespace Lianka.Modules.Ledger;

/// <summary>Expressions that several statements share.</summary>
internal static class LedgerSql
{
    /// <summary>The whole balance of the row of <c>account</c> at hand: a folded account's mark plus what came since.</summary>
    public const string Balance =
        """
        (case when account.limited = 1 then account.balance else account.balance
            + coalesce((select cast(sum(t.amount) as bigint) from transfer_row t where t.credit_account = account.id and t.id > account.folded_to), 0)
            - coalesce((select cast(sum(t.amount) as bigint) from transfer_row t where t.debit_account = account.id and t.id > account.folded_to), 0)
            + case when account.kind <> 'escrow' then 0 else coalesce((select cast(sum(t.amount) as bigint) from order_transfer t
                where t.merchant_id = account.party_id and t.source in (1, 2) and t.credit_account = account.id and t.id > account.folded_to), 0) end end)
        """;
}
