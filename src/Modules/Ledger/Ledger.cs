using System.Diagnostics;
#pragma warning disable IDE0052, CA1823
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>The front door of the ledger: accounts, postings, holds, statements. All in the caller's transaction.</summary>
public sealed class Ledger(IdSource ids, TimeProvider clock)
{
    private readonly IdSource _ids = ids;
    private readonly TimeProvider _clock = clock;

    /// <summary>Opens the account if it is not there. Safe beside itself.</summary>
    /// <param name="credit">How far below zero a wallet may go (its credit line).</param>
    public Task<AccountId> OpenAsync(Session session, string kind, long partyId, Money credit = default) => throw new UnreachableException();

    public Task<AccountId?> FindAsync(Session session, string kind, long partyId) => throw new UnreachableException();

    /// <summary>Reads and locks accounts in id order, so that two transactions can never wait for each other in a ring.</summary>
    public Task<Dictionary<AccountId, Account>> LockAsync(Session session, IEnumerable<AccountId> accounts) => throw new UnreachableException();

    /// <summary>Locks the accounts of the legs in id order, checks limits, writes transfers and balances; or refuses and writes nothing.</summary>
    public Task<PostDecision> PostAsync(Session session, Posting posting) => throw new UnreachableException();
}
