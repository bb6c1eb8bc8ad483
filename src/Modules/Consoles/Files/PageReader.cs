using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.App;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.Files;

/// <summary>What a page answered.</summary>
/// <param name="Contents">Null: it did not open.</param>
/// <param name="Missing">The permission for want of which it did not.</param>
internal sealed record PageAnswer(PageContents? Contents, Permission? Missing = null);

/// <summary>Opens pages of the consoles for a person inside the node, without a browser: the same page, after the same questions about role and permission.</summary>
/// <remarks>Reads only: no form is sent, and no handler but the page's first. Held by: tests/Integration/Consoles/ExportTests.cs.</remarks>
internal sealed class PageReader(EndpointDataSource routes, PageLoader loader, IAuthorizationPolicyProvider policies, IServiceScopeFactory scopes)
{
    /// <summary>Where the page leaves its contents, in place of an answer.</summary>
    public sealed class Reading
    {
        public PageContents? Contents { get; set; }
    }

    private sealed record Way(TemplateMatcher Matcher, RouteEndpoint Point, PageActionDescriptor Page);

    /// <param name="Needs">What the page itself asks for, however its address was spelt; null: nothing.</param>
    private sealed record Found(Endpoint Point, RouteValueDictionary Values, NeedsAttribute? Needs);

    // Of two addresses that fit, the more exact one answers, as in the framework's own routing.
    private readonly Lazy<List<Way>> _ways = new(() => [.. routes.Endpoints.OfType<RouteEndpoint>()
        .Select(e => (Point: e, Page: e.Metadata.GetMetadata<PageActionDescriptor>()))
        .Where(e => e.Page?.RelativePath.StartsWith("/Consoles/", StringComparison.Ordinal) == true && e.Point.RoutePattern.RawText?.TrimStart('/').StartsWith("console", StringComparison.Ordinal) == true)
        .OrderBy(e => e.Point.RoutePattern.InboundPrecedence)
        .Select(e => new Way(new TemplateMatcher(new RouteTemplate(e.Point.RoutePattern), new RouteValueDictionary(e.Point.RoutePattern.Defaults)), e.Point, e.Page!))]);

    /// <summary>Where the page of a request leaves its contents; null: it is answered.</summary>
    public static Reading? Of(HttpContext http) => http.Items[typeof(Reading)] as Reading;

    /// <summary>Whether the person may open the page now.</summary>
    /// <returns>Where they may not, what is missing if it has a name.</returns>
    public async Task<(bool May, Permission? Missing)> MayAsync(Person person, string path, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await FindAsync(path) is { } found && await AllowsAsync(scope.ServiceProvider, person, found.Point)
            ? found.Needs is { } asked && PageNeeds.Missing(person.Rights, asked, isChange: false) is { } missing ? (false, missing) : (true, null)
            : (false, null);
    }

    /// <param name="href">Path and query, as links of the page have it.</param>
    /// <param name="request">The id under which faults of this are logged.</param>
    public async Task<PageAnswer> ReadAsync(Person person, Language language, string href, string request, CancellationToken cancel)
    {
        var (path, query) = Parts(href);
        if (await FindAsync(path) is not { } found) return new PageAnswer(null);
        await using var scope = scopes.CreateAsyncScope();
        if (!await AllowsAsync(scope.ServiceProvider, person, found.Point)) return new PageAnswer(null);
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = PrincipalOf(person), TraceIdentifier = request, RequestAborted = cancel };
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = (HttpMethods.Get, "http", new HostString("localhost"));
        (http.Request.Path, http.Request.QueryString, http.Request.RouteValues) = (path, new QueryString(query), found.Values);
        http.Request.Headers.Accept = Face.Contents;
        http.Request.Headers.Cookie = $"lang={language.Tag()}";
        http.Response.Body = Stream.Null;
        var reading = new Reading();
        http.Items[typeof(Reading)] = reading;
        http.Items[typeof(Person)] = person;
        http.SetEndpoint(found.Point);
        await found.Point.RequestDelegate!(http);
        return http.Response.StatusCode == StatusCodes.Status200OK && reading.Contents is { } contents
            ? new PageAnswer(contents) : new PageAnswer(null, http.Features.Get<MissingPermission>()?.Permission);
    }

    public static (string Path, string Query) Parts(string href)
    {
        var at = href.IndexOf('?', StringComparison.Ordinal);
        return at < 0 ? (href, "") : (href[..at], href[at..]);
    }

    private async Task<Found?> FindAsync(string path)
    {
        foreach (var way in _ways.Value)
        {
            var values = new RouteValueDictionary();
            if (!way.Matcher.TryMatch(path, values)) continue;
            // Roles stand with the compiled page: where pages are compiled when they are first opened, that is another end point.
            var page = await loader.LoadAsync(way.Page, way.Point.Metadata);
            return new Found(page.Endpoint ?? way.Point, values, page.HandlerTypeInfo.GetCustomAttribute<NeedsAttribute>());
        }

        return null;
    }

    private async Task<bool> AllowsAsync(IServiceProvider services, Person person, Endpoint point) =>
        await AuthorizationPolicy.CombineAsync(policies, point.Metadata.GetOrderedMetadata<IAuthorizeData>()) is { } policy
        && (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(PrincipalOf(person), policy)).Succeeded;

    private static ClaimsPrincipal PrincipalOf(Person person) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, person.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Role, person.Role)], SessionCookie.Scheme));
}
