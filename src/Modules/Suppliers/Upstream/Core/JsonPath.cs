using System.Globalization;
using System.Text.Json.Nodes;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>A place in a JSON answer: <c>$.data.list[0].no</c>. Names, places in lists, nothing else.</summary>
/// <remarks>A text that itself holds JSON is read when the path goes on into it: some systems wrap their result that way.</remarks>
internal sealed class JsonPath
{
    private readonly string _text;
    private readonly List<(string? Name, int Index)> _steps = [];

    private JsonPath(string text) => _text = text;

    /// <returns>Null when it is not such a path.</returns>
    public static JsonPath? Parse(string text)
    {
        if (text.Length is 0 or > 200 || text[0] != '$') return null;
        var path = new JsonPath(text);
        for (var at = 1; at < text.Length;)
        {
            var end = at + 1;
            if (text[at] == '.')
            {
                while (end < text.Length && text[end] is not ('.' or '[' or ']')) end++;
                if (end == at + 1) return null;
                path._steps.Add((text[(at + 1)..end], 0));
            }
            else if (text[at] == '[' && text.IndexOf(']', at) is > 0 and var close
                && int.TryParse(text.AsSpan(at + 1, close - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                path._steps.Add((null, index));
                end = close + 1;
            }
            else
            {
                return null;
            }

            at = end;
        }

        return path;
    }

    public JsonNode? Find(JsonNode? from)
    {
        var node = from;
        foreach (var (name, index) in _steps)
        {
            if (node is JsonValue && WireJson.TextOf(node) is { } text && text.TrimStart() is ['{' or '[', ..]) node = WireJson.Read(text);
            node = node switch
            {
                JsonObject fields when name is not null => fields[name],
                JsonArray items when name is null && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }

    public string? TextIn(JsonNode? from) => WireJson.TextOf(Find(from));

    public override string ToString() => _text;
}
