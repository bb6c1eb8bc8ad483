using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>One movement between two accounts, but for its number.</summary>
/// <param name="DebitAfter">The running balance it leaves on a limited account; null on a folded one.</param>
/// <param name="CreditAfter">As <paramref name="DebitAfter"/>, for the credited account.</param>
public sealed record TransferRow(
    PostingId Posting, string Kind, AccountId Debit, AccountId Credit, Money Amount,
    Money? DebitAfter, Money? CreditAfter, OrderId? Order, DateTimeOffset At);

/// <summary>Bulk writes for callers that decided by themselves, in their own transaction: the order engine, settlement.</summary>
/// <remarks>
/// The caller has called <see cref="EnterAsync"/>, holds the locks of all limited accounts it moves
/// (<see cref="Ledger.LockAsync"/>) and has checked their limits; nothing is checked here.
/// </remarks>
public static class LedgerWrites
{
    private const long FoldLock = 0x4C4B_464F;
    private const long FoldingLock = 0x4C4B_4650;

    /// <summary>Tells the folder that transfers are under way in this transaction. Call it before any lock is taken.</summary>
    /// <remarks>
    /// Transfer numbers are drawn before they are committed, so a mark taken at the highest visible number could pass over
    /// one that is still on its way. The folder waits for everyone inside; nobody inside waits for another.
    /// </remarks>
    public static Task EnterAsync(Session session) => session.Kind == DatabaseKind.Postgres
        ? session.ExecuteAsync("select pg_advisory_xact_lock_shared(@FoldLock)", new { FoldLock })
        : Task.CompletedTask;

    /// <summary>As <see cref="EnterAsync"/>, as the first of several reads.</summary>
    public static void Enter(ReadBatch reads, Session session)
    {
        if (session.Kind == DatabaseKind.Postgres) reads.Add("select pg_advisory_xact_lock_shared(@FoldLock)", static _ => { }, ("@FoldLock", FoldLock));
    }

    /// <summary>Waits until nobody is inside and keeps others out until this transaction ends.</summary>
    internal static Task WaitForOthersAsync(Session session) => session.Kind == DatabaseKind.Postgres
        ? session.ExecuteAsync("select pg_advisory_xact_lock(@FoldLock)", new { FoldLock })
        : Task.CompletedTask;

    /// <summary>One fold at a time sums and moves the marks.</summary>
    internal static Task WaitForOtherFoldsAsync(Session session) => session.Kind == DatabaseKind.Postgres
        ? session.ExecuteAsync("select pg_advisory_xact_lock(@FoldingLock)", new { FoldingLock })
        : Task.CompletedTask;

    /// <summary>Appends transfers, whose numbers rise in the order of the list, and writes the balances they left on limited accounts.</summary>
    public static async Task WriteAsync(Session session, IReadOnlyList<TransferRow> rows, IReadOnlyList<(AccountId Account, Money Balance)> balances)
    {
        if (rows.Count == 0) return;
        var numbers = await LedgerNumbers.DrawAsync(session, rows.Count);
        await WriteTransfersAsync(session, [.. rows.Select(row => (numbers.Next(), row))]);
        await SaveBalancesAsync(session, balances, numbers.Last);
    }

    /// <summary>Appends transfers under numbers that the caller has drawn.</summary>
    public static Task WriteTransfersAsync(Session session, IReadOnlyList<(long Number, TransferRow Row)> rows) => session.InsertAsync(
        "transfer_row", "id, posting_id, kind, debit_account, credit_account, amount, debit_after, credit_after, order_id, at", rows, static (numbered, w) =>
        {
            var row = numbered.Row;
            w.Number(numbered.Number);
            w.Number(row.Posting.Value);
            w.Text(row.Kind);
            w.Number(row.Debit.Value);
            w.Number(row.Credit.Value);
            w.Number(row.Amount.Units);
            w.Number(row.DebitAfter?.Units);
            w.Number(row.CreditAfter?.Units);
            w.Number(row.Order?.Value);
            w.Number(row.At.ToMicros());
        });

    private static async Task SaveBalancesAsync(Session session, IReadOnlyList<(AccountId Account, Money Balance)> balances, long number)
    {
        if (balances.Count == 0) return;
        if (session.Kind == DatabaseKind.Postgres)
        {
            var sorted = balances.OrderBy(b => b.Account).ToList();
            await session.ExecuteAsync(
                """
                update account set balance = d.balance, moved_by = @number
                from unnest(@Ids, @Balances) as d (id, balance)
                where account.id = d.id
                """,
                new { number, Ids = sorted.ConvertAll(b => b.Account.Value).ToArray(), Balances = sorted.ConvertAll(b => b.Balance.Units).ToArray() });
            return;
        }

        session.ForEach("update account set balance = ?2, moved_by = ?3 where id = ?1", balances, (row, w) =>
        {
            w.Number(row.Account.Value);
            w.Number(row.Balance.Units);
            w.Number(number);
        });
    }

    /// <summary>Writes new running balances over accounts that were read without a lock.</summary>
    /// <param name="numbers">Those of the transfers that moved them.</param>
    /// <exception cref="StaleReadException">One of them is no longer as it was read, or was moved under a higher number in between.</exception>
    public static async Task ReplaceBalancesAsync(Session session, IReadOnlyList<(Account Was, Money Balance)> balances, LedgerNumbers numbers)
    {
        if (balances.Count == 0) return;
        var sorted = balances.OrderBy(b => b.Was.Id).ToList();
        var changed = session.Kind == DatabaseKind.Postgres
            ? await session.ExecuteAsync(
                """
                update account set balance = d.balance, moved_by = @Last
                from unnest(@Ids, @Was, @Held, @Floors, @Balances) as d (id, was, held, floor, balance)
                where account.id = d.id and account.balance = d.was and account.held = d.held and account.floor is not distinct from d.floor
                  and account.moved_by < @First
                """,
                new
                {
                    numbers.First,
                    numbers.Last,
                    Ids = sorted.ConvertAll(b => b.Was.Id.Value).ToArray(),
                    Was = sorted.ConvertAll(b => b.Was.Balance.Units).ToArray(),
                    Held = sorted.ConvertAll(b => b.Was.Held.Units).ToArray(),
                    Floors = sorted.ConvertAll(b => b.Was.Floor).ToArray(),
                    Balances = sorted.ConvertAll(b => b.Balance.Units).ToArray(),
                })
            : session.ForEach(
                "update account set balance = ?2, moved_by = ?7 where id = ?1 and balance = ?3 and held = ?4 and floor is ?5 and moved_by < ?6", sorted, (row, w) =>
                {
                    w.Number(row.Was.Id.Value);
                    w.Number(row.Balance.Units);
                    w.Number(row.Was.Balance.Units);
                    w.Number(row.Was.Held.Units);
                    w.Number(row.Was.Floor);
                    w.Number(numbers.First);
                    w.Number(numbers.Last);
                });
        if (changed != sorted.Count) throw new StaleReadException($"{sorted.Count - changed} accounts changed since they were read.");
    }
}
