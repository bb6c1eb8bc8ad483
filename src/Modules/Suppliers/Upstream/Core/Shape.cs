using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>The template of a JSON body.</summary>
internal abstract partial record Shape
{
    private Shape() { }

    /// <summary>Fills it; false: it is left out, because it is the signature and that is not there yet, or optional and empty.</summary>
    public abstract bool TryFill(CallValues values, List<string> problems, out JsonNode? node);

    public sealed record Text(Template Template) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            node = null;
            if (Template.Is("sign") && values.Sign is null) return false;
            var text = Template.Fill(values);
            if (text.Length == 0 && Template.Holes.Any(h => h.IsOptional)) return false;
            node = JsonValue.Create(text);
            return true;
        }
    }

    /// <summary>A text that stands in the body as a number.</summary>
    public sealed partial record Number(Template Template) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            node = null;
            var text = Template.Fill(values);
            if (text.Length == 0 && Template.Holes.Any(h => h.IsOptional)) return false;
            if (!Digits().IsMatch(text)) problems.Add($"'{text}' is not a number ({string.Join(", ", Template.Holes)})");
            else node = WireJson.Read(text);
            return true;
        }

        [GeneratedRegex(@"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?\z", RegexOptions.ExplicitCapture, 1_000)]
        private static partial Regex Digits();
    }

    /// <summary>JSON that stands in the body as a text.</summary>
    public sealed record Packed(Shape Inside) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            node = Inside.TryFill(values, problems, out var inside) ? JsonValue.Create(WireJson.Write(inside)) : null;
            return node is not null;
        }
    }

    public sealed record Object(IReadOnlyList<(string Name, Shape Shape)> Fields) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            var fields = new JsonObject();
            foreach (var (name, shape) in Fields)
                if (shape.TryFill(values, problems, out var value)) fields[name] = value;
            node = fields;
            return true;
        }
    }

    public sealed record List(IReadOnlyList<Shape> Items) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            var items = new JsonArray();
            foreach (var shape in Items)
                if (shape.TryFill(values, problems, out var value)) items.Add(value);
            node = items;
            return true;
        }
    }

    /// <summary>All fields of the order: as one object, or as a list of <c>{name, value}</c>.</summary>
    public sealed record OrderFields(bool IsList) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            var fields = values.OrderTold?.Fields ?? new Dictionary<string, string>();
            node = IsList
                ? new JsonArray([.. fields.Select(f => (JsonNode?)new JsonObject { ["name"] = f.Key, ["value"] = f.Value })])
                : new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value))));
            return true;
        }
    }

    /// <summary>A number, a truth value or null, as the configuration has it.</summary>
    public sealed record Constant(string Json) : Shape
    {
        public override bool TryFill(CallValues values, List<string> problems, out JsonNode? node)
        {
            node = WireJson.Read(Json);
            return true;
        }
    }
}
