using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;

namespace Lianka.Modules.Orders.Engine;

/// <summary>What the last committed batches left of accounts and lots, so that the next one need not read them.</summary>
/// <remarks>
/// Never trusted: a balance is written only over the one that was remembered, an account that decided something without
/// being written is read again before the commit, and lots are remembered only while the version 'prices' stands, which
/// everyone raises who changes lots, with what other engines' batches changed since. Used by one batch at a time.
/// </remarks>
internal sealed class EngineMemory
{
    /// <summary>Beyond so many accounts or SKUs everything is forgotten: some hundred megabytes are not worth a few reads.</summary>
    private const int Most = 200_000;

    /// <summary>For so many batches after a repetition, each looks for repetitions first.</summary>
    private const int RepeatsFor = 64;

    /// <summary>For so many batches after another engine's, each tells what it changed.</summary>
    private const int SharedFor = 1_024;

    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<SkuId, IReadOnlyList<OpenLot>> _lots = [];
    private long _version;
    private long _seen;
    private int _expecting, _shared;

    /// <summary>
    /// Whether a batch looks up the callers' own numbers first. Else one that was used before is only noticed when its order
    /// collides with the earlier one, and the batch runs again: rare, until one caller repeats itself, when others may too.
    /// </summary>
    public bool ExpectsRepeats => _expecting > 0;

    public void ExpectRepeats() => _expecting = RepeatsFor;

    /// <summary>Whether other engines may take turns with this one, which then must know what its batches change.</summary>
    public bool IsShared => _shared > 0;

    /// <summary>The last batch whose changes are known here.</summary>
    public long Seen => _seen;

    /// <summary>This node's name in engine_turn.</summary>
    public long Holder { get; } = Random.Shared.NextInt64(1, long.MaxValue);

    public Account? Account(AccountId id) => _accounts.GetValueOrDefault(id);

    /// <summary>The lots of a SKU as they were left; null when they must be read.</summary>
    public IReadOnlyList<OpenLot>? Lots(SkuId sku) => _lots.GetValueOrDefault(sku);

    public void Forget()
    {
        _accounts.Clear();
        _lots.Clear();
    }

    /// <summary>Takes over what others' batches have changed since the last one of this engine; forgets everything when one of them did not tell.</summary>
    public void Follow(EngineTurn was, IReadOnlyDictionary<long, EngineChange> told)
    {
        if (was.Holder == Holder) return;
        _shared = SharedFor;
        if (was.Batch < _seen) Forget();
        for (var batch = _seen + 1; batch <= was.Batch; batch++)
        {
            if (!told.TryGetValue(batch, out var change))
            {
                Forget();
                return;
            }

            foreach (var (id, balance) in change.Balances)
                if (_accounts.TryGetValue(id, out var account)) _accounts[id] = account with { Balance = new Money(balance, account.Balance.Currency) };
            foreach (var (sku, lot, next) in change.Cursors)
                if (_lots.TryGetValue(sku, out var lots)) _lots[sku] = [.. lots.Select(l => l.Id == lot ? l with { Next = next } : l).Where(l => l.Left > 0)];
            foreach (var sku in change.Returns) _lots.Remove(sku);
        }
    }

    /// <summary>Lots are only good for the version they were read at.</summary>
    public void At(long version)
    {
        if (version == _version) return;
        _lots.Clear();
        _version = version;
    }

    /// <summary>After the commit of a batch.</summary>
    public void Keep(Loaded loaded, BatchState state)
    {
        _seen = loaded.Batch;
        if (_expecting > 0) _expecting--;
        if (_shared > 0) _shared--;
        if (_accounts.Count > Most || _lots.Count > Most) Forget();
        foreach (var account in loaded.Accounts)
            if (account.IsLimited) _accounts[account.Id] = state.Account(account.Kind, account.PartyId)!;
        foreach (var sku in loaded.Stock.Skus) _lots[sku] = [.. loaded.Stock.Lots(sku).Where(l => l.Left > 0)];
        // What came back may belong to a lot that was not loaded.
        foreach (var sku in loaded.Stock.GivenBackTo) _lots.Remove(sku);
    }
}
