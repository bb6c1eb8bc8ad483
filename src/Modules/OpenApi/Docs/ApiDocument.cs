using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Docs;

/// <summary>The OpenAPI document. It is written by hand and the code is held to it (decision 0011), so it is served as it is.</summary>
internal static class ApiDocument
{
    private static readonly byte[] _bytes = Read();

    /// <summary>The document's root, for the page that shows it.</summary>
    public static JsonElement Root { get; } = JsonDocument.Parse(_bytes).RootElement;

    public static Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "public, max-age=300";
        // Anyone may read the contract, from any page.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.ContentLength = _bytes.Length;
        return http.Response.Body.WriteAsync(_bytes, 0, _bytes.Length, http.RequestAborted);
    }

    private static byte[] Read()
    {
        using var resource = typeof(ApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
