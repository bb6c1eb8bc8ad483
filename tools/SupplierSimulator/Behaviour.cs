namespace Lianka.SupplierSimulator;

/// <summary>How the simulated suppliers behave. Shares are in basis points of all purchases; which ones, the seed and the order's number decide.</summary>
internal sealed record Behaviour
{
    /// <summary>Buys and then says nothing for <see cref="HangMs"/>.</summary>
    public int HangBps { get; init; }

    /// <summary>Buys and hangs up.</summary>
    public int AbortBps { get; init; }

    /// <summary>Buys and answers 502.</summary>
    public int ErrorBps { get; init; }

    /// <summary>Buys and answers a page of HTML with status 200.</summary>
    public int HtmlBps { get; init; }

    /// <summary>Buys and writes its answer twice into one body.</summary>
    public int TwiceBps { get; init; }

    /// <summary>Answers 503 and buys nothing.</summary>
    public int DownBps { get; init; }

    public int FailBps { get; init; }
    public int PartialBps { get; init; }

    /// <summary>Done after <see cref="LateMs"/> instead of <see cref="DelayMs"/>.</summary>
    public int LateBps { get; init; }

    /// <summary>Succeeds, and <see cref="ReverseMs"/> later it has failed after all.</summary>
    public int ReverseBps { get; init; }

    /// <summary>Takes half as much again, whatever the cap was.</summary>
    public int OverchargeBps { get; init; }

    /// <summary>Cards that another order got already.</summary>
    public int SameCardsBps { get; init; }

    public int DuplicateNoticeBps { get; init; }

    public int HangMs { get; init; } = 30_000;
    public int DelayMs { get; init; } = 20;
    public int LateMs { get; init; } = 3_000;
    public int ReverseMs { get; init; } = 1_000;
    public bool SendsNotices { get; init; } = true;

    /// <summary>False: the same number told twice is bought twice.</summary>
    public bool IsIdempotent { get; init; } = true;

    /// <summary>Of one unit, in the supplier's currency.</summary>
    public decimal UnitPrice { get; init; } = 9.90m;

    /// <summary>Of single goods, by their code; the others cost <see cref="UnitPrice"/>.</summary>
    public IReadOnlyDictionary<string, decimal> Prices { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Units left of single goods, by their code; of the others there are enough.</summary>
    public IReadOnlyDictionary<string, long> Stock { get; init; } = new Dictionary<string, long>();
    public decimal Balance { get; init; } = 100_000_000m;

    /// <summary>Where the protocols that are not told an address for each order send notices; empty: nowhere.</summary>
    public string FuluNotifyUrl { get; init; } = "";
    public string ReloadlyWebhookUrl { get; init; } = "";
}
