using System.Diagnostics;
using Lianka.Kernel;
using Lianka.Modules.Ledger.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>The front door of the ledger: accounts and postings, all in the caller's transaction.</summary>
/// <remarks>
/// Beside it stand <see cref="Holds"/> (money set aside), <see cref="Statements"/> (reading) and <see cref="LedgerWrites"/>
/// (bulk writes of the order engine). A transaction that locks accounts more than once may meet another that does so in the
/// other order; the database then ends one of the two, and <see cref="Database.WriteAsync{T}"/> runs it again.
/// </remarks>
public sealed class Ledger(IdSource ids, TimeProvider clock)
{
    /// <summary>Opens the account if it is not there. Safe beside itself.</summary>
    /// <param name="credit">How far below zero a wallet may go (its credit line). Its currency is the account's.</param>
    /// <remarks>An account that exists is left as it is, its credit line too: see <see cref="SetCreditAsync"/>.</remarks>
    public async Task<AccountId> OpenAsync(Session session, string kind, long partyId, Money credit = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(credit.Units);
        if (credit.IsPositive && kind != AccountKinds.Wallet)
            throw new ArgumentException("Only wallets have a credit line.", nameof(credit));
        if (await FindAsync(session, kind, partyId, credit.Currency) is { } there) return there;
        await session.ExecuteAsync(
            """
            insert into account (id, kind, party_id, currency, limited, floor, created_at)
            values (@Id, @Kind, @PartyId, @Currency, @Limited, @Floor, @At)
            on conflict (party_id, kind, currency) do nothing
            """,
            new
            {
                Id = await ids.NextAsync(session),
                Kind = kind,
                PartyId = partyId,
                Currency = credit.Currency.Code,
                Limited = AccountKinds.IsLimited(kind) ? 1 : 0,
                // A receivable is what a party owes: it goes below zero by its nature.
                Floor = AccountKinds.IsLimited(kind) && kind != AccountKinds.Receivable ? -credit.Units : (long?)null,
                At = clock.Now(),
            });
        // Another transaction may have been first: whichever row stands is the account.
        return await FindAsync(session, kind, partyId, credit.Currency)
            ?? throw new InvalidOperationException($"The account {kind} of {partyId} was neither found nor opened.");
    }

    public Task<AccountId?> FindAsync(Session session, string kind, long partyId, Currency currency = default) =>
        session.FirstAsync<AccountId?>(
            "select id from account where party_id = @partyId and kind = @kind and currency = @Code",
            new { partyId, kind, currency.Code });

    /// <summary>Reads accounts, and locks those that carry a running balance, in id order, so that two transactions can never
    /// wait for each other in a ring. Folded accounts are not locked: everyone moves them at once.</summary>
    /// <returns>The accounts that exist.</returns>
    public async Task<Dictionary<AccountId, Account>> LockAsync(Session session, IEnumerable<AccountId> accounts)
    {
        await LedgerWrites.EnterAsync(session);
        var numbers = accounts.Select(a => a.Value).Distinct().ToArray();
        var rows = await session.QueryAsync<AccountRow>(
            $"{AccountRow.Select} where id in @numbers and limited = 1 order by id{session.ForUpdate}", new { numbers });
        if (rows.Count < numbers.Length)
            rows.AddRange(await session.QueryAsync<AccountRow>(
                $"{AccountRow.Select} where id in @numbers and limited = 0", new { numbers }));
        return rows.ToDictionary(r => r.Id, r => r.ToAccount());
    }

    /// <summary>Adds a read of accounts without any lock, for a caller that writes with <see cref="LedgerWrites.ReplaceBalancesAsync"/>.</summary>
    public static void Read(ReadBatch reads, Session session, IEnumerable<AccountId> accounts, Action<Account> found)
    {
        var numbers = accounts.Select(a => a.Value).Order().ToArray();
        if (numbers.Length == 0) return;
        reads.Add($"{AccountRow.Select} where {session.AnyOf("id", "@numbers")}",
            r => found(new Account(
                new AccountId(r.GetInt64(0)), r.GetString(1), r.GetInt64(2), r.GetInt16(4) == 1, r.IsDBNull(5) ? null : r.GetInt64(5),
                new Money(r.GetInt64(6)), new Money(r.GetInt64(7)))),
            ("@numbers", session.List(numbers)));
    }

    /// <summary>Locks the accounts of the legs in id order, checks limits, writes transfers and balances; or refuses and writes nothing.</summary>
    /// <exception cref="ArgumentException">No leg, an amount that is not positive, a leg from an account to itself, an account
    /// that does not exist, mixed currencies: bugs of the caller.</exception>
    public async Task<PostDecision> PostAsync(Session session, Posting posting)
    {
        var accounts = await LockAsync(session, posting.Legs.SelectMany(l => new[] { l.Debit, l.Credit }));
        return await PostLockedAsync(session, posting, accounts);
    }

    /// <summary><see cref="PostAsync"/> where a rule has passed what is posted: no answer but a posting is in order, and the caller's transaction ends with it.</summary>
    /// <exception cref="InvalidOperationException">The ledger refused: too little money, or the key stands for another posting.</exception>
    public async Task<PostDecision.Posted> MustPostAsync(Session session, Posting posting) =>
        await PostAsync(session, posting) is var decision && decision is PostDecision.Posted posted ? posted
            : throw new InvalidOperationException($"The ledger answered {decision} to {posting.Kind} {posting.Key}.");

    /// <summary>True when a posting has this key, with whatever content.</summary>
    public async Task<bool> IsPostedAsync(Session session, string key) =>
        await session.ScalarAsync<long?>("select id from posting where key = @key", new { key }) is not null;

    internal async Task<PostDecision> PostLockedAsync(Session session, Posting posting, IReadOnlyDictionary<AccountId, Account> accounts)
    {
        // Looked up only now: the same posting, sent twice at once, has waited for its first self at the locks.
        if (posting.Key is { } key && await EarlierAsync(session, key, posting) is { } earlier) return earlier;
        return PostLegs.Decide(accounts, posting.Legs) switch
        {
            LegsDecision.Applied applied => await SaveAsync(session, posting, applied),
            LegsDecision.Short refusal => new PostDecision.InsufficientFunds(refusal.Account),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<PostDecision> SaveAsync(Session session, Posting posting, LegsDecision.Applied applied)
    {
        var id = new PostingId(await ids.NextAsync(session));
        var at = clock.Now();
        var written = await session.ExecuteAsync(
            """
            insert into posting (id, kind, key, reason, actor, at) values (@Id, @Kind, @Key, @Reason, @Actor, @At)
            on conflict (key) do nothing
            """,
            new { Id = id, posting.Kind, posting.Key, posting.Reason, posting.Actor, At = at });
        // A posting of other accounts took the key in this moment.
        if (written == 0) return await EarlierAsync(session, posting.Key!, posting) ?? new PostDecision.KeyConflict();
        await LedgerWrites.WriteAsync(session, [.. applied.Legs.Select(l => new TransferRow(
            id, l.Leg.Kind, l.Leg.Debit, l.Leg.Credit, l.Leg.Amount, l.DebitAfter, l.CreditAfter, l.Leg.Order, at))],
            [.. applied.Balances.Select(b => (b.Key, b.Value))]);
        return new PostDecision.Posted(id, IsReplay: false);
    }

    /// <summary>Sets how far below zero a wallet may go from now on. A lower line only blocks further debits.</summary>
    /// <param name="actor">Who set it; the change is kept, since the limit then in force is part of the proof (I2).</param>
    public async Task SetCreditAsync(Session session, AccountId wallet, Money credit, string actor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(credit.Units);
        var account = (await LockAsync(session, [wallet])).GetValueOrDefault(wallet);
        if (account is not { Kind: AccountKinds.Wallet, Floor: { } floor })
            throw new ArgumentException($"{wallet} is not a wallet.", nameof(wallet));
        if (floor == -credit.Units) return;
        // A number of the same series: behind what moved the wallet before, ahead of what will.
        var number = (await LedgerNumbers.DrawAsync(session, 1)).Next();
        await session.ExecuteAsync(
            """
            insert into credit_change (account_id, after_transfer, old_floor, new_floor, actor, at)
            values (@wallet, @number, @floor, @NewFloor, @actor, @At)
            """,
            new { wallet, number, floor, NewFloor = -credit.Units, actor, At = clock.Now() });
        // As if it had moved the wallet: who drew its numbers before this and reads the new line only now draws again.
        await session.ExecuteAsync("update account set floor = @Floor, moved_by = @number where id = @wallet", new { wallet, number, Floor = -credit.Units });
    }

    private static async Task<PostDecision?> EarlierAsync(Session session, string key, Posting posting)
    {
        var head = await session.FirstAsync<HeadRow>("select id, kind, reason from posting where key = @key", new { key });
        if (head is null) return null;
        var legs = await session.QueryAsync<LegRow>(
            "select debit_account, credit_account, amount, kind, order_id from transfer_row where posting_id = @Id order by id", new { head.Id });
        var isSame = head.Kind == posting.Kind && head.Reason == posting.Reason
            && legs.Select(l => (l.DebitAccount, l.CreditAccount, l.Amount, l.Kind, l.OrderId))
                .SequenceEqual(posting.Legs.Select(l => (l.Debit, l.Credit, l.Amount.Units, l.Kind, l.Order)));
        return isSame ? new PostDecision.Posted(head.Id, IsReplay: true) : new PostDecision.KeyConflict();
    }

    private sealed record HeadRow
    {
        public PostingId Id { get; init; }
        public string Kind { get; init; } = "";
        public string? Reason { get; init; }
    }

    private sealed record LegRow
    {
        public AccountId DebitAccount { get; init; }
        public AccountId CreditAccount { get; init; }
        public long Amount { get; init; }
        public string Kind { get; init; } = "";
        public OrderId? OrderId { get; init; }
    }

    private sealed record AccountRow
    {
        public const string Select = "select id, kind, party_id, currency, limited, floor, balance, held from account";

        public AccountId Id { get; init; }
        public string Kind { get; init; } = "";
        public long PartyId { get; init; }
        public string Currency { get; init; } = "";
        public long Limited { get; init; }
        public long? Floor { get; init; }
        public long Balance { get; init; }
        public long Held { get; init; }

        public Account ToAccount()
        {
            var currency = new Currency(Currency);
            return new Account(Id, Kind, PartyId, Limited == 1, Floor, new Money(Balance, currency), new Money(Held, currency));
        }
    }
}
