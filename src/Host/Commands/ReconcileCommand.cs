using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Platform;

namespace Lianka.Host.Commands;

/// <summary><c>reconcile</c>: statements of channels, fetched or from a file, against payments and ledger; beside a running node or without one.</summary>
internal static class ReconcileCommand
{
    public const string Arguments = "[--channel CODE] [--day YYYY-MM-DD] [--file FILE]";

    private const long FileMax = 32 << 20;
    private const string Actor = "cli";

    /// <returns>0: every day that was looked at agrees, or waits only for the next day's statement; 1: something differs, or a statement could not be had.</returns>
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        var options = Options(args);
        var clock = TimeProvider.System;
        var day = ChannelDays.Of(clock.Now()).AddDays(-1);
        if (options.TryGetValue("day", out var text) && !ChannelDays.TryParse(text, out day)) throw new UsageException("--day is a day such as 2026-12-31");
        var code = options.GetValueOrDefault("channel");
        var file = options.TryGetValue("file", out var path) ? await ReadAsync(path, code, text) : null;

        var (database, vault) = await Composition.OpenAsync(settings, clock);
        await using var _ = database;
        using var __ = vault;
        await using var services = new ServiceCollection().AddLogging().AddLianka(settings, database, vault).BuildServiceProvider();
        var books = services.GetRequiredService<Reconciliation>();
        var all = await services.GetRequiredService<PaymentChannels>().ListAsync();
        if (code is not null && !all.Exists(c => c.Code == code)) throw new UsageException($"there is no channel '{code}'");
        await books.MakeDaysAsync();

        var faults = new List<string>();
        var rows = new List<(Channel Channel, ChannelDay Day)>();
        foreach (var channel in all.Where(c => code is null || c.Code == code))
        {
            var isKnown = await books.FindAsync(channel.Id, day) is not null;
            // Without a name: those that have had a payment.
            if (code is null && !isKnown) continue;
            if (await TakeAsync(books, channel, day, file) is { } fault) faults.Add($"{channel.Code}: {fault}");
            await books.CloseAsync(channel, day.AddDays(-1), Actor);
            await books.CloseAsync(channel, day, Actor);
            if (await books.FindAsync(channel.Id, day) is { } found) rows.Add((channel, found));
        }

        await WriteAsync(output, rows, services.GetRequiredService<PaymentCaseDesk>());
        foreach (var fault in faults) await output.WriteLineAsync(fault);
        return faults.Count == 0 && rows.TrueForAll(r => r.Day is { Differences: 0, State: not ChannelDayState.Waiting }) ? 0 : 1;
    }

    /// <returns>Why it could not be had; null: it is compared, or was closed before.</returns>
    private static async Task<string?> TakeAsync(Reconciliation books, Channel channel, DateOnly day, byte[]? file)
    {
        if (await books.FindAsync(channel.Id, day) is { State: ChannelDayState.Closed } && file is null) return null;
        try
        {
            return await (file is null ? books.FetchAsync(channel, day) : books.ReadFileAsync(channel, day, file)) is ReconcileDecision.Refused refused ? refused.Error.En : null;
        }
        catch (ChannelException fault)
        {
            return fault.Message;
        }
    }

    private static async Task WriteAsync(TextWriter output, List<(Channel Channel, ChannelDay Day)> rows, PaymentCaseDesk cases)
    {
        if (rows.Count == 0) await output.WriteLineAsync("nothing to reconcile");
        else await output.WriteLineAsync($"{"day",-10}  {"channel",-12}  {"state",-8}  {"lines",6}  {"channel net",14}  {"ledger net",14}  {"fees",10}  {"open",4}");
        foreach (var (channel, day) in rows)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{day.Day,-10}  {channel.Code,-12}  {day.State.ToString().ToLowerInvariant(),-8}  {day.Lines,6}  {day.Net,14}  {day.Ledger + day.Booked,14}  {day.Fees,10}  {day.Differences,4}"));
            foreach (var open in await cases.ListAsync(isOpen: true, of: (channel.Id, day.Day)))
            {
                await output.WriteLineAsync(
                    $"            case {open.Id}: {open.Kind}: ours {open.Ours ?? Money.Zero}, theirs {open.Theirs ?? Money.Zero}{(open.AttemptId is { } id ? $", number {PublicId.Encode(id)}" : "")}{(open.Detail.Length > 0 ? $", trade {open.Detail}" : "")}");
            }
        }
    }

    private static async Task<byte[]> ReadAsync(string path, string? channel, string? day)
    {
        if (channel is null || day is null) throw new UsageException("--file needs --channel and --day");
        if (new FileInfo(path) is { Exists: true, Length: > FileMax }) throw new UsageException($"--file is at most {FileMax >> 20} MiB");
        return await File.ReadAllBytesAsync(path);
    }

    private static Dictionary<string, string> Options(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--channel" or "--day" or "--file")) throw new UsageException($"does not know '{args[i]}'");
            if (i + 1 >= args.Length) throw new UsageException($"{args[i]} needs a value");
            if (!options.TryAdd(args[i][2..], args[i + 1])) throw new UsageException($"{args[i]} is given twice");
        }

        return options;
    }
}
