using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Files;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Lianka.Modules.Consoles.App;

/// <summary>What the console application asks beside pages: web/console/openapi.json describes it.</summary>
internal static class ApplicationEndpoints
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1), _silence = TimeSpan.FromSeconds(20);

    private sealed record ViewAnswer(string Id, string Path, string Query, string Name);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/console/api").RequireAuthorization("any").ExcludeFromDescription().AddEndpointFilter(Sent.CheckTokenAsync);
        api.MapGet("/find", FindAsync);
        api.MapGet("/events", EventsAsync);
        api.MapGet("/views", ListAsync);
        api.MapPost("/views", SaveAsync);
        api.MapDelete("/views/{id}", RemoveAsync);
        ExportEndpoints.Map(api);
    }

    private static Person Viewer(HttpContext http) => SessionCookie.PersonOf(http)!;

    internal static IResult Answer<T>(HttpContext http, T value)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(value, PageContents.Json);
    }

    private static async Task<IResult> FindAsync(string? q, HttpContext http, Finder finder, TimeProvider clock) =>
        Sent.IsShown(q = (q ?? "").Trim())
            ? Answer(http, await finder.FindAsync(Viewer(http), q, RequestLanguage.Of(http), clock.GetUtcNow(), http.Connection.RemoteIpAddress?.ToString() ?? "local"))
            : Refuse(http, StatusCodes.Status400BadRequest, Sent.Unreadable);

    private static async Task<IResult> ListAsync(HttpContext http, SavedViews views) => Answer(http, await OfAsync(views, Viewer(http)));

    private static async Task<IResult> SaveAsync(HttpContext http, SavedViews views)
    {
        if (await Sent.ReadAsync<ViewDraft>(http) is not { } draft) return Refuse(http, StatusCodes.Status400BadRequest, Sent.Unreadable);
        if (await views.SaveAsync(Viewer(http).Id, draft) is { } error) return Refuse(http, StatusCodes.Status422UnprocessableEntity, error);
        return Answer(http, await OfAsync(views, Viewer(http)));
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, SavedViews views)
    {
        if (PublicId.TryDecode(id, out var view)) await views.RemoveAsync(Viewer(http).Id, view);
        return Answer(http, await OfAsync(views, Viewer(http)));
    }

    internal static IResult Refuse(HttpContext http, int status, FieldError error) => Results.Json(
        new PageProblem(RequestLanguage.Of(http).Pick("没有办成", "Not done"), RequestLanguage.Of(http).Pick(error.Zh, error.En), status, http.TraceIdentifier),
        PageContents.Json, PageProblem.Kind, status);

    private static async Task<IEnumerable<ViewAnswer>> OfAsync(SavedViews views, Person person) =>
        (await views.OfAsync(person.Id)).Select(v => new ViewAnswer(PublicId.Encode(v.Id), v.Path, v.Query, v.Name));

    /// <summary>Tells at once, and again whenever the answer is another one; a comment now and then keeps the line open.</summary>
    /// <remarks>It ends with the node, which would wait for it: the browser asks again, and another node answers.</remarks>
    private static async Task EventsAsync(HttpContext http, Attention attention, Exports exports, Sessions sessions, TimeProvider clock, IHostApplicationLifetime life)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var (waits, made, language, silent) = ("", "", RequestLanguage.Of(http), TimeSpan.Zero);
        while (!ends.IsCancellationRequested)
        {
            // A session that has ended meanwhile is told no more.
            if (await sessions.PersonOfAsync(Viewer(http).Id, SessionCookie.SessionOf(http)) is not { } person) return;
            var files = await exports.OfAsync(person.Id);
            waits = await TellAsync("attention", await attention.OfAsync(person), waits);
            made = await TellAsync("files", files.Select(f => FileAnswer.Of(f, language)), made);
            if (silent >= _silence) await SendAsync(": still there\n\n");
            // Who waits for a file sees it grow.
            var pause = files.Any(f => f.State == ExportFile.Running) ? _pace : Attention.Fresh;
            try
            {
                await Task.Delay(pause, clock, ends.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            silent += pause;
        }

        async Task<string> TellAsync<T>(string name, T value, string before)
        {
            var said = JsonSerializer.Serialize(value, PageContents.Json);
            if (said != before) await SendAsync($"event: {name}\ndata: {said}\n\n");
            return said;
        }

        async Task SendAsync(string text)
        {
            await http.Response.WriteAsync(text, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            silent = TimeSpan.Zero;
        }
    }
}

/// <summary>Why there is no page, for the application.</summary>
public sealed record PageProblem(string Title, string Detail, int Status, string RequestId)
{
    public const string Kind = "application/problem+json";
}
