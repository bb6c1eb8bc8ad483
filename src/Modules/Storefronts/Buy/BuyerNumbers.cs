using System.Security.Cryptography;
using System.Text.Json;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>Who this browser's buyer is to channels' apps, by channel, in a sealed cookie; and the question about it that is on its way.</summary>
internal sealed class BuyerNumbers(IDataProtectionProvider protection)
{
    private const string NumbersCookie = "pay-buyer";
    private const string QuestionCookie = "pay-question";

    /// <summary>An app's answer comes at once or not at all.</summary>
    private static readonly TimeSpan _questionLives = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _seal = protection.CreateProtector("storefront buyer numbers");

    private sealed record Question(string State, long Channel);

    public IReadOnlyDictionary<long, string> Of(HttpContext http) => Read<Dictionary<long, string>>(http, NumbersCookie) ?? [];

    public void Keep(HttpContext http, long channel, string number) =>
        Write(http, NumbersCookie, new Dictionary<long, string>(Of(http)) { [channel] = number }, TimeSpan.FromDays(30));

    /// <returns>The state that the answer has to bring back: an answer to somebody else's question is none.</returns>
    public string Ask(HttpContext http, long channel)
    {
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Write(http, QuestionCookie, new Question(state, channel), _questionLives);
        return state;
    }

    /// <returns>The channel that was asked; null: not by this browser.</returns>
    public long? Answered(HttpContext http, string? state)
    {
        var asked = Read<Question>(http, QuestionCookie);
        http.Response.Cookies.Delete(QuestionCookie, new CookieOptions { Path = OwnHost.CookiePath(http) });
        return asked is not null && asked.State == state ? asked.Channel : null;
    }

    private T? Read<T>(HttpContext http, string cookie) where T : class
    {
        if (http.Request.Cookies[cookie] is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(_seal.Unprotect(text));
        }
        catch (CryptographicException)
        {
            // Made under keys that are gone, or not by us: as if it were not there.
            return null;
        }
    }

    private void Write<T>(HttpContext http, string cookie, T value, TimeSpan age) =>
        http.Response.Cookies.Append(cookie, _seal.Protect(JsonSerializer.Serialize(value)), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = OwnHost.CookiePath(http), MaxAge = age, IsEssential = true,
        });
}
