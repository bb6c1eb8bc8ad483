using System.Globalization;
using Lianka.Bench.Machine;
using Npgsql;

namespace Lianka.Bench.Crash;

/// <summary>Kills, freezes and cuts at random moments, in the order that the seed plans.</summary>
internal sealed class Faults(Arena arena, PostgresServer? server, string database, Journal journal, CrashPlan plan)
{
    /// <summary>There others work on meanwhile.</summary>
    private const int PostgresHaste = 2;

    private const int FewKills = 5;

    private readonly Random _random = new(HashCode.Combine(plan.Seed, "faults"));

    /// <summary>Goes on until it is told to stop, whatever comes first at the end of a fault.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(stop);
                if (server is null) await OnSqliteAsync();
                else await OnPostgresAsync(server);
            }
            catch (Exception fault) when (fault is NpgsqlException { IsTransient: true } or InvalidOperationException)
            {
                // The database was away because of the fault before: this one did not happen.
            }
        }
    }

    private async Task OnSqliteAsync()
    {
        await arena.AllUpAsync();
        await Task.Delay(Life());
        if (_random.Next(8) == 0) await FreezeAsync();
        else await KillNodeAsync();
    }

    private async Task OnPostgresAsync(PostgresServer postgres)
    {
        await Task.Delay(Life() / PostgresHaste);
        switch (_random.Next(100))
        {
            case < 74:
                // Once in a while all are down together; mostly somebody works on.
                if (arena.Up == 1 && _random.Next(6) > 0) await Task.Delay(300);
                else await KillNodeAsync();
                break;
            case < 86:
                await TerminateBackendsAsync(postgres);
                break;
            case < 89:
                await KillBackendAsync(postgres);
                break;
            case < 91:
                await StopDatabaseAsync(postgres);
                break;
            default:
                await FreezeAsync();
                break;
        }
    }

    /// <summary>Milliseconds to the next fault: mostly within a cold node's first second.</summary>
    private int Life() => _random.Next(5) == 0 ? _random.Next(1_000, 4_000) : _random.Next(50, 1_000);

    /// <summary>
    /// When the orders have fallen behind the kills, the nodes are left alone until they have caught up: then the first of the
    /// next faults meets them warm, at full speed.
    /// </summary>
    private async Task CatchUpAsync(CancellationToken stop)
    {
        var aKill = plan.Orders / (double)Math.Max(1, plan.Kills);
        if (journal.OrdersDone >= (journal.Kills - FewKills) * aKill) return;
        while (!stop.IsCancellationRequested && journal.OrdersDone < journal.Kills * aKill) await Task.Delay(50, CancellationToken.None);
    }

    private async Task KillNodeAsync()
    {
        var first = _random.Next(arena.Nodes);
        for (var i = 0; i < arena.Nodes; i++)
        {
            if (!await arena.KillAsync(first + i)) continue;
            journal.Fault("node killed", isKill: true);
            return;
        }
    }

    private async Task FreezeAsync()
    {
        if (await arena.FreezeAsync(_random.Next(arena.Nodes), TimeSpan.FromMilliseconds(_random.Next(500, 4_000)))) journal.Fault("node frozen", isKill: false);
    }

    private async Task TerminateBackendsAsync(PostgresServer postgres)
    {
        var ended = await postgres.ExecuteAsync(database, $"""
            select count(pg_terminate_backend(pid)) from (
                select pid from pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid() order by random() limit {_random.Next(1, 8)}) as chosen
            """);
        if (ended is > 0L) journal.Fault("backends terminated", isKill: true);
    }

    /// <summary>The server takes that for corrupted memory: all connections end, and it recovers from its log.</summary>
    private async Task KillBackendAsync(PostgresServer postgres)
    {
        var pid = await postgres.ExecuteAsync(database,
            $"select pid from pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid() order by (state = 'active') desc, random() limit 1");
        if (pid is not int process) return;
        await Shell.RunAsync("kill", "-KILL", process.ToString(CultureInfo.InvariantCulture));
        journal.Fault("backend killed, server recovers", isKill: true);
    }

    private async Task StopDatabaseAsync(PostgresServer postgres)
    {
        await postgres.StopAsync("immediate");
        journal.Fault("database stopped at once", isKill: true);
        await Task.Delay(_random.Next(2_500));
        while (true)
        {
            try
            {
                await postgres.StartAsync();
                return;
            }
            catch (InvalidOperationException)
            {
                await Task.Delay(200);
            }
        }
    }
}
