using System.Collections.Concurrent;

namespace Lianka.Bench.Crash;

/// <summary>How an attempt ended, as the client saw it.</summary>
internal enum Outcome { Done, Refused, Unknown }

/// <summary>What one client knows of one of its orders. Written by that client, and under its lock by the operator.</summary>
internal sealed class OrderRecord
{
    public required int Merchant { get; init; }
    public required string Key { get; init; }
    public required int Sku { get; init; }
    public required long Quantity { get; init; }
    public required string MaxTotal { get; init; }
    public required bool Reveal { get; init; }
    public bool IsDone { get; set; }

    /// <summary>At least one attempt ended without an answer before the last one told.</summary>
    public bool WasUnknown { get; set; }
    public long Id { get; set; }

    /// <summary>In units of the ledger.</summary>
    public long Total { get; set; }

    /// <summary>Numbers of the cards whose secrets came with an answer; null: never seen.</summary>
    public int[]? Cards { get; set; }
    public long RefundedUnits { get; set; }
    public bool IsBeingRefunded { get; set; }
}

/// <summary>A visit to the shop.</summary>
internal sealed class RetailRecord
{
    /// <summary>The one-time token of the form: the order's key begins with it.</summary>
    public required string Token { get; init; }

    /// <summary>0: the shop refused.</summary>
    public long Id { get; set; }

    /// <summary>The shop said that the order of this press is over, without telling its number.</summary>
    public bool WasOver { get; set; }

    /// <summary>The channel's cashier said that it took the money.</summary>
    public bool IsPaid { get; set; }
    public long RefundedUnits { get; set; }
}

/// <summary>A cart that somebody pressed to pay.</summary>
internal sealed class CartRecord
{
    /// <summary>The one-time token of the form: the key of the basket begins with it.</summary>
    public required string Token { get; init; }
    public required int Lines { get; init; }

    /// <summary>Of the order that its pay page is about; 0: the shop refused.</summary>
    public long Order { get; set; }

    /// <summary>The channel's cashier said that it took the money.</summary>
    public bool IsPaid { get; set; }
}

/// <summary>Everything the clients saw: attempts by kind and outcome, and what each of them now holds to be true.</summary>
internal sealed class Journal(int merchants)
{
    private const int ViolationsShown = 20;

    private readonly ConcurrentDictionary<(string Kind, Outcome Outcome), long> _attempts = [];
    private readonly ConcurrentDictionary<string, long> _faults = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly long[] _moved = new long[merchants];
    private long _violationCount, _done, _kills, _unknown, _unknownDone;

    public ConcurrentBag<List<OrderRecord>> Orders { get; } = [];
    public ConcurrentBag<RetailRecord> Retail { get; } = [];
    public ConcurrentBag<CartRecord> Carts { get; } = [];

    /// <summary>Numbers of all cards of acknowledged imports.</summary>
    public ConcurrentBag<int> Imported { get; } = [];

    public long OrdersDone => Interlocked.Read(ref _done);
    public long Kills => Interlocked.Read(ref _kills);

    /// <summary>Commands that once ended without an answer, and how many of those turned out to be done.</summary>
    public (long All, long Done) Unknowns => (Interlocked.Read(ref _unknown), Interlocked.Read(ref _unknownDone));

    public IReadOnlyList<(string Kind, Outcome Outcome, long Count)> Attempts =>
        [.. _attempts.OrderBy(a => a.Key.Kind, StringComparer.Ordinal).ThenBy(a => a.Key.Outcome).Select(a => (a.Key.Kind, a.Key.Outcome, a.Value))];

    public IReadOnlyList<(string Kind, long Count)> Faults => [.. _faults.OrderByDescending(f => f.Value).Select(f => (f.Key, f.Value))];

    public IReadOnlyList<string> Violations => [.. _violations];
    public long ViolationCount => Interlocked.Read(ref _violationCount);

    public void Count(string kind, Outcome outcome)
    {
        _attempts.AddOrUpdate((kind, outcome), 1, static (_, n) => n + 1);
        if (kind == "order" && outcome == Outcome.Done) Interlocked.Increment(ref _done);
    }

    public void Resolved(bool isDone)
    {
        Interlocked.Increment(ref _unknown);
        if (isDone) Interlocked.Increment(ref _unknownDone);
    }

    public void Fault(string kind, bool isKill)
    {
        _faults.AddOrUpdate(kind, 1, static (_, n) => n + 1);
        if (isKill) Interlocked.Increment(ref _kills);
    }

    /// <summary>A client saw something that cannot be, whatever was killed.</summary>
    public void Violation(string what)
    {
        if (Interlocked.Increment(ref _violationCount) <= ViolationsShown) _violations.Enqueue(what);
    }

    /// <summary>Acknowledged money into (or out of) a merchant's wallet by hand, in units.</summary>
    public void Moved(int merchant, long units) => Interlocked.Add(ref _moved[merchant], units);

    public long MovedOf(int merchant) => Interlocked.Read(ref _moved[merchant]);
}
