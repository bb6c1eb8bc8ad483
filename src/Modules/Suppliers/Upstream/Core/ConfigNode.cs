using System.Text.Json;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>Something in a configuration is wrong: where, and what, in both languages.</summary>
internal sealed record ConfigProblem(string Where, string En, string Zh);

/// <summary>One object of a configuration, read strictly: each name that is there must be asked for.</summary>
internal sealed class ConfigNode
{
    private readonly Dictionary<string, JsonElement> _left = [];
    private readonly string _where;
    private readonly List<ConfigProblem> _problems;

    public ConfigNode(JsonElement element, string where, List<ConfigProblem> problems)
    {
        (_where, _problems) = (where, problems);
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var property in element.EnumerateObject()) _left[property.Name] = property.Value;
        else
            Problem("", "must be an object { … }", "要写成对象 { … }");
    }

    public List<ConfigProblem> Problems => _problems;

    public bool Has(string name) => _left.ContainsKey(name);

    public void Problem(string name, string en, string zh) => _problems.Add(new(PathOf(name), en, zh));

    public string PathOf(string name) => name.Length == 0 ? _where : _where.Length == 0 ? name : $"{_where}.{name}";

    public JsonElement? Take(string name) => _left.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public ConfigNode? Node(string name, bool isRequired = false)
    {
        if (Take(name) is { } value) return new ConfigNode(value, PathOf(name), _problems);
        if (isRequired) Problem(name, "is missing", "缺少这一项");
        return null;
    }

    public string? Text(string name, bool isRequired = false, int max = 2_000)
    {
        var value = Take(name);
        if (value is null)
        {
            if (isRequired) Problem(name, "is missing", "缺少这一项");
            return null;
        }

        if (value.Value.ValueKind == JsonValueKind.String && Whole(value.Value) is { } text && text.Length <= max) return text;
        Problem(name, $"must be a text of at most {max} characters", $"要写成文字，最多 {max} 个字符");
        return null;
    }

    public bool Flag(string name)
    {
        var value = Take(name);
        if (value is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) }) Problem(name, "must be true or false", "只能是 true 或 false");
        return value?.ValueKind == JsonValueKind.True;
    }

    public long Number(string name, long usual, long min, long max)
    {
        if (Take(name) is not { } value) return usual;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max) return number;
        Problem(name, $"must be a whole number from {min} to {max}", $"要写成 {min} 到 {max} 的整数");
        return usual;
    }

    public T Choice<T>(string name, IReadOnlyDictionary<string, T> choices, T usual) => Text(name) is { } text ? OneOf(name, text, choices, usual) : usual;

    public T OneOf<T>(string name, string text, IReadOnlyDictionary<string, T> choices, T usual)
    {
        if (choices.TryGetValue(text, out var chosen)) return chosen;
        var all = string.Join(", ", choices.Keys);
        Problem(name, $"'{text}' is none of: {all}", $"「{text}」不在可选值里：{all}");
        return usual;
    }

    public JsonPath? Path(string name, bool isRequired = false)
    {
        if (Text(name, isRequired) is not { } text) return null;
        var path = JsonPath.Parse(text);
        if (path is null) Problem(name, $"'{text}' is not a path such as $.data.list[0].no", $"「{text}」不是路径，应像 $.data.list[0].no");
        return path;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String && Whole(v) is not null))
            return [.. value.EnumerateArray().Select(v => v.GetString()!)];
        Problem(name, "must be a list of texts", "要写成文字的列表");
        return [];
    }

    public IEnumerable<(string Name, JsonElement Value)> Each(string name)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Object) return [.. value.EnumerateObject().Select(p => (p.Name, p.Value))];
        Problem(name, "must be an object { … }", "要写成对象 { … }");
        return [];
    }

    public IEnumerable<ConfigNode> Items(string name)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array) return [.. value.EnumerateArray().Select((v, i) => new ConfigNode(v, $"{PathOf(name)}[{i}]", _problems))];
        Problem(name, "must be a list [ … ]", "要写成列表 [ … ]");
        return [];
    }

    /// <summary>At the end: what nobody asked for is a slip of the pen.</summary>
    public void Close()
    {
        foreach (var name in _left.Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => p.Key)) Problem(name, "is not known here", "这里没有这一项");
    }

    private static string? Whole(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair.
        }
    }
}
