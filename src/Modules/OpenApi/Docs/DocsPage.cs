using System.Text.Json;
using Lianka.Modules.OpenApi.Edge;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.OpenApi.Docs;

/// <summary>One call of the API as the page shows it.</summary>
public sealed record Operation(string Method, string Path, JsonElement Json)
{
    public string Id => Json.GetProperty("operationId").GetString()!;
    public string Tag => Json.GetProperty("tags")[0].GetString()!;
}

/// <summary>One property of an object, or one parameter.</summary>
/// <param name="Object">The schema it refers to, when it is an object of the document.</param>
public sealed record Member(string Name, string Type, bool IsRequired, string Text, string? Object, string? Example);

/// <summary>The documentation at /docs: everything in it comes from the OpenAPI document.</summary>
public sealed class DocsPage : PageModel
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Language Language => RequestLanguage.Of(HttpContext);

    public string Base => PathPrefix.Origin(HttpContext);

    /// <summary>What most readers come for stands first; what suppliers alone may call, last.</summary>
    public IEnumerable<JsonElement> Tags => ApiDocument.Root.GetProperty("tags").EnumerateArray().Reverse()
        .OrderBy(t => t.GetProperty("name").GetString() == "Suppliers");

    public IEnumerable<Operation> Operations =>
        from path in ApiDocument.Root.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value);

    public IEnumerable<JsonProperty> Objects => ApiDocument.Root.GetProperty("components").GetProperty("schemas").EnumerateObject();

    public IEnumerable<Problem> AllProblems => ProblemBook.All.OrderBy(p => p.Status).ThenBy(p => p.Code, StringComparer.Ordinal);

    public string T(string zh, string en) => Language.Pick(zh, en);

    /// <summary>A description in the reader's language: Chinese stands beside it under x-zh.</summary>
    public string Text(JsonElement json, string name = "description")
    {
        if (Language == Language.Zh && json.TryGetProperty("x-zh", out var chinese))
            return chinese.ValueKind == JsonValueKind.String ? chinese.GetString()!
                : chinese.TryGetProperty(name, out var part) ? part.GetString()!
                : Plain(json, name);
        return Plain(json, name);
    }

    public IEnumerable<Member> Parameters(Operation call)
    {
        if (!call.Json.TryGetProperty("parameters", out var parameters)) yield break;
        foreach (var p in parameters.EnumerateArray())
        {
            var schema = p.GetProperty("schema");
            yield return new Member($"{p.GetProperty("name").GetString()}", $"{TypeOf(schema)} · {Place(p.GetProperty("in").GetString()!)}",
                p.GetProperty("required").GetBoolean(), Text(p), null, null);
        }
    }

    public IEnumerable<Member> Members(JsonElement schema)
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ToHashSet(StringComparer.Ordinal);
        foreach (var p in schema.GetProperty("properties").EnumerateObject())
            yield return new Member(p.Name, TypeOf(p.Value), required.Contains(p.Name), Text(p.Value), ObjectOf(p.Value),
                p.Value.TryGetProperty("examples", out var examples) ? examples[0].GetRawText() : null);
    }

    public static string? RequestObject(Operation call) => call.Json.TryGetProperty("requestBody", out var body)
        ? ObjectOf(body.GetProperty("content").GetProperty("application/json").GetProperty("schema")) : null;

    /// <summary>The answers that carry what was asked for: status, what it means, which object.</summary>
    public IEnumerable<(string Status, string Text, string Object)> Answers(Operation call) =>
        from answer in call.Json.GetProperty("responses").EnumerateObject()
        where answer.Name[0] == '2'
        select (answer.Name, Text(answer.Value),
            ObjectOf(answer.Value.GetProperty("content").GetProperty("application/json").GetProperty("schema"))!);

    public static IEnumerable<string> Problems(Operation call) =>
        call.Json.GetProperty("x-problems").EnumerateArray().Select(p => p.GetString()!);

    /// <summary>An object's example as it stands on the wire, indented; null when it has none.</summary>
    public static string? Example(string name)
    {
        var schema = ApiDocument.Root.GetProperty("components").GetProperty("schemas").GetProperty(name);
        return schema.TryGetProperty("examples", out var examples) ? JsonSerializer.Serialize(examples[0], _indented) : null;
    }

    private static string Plain(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString()! : "";

    private string Place(string place) => place switch
    {
        "path" => T("路径", "path"),
        "header" => T("请求头", "header"),
        _ => T("查询", "query"),
    };

    private static string TypeOf(JsonElement schema)
    {
        if (ObjectOf(schema) is { } name) return schema.TryGetProperty("type", out _) ? $"array of {name}" : name;
        if (!schema.TryGetProperty("type", out var type)) return "any";
        var text = type.ValueKind == JsonValueKind.Array ? string.Join(" | ", type.EnumerateArray().Select(t => t.GetString())) : type.GetString()!;
        if (schema.TryGetProperty("enum", out var choices) && choices.GetArrayLength() <= 8)
            text = string.Join(" | ", choices.EnumerateArray().Select(c => c.GetString()));
        return schema.TryGetProperty("format", out var format) ? $"{text} ({format.GetString()})" : text;
    }

    private static string? ObjectOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return reference.GetString()!.Split('/')[^1];
        if (schema.TryGetProperty("items", out var items)) return ObjectOf(items);
        return schema.TryGetProperty("oneOf", out var choices) ? ObjectOf(choices[0]) : null;
    }
}
