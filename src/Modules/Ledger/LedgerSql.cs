namespace Lianka.Modules.Ledger;

/// <summary>Expressions that several statements share.</summary>
internal static class LedgerSql
{
    /// <summary>The whole balance of the row of <c>account</c> at hand: a folded account's mark plus what came since.</summary>
    public const string Balance =
        """
        (case when account.limited = 1 then account.balance else account.balance
            + coalesce((select cast(sum(t.amount) as bigint) from transfer t where t.credit_account = account.id and t.id > account.folded_to), 0)
            - coalesce((select cast(sum(t.amount) as bigint) from transfer t where t.debit_account = account.id and t.id > account.folded_to), 0) end)
        """;
}
