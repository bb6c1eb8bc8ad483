using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Turns orders away that could not be answered in reasonable time, before anything is read of them.</summary>
/// <remarks>
/// The first thing after the request's id: no signature is checked, no body read, nothing logged, the answer's bytes are ready.
/// What is turned away costs so little that those who were let in do not notice. Reads are served on.
/// </remarks>
internal sealed class OverloadGate(RequestDelegate next, OrderDesk desk)
{
    private static readonly Meter _meter = new("Lianka.Orders");
    private static readonly Counter<long> _shed = _meter.CreateCounter<long>("lianka_orders_shed", description: "Orders turned away before they were read");

    private static readonly (byte[] Head, byte[] Tail) _english = Bytes(isChinese: false), _chinese = Bytes(isChinese: true);

    public Task InvokeAsync(HttpContext http)
    {
        if (!IsOrder(http.Request) || desk.Takes()) return next(http);
        _shed.Add(1);
        return WriteAsync(http, OrderDesk.ComeAgain);
    }

    // Kestrel gives one and the same string for a known method.
    private static bool IsOrder(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Value is { Length: 14 } path && path.Equals("/api/v1/orders", StringComparison.OrdinalIgnoreCase);

    /// <summary>The problem <c>overloaded</c> with the pause after which to come again.</summary>
    public static Task WriteAsync(HttpContext http, TimeSpan retryAfter)
    {
        var isChinese = ApiLanguage.Of(http.Request) == Language.Zh;
        var (head, tail) = isChinese ? _chinese : _english;
        var response = http.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        var headers = response.Headers;
        headers.RetryAfter = $"{Math.Max(1, (int)retryAfter.TotalSeconds)}";
        headers.ContentType = ProblemBook.ContentType;
        headers.ContentLanguage = (isChinese ? Language.Zh : Language.En).Tag();
        headers.Vary = "Accept-Language";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        var id = http.TraceIdentifier;
        headers.ContentLength = head.Length + id.Length + tail.Length;
        var body = response.BodyWriter;
        body.Write(head);
        Encoding.ASCII.GetBytes(id, body); // Plain characters only: RequestIds sees to it.
        body.Write(tail);
        var flushed = body.FlushAsync();
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }

    /// <summary>What stands before and after the request's id.</summary>
    private static (byte[], byte[]) Bytes(bool isChinese)
    {
        const string Mark = "#";
        var problem = ProblemBook.Get("overloaded");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            ProblemBook.Write(json, (problem, Mark, isChinese, []));
        var text = Encoding.UTF8.GetString(stream.ToArray());
        var at = text.IndexOf($"\"{Mark}\"", StringComparison.Ordinal) + 1;
        return (Encoding.UTF8.GetBytes(text[..at]), Encoding.UTF8.GetBytes(text[(at + 1)..]));
    }
}
