namespace Lianka.Host.Scenarios;

/// <summary>Fills an empty platform with a demo.</summary>
internal static class SeedScenario
{
    public static readonly IReadOnlyList<string> Names = ["three-level-agents"];

    /// <returns>False when the scenario had been seeded before.</returns>
    public static Task<bool> RunAsync(
        IServiceProvider services, string scenario, string baseUrl, TextWriter output, CancellationToken cancel) => Task.FromResult(false);
}
