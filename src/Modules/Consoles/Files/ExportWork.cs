using System.Data.Common;
using System.Diagnostics;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Consoles.Files;

/// <summary>Reads the pages of lists that become files, step by step, as the person who asked would see them now.</summary>
/// <remarks>
/// A step is some pages; what it read and where the next begins are written together. A node that stops in it has done nothing:
/// after its lease another goes on from the same page. Held by: tests/Integration/Consoles/ExportTests.cs.
/// </remarks>
internal sealed class ExportSteps(Exports exports, People people, PageReader pages, ILogger<ExportSteps> log)
{
    private static readonly TimeSpan _stepTime = TimeSpan.FromSeconds(2);

    /// <summary>So many, or for so long, then what was read is written.</summary>
    public int StepRows { get; init; } = 5_000;

    /// <returns>False when nothing waits.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        if (await exports.ClaimAsync(cancel) is not { } file) return false;
        try
        {
            await GoOnAsync(file, cancel);
        }
#pragma warning disable CA1031 // Whatever a page met, the other files go on.
        catch (Exception fault) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(fault, "{RequestId}: the file of {Path} met a fault and is tried again", file.RequestId, file.Path);
            await exports.TryLaterAsync(file);
        }

        return true;
    }

    private async Task GoOnAsync(ExportFile file, CancellationToken cancel)
    {
        if (await people.FindAsync(file.PersonId) is not { } person)
        {
            await exports.FailAsync(file, "no_person");
            return;
        }

        if (file.MissingOf(person) is { } gone)
        {
            await exports.FailAsync(file, $"{ExportWords.Permission}{gone.Code}");
            return;
        }

        file = file with { Rights = string.Join(' ', Permissions.AllOf(person.Role, person.Rights).Select(p => p.Code)) };
        var heads = file.ToHeads();
        var rows = new List<string?[]>(StepRows);
        var began = Stopwatch.GetTimestamp();
        var next = file.Next ?? file.Path + file.Query;
        do
        {
            var answer = await pages.ReadAsync(person, file.InLanguage, next, file.RequestId, cancel);
            if (answer.Contents?.Tables.ElementAtOrDefault((int)file.TableNo) is not { } table)
            {
                await exports.FailAsync(file, answer.Missing is { } missing ? $"{ExportWords.Permission}{missing.Code}" : "no_page");
                return;
            }

            // Asked for on a later page, it begins with the first all the same.
            if (file.Next is null && rows.Count == 0 && Follow(table.First, next) is { } first)
            {
                next = first;
                continue;
            }

            var these = SheetCells.Heads(table.Columns, file.ToColumns());
            if (heads.Count == 0) heads = these;
            if (!SheetCells.AreAlike(heads, these))
            {
                await exports.FailAsync(file, "other_columns");
                return;
            }

            rows.AddRange(table.Rows.Select(r => SheetCells.Texts(heads, r)));
            next = Follow(table.Next, next);
        }
        while (next is not null && rows.Count < StepRows && Stopwatch.GetElapsedTime(began) < _stepTime);

        await exports.AddAsync(file, SheetCells.Doubled(heads, rows), rows, next);
    }

    /// <summary>A further page of the same list; a link to another page is none.</summary>
    private static string? Follow(string? href, string from) => href is not null && href != from && PageReader.Parts(href).Path == PageReader.Parts(from).Path ? href : null;
}

/// <summary>Goes on with files while a node serves. Any node may; a step is done by one of them.</summary>
internal sealed class ExportWork(ExportSteps steps, Exports exports, TimeProvider clock, ILogger<ExportWork> log) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1), _sweepEach = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, clock);
        var sweep = clock.Now();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await steps.RunAsync(stoppingToken)) { }
                if (clock.Now() < sweep) continue;
                await exports.SweepAsync(stoppingToken);
                sweep = clock.Now() + _sweepEach;
            }
            catch (DbException fault)
            {
                log.LogWarning(fault, "Files of lists could not be gone on with; the next second tries again from where they stand.");
            }
        }
    }
}
