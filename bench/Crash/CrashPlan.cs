using System.Globalization;

namespace Lianka.Bench.Crash;

/// <summary>How long a run goes on: until it has had so many kills, so many orders and so many seconds, whichever comes last.</summary>
/// <param name="Kills">Processes killed (nodes, imports, database backends) and stops of the database, on each database.</param>
/// <param name="Orders">Acknowledged wallet orders, on each database.</param>
/// <param name="Seed">Of everything random: the same seed plans the same clients and faults, at other moments.</param>
internal sealed record CrashPlan(int Kills, long Orders, int Seconds, int Seed, bool OnSqlite, bool OnPostgres)
{
    public const string Arguments = "[--kills N] [--orders N] [--seconds N] [--seed N] [--database sqlite|postgres|both]";

    /// <exception cref="ArgumentException">An argument is not one of <see cref="Arguments"/>.</exception>
    public static CrashPlan Read(string[] args)
    {
        var plan = new CrashPlan(10, 4_000, 0, Environment.TickCount & 0xFFFF, true, true);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value");
            plan = args[i] switch
            {
                "--kills" => plan with { Kills = Number(value) },
                "--orders" => plan with { Orders = Number(value) },
                "--seconds" => plan with { Seconds = Number(value) },
                "--seed" => plan with { Seed = Number(value) },
                "--database" => plan with { OnSqlite = value is "sqlite" or "both", OnPostgres = value is "postgres" or "both" },
                _ => throw new ArgumentException($"{args[i]} is not known"),
            };
        }

        return plan;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"'{text}' is not a number");
}
