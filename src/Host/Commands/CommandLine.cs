using System.Data.Common;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Host.Commands;

/// <summary>One verb of <c>./lianka</c>.</summary>
/// <param name="Arguments">How its arguments are written, for the help.</param>
/// <param name="Details">What <c>help VERB</c> adds to the summary.</param>
internal sealed record Verb(
    string Name, string Arguments, string Summary, string Details, Func<Settings, string[], TextWriter, Task<int>> RunAsync);

/// <summary>The caller wrote a command that cannot be run as it stands; the message says what is wrong with it.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Finds the verb, reads the settings, runs it, and turns expected failures into one line and an exit code.</summary>
/// <remarks>Exit codes: 0 done; 1 it ran and failed; 2 the command or a setting cannot be used.</remarks>
internal static class CommandLine
{
    private static readonly Verb[] _verbs =
    [
        new("serve", "", "starts one node (the default)",
            "Brings the schema up to date, fills an empty database with LIANKA_SCENARIO, then serves LIANKA_URLS until Ctrl-C or SIGTERM.",
            Serve.RunAsync),
        new("migrate", "", "brings the database to the newest schema",
            "Applies the numbered schema files that are still missing and prints their names. Safe beside running nodes and beside itself.",
            Migrate.RunAsync),
        new("seed", "SCENARIO", "fills the database with a demo scenario",
            "Scenarios: " + string.Join(", ", Scenarios.SeedScenario.Names) + ". A seeding that was interrupted is continued; a finished one is left alone. "
            + "From the sources there is one more: ./lianka seed large [--merchants N] [--shops N] [--products N] [--orders N] fills an empty database with a platform of some years "
            + "(5,000 merchants, 2,000 shops, 200,000 products, 10,000,000 orders), and ./lianka bench pages measures every list on it.",
            Seed.RunAsync),
        new("import", "--supply … --file …", "brings the cards of a file into stock",
            ImportCommand.Arguments + ". One card a line (secret, or number and secret), or a CSV or XLSX with number,secret,kind. Rows left out are printed with the reason; --results writes what became of each row.",
            ImportCommand.RunAsync),
        new("tickets", TicketsCommand.Arguments, "issues tickets of a flash sale into a new file",
            "One ticket a line, for buyers numbered from 1: the same number is the same buyer, however often tickets are issued. The file is readable by its owner only.",
            TicketsCommand.RunAsync),
        new("rotate-keys", RotateKeys.Arguments, "seals everything anew under a new data key",
            "The new key seals from five minutes later on, when every running node has learned it; ten minutes later running nodes begin to re-seal the cards of before, beside all else. --status tells how far they are; --wait does the same work here, until it is done. What else older keys have sealed they still open.",
            RotateKeys.RunAsync),
        new("reconcile", ReconcileCommand.Arguments, "compares channels' statements with payments and ledger",
            "Of yesterday (in China) and all channels unless told; fetched from the channel, or read from a file as the channel's own console gives it. Prints a line for each day and its differences, closes days that agree, and fails when something differs or a statement is not there. Safe beside a running node; the same statement twice changes nothing.",
            ReconcileCommand.RunAsync),
        new("verify", "", "proves that the books, the stock and the orders are sound",
            "Checks the invariants of docs/ARCHITECTURE.md on one snapshot, beside a running node, and prints a line for each; fails when one does not hold. Time limits are kept by running nodes: beside none, what is due stays due.",
            Verify.RunAsync),
        new("backup", "FILE", "writes a snapshot of the database to a new file",
            "Safe beside a running node. The file is readable by its owner only. The master key is not in it: keep that in another place.",
            Backup.RunAsync),
        new("restore", "FILE [--force]", "puts a backup in the place of the database and verifies it",
            "Refuses while a node is running, and to replace data unless --force is given. Needs the master key of the backup to open its cards.",
            Restore.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var name = args is [var first, ..] ? first : "serve";
        if (name is "help" or "--help" or "-h") return await HelpAsync(args is [_, var about, ..] ? about : null, output);
        var verb = Array.Find(_verbs, v => v.Name == name);
        if (verb is null)
        {
            await errors.WriteLineAsync($"lianka: there is no verb '{name}'.");
            await HelpAsync(null, errors);
            return 2;
        }

        try
        {
            var settings = Settings.Read(Configuration(), line => errors.WriteLine($"lianka: {line}"));
            return await verb.RunAsync(settings, [.. args.Skip(1)], output);
        }
        catch (UsageException fault)
        {
            await errors.WriteLineAsync($"lianka {name}: {fault.Message} (./lianka help {name})");
            return 2;
        }
        catch (SettingException fault)
        {
            await errors.WriteLineAsync($"lianka: {fault.Message}");
            return 2;
        }
        catch (Exception fault) when (fault is DbException or SchemaMismatchException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"lianka {name}: {fault.Message}");
            return 1;
        }
    }

    /// <summary>Environment first, then <c>appsettings.json</c> of the current folder.</summary>
    private static IConfiguration Configuration() => new ConfigurationBuilder()
        .SetBasePath(Environment.CurrentDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    private static async Task<int> HelpAsync(string? about, TextWriter output)
    {
        if (about is not null && Array.Find(_verbs, v => v.Name == about) is { } verb)
        {
            await output.WriteLineAsync($"./lianka {verb.Name} {verb.Arguments}".TrimEnd());
            await output.WriteLineAsync($"  {verb.Summary}");
            await output.WriteLineAsync($"  {verb.Details}");
            return 0;
        }

        await output.WriteLineAsync("usage: ./lianka VERB [ARGUMENTS]      ./lianka help VERB tells more");
        foreach (var each in _verbs)
            await output.WriteLineAsync($"  {$"{each.Name} {each.Arguments}",-28} {each.Summary}");
        await output.WriteLineAsync("settings: LIANKA_DATA, LIANKA_URLS, LIANKA_DATABASE, LIANKA_SCENARIO, LIANKA_MASTER_KEY (README.md)");
        return about is null ? 0 : 2;
    }
}
