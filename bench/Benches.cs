namespace Lianka.Bench;

/// <summary>One measurement of <c>./lianka bench</c>.</summary>
internal sealed record Bench(string Name, string Arguments, string Summary, Func<string[], TextWriter, Task<int>> RunAsync);

/// <summary>The measurements by name; each is its own program in all but name.</summary>
internal static class Benches
{
    private static readonly Bench[] _all =
    [
        new("orders", Orders.BenchOrders.Arguments, "orders over HTTP against PostgreSQL and SQLite, beside pgbench", Orders.BenchOrders.RunAsync),
        new("crash", Crash.CrashPlan.Arguments, "kills nodes and databases under load, then proves that nothing was lost or doubled", Crash.BenchCrash.RunAsync),
        new("flash", Flash.BenchFlash.Arguments, "a flash sale: a million buyers, ten thousand units", Flash.BenchFlash.RunAsync),
        new("overload", Overload.BenchOverload.Arguments, "more orders than the machine can take", Overload.BenchOverload.RunAsync),
        new("routing", Routing.BenchRouting.Arguments, "the router beside simpler ways to choose a supply, simulated; and how long it takes to decide", Routing.BenchRouting.RunAsync),
        new("topup", TopUp.BenchTopUp.Arguments, "ten thousand direct top-ups through suppliers that fail", TopUp.BenchTopUp.RunAsync),
        new("payout", Payout.BenchPayout.Arguments, "from a sale to the money in the bank's file", Payout.BenchPayout.RunAsync),
        new("suppliers", Grading.BenchSuppliers.Arguments, "grades, the watch over suppliers and their statements among a month of orders", Grading.BenchSuppliers.RunAsync),
        new("payments", Payments.BenchPayments.Arguments, "ten thousand payments through channels, one of them in a brown-out", Payments.BenchPayments.RunAsync),
        new("import", Import.BenchImport.Arguments, "a million cards by CSV and XLSX into both databases", Import.BenchImport.RunAsync),
        new("pages", Large.BenchPages.Arguments, "every console list and the storefronts of a large platform", Large.BenchPages.RunAsync),
        new("seed-large", Large.LargeSize.Arguments, "fills the database of LIANKA_DATABASE with a large platform (./lianka seed large)", Large.SeedLarge.MainAsync),
        new("load", "PLAN", "the load generator; the other measurements start it", Load.LoadProcess.MainAsync),
    ];

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is [var name, .. var rest] && Array.Find(_all, b => b.Name == name) is { } bench) return await bench.RunAsync(rest, output);
        await errors.WriteLineAsync("usage: ./lianka bench NAME [ARGUMENTS]");
        foreach (var each in _all) await errors.WriteLineAsync($"  {$"{each.Name} {each.Arguments}",-40} {each.Summary}");
        return 2;
    }
}
