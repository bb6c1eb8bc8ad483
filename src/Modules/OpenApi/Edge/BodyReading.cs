using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Reads the raw bytes of a body, since they are what is signed.</summary>
internal static class BodyReading
{
    public const int BytesMax = 64 * 1_024;

    /// <summary>For calls that bring cards.</summary>
    public const int LargeMax = 4 << 20;

    /// <returns>Null when the body is larger than <paramref name="bytesMax"/>.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancel, int bytesMax = BytesMax)
    {
        if (request.ContentLength > bytesMax) return null;
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding") && request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
            return ReadOnlyMemory<byte>.Empty;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            if (read.Buffer.Length > bytesMax)
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
    public static bool IsJson(HttpRequest request) => Is(request, "application/json");

    public static bool IsCsv(HttpRequest request) => Is(request, "text/csv");

    private static bool Is(HttpRequest request, string mediaType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
