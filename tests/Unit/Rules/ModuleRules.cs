using Lianka.Modules.Orders;

namespace Lianka.Tests.Unit.Rules;

/// <summary>The map in docs/ARCHITECTURE.md, kept true. Modules are found by namespace.</summary>
public sealed class ModuleRules
{
    private const string Root = "Lianka.Modules.";

    // Calls go down this list; news goes up as events. An unknown module fails at its first use.
    private static readonly string[][] _levels =
    [
        ["Ledger", "Catalog", "Compliance", "Payouts"],
        ["Suppliers", "Risk"],
        ["Inventory", "Agents", "Payments", "Marketing"],
        ["Orders", "TopUps", "Withdrawals"],
        ["AfterSales", "Analytics", "Provenance", "FlashSales", "Reviews"],
        ["Storefronts", "Consoles", "OpenApi", "Docking"],
    ];

    private static readonly string[] _impure =
    [
        "Dapper", "Lianka.Platform", "Lianka.Vault", "Microsoft.", "Npgsql", "System.Console", "System.Data", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.Environment", "System.IO.", "System.Net.", "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Threading.", "System.TimeProvider",
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid", "System.Guid::CreateVersion7",
    ];

    // Values that only live in a namespace of doers.
    private static readonly string[] _pureAllTheSame =
        ["System.Net.IPAddress", "System.Net.IPNetwork", "System.Net.Sockets.AddressFamily", "Microsoft.CodeAnalysis.EmbeddedAttribute"];

    private static readonly string[] _floating = ["System.Double", "System.Single", "System.Decimal"];

    private static readonly Lazy<List<Use>> _uses = new(() => Uses.Of(typeof(Order).Assembly.Location));

    private static IEnumerable<Use> BetweenModules =>
        _uses.Value.Where(u => u.FromNamespace.StartsWith(Root, StringComparison.Ordinal)
            && u.ToNamespace.StartsWith(Root, StringComparison.Ordinal) && ModuleOf(u.FromNamespace) != ModuleOf(u.ToNamespace));

    [Fact]
    public void The_reader_sees_the_modules() => BetweenModules.ShouldNotBeEmpty();

    [Fact]
    public void A_module_uses_only_the_front_door_of_another() => (
        from use in BetweenModules
        where use.ToNamespace != Root + ModuleOf(use.ToNamespace)
        select $"{use.From} reaches inside {ModuleOf(use.ToNamespace)}: {use.To}").ShouldBeEmpty();

    [Fact]
    public void Modules_call_downwards_only() => (
        from use in BetweenModules
        where LevelOf(ModuleOf(use.FromNamespace)) <= LevelOf(ModuleOf(use.ToNamespace))
        select $"{use.From} calls sideways or up: {use.To}").ShouldBeEmpty();

    [Fact]
    public void Every_module_has_a_level()
    {
        foreach (var use in _uses.Value.Where(u => u.FromNamespace.StartsWith(Root, StringComparison.Ordinal)))
            LevelOf(ModuleOf(use.FromNamespace));
    }

    [Fact]
    public void Core_code_does_no_io_reads_no_clock_and_draws_no_chance() => (
        from use in InCore
        where _impure.Any(i => use.To.StartsWith(i, StringComparison.Ordinal)) && !_pureAllTheSame.Any(p => use.To.StartsWith(p, StringComparison.Ordinal))
        select $"{use.From} is not pure: {use.To}").ShouldBeEmpty();

    [Fact]
    public void Core_code_knows_no_floating_point() => (
        from use in InCore
        where _floating.Contains(use.To)
        select $"{use.From} counts in {use.To}").ShouldBeEmpty();

    private static IEnumerable<Use> InCore => _uses.Value.Where(u => u.FromNamespace.Split('.').Contains("Core"));

    private static string ModuleOf(string name) => name[Root.Length..].Split('.')[0];

    private static int LevelOf(string module) => Array.FindIndex(_levels, level => level.Contains(module)) is >= 0 and var level
        ? level : throw new InvalidOperationException($"{module} has no level: add it to the map here and in docs/ARCHITECTURE.md.");
}
