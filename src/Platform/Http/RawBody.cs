using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>Reads the raw bytes of a request: signatures are checked over what came, not over what was understood.</summary>
public static class RawBody
{
    /// <returns>Null when there are more than <paramref name="max"/> bytes.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int max, CancellationToken cancel)
    {
        if (request.ContentLength > max) return null;
        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancel)) > 0)
        {
            if (kept.Length + read > max) return null;
            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}
