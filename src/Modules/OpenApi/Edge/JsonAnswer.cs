using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Writes a JSON answer with its length, from a buffer that each thread keeps.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    private const int KeptBytes = 256 * 1_024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) _kept;

    /// <param name="write">Runs before this returns, so it may use nothing that waits.</param>
    public static Task WriteAsync<T>(HttpResponse response, int status, string contentType, T value, Action<Utf8JsonWriter, T> write)
    {
        var (buffer, json) = _kept.Buffer is null ? New() : _kept;
        _kept = default;
        write(json, value);
        json.Flush();
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity <= KeptBytes)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            _kept = (buffer, json);
        }

        return response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted).AsTask();
    }

    public static Task OkAsync<T>(HttpContext http, T value, Action<Utf8JsonWriter, T> write)
    {
        // What an account may see is for that account alone.
        http.Response.Headers.CacheControl = "no-store";
        return WriteAsync(http.Response, StatusCodes.Status200OK, ContentType, value, write);
    }

    /// <summary>A moment in RFC 3339, UTC, to the microsecond.</summary>
    public static void WriteMoment(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[27];
        at.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <summary>The property <c>page</c> of a list.</summary>
    public static void WritePage(this Utf8JsonWriter json, string? next, int limit)
    {
        json.WriteStartObject("page"u8);
        json.WriteString("next"u8, next);
        json.WriteNumber("limit"u8, limit);
        json.WriteEndObject();
    }

    /// <summary>A text in both languages.</summary>
    public static void WriteNames(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string zh, string en)
    {
        json.WriteStartObject(name);
        json.WriteString("zh"u8, zh);
        json.WriteString("en"u8, en);
        json.WriteEndObject();
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) New()
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        // Nothing here is put into HTML, so Chinese may stand as it is.
        return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }));
    }
}
