using Lianka.Modules.Suppliers;

namespace Lianka.Modules.Orders.Core;

/// <summary>What comes next for a purchase after a supplier's system has said something, or nothing.</summary>
internal abstract record PurchaseStep
{
    private PurchaseStep() { }

    /// <summary>Nothing is decided: ask them again after a pause, by our own number.</summary>
    public sealed record Wait(PurchaseState State, TimeSpan Pause, string? UpstreamNo = null, string? Detail = null) : PurchaseStep;

    /// <summary>It never left: tell them again.</summary>
    public sealed record Resend(TimeSpan Pause, string Detail) : PurchaseStep;

    public sealed record Delivered(UpstreamAnswer.Succeeded Answer) : PurchaseStep;

    public sealed record Failed(string Fault, string Detail, bool IsBuyersFault) : PurchaseStep;
}

/// <summary>The rules of waiting, asking and giving up.</summary>
/// <remarks>Held by: tests/Unit/Orders/PurchaseRuleExamples.cs.</remarks>
internal static class PurchaseRule
{
    /// <summary>So often a purchase that cannot leave is tried before another supply is.</summary>
    public const int SendsMax = 2;

    /// <summary>Who asks about a purchase waits longer each time; an answer usually comes within seconds or not for long.</summary>
    private static readonly int[] _pauseSeconds = [1, 1, 2, 3, 5, 10, 15, 30, 60, 120];
    private const int PauseSecondsMax = 300;

    /// <summary>A purchase of which nothing final is known for so long is shown to a person (I4).</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromMinutes(5);

    /// <param name="tries">Calls made for this purchase so far, the one that was answered included.</param>
    /// <param name="isAccepted">They have said before that they have it.</param>
    public static PurchaseStep Of(UpstreamAnswer answer, int tries, bool isAccepted) => answer switch
    {
        UpstreamAnswer.Succeeded a => new PurchaseStep.Delivered(a),
        UpstreamAnswer.Failed a => new PurchaseStep.Failed(Word(a.Fault), a.Detail, a.Fault == UpstreamFault.Account),
        UpstreamAnswer.Accepted a => new PurchaseStep.Wait(PurchaseState.Accepted, Pause(tries), a.UpstreamNo),
        UpstreamAnswer.NotSent a when tries < SendsMax => new PurchaseStep.Resend(Pause(tries), a.Detail),
        UpstreamAnswer.NotSent a => new PurchaseStep.Failed("not_sent", a.Detail, false),
        // What they know nothing of may still be on its way to them: never a failure, and never bought again.
        UpstreamAnswer.Absent => Unknown(tries, isAccepted, "absent"),
        UpstreamAnswer.Unknown a => Unknown(tries, isAccepted, a.Detail),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    /// <summary>The same for an answer to a question about a purchase that was told before: whatever it says, nothing is told again.</summary>
    public static PurchaseStep OfQuery(UpstreamAnswer answer, int tries, bool isAccepted) =>
        answer is UpstreamAnswer.NotSent a ? Unknown(tries, isAccepted, a.Detail) : Of(answer, tries, isAccepted);

    private static PurchaseStep.Wait Unknown(int tries, bool isAccepted, string detail) =>
        new(isAccepted ? PurchaseState.Accepted : PurchaseState.Unknown, Pause(tries), null, detail);

    private static TimeSpan Pause(int tries) =>
        TimeSpan.FromSeconds(tries <= _pauseSeconds.Length ? _pauseSeconds[Math.Max(0, tries - 1)] : PauseSecondsMax);

    private static string Word(UpstreamFault fault) => fault.ToString().ToLowerInvariant();
}
