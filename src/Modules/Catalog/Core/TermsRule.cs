using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>What the contract in force makes of a supply.</summary>
/// <remarks>Held by: tests/Unit/Catalog/TermsExamples.cs.</remarks>
internal static class TermsRule
{
    /// <summary>What the supplier is owed for a unit: its cost less the commission.</summary>
    /// <remarks>
    /// The commission is rounded down to 1/10,000 yuan, so that something is left of the smallest cost. At a supplier's own system
    /// (<paramref name="isConnected"/>) its price is charged whole, and none is taken.
    /// </remarks>
    public static Money Owed(Money cost, long commissionBps, bool isConnected) =>
        isConnected ? cost : cost - new Money((long)((Int128)cost.Units * commissionBps / 10_000));

    /// <summary>Where the accounts may be that a supply serves, by its own words and the contract's; empty: anywhere.</summary>
    /// <returns>Null: nowhere, because the contract was narrowed.</returns>
    public static IReadOnlyList<string>? Regions(string ofSupply, string ofContract)
    {
        var (own, agreed) = (Split(ofSupply), Split(ofContract));
        if (agreed.Length == 0) return own;
        if (own.Length == 0) return agreed;
        var both = own.Intersect(agreed).ToArray();
        return both.Length == 0 ? null : both;
    }

    /// <summary>Of a supply's regions those that the contract does not have.</summary>
    public static IReadOnlyList<string> NotAgreed(string ofSupply, string ofContract) =>
        Split(ofContract) is { Length: > 0 } agreed ? [.. Split(ofSupply).Except(agreed)] : [];

    public static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
