using System.Diagnostics;

namespace Lianka.Platform;

/// <summary>The spans of this program. Without someone who listens (see TraceExport) nothing is made and nothing costs.</summary>
public static class Traces
{
    public const string Name = "Lianka";

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The place in the caller's trace; nothing when nobody listens.</summary>
    public static ActivityContext Here => Source.HasListeners() && Activity.Current is { } now ? now.Context : default;

    /// <summary>A span that ends now.</summary>
    /// <param name="below">The span it belongs to; by default the one under way.</param>
    public static void Ended(string name, TimeSpan lasted, ActivityContext below = default)
    {
        if (!Source.HasListeners() || (below == default && Activity.Current is null)) return;
        var end = TimeProvider.System.GetUtcNow();
        using var span = Source.StartActivity(name, ActivityKind.Internal, below, startTime: end - lasted);
        span?.SetEndTime(end.UtcDateTime);
    }
}
