namespace Lianka.Kernel.Routing;

/// <summary>One source that could serve an order. The caller has already left out those that may not: off, above a cap, in another region, at a loss.</summary>
public readonly record struct Candidate
{
    /// <summary>What outcomes are remembered under, for example the number of a supply.</summary>
    public required long Id { get; init; }

    /// <summary>What a success costs, in 1/10,000 yuan, for the whole order.</summary>
    public required long CostUnits { get; init; }

    /// <summary>Among equally good ones the lowest goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Among equally good ones of one priority each gets this share of the orders; below 1 counts as 1.</summary>
    public int Weight { get; init; }

    /// <summary>What a success from here is worth beside one from a blameless source, 0 to 1: later disputes, replaced goods. 0 stands for 1.</summary>
    public double Grade { get; init; }
}

/// <summary>What became of an attempt.</summary>
public enum Outcome
{
    Succeeded,
    Failed,

    /// <summary>No answer in time. Counts against the candidate until the truth is reported.</summary>
    Unknown,
}

/// <summary>How far a candidate is trusted.</summary>
public enum Trust
{
    /// <summary>The breaker is closed: it is ranked with the others.</summary>
    Closed,

    /// <summary>It failed too often: nothing goes there while another can take it.</summary>
    Open,

    /// <summary>Its pause is over: a few orders find out whether it is back.</summary>
    Probing,
}

/// <summary>Why the chosen candidate was chosen. The codes are stored with orders and never change their meaning.</summary>
public enum Why
{
    /// <summary>There was no other.</summary>
    Only,

    /// <summary>It is the cheapest, and nothing speaks against it.</summary>
    Cost,

    /// <summary>It is as good as the cheapest, and goes first by priority or weight.</summary>
    Equal,

    /// <summary>The cheapest fails too often.</summary>
    Rate,

    /// <summary>The cheapest has just failed several times in a row.</summary>
    Run,

    /// <summary>The cheapest leaves orders unanswered for longer than it usually takes.</summary>
    Silence,

    /// <summary>The cheapest is paused by its breaker.</summary>
    Paused,

    /// <summary>The cheapest is slow.</summary>
    Time,

    /// <summary>The cheapest has a worse grade.</summary>
    Grade,

    /// <summary>To find out how it is now.</summary>
    Probe,

    /// <summary>All are paused; this is the least bad.</summary>
    LeastBad,
}

/// <summary>How one candidate stood when it was decided.</summary>
public readonly record struct Standing
{
    public required long Id { get; init; }
    public required Trust Trust { get; init; }

    /// <summary>Outcomes known of the last <see cref="RouterSettings.Window"/>; unknown ones are among them, as failures.</summary>
    public required int Of { get; init; }
    public required int Succeeded { get; init; }

    /// <summary>Failures in a row up to the last outcome.</summary>
    public required int Run { get; init; }

    /// <summary>Attempts that have waited for much longer than successes take.</summary>
    public required int Silent { get; init; }

    /// <summary>Mean time to an answer in milliseconds; 0 when none is known.</summary>
    public required long Milliseconds { get; init; }
    public required long CostUnits { get; init; }

    /// <summary>The chance of success that was reckoned with, in basis points.</summary>
    public required int ExpectedBps { get; init; }

    /// <summary>Successes among the outcomes, in percent, rounded to the nearest.</summary>
    public int Percent => Of == 0 ? 0 : (int)Rounding.HalfAwayFromZero(Succeeded * 100, Of);
}
