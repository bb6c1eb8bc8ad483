using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Lianka.Platform.Http;

/// <summary>The languages every user-visible text exists in.</summary>
public enum Language { Zh, En }

/// <summary>Which language a request is answered in: <c>?lang=</c>, then the cookie, then Accept-Language, else Chinese.</summary>
public static class RequestLanguage
{
    private const string Name = "lang";
    private const string ThemeName = "theme";

    public static Language Of(HttpContext http)
    {
        if (http.Items[typeof(RequestLanguage)] is Language known) return known;
        var language = Parse(http.Request.Query[Name]) ?? Parse(http.Request.Cookies[Name]) ?? Preferred(http.Request);
        http.Items[typeof(RequestLanguage)] = language;
        return language;
    }

    /// <summary>For the <c>lang</c> attribute and Content-Language.</summary>
    public static string Tag(this Language language) => language == Language.Zh ? "zh-CN" : "en";

    public static string Pick(this Language language, string zh, string en) => language == Language.Zh ? zh : en;

    /// <summary>The names of goods and parties: where one language was left empty, the other stands in.</summary>
    public static string PickOr(this Language language, string zh, string en) =>
        language == Language.Zh ? (zh.Length > 0 ? zh : en) : (en.Length > 0 ? en : zh);

    /// <summary>The address of the same page in the other language.</summary>
    /// <param name="path">As the browser has it; null: that of the request.</param>
    public static string SwitchUrl(HttpContext http, PathString? path = null)
    {
        var other = Of(http) == Language.Zh ? "en" : "zh-CN";
        var query = QueryString.Create(http.Request.Query.Where(p => p.Key != Name)
            .SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v)))).Add(Name, other);
        return (path ?? http.Request.Path) + query;
    }

    /// <summary>The viewer's choice of <c>light</c> or <c>dark</c> for <c>html data-theme</c>; null follows the system.</summary>
    public static string? Theme(HttpContext http) => ThemeOf(http.Request.Cookies[ThemeName]);

    /// <summary>Remembers <c>?lang=</c> in a cookie and says which language the answer is in.</summary>
    public static IApplicationBuilder UseRequestLanguage(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Parse(http.Request.Query[Name]) is { } chosen)
            http.Response.Cookies.Append(Name, chosen.Tag(), Lasting(http));
        return next(http);
    });

    /// <summary>Keeps the theme in its cookie; for the form post that works without a script.</summary>
    public static void SetTheme(HttpContext http, string? theme)
    {
        if (ThemeOf(theme) is { } known) http.Response.Cookies.Append(ThemeName, known, Lasting(http));
        else http.Response.Cookies.Delete(ThemeName);
    }

    private static string? ThemeOf(string? text) => text is "light" or "dark" ? text : null;

    // The theme script reads and writes its cookie in the browser, so these two are not HttpOnly; neither is a secret.
    private static CookieOptions Lasting(HttpContext http) => new()
    {
        MaxAge = TimeSpan.FromDays(365), Path = "/", SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax, Secure = http.Request.IsHttps, IsEssential = true,
    };

    private static Language Preferred(HttpRequest request)
    {
        var best = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => Parse(l.Value.Value))
            .FirstOrDefault(l => l is not null);
        return best ?? Language.Zh;
    }

    private static Language? Parse(string? text) => text switch
    {
        null or "" => null,
        _ when text.StartsWith("zh", StringComparison.OrdinalIgnoreCase) => Language.Zh,
        _ when text.StartsWith("en", StringComparison.OrdinalIgnoreCase) => Language.En,
        _ => null,
    };
}
