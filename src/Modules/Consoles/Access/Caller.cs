using System.Globalization;
using System.Security.Claims;
using Lianka.Kernel;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.Access;

/// <summary>The cookie that carries a session's number: whether it still opens anything stands in the database, where it can be ended.</summary>
internal static class SessionCookie
{
    public const string Scheme = "console";
    public const string CookieName = "lianka_session";
    private const string SessionClaim = "session";

    public static async Task SignInAsync(HttpContext http, Person person)
    {
        var sessions = http.RequestServices.GetRequiredService<Sessions>();
        // The cookie is replaced: nobody could use or end the one it carried.
        if (PersonOf(http) is { } before) await sessions.EndAsync(before.Id, SessionOf(http));
        var session = await sessions.BeginAsync(
            person, http.Request.Headers.UserAgent.ToString(), http.Connection.RemoteIpAddress?.ToString() ?? "");
        var identity = new ClaimsIdentity(
            [
                // Ties forms to the person and not to the session: what was filled in can still be sent after logging in again.
                new Claim(ClaimTypes.NameIdentifier, person.Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(SessionClaim, session.ToString(CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Role, person.Role),
            ], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Ends the session in the database too: a copy of the cookie opens nothing afterwards.</summary>
    public static async Task SignOutAsync(HttpContext http)
    {
        if (PersonOf(http) is { } person) await http.RequestServices.GetRequiredService<Sessions>().EndAsync(person.Id, SessionOf(http));
        await http.SignOutAsync(Scheme);
    }

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = Sessions.Idle;
        options.SlidingExpiration = true;
        options.LoginPath = "/login";
        options.ReturnUrlParameter = "next";
        options.Events.OnRedirectToLogin = context =>
        {
            // A program cannot log in on a page.
            if (context.Request.Path.StartsWithSegments("/console/api", StringComparison.Ordinal)) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            var person = await context.HttpContext.RequestServices.GetRequiredService<Sessions>().UseAsync(
                NumberIn(context.Principal, ClaimTypes.NameIdentifier), NumberIn(context.Principal, SessionClaim));
            if (person is null || !context.Principal!.IsInRole(person.Role)) context.RejectPrincipal();
            else
            {
                context.HttpContext.Items[typeof(Person)] = person;
                if (person.Role == Roles.Merchant) ActingMerchant.Set(context.HttpContext, new MerchantId(person.PartyId));
            }
        };
    }

    /// <summary>Who is logged in, as the database knew them at the start of this request; null for strangers.</summary>
    public static Person? PersonOf(HttpContext http) => http.Items[typeof(Person)] as Person;

    /// <summary>The viewer's own session; 0 for strangers.</summary>
    public static long SessionOf(HttpContext http) => NumberIn(http.User, SessionClaim);

    private static long NumberIn(ClaimsPrincipal? principal, string claim) =>
        long.TryParse(principal?.FindFirstValue(claim), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
