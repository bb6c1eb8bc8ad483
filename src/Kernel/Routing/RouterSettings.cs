namespace Lianka.Kernel.Routing;

/// <summary>What the router is told about the trade. The defaults are tuned by <c>./lianka bench routing --training</c>.</summary>
public sealed record RouterSettings
{
    /// <summary>
    /// For payment channels: of those who see a pay code many go away, and nobody hears of it until their reservation ends. So silence is counted early,
    /// and the window is long enough that it is not made of quick successes alone.
    /// </summary>
    public static RouterSettings OfPayments { get; } = new() { Window = 2_048, OverdueAfter = 6 };

    /// <summary>Outcomes remembered of a candidate.</summary>
    public int Window { get; init; } = 125;

    /// <summary>An attempt without an answer for so many times as long as successes take counts as unknown until it is heard of; 0: the caller says so itself.</summary>
    public double OverdueAfter { get; init; }

    /// <summary>What a failed attempt costs beyond the margin that is lost with it, in basis points of what was paid.</summary>
    public int HarmBps { get; init; } = 300;

    /// <summary>What a second of waiting costs, in basis points of what was paid.</summary>
    public double SecondBps { get; init; } = 1;

    /// <summary>Waiting beyond this costs nothing more: the buyer has been told that it is being worked on.</summary>
    public double WaitSecondsMax { get; init; } = 30;

    /// <summary>Candidates whose expected worth differs by less than this, in basis points of what was paid, are equally good.</summary>
    public double EqualBps { get; init; } = 2;

    /// <summary>How long a candidate that does well stays as it is, on average.</summary>
    public double GoodSeconds { get; init; } = 7_200;

    /// <summary>How long a candidate that does badly stays as it is, on average.</summary>
    public double BadSeconds { get; init; } = 900;

    /// <summary>How many later orders a piece of news is worth having for.</summary>
    public double Horizon { get; init; } = 150;

    /// <summary>And at most those of so many seconds, at the pace of late.</summary>
    public double HorizonSeconds { get; init; } = 1_800;

    /// <summary>This many failures in a row open the breaker.</summary>
    public int OpensAtRun { get; init; } = 5;

    /// <summary>An expected chance of success below this opens the breaker.</summary>
    public double OpensBelow { get; init; } = .05;

    /// <summary>The first pause of an open breaker; each probe that fails doubles it.</summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan PauseMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Probes under way at once.</summary>
    public int ProbesMax { get; init; } = 1;

    /// <summary>Successes that close the breaker again.</summary>
    public int ClosesAfter { get; init; } = 2;

    /// <summary>Attempts without an answer that are remembered of a candidate; beyond it the oldest counts as unknown.</summary>
    public int PendingMax { get; init; } = 4_096;
}
