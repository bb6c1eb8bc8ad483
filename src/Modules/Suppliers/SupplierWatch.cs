using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Suppliers;

/// <summary>How often the suppliers are looked at.</summary>
public sealed record SupplierTimes(TimeSpan WatchEvery)
{
    public static readonly SupplierTimes Default = new(TimeSpan.FromSeconds(1));
}

/// <summary>Sees what changes without anybody asking: days that end, certificates that run out, contracts whose day comes, deposits that late refunds take.</summary>
/// <remarks>
/// Each node looks; it writes only when something is not as it should be, and what two nodes write at once is written once.
/// May be stopped at any point. Held by: tests/Integration/Onboarding/DepositTests.cs, CertificateTests.cs.
/// </remarks>
public sealed class SupplierWatch(Database database, Deposits deposits, Certificates certificates, Contracts contracts, Grades grades)
{
    public async Task RunAsync(CancellationToken cancel = default)
    {
        await deposits.CountTurnoverAsync(cancel);
        if (await database.ReadAsync(deposits.IsStaleAsync, cancel))
            await database.WriteAsync(s => deposits.LookAsync(s, null), cancel);
        if (await database.ReadAsync(certificates.IsStaleAsync, cancel))
            await database.WriteAsync(certificates.LookAsync, cancel);
        if (await database.ReadAsync(contracts.IsStaleAsync, cancel))
            await database.WriteAsync(contracts.LookAsync, cancel);
        await grades.GradeAsync(cancel);
    }
}

/// <summary>Runs the watch while a node serves.</summary>
internal sealed class SupplierJobs(SupplierWatch watch, SupplierTimes times, TimeProvider clock, ILogger<SupplierJobs> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(times.WatchEvery, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
                await watch.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The job loop outlives every fault of one run: the next run starts from the database again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.LogError(fault, "The watch over suppliers failed and will run again.");
            }
        }
    }
}
