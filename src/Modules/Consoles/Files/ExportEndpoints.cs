using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.App;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Lianka.Modules.Consoles.Files;

/// <summary>A file as the console application is told of it.</summary>
/// <param name="Words">Why it failed.</param>
public sealed record FileAnswer(string Id, string Name, string Format, string State, long Rows, string? Words)
{
    public static FileAnswer Of(ExportFile file, Language language) => new(
        PublicId.Encode(file.Id), file.Name, file.Format, file.State, file.Rows, ExportWords.Failure(file, language) is { Length: > 0 } words ? words : null);
}

/// <summary>Asks for files of lists, and takes them away; a page hands them out (<see cref="Everyone.FilesPage"/>).</summary>
internal static class ExportEndpoints
{
    private const int AddressMax = 2_000, ColumnsMax = 100, NameMax = 60;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/files", StartAsync);
        api.MapDelete("/files/{id}", RemoveAsync);
    }

    private static async Task<IResult> StartAsync(HttpContext http, Exports exports, PageReader pages, Audit audit, CancellationToken cancel)
    {
        var (person, language) = (SessionCookie.PersonOf(http)!, RequestLanguage.Of(http));
        if (await Sent.ReadAsync<ExportAsk>(http) is not { Format: "csv" or "xlsx", Address: { Length: <= AddressMax } address } ask || ask.Columns?.Count > ColumnsMax || !address.StartsWith("/console", StringComparison.Ordinal))
            return ApplicationEndpoints.Refuse(http, StatusCodes.Status400BadRequest, Sent.Unreadable);
        // What is not the page's first handler might be more than a look.
        var (path, given) = PageReader.Parts(address);
        var parts = QueryHelpers.ParseQuery(given);
        if (!parts.All(p => Sent.IsShown(p.Key) && p.Value.All(Sent.IsShown))) return ApplicationEndpoints.Refuse(http, StatusCodes.Status400BadRequest, Sent.Unreadable);
        var query = QueryString.Create(parts.Where(p => p.Key is not ("handler" or "lang"))).Value ?? "";

        // Opened once before it is promised: whoever may not, or asks for what is not there, hears it now.
        var answer = await pages.ReadAsync(person, language, path + query, http.TraceIdentifier, cancel);
        if (answer.Missing is { } missing) http.Features.Set(new MissingPermission(missing));
        if (answer.Contents?.Tables.ElementAtOrDefault(ask.Table) is not { } table)
            return ApplicationEndpoints.Refuse(http, answer.Missing is null ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden,
                answer.Missing is { } lacking ? new FieldError("address", "forbidden", new MissingPermission(lacking).En, new MissingPermission(lacking).Zh)
                    : new FieldError("address", "no_page", "There is no such list for you.", "没有这个列表，或者不给你看。"));
        var title = answer.Contents.Tables.Count == 1 || table.Caption == answer.Contents.Title ? answer.Contents.Title : $"{answer.Contents.Title} {table.Caption}";
        var (_, error) = await exports.StartAsync(new ExportFile
        {
            PersonId = person.Id, Name = Named(title), Path = path, Query = query, TableNo = ask.Table, Columns = ask.Columns is null ? null : JsonSerializer.Serialize(ask.Columns),
            Format = ask.Format, Language = language == Language.En ? "en" : "zh", RequestId = http.TraceIdentifier,
        });
        if (error is not null) return ApplicationEndpoints.Refuse(http, StatusCodes.Status422UnprocessableEntity, error);
        await audit.RecordAsync(person.Login, "file.ask", $"{path} {ask.Format}", http.Connection.RemoteIpAddress?.ToString() ?? "");
        return await ListAsync(http, exports, person, language);
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, Exports exports, Audit audit)
    {
        var person = SessionCookie.PersonOf(http)!;
        if (PublicId.TryDecode(id, out var number) && await exports.RemoveAsync(person.Id, number) is { } file)
            await audit.RecordAsync(person.Login, "file.remove", file.Path, http.Connection.RemoteIpAddress?.ToString() ?? "");
        return await ListAsync(http, exports, person, RequestLanguage.Of(http));
    }

    private static async Task<IResult> ListAsync(HttpContext http, Exports exports, Person person, Language language) =>
        ApplicationEndpoints.Answer(http, (await exports.OfAsync(person.Id)).Select(f => FileAnswer.Of(f, language)));

    /// <summary>A title that can be the name of a file anywhere.</summary>
    private static string Named(string title)
    {
        var name = string.Concat(title.Select(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal) ? ' ' : c)).Trim();
        return name.Length > NameMax ? name[..NameMax] : name;
    }
}
