namespace Lianka.Modules.Analytics.Core;

/// <summary>Whether a supply does worse than it usually does, or than any should.</summary>
/// <remarks>Held by: tests/Unit/Analytics/FailingExamples.cs.</remarks>
internal static class Failing
{
    /// <summary>Of fewer tries nothing is said.</summary>
    public const int TriesMin = 5;

    /// <summary>Below this, in basis points, a supply without a past is failing.</summary>
    private const long Enough = 8_000;

    /// <summary>So much below its usual rate, in basis points, it is failing.</summary>
    private const long Fall = 1_000;

    /// <param name="usualBps">Null: it was not tried before.</param>
    public static bool Is(long succeeded, long failed, long? usualBps)
    {
        var tries = succeeded + failed;
        if (tries < TriesMin) return false;
        return succeeded * 10_000 / tries < (usualBps is { } usual ? usual - Fall : Enough);
    }

    /// <summary>One that is tried too seldom for a rate: all of its last tries failed, and it was not always so.</summary>
    public static bool InARow(long succeeded, long failed, long? usualBps) => succeeded == 0 && Is(succeeded, failed, usualBps);
}
