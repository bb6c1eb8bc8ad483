using System.Text.Json;
using System.Text.Json.Serialization;
using Lianka.Kernel;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.App;

/// <summary>What the console application sends: with the token of its page, and JSON in which each part that is needed is there, of its type, in characters that can be shown.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
internal static class Sent
{
    private const int BytesMax = 64 << 10;

    private static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, Converters = { new ShownText() } };

    public static FieldError Unreadable { get; } = new("", "unreadable", "The request cannot be read: something is missing in it, or is not what it should be. Reload the page and try again.", "这个请求读不懂：缺了内容，或者内容不对。请刷新页面再试。");

    private static readonly FieldError _stale = new("", "stale_page", "The page is out of date: reload it and try again.", "页面已经过期，请刷新后再试。");

    /// <returns>Null: it cannot be read.</returns>
    public static async Task<T?> ReadAsync<T>(HttpContext http) where T : class
    {
        if (await RawBody.ReadAsync(http.Request, BytesMax, http.RequestAborted) is not { } body) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(body, _strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>PostgreSQL takes no NUL, and nobody means the others.</summary>
    public static bool IsShown(string? text) => text?.Any(char.IsControl) == false;

    /// <summary>Lets through what only looks, and what one of our own pages sent.</summary>
    public static async ValueTask<object?> CheckTokenAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // The application sends no forms; one that is broken could not even be looked through for a token.
        return !http.Request.HasFormContentType && await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
            ? await next(context) : ApplicationEndpoints.Refuse(http, StatusCodes.Status400BadRequest, _stale);
    }

    private sealed class ShownText : JsonConverter<string>
    {
        public override bool HandleNull => true;

        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text && IsShown(text) ? text : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
