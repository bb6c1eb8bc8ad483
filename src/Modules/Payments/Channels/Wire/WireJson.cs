using System.Text.Json;

namespace Lianka.Modules.Payments.Channels.Wire;

/// <summary>JSON as channels write it: numbers where texts were meant, and the other way round.</summary>
internal static class WireJson
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 32 };

    /// <returns>Null when it is not a JSON object.</returns>
    public static JsonElement? Object(ReadOnlyMemory<byte> body)
    {
        // Some sites put a byte order mark before it.
        if (body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) body = body[3..];
        try
        {
            using var document = JsonDocument.Parse(body, _options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>A text or a number as it is written; empty for anything else and for what is not there.</returns>
    public static string Text(this JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value) ? Text(value) : "";

    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };

    /// <returns>Null where there is no object of this name.</returns>
    public static JsonElement? Part(this JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <returns>Nothing where there is no list of this name.</returns>
    public static IEnumerable<JsonElement> Items(this JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
