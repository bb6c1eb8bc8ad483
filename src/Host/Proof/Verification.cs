using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Modules.TopUps;
using Lianka.Modules.Withdrawals;
using Lianka.Platform.Data;

namespace Lianka.Host.Proof;

/// <summary>A broken part of an invariant.</summary>
/// <param name="Count">How many rows break it.</param>
/// <param name="Rows">The first of them, each as <c>column=value</c>.</param>
public sealed record Finding(InvariantCheck Check, long Count, IReadOnlyList<string> Rows);

/// <summary>Checks the invariants of docs/ARCHITECTURE.md on one snapshot of a database, beside a live node.</summary>
public static class Verification
{
    private const int RowsShown = 20;

    /// <summary>All checks of all modules, by number.</summary>
    public static IReadOnlyList<InvariantCheck> Checks =>
    [
        .. LedgerInvariants.All.Concat(InventoryInvariants.All).Concat(PaymentInvariants.All).Concat(TopUpInvariants.All).Concat(OrderInvariants.All)
            .Concat(SupplierInvariants.All).Concat(PayoutInvariants.All).Concat(WithdrawalInvariants.All).Concat(FigureInvariants.All).OrderBy(c => c.Number),
    ];

    /// <summary>Prints a line for each invariant, and under a broken one what is wrong and where.</summary>
    /// <returns>True when all hold.</returns>
    public static async Task<bool> RunAsync(Database database, TimeProvider clock, TextWriter output, CancellationToken cancel = default)
    {
        var findings = await database.ReadAsync(s => RunAsync(s, clock.Now(), cancel), cancel);
        foreach (var invariant in Checks.GroupBy(c => c.Number))
        {
            var broken = findings.Where(f => f.Check.Number == invariant.Key).ToList();
            await output.WriteLineAsync(broken.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"I{invariant.Key} ok ({string.Join("; ", invariant.Select(c => c.Text))})")
                : string.Create(CultureInfo.InvariantCulture, $"I{invariant.Key} FAILED {broken.Sum(f => f.Count)} rows"));
            foreach (var finding in broken)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  does not hold: {finding.Check.Text} ({finding.Count} rows)"));
                foreach (var row in finding.Rows) await output.WriteLineAsync($"    {row}");
                if (finding.Count > finding.Rows.Count) await output.WriteLineAsync("    …");
            }
        }

        return findings.Count == 0;
    }

    /// <summary>No query can compute it: <see cref="Reconciliation.ProveAsync"/> does.</summary>
    private static readonly InvariantCheck _proofs = new(6, "the proof of each closed day of a channel is of its lines and of the day before", "");

    /// <returns>The broken checks.</returns>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Session session, DateTimeOffset now, CancellationToken cancel = default)
    {
        var findings = new List<Finding>();
        // Sorts and hashes of a large database; for this transaction only.
        if (session.Kind == DatabaseKind.Postgres) await session.ExecuteAsync("set local work_mem = '64MB'");
        foreach (var check in Checks)
        {
            if (await RunAsync(session, check, now, cancel) is { } finding) findings.Add(finding);
        }

        var unproven = await Reconciliation.ProveAsync(session);
        if (unproven.Count > 0) findings.Add(new Finding(_proofs, unproven.Count, unproven));
        return findings;
    }

    private static async Task<Finding?> RunAsync(Session session, InvariantCheck check, DateTimeOffset now, CancellationToken cancel)
    {
        // Materialized: for the first rows only, PostgreSQL would choose a plan that is quick to find one and takes hours to find none.
        await using var command = session.Command(
            $"with offending as materialized (\n{check.Sql}\n) select count(*) over () as offending_rows, offending.* from offending limit {RowsShown}");
        // The proof of a large database takes as long as it takes.
        command.CommandTimeout = 0;
        if (check.Sql.Contains("@Now", StringComparison.Ordinal))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@Now", now.ToMicros());
            command.Parameters.Add(parameter);
        }

        long count = 0;
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            count = reader.GetInt64(0);
            rows.Add(string.Join(' ', Enumerable.Range(1, reader.FieldCount - 1).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"{reader.GetName(i)}={(reader.IsDBNull(i) ? "-" : reader.GetValue(i))}"))));
        }

        return count == 0 ? null : new Finding(check, count, rows);
    }
}
