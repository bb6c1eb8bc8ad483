using System.Text;
using System.Text.Json.Nodes;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>A request, whole and signed, before anything is sent.</summary>
/// <param name="Address">Path and query below the connection's base address.</param>
internal sealed record PlannedCall(string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string? Body, string ContentType);

/// <summary>Fills the templates of a call and signs the result.</summary>
internal static class CallMaker
{
    /// <returns>A call, or why it cannot be made: then nothing is sent.</returns>
    public static (PlannedCall? Call, string Problem) Make(HttpCall call, CallValues values)
    {
        var problems = new List<string>();
        var path = call.Path.Fill(values, Uri.EscapeDataString);
        var (query, _) = Pairs(call.Query, values);
        var (body, fields) = BodyOf(call, values, problems);
        if (call.Sign is { } rule)
        {
            values.Request = new CallValues.Unsigned(call.Method, path, query.Length > 0 ? $"{path}?{query}" : path, body ?? "", call.Kind == BodyKind.None ? QueryFields(call, values) : fields);
            values.Sign = rule.Sign(values);
            // Again, now with the signature wherever it goes.
            (query, _) = Pairs(call.Query, values);
            (body, _) = BodyOf(call, values, problems);
        }

        var headers = call.Headers.Select(h => (h.Name, Value: h.Value.Fill(values))).Where(h => h.Value.Length > 0).ToList();
        problems.AddRange(values.Missing.Distinct().Select(m => $"{m} is missing"));
        problems.AddRange(headers.Where(h => h.Value.Any(c => c is < ' ' or > '~')).Select(h => $"header {h.Name} is not plain text"));
        return problems.Count > 0
            ? (null, string.Join("; ", problems.Distinct()))
            : (new PlannedCall(call.Method, query.Length > 0 ? $"{path}?{query}" : path, headers, body, ContentType(call.Kind)), "");
    }

    private static string ContentType(BodyKind kind) => kind == BodyKind.Form ? "application/x-www-form-urlencoded" : "application/json";

    private static (string? Text, JsonObject Fields) BodyOf(HttpCall call, CallValues values, List<string> problems)
    {
        switch (call.Kind)
        {
            case BodyKind.Json:
                call.Body!.TryFill(values, problems, out var node);
                return (WireJson.Write(node), (JsonObject)node!);
            case BodyKind.Form:
                var (text, fields) = Pairs(call.Fields, values);
                return (text, fields);
            default:
                return (null, []);
        }
    }

    private static JsonObject QueryFields(HttpCall call, CallValues values) => Pairs(call.Query, values).Fields;

    private static (string Text, JsonObject Fields) Pairs(IReadOnlyList<(string Name, Template Value)> pairs, CallValues values)
    {
        var text = new StringBuilder();
        var fields = new JsonObject();
        foreach (var (name, template) in pairs)
        {
            if (template.Is("sign") && values.Sign is null) continue;
            var value = template.Fill(values);
            if (value.Length == 0 && template.Holes.Any(h => h.IsOptional)) continue;
            if (text.Length > 0) text.Append('&');
            text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            fields[name] = value;
        }

        return (text.ToString(), fields);
    }
}
