using System.Text.Json;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>Reads the calls of a configuration and the templates in them.</summary>
internal sealed class CallReader(List<ConfigProblem> problems, IReadOnlySet<string> secrets)
{
    private static readonly Dictionary<string, BodyKind> _bodies = new() { ["none"] = BodyKind.None, ["json"] = BodyKind.Json, ["form"] = BodyKind.Form };
    private static readonly Dictionary<string, string> _methods = new() { ["GET"] = "GET", ["POST"] = "POST", ["PUT"] = "PUT" };

    public HttpCall? Call(ConfigNode root, string name, bool isRequired, SignRule? sign, IReadOnlySet<string> holes, IReadOnlySet<string> signHoles)
    {
        if (root.Node(name, isRequired) is not { } node) return null;
        var method = node.Choice("method", _methods, "POST");
        var path = Template(node, "path", holes, isRequired: true);
        if (path?.Fill(new Nothing()).StartsWith('/') == false) node.Problem("path", "must begin with /", "要以 / 开头");
        var kind = node.Choice("body", _bodies, node.Has("json") ? BodyKind.Json : node.Has("form") ? BodyKind.Form : BodyKind.None);
        var query = Pairs(node, "query", holes);
        var headers = Pairs(node, "headers", holes);
        foreach (var (header, _) in headers.Where(h => !IsToken(h.Name))) node.Problem($"headers.{header}", "is not the name of a header", "不是合法的请求头名字");
        var body = kind == BodyKind.Json ? BodyOf(node, holes) : null;
        var fields = kind == BodyKind.Form ? Pairs(node, "form", holes) : [];
        if (node.Node("sign") is { } own) sign = ConfigReader.SignOf(own, signHoles, this);
        var answer = node.Node("answer", isRequired: true) is { } inside
            ? ConfigReader.AnswerOf(inside, name == "balance" ? ConfigReader.AnswerFor.Balance : ConfigReader.AnswerFor.Order) : null;
        if (method == "GET" && kind != BodyKind.None) node.Problem("method", "GET has no body", "GET 没有请求体");
        node.Close();
        return path is null || answer is null ? null : new HttpCall(method, path, query, headers, kind, body, fields, sign, answer);
    }

    public Template? Template(ConfigNode node, string name, IReadOnlySet<string> holes, bool isRequired) =>
        node.Text(name, isRequired) is { } text ? Template(text, node.PathOf(name), holes) : null;

    private Template? Template(string text, string where, IReadOnlySet<string> holes)
    {
        var template = Core.Template.Parse(text, holes, out var problem);
        if (template is null)
        {
            problems.Add(new(where, $"'{problem}' is not a placeholder that can stand here", $"「{problem}」不是这里可用的占位符"));
            return null;
        }

        foreach (var hole in template.Holes.Where(h => h.Name == "secret" && !secrets.Contains(h.Key!)))
            problems.Add(new(where, $"the secret '{hole.Key}' is not listed in secrets", $"密钥「{hole.Key}」没有列在 secrets 里"));
        return template;
    }

    private List<(string Name, Template Value)> Pairs(ConfigNode node, string name, IReadOnlySet<string> holes)
    {
        var pairs = new List<(string, Template)>();
        foreach (var (key, value) in node.Each(name))
        {
            if (value.ValueKind != JsonValueKind.String) node.Problem($"{name}.{key}", "must be a text", "要写成文字");
            else if (Template(value.GetString()!, node.PathOf($"{name}.{key}"), holes) is { } template) pairs.Add((key, template));
        }

        return pairs;
    }

    private Shape.Object BodyOf(ConfigNode node, IReadOnlySet<string> holes)
    {
        if (node.Take("json") is { ValueKind: JsonValueKind.Object } body) return ObjectOf(body, node.PathOf("json"), holes);
        node.Problem("json", "must be an object { … }", "要写成对象 { … }");
        return new Shape.Object([]);
    }

    private Shape.Object ObjectOf(JsonElement element, string where, IReadOnlySet<string> holes) =>
        new([.. element.EnumerateObject().Select(p => (p.Name, ShapeOf(p.Value, $"{where}.{p.Name}", holes)))]);

    private Shape ShapeOf(JsonElement element, string where, IReadOnlySet<string> holes)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Template(element.GetString()!, where, holes) is { } text ? new Shape.Text(text) : new Shape.Constant("null");
            case JsonValueKind.Array:
                return new Shape.List([.. element.EnumerateArray().Select((e, i) => ShapeOf(e, $"{where}[{i}]", holes))]);
            case JsonValueKind.Object when element.EnumerateObject().Any(p => p.Name.StartsWith('$')):
                return SpecialOf(element, where, holes);
            case JsonValueKind.Object:
                return ObjectOf(element, where, holes);
            default:
                return new Shape.Constant(element.GetRawText());
        }
    }

    private Shape SpecialOf(JsonElement element, string where, IReadOnlySet<string> holes)
    {
        var only = element.EnumerateObject().First();
        if (element.EnumerateObject().Count() == 1)
        {
            if (only is { Name: "$number", Value.ValueKind: JsonValueKind.String } && Template(only.Value.GetString()!, where, holes) is { } number) return new Shape.Number(number);
            if (only.Name == "$json") return new Shape.Packed(ShapeOf(only.Value, $"{where}.$json", holes));
            if (only is { Name: "$fields", Value.ValueKind: JsonValueKind.String } && only.Value.GetString() is "object" or "list") return new Shape.OrderFields(only.Value.GetString() == "list");
        }

        problems.Add(new(where, "an object with $ is one of {\"$number\": \"…\"}, {\"$json\": …}, {\"$fields\": \"object\" or \"list\"}", "带 $ 的对象只能是 {\"$number\": \"…\"}、{\"$json\": …} 或 {\"$fields\": \"object\" / \"list\"}"));
        return new Shape.Constant("null");
    }

    private static bool IsToken(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private sealed class Nothing : Values
    {
        protected override string? Find(Hole hole) => "x";
    }
}
