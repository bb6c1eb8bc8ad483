using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Holds what the server answers to the console application against what the application is built from (web/console/openapi.json).</summary>
internal static class ConsoleContract
{
    private static readonly JsonElement _schemas = JsonDocument.Parse(File.ReadAllText(Path())).RootElement.GetProperty("components").GetProperty("schemas");

    /// <summary>Nothing is missing, nothing is unknown, everything is of its kind.</summary>
    public static void ShouldBe(this JsonElement value, string schema) => Check(value, _schemas.GetProperty(schema), schema);

    private static void Check(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, _schemas.GetProperty(reference.GetString()!.Split('/')[^1]), at);
            return;
        }

        switch (schema.GetProperty("type").GetString())
        {
            case "object":
                value.ValueKind.ShouldBe(JsonValueKind.Object, at);
                var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
                if (schema.TryGetProperty("required", out var required))
                    foreach (var name in required.EnumerateArray()) value.TryGetProperty(name.GetString()!, out _).ShouldBeTrue($"{at} lacks {name}");
                foreach (var member in value.EnumerateObject())
                {
                    if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(member.Name, out var own)) Check(member.Value, own, $"{at}.{member.Name}");
                    else if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object) Check(member.Value, others, $"{at}.{member.Name}");
                    else throw new ShouldAssertException($"{at} has {member.Name}, which the document does not name.");
                }

                break;
            case "array":
                value.ValueKind.ShouldBe(JsonValueKind.Array, at);
                foreach (var item in value.EnumerateArray()) Check(item, schema.GetProperty("items"), $"{at}[]");
                break;
            case "string":
                value.ValueKind.ShouldBe(JsonValueKind.String, at);
                if (schema.TryGetProperty("enum", out var words)) words.EnumerateArray().Select(w => w.GetString()).ShouldContain(value.GetString(), at);
                break;
            case "boolean": value.ValueKind.ShouldBeOneOf([JsonValueKind.True, JsonValueKind.False], at); break;
            case "integer": value.TryGetInt64(out _).ShouldBeTrue(at); break;
            case var other: throw new InvalidOperationException($"{at}: the check does not know {other}.");
        }
    }

    private static string Path([CallerFilePath] string here = "") => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../../../web/console/openapi.json");
}
