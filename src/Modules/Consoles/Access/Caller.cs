using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.Access;

/// <summary>The cookie that carries a session: who, and the stamp that ends it when the password changes.</summary>
internal static class SessionCookie
{
    public const string Scheme = "console";
    public const string CookieName = "lianka_session";
    private const string StampClaim = "stamp";

    public static Task SignInAsync(HttpContext http, Person person)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, person.Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Role, person.Role),
                new Claim(StampClaim, person.Stamp),
            ], Scheme);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = "/login";
        options.ReturnUrlParameter = "next";
        options.Events.OnRedirectToLogin = context =>
        {
            // A program cannot log in on a page.
            if (context.Request.Path.StartsWithSegments("/console/api", StringComparison.Ordinal)) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            var people = context.HttpContext.RequestServices.GetRequiredService<People>();
            var person = long.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id)
                ? await people.OfSessionAsync(id, context.Principal!.FindFirstValue(StampClaim) ?? "")
                : null;
            if (person is null || !context.Principal!.IsInRole(person.Role)) context.RejectPrincipal();
            else context.HttpContext.Items[typeof(Person)] = person;
        };
    }

    /// <summary>Who is logged in, as the database knew them at the start of this request; null for strangers.</summary>
    public static Person? PersonOf(HttpContext http) => http.Items[typeof(Person)] as Person;
}
