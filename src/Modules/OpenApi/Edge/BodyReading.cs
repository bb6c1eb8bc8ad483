using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Reads the raw bytes of a body, since they are what is signed.</summary>
internal static class BodyReading
{
    public const int BytesMax = 64 * 1_024;

    /// <returns>Null when the body is larger than <see cref="BytesMax"/>.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > BytesMax) return null;
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding") && request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
            return ReadOnlyMemory<byte>.Empty;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            if (read.Buffer.Length > BytesMax)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>JSON, in UTF-8 when a charset is named at all.</summary>
    public static bool IsJson(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
