using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.OpenApi.Edge;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Supplying;

/// <summary>POST /supplier/imports and GET /supplier/imports/{import_no}: cards into stock, by the same import as the console's.</summary>
internal sealed class PushCards(ImportDesk imports, Catalog.Catalog catalog, SkuCodes skus, TimeProvider clock)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int KeyMax = 64;

    /// <summary>How the two forms are named in the list of imports. The lines of a JSON import stand one below its header.</summary>
    private const string JsonSource = "API (JSON)", CsvSource = "API (CSV)";

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private sealed record Cards(string? Sku, string SkuAt, DateTimeOffset? ExpiresAt, string Note, Stream Content, string Source);

    private sealed record View(ImportJob Job, string Sku, List<ImportProblem> LeftOut, string? Next, int Limit, bool IsChinese);

    public async Task PushAsync(ApiCall call)
    {
        var http = call.Http;
        if (!BodyReading.IsJson(http.Request) && !BodyReading.IsCsv(http.Request))
        {
            await ProblemBook.WriteAsync(http, "unsupported_media_type", new FieldProblem("Content-Type", FieldProblemTexts.NotOneOf, "application/json, text/csv"));
            return;
        }

        var (cards, problems) = BodyReading.IsJson(http.Request) ? OfJson(call) : OfCsv(call);
        if (KeyOf(http.Request) is not { } key) problems.Add(new(KeyHeader, FieldProblemTexts.Key));
        else if (Prefer.Wait(http.Request) is not { } wait) problems.Add(new("Prefer", FieldProblemTexts.Range, Prefer.WaitRange));
        else if (problems.Count == 0)
        {
            await StartAsync(call, cards!, key, TimeSpan.FromSeconds(wait));
            return;
        }

        await ProblemBook.WriteAsync(http, "invalid_request", problems);
    }

    /// <summary>The import with the rows that were left out, page by page.</summary>
    public async Task ShowAsync(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var limit = query.Limit();
        var after = query.Cursor<long>(text => long.TryParse(text, System.Globalization.NumberStyles.None, null, out var row) ? row : null) ?? 0;
        if (query.Problems.Count > 0) await ProblemBook.WriteAsync(call.Http, "invalid_request", query.Problems);
        else if (!PublicId.TryDecode(call.RouteText("import_no") ?? "", out var id) || await imports.FindAsync(id, call.Supplier) is not { } job)
            await ProblemBook.WriteAsync(call.Http, "not_found");
        else await JsonAnswer.OkAsync(call.Http, await ViewAsync(job, call, after, limit), Write);
    }

    private async Task StartAsync(ApiCall call, Cards cards, string key, TimeSpan wait)
    {
        var sku = await catalog.FindSkuAsync(cards.Sku!);
        var supply = sku is null ? null : await catalog.FindSupplyAsync(sku.Id, call.Supplier);
        if (supply is null)
        {
            await ProblemBook.WriteAsync(call.Http, "invalid_request", new FieldProblem(cards.SkuAt, FieldProblemTexts.NoSupply));
            return;
        }

        await using var content = cards.Content;
        var request = new ImportRequest(
            supply.Id, CardFormat.Csv, CardEncoding.Utf8, cards.Source, call.Actor, cards.ExpiresAt, cards.Note, call.Supplier, ClientKey: key);
        switch (await imports.StartAsync(request, content, call.Http.RequestAborted))
        {
            case ImportStart.Accepted accepted:
                await AnswerAsync(call, accepted.Id, isReplay: false, wait);
                break;
            case ImportStart.Replayed replayed:
                await AnswerAsync(call, replayed.Id, isReplay: true, wait);
                break;
            case ImportStart.KeyConflict:
                await ProblemBook.WriteAsync(call.Http, "idempotency_conflict", new FieldProblem(KeyHeader, FieldProblemTexts.KeyUsed));
                break;
            case ImportStart.Refused refused:
                await ProblemBook.WriteAsync(call.Http, "invalid_request",
                    [.. refused.Errors.Select(e => new FieldProblem(e.Field == "supply" ? cards.SkuAt : $"/{e.Field}", e.Code) { Own = e })]);
                break;
            default:
                call.Http.Response.Headers.RetryAfter = "2";
                await ProblemBook.WriteAsync(call.Http, "overloaded");
                break;
        }
    }

    private async Task AnswerAsync(ApiCall call, long id, bool isReplay, TimeSpan wait)
    {
        var until = clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
        var job = (await imports.FindAsync(id, call.Supplier))!;
        while (job.State == ImportState.Running && clock.GetTimestamp() < until)
        {
            await Task.Delay(_look, clock, call.Http.RequestAborted);
            job = (await imports.FindAsync(id, call.Supplier))!;
        }

        var headers = call.Http.Response.Headers;
        headers.Location = $"/api/v1/supplier/imports/{PublicId.Encode(id)}";
        headers.CacheControl = "no-store";
        if (isReplay) headers["Idempotent-Replayed"] = "true";
        var status = job.State == ImportState.Running ? StatusCodes.Status202Accepted
            : isReplay ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await JsonAnswer.WriteAsync(call.Http.Response, status, JsonAnswer.ContentType, await ViewAsync(job, call, 0, QueryFields.LimitMax), Write);
    }

    private async Task<View> ViewAsync(ImportJob job, ApiCall call, long after, int limit)
    {
        var supply = await catalog.FindSupplyAsync(job.SupplyId) ?? throw new InvalidOperationException($"{job.SupplyId} has an import but is no supply.");
        var leftOut = await imports.ProblemsAsync(job.Id, after, limit + 1);
        var next = leftOut.Count > limit ? $"{leftOut[limit - 1].RowNo}" : null;
        return new View(job, await skus.CodeAsync(supply.SkuId), leftOut.GetRange(0, Math.Min(limit, leftOut.Count)), next, limit, call.IsChinese);
    }

    private static (Cards?, List<FieldProblem>) OfJson(ApiCall call)
    {
        var (body, problems) = CardsBody.Read(call.Body);
        if (body is null) return (null, [.. problems]);
        DateTimeOffset? expires = null;
        if (body.ExpiresAt is not null && (expires = QueryFields.MomentOf(body.ExpiresAt)) is null) return (null, [new("/expires_at", FieldProblemTexts.NotMoment)]);
        return (new Cards(body.Sku, "/sku", expires, body.Note, new MemoryStream(body.Csv), JsonSource), []);
    }

    /// <summary>A CSV has its sku, expires_at and note in the query.</summary>
    private static (Cards?, List<FieldProblem>) OfCsv(ApiCall call)
    {
        var query = new QueryFields(call.Http.Request.Query);
        var sku = query.Text("sku", OrderBody.SkuMax);
        if (sku is null) query.Problems.Add(new("?sku", FieldProblemTexts.Required));
        var cards = new Cards(sku, "?sku", query.Moment("expires_at"), query.Text("note", CardsBody.NoteMax) ?? "", new MemoryStream(call.Body.ToArray()), CsvSource);
        if (call.Body.IsEmpty) query.Problems.Add(new("", FieldProblemTexts.Required));
        return (cards, query.Problems);
    }

    private static string? KeyOf(HttpRequest request)
    {
        var key = request.Headers[KeyHeader].ToString();
        return key.Length is >= 1 and <= KeyMax && key.All(c => c is > ' ' and <= '~') ? key : null;
    }

    private static void Write(Utf8JsonWriter json, View view)
    {
        var job = view.Job;
        var shift = job.Source == JsonSource ? 1 : 0;
        json.WriteStartObject();
        json.WriteString("import_no"u8, PublicId.Encode(job.Id));
        json.WriteString("sku"u8, view.Sku);
        json.WriteString("state"u8, job.State switch { ImportState.Running => "running"u8, ImportState.Done => "done"u8, _ => "failed"u8 });
        json.WriteNumber("rows"u8, job.Rows);
        json.WriteNumber("imported"u8, job.Imported);
        json.WriteNumber("duplicate_in_file"u8, job.DuplicateInFile);
        json.WriteNumber("duplicate_in_stock"u8, job.DuplicateInStock);
        json.WriteNumber("malformed"u8, job.Malformed);
        if (job.Failure is { } failure)
        {
            json.WriteStartObject("failure"u8);
            json.WriteString("code"u8, failure.Split(':')[0]);
            json.WriteString("message"u8, ImportFailures.Text(failure, view.IsChinese));
            json.WriteEndObject();
        }

        json.WriteMoment("started_at"u8, job.StartedAt);
        if (job.EndedAt is { } ended) json.WriteMoment("ended_at"u8, ended);
        json.WriteStartObject("left_out"u8);
        json.WriteStartArray("data"u8);
        foreach (var row in view.LeftOut) WriteRow(json, row, shift, view.IsChinese);
        json.WriteEndArray();
        json.WritePage(view.Next, view.Limit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, ImportProblem row, int shift, bool isChinese)
    {
        // Of a row that repeats another, the detail is that row's number.
        var shown = shift > 0 && row.Status == "duplicate_in_file" && long.TryParse(row.Detail, out var first) ? row with { Detail = $"{first - shift}" } : row;
        json.WriteStartObject();
        json.WriteNumber("row"u8, row.RowNo - shift);
        json.WriteString("status"u8, row.Status);
        json.WriteString("code"u8, row.Status == "malformed" ? row.Detail : row.Status);
        json.WriteString("detail"u8, ImportFailures.Text(shown, isChinese));
        json.WriteEndObject();
    }
}
