using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

public enum HoldState { Active, Released, Captured }

/// <summary>Money of an account set aside until it is captured, released, or its time is over.</summary>
public sealed record Hold(long Id, AccountId Account, Money Amount, string Reason, HoldState State, DateTimeOffset ExpiresAt);

public abstract record HoldDecision
{
    private HoldDecision() { }

    /// <param name="Hold">As it stands now: a replayed one may have ended since.</param>
    public sealed record Placed(Hold Hold, bool IsReplay) : HoldDecision;
    public sealed record InsufficientFunds : HoldDecision;

    /// <summary>The key was used before for another content.</summary>
    public sealed record KeyConflict : HoldDecision;
}

public abstract record CaptureDecision
{
    private CaptureDecision() { }

    /// <param name="IsReplay">The hold had been captured before by the same posting.</param>
    public sealed record Captured(PostingId Posting, bool IsReplay) : CaptureDecision;

    /// <summary>The hold was released, or its time is over.</summary>
    public sealed record Ended : CaptureDecision;

    /// <summary>The hold had been captured before by another posting.</summary>
    public sealed record CapturedOtherwise : CaptureDecision;
    public sealed record InsufficientFunds(AccountId Account) : CaptureDecision;
}

/// <summary>The front door to holds, all in the caller's transaction.</summary>
/// <remarks>A hold changes only under the lock of its account, so account.held is the sum of the active ones at every commit.</remarks>
public sealed class Holds(Ledger ledger, IdSource ids, TimeProvider clock)
{
    /// <summary>How many lapsed holds one call of <see cref="ReleaseLapsedAsync"/> ends.</summary>
    public const int SweepMax = 500;

    /// <summary>Sets money aside, or refuses when the account has not so much available.</summary>
    /// <param name="key">Makes a repeated request the same hold; unique for ever. Content is account, amount, reason.</param>
    /// <exception cref="ArgumentException">The account has no limit, so nothing of it can be set aside; or a bad amount or time.</exception>
    public async Task<HoldDecision> PlaceAsync(
        Session session, AccountId accountId, Money amount, string reason, DateTimeOffset expiresAt, string? key = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount.Units);
        var now = clock.Now();
        if (expiresAt <= now) throw new ArgumentException("A hold must end later than it begins.", nameof(expiresAt));
        var account = (await ledger.LockAsync(session, [accountId])).GetValueOrDefault(accountId);
        if (account?.Available is not { } available)
            throw new ArgumentException($"{accountId} is not an account with a limit.", nameof(accountId));
        if (key is not null && await FindAsync(session, "key = @key", new { key }) is { } earlier) return Replay(earlier);
        if (amount > available) return new HoldDecision.InsufficientFunds();

        var hold = new Hold(await ids.NextAsync(session), accountId, amount, reason, HoldState.Active, expiresAt);
        var written = await session.ExecuteAsync(
            """
            insert into hold (id, account_id, amount, reason, key, state, created_at, expires_at)
            values (@Id, @Account, @Amount, @Reason, @key, 'active', @now, @ExpiresAt)
            on conflict (key) do nothing
            """,
            new { hold.Id, hold.Account, hold.Amount, hold.Reason, key, now, hold.ExpiresAt });
        // A hold on another account took the key in this moment.
        if (written == 0) return new HoldDecision.KeyConflict();
        await AddHeldAsync(session, accountId, amount);
        return new HoldDecision.Placed(hold, IsReplay: false);

        HoldDecision Replay(Hold earlier) => (earlier.Account, earlier.Amount, earlier.Reason) == (accountId, amount, reason)
            ? new HoldDecision.Placed(earlier, IsReplay: true)
            : new HoldDecision.KeyConflict();
    }

    /// <summary>Gives the money back to its account's free part.</summary>
    /// <returns>False when the hold had ended before, or never was.</returns>
    public async Task<bool> ReleaseAsync(Session session, long holdId)
    {
        if (await LockedAsync(session, holdId, []) is not ({ State: HoldState.Active } hold, _)) return false;
        await EndAsync(session, hold, "released");
        return true;
    }

    /// <summary>Moves the money that was set aside, by a posting of the caller; what the posting leaves of it becomes free.</summary>
    /// <remarks>The posting's key is the hold, so a repeated call moves nothing again.</remarks>
    /// <exception cref="ArgumentException">No such hold, or the posting takes more from the account than was set aside.</exception>
    public async Task<CaptureDecision> CaptureAsync(Session session, long holdId, Posting posting)
    {
        var keyed = posting with { Key = $"hold:{holdId}" };
        var (hold, accounts) = await LockedAsync(session, holdId, posting.Legs.SelectMany(l => new[] { l.Debit, l.Credit }))
            ?? throw new ArgumentException($"There is no hold {holdId}.", nameof(holdId));
        if (posting.Legs.Where(l => l.Debit == hold.Account).Sum(l => l.Amount.Units) > hold.Amount.Units)
            throw new ArgumentException("The posting takes more than was set aside.", nameof(posting));
        if (hold.State == HoldState.Released) return new CaptureDecision.Ended();
        if (hold.State == HoldState.Active)
        {
            // Lapsed, and the sweep has not come by yet.
            if (hold.ExpiresAt <= clock.Now())
            {
                await EndAsync(session, hold, "released");
                return new CaptureDecision.Ended();
            }

            // The money of this hold is free for this posting, and for nothing else.
            var account = accounts[hold.Account];
            accounts[hold.Account] = account with { Held = account.Held - hold.Amount };
        }

        switch (await ledger.PostLockedAsync(session, keyed, accounts))
        {
            case PostDecision.Posted posted:
                if (hold.State == HoldState.Active) await EndAsync(session, hold, "captured");
                return new CaptureDecision.Captured(posted.Id, posted.IsReplay);
            case PostDecision.InsufficientFunds refusal:
                return new CaptureDecision.InsufficientFunds(refusal.Account);
            default:
                return new CaptureDecision.CapturedOtherwise();
        }
    }

    /// <summary>Ends holds whose time is over (I17), at most <see cref="SweepMax"/> a call.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ReleaseLapsedAsync(Session session)
    {
        var now = clock.Now();
        var lapsed = await session.QueryAsync<LapsedRow>(
            "select id, account_id from hold where state = 'active' and expires_at <= @now order by expires_at limit @SweepMax",
            new { now, SweepMax });
        if (lapsed.Count == 0) return 0;
        await ledger.LockAsync(session, lapsed.Select(h => h.AccountId));
        var numbers = lapsed.ConvertAll(h => h.Id).ToArray();
        // Again by state, since a capture may have come between: only what ends now leaves account.held.
        var ended = await session.QueryAsync<LapsedRow>(
            """
            update hold set state = 'released', ended_at = @now where id in @numbers and state = 'active'
            returning id, account_id, amount
            """,
            new { now, numbers });
        foreach (var account in ended.GroupBy(h => h.AccountId).OrderBy(g => g.Key))
            await AddHeldAsync(session, account.Key, -account.Aggregate(Money.Zero, (sum, h) => sum + h.Amount));
        return ended.Count;
    }

    public Task<Hold?> FindAsync(Session session, long holdId) => FindAsync(session, "id = @holdId", new { holdId });

    /// <summary>The hold as it stands under its account's lock, with all accounts of the caller locked in one go.</summary>
    private async Task<(Hold Hold, Dictionary<AccountId, Account> Accounts)?> LockedAsync(
        Session session, long holdId, IEnumerable<AccountId> others)
    {
        if (await FindAsync(session, holdId) is not { } seen) return null;
        var accounts = await ledger.LockAsync(session, others.Append(seen.Account));
        return (await FindAsync(session, holdId) is { } hold) ? (hold, accounts) : null;
    }

    private async Task EndAsync(Session session, Hold hold, string state)
    {
        await session.ExecuteAsync("update hold set state = @state, ended_at = @At where id = @Id", new { state, At = clock.Now(), hold.Id });
        await AddHeldAsync(session, hold.Account, -hold.Amount);
    }

    private static Task<int> AddHeldAsync(Session session, AccountId account, Money amount) =>
        session.ExecuteAsync("update account set held = held + @amount where id = @account", new { account, amount });

    private static async Task<Hold?> FindAsync(Session session, string where, object args)
    {
        var row = await session.FirstAsync<HoldRow>(
            $"""
            select h.id, h.account_id, h.amount, a.currency, h.reason, h.state, h.expires_at
            from hold h join account a on a.id = h.account_id where h.{where}
            """, args);
        return row is null ? null : new Hold(
            row.Id, row.AccountId, new Money(row.Amount, new Currency(row.Currency)), row.Reason, Enum.Parse<HoldState>(row.State, ignoreCase: true), row.ExpiresAt);
    }

    private sealed record HoldRow
    {
        public long Id { get; init; }
        public AccountId AccountId { get; init; }
        public long Amount { get; init; }
        public string Currency { get; init; } = "";
        public string Reason { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset ExpiresAt { get; init; }
    }

    private sealed record LapsedRow
    {
        public long Id { get; init; }
        public AccountId AccountId { get; init; }
        public Money Amount { get; init; }
    }
}
