using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Consoles.App;

/// <summary>What the console application asks beside pages: web/console/openapi.json describes it.</summary>
internal static class ApplicationEndpoints
{
    private sealed record ViewAnswer(string Id, string Path, string Query, string Name);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/console/api").RequireAuthorization("any").ExcludeFromDescription();
        api.MapGet("/find", FindAsync);
        api.MapGet("/events", EventsAsync);
        api.MapGet("/views", ListAsync);
        api.MapPost("/views", SaveAsync);
        api.MapDelete("/views/{id}", RemoveAsync);
    }

    private static Person Viewer(HttpContext http) => SessionCookie.PersonOf(http)!;

    private static IResult Answer<T>(HttpContext http, T value)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(value, PageContents.Json);
    }

    private static async Task<IResult> FindAsync(string? q, HttpContext http, Finder finder, TimeProvider clock) =>
        Answer(http, await finder.FindAsync(Viewer(http), q ?? "", RequestLanguage.Of(http), clock.GetUtcNow(), http.Connection.RemoteIpAddress?.ToString() ?? "local"));

    private static async Task<IResult> ListAsync(HttpContext http, SavedViews views) => Answer(http, await OfAsync(views, Viewer(http)));

    private static async Task<IResult> SaveAsync(ViewDraft draft, HttpContext http, SavedViews views, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        if (await views.SaveAsync(Viewer(http).Id, draft) is { } error) return Refuse(http, error);
        return Answer(http, await OfAsync(views, Viewer(http)));
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, SavedViews views, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        if (PublicId.TryDecode(id, out var view)) await views.RemoveAsync(Viewer(http).Id, view);
        return Answer(http, await OfAsync(views, Viewer(http)));
    }

    private static IResult Refuse(HttpContext http, FieldError error) => Results.Json(
        new PageProblem(RequestLanguage.Of(http).Pick("没有保存", "Not saved"), RequestLanguage.Of(http).Pick(error.Zh, error.En), StatusCodes.Status422UnprocessableEntity, http.TraceIdentifier),
        PageContents.Json, PageProblem.Kind, StatusCodes.Status422UnprocessableEntity);

    private static async Task<IEnumerable<ViewAnswer>> OfAsync(SavedViews views, Person person) =>
        (await views.OfAsync(person.Id)).Select(v => new ViewAnswer(PublicId.Encode(v.Id), v.Path, v.Query, v.Name));

    /// <summary>Tells at once, and again whenever the answer is another one; a comment now and then keeps the line open.</summary>
    private static async Task EventsAsync(HttpContext http, Attention attention, Sessions sessions, TimeProvider clock)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var last = "";
        for (var silent = 0; !http.RequestAborted.IsCancellationRequested; silent++)
        {
            // A session that has ended meanwhile is told no more.
            if (await sessions.PersonOfAsync(Viewer(http).Id, SessionCookie.SessionOf(http)) is not { } person) return;
            var said = JsonSerializer.Serialize(await attention.OfAsync(person), PageContents.Json);
            if (said != last || silent % 4 == 0)
            {
                await http.Response.WriteAsync(said == last ? ": still there\n\n" : $"event: attention\ndata: {said}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                last = said;
            }

            await Task.Delay(Attention.Fresh, clock, http.RequestAborted);
        }
    }
}

/// <summary>Why there is no page, for the application.</summary>
public sealed record PageProblem(string Title, string Detail, int Status, string RequestId)
{
    public const string Kind = "application/problem+json";
}
