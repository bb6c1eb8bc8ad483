namespace Lianka.Modules.Suppliers.Core;

/// <summary>When a certificate is valid, and when its end is to be told.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/CertificateExamples.cs.</remarks>
internal static class CertificateRule
{
    /// <summary>Days before the end at which a supplier is told, the nearest first.</summary>
    private static readonly int[] _steps = [1, 7, 30];

    /// <param name="to">The first moment at which it is not valid any more; null: for ever.</param>
    public static bool IsValid(DateTimeOffset from, DateTimeOffset? to, DateTimeOffset now) => from <= now && !HasEnded(to, now);

    public static bool HasEnded(DateTimeOffset? to, DateTimeOffset now) => to is { } end && end <= now;

    /// <summary>What is to be told now: 30, 7 or 1 days before the end, 0 when it has ended; null: nothing yet.</summary>
    /// <remarks>A step that was missed is not told later: with five days left, only 7 is.</remarks>
    public static int? Step(DateTimeOffset? to, DateTimeOffset now)
    {
        if (to is not { } end) return null;
        if (end <= now) return 0;
        foreach (var days in _steps)
            if (end - now <= TimeSpan.FromDays(days)) return days;
        return null;
    }
}
