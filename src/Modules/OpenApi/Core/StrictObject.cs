using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Lianka.Kernel;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>A request body read strictly: valid UTF-8, one JSON object, no name twice, values of exactly the type asked for.</summary>
/// <remarks>
/// Names nobody asks for are passed over, so that a client written for a newer server still works here.
/// All that is wrong is gathered in <see cref="Problems"/>; a value with a problem reads as its default.
/// Held by: tests/Unit/OpenApi/OrderBodyExamples.cs.
/// </remarks>
public sealed class StrictObject
{
    private const int DepthMax = 8;
    private const int MapEntriesMax = 20;
    private const int MapNameMax = 64;
    private const int MapValueMax = 500;

    private readonly record struct Value(string Name, JsonTokenType Type, int From, int To);

    private readonly ReadOnlyMemory<byte> _body;

    /// <summary>Where this object stands in the body: empty for the body itself.</summary>
    private readonly string _at = "";
    private readonly List<Value> _values = new(8);

    public List<FieldProblem> Problems { get; } = [];

    private StrictObject(ReadOnlyMemory<byte> body, string at, List<FieldProblem> problems)
    {
        (_body, _at, Problems) = (body, at, problems);
        Scan();
    }

    public StrictObject(ReadOnlyMemory<byte> body)
    {
        _body = body;
        if (body.Span.StartsWith("\uFEFF"u8)) Problems.Add(new("", FieldProblemTexts.ByteOrderMark));
        else if (!Utf8.IsValid(body.Span)) Problems.Add(new("", FieldProblemTexts.NotUtf8));
        else Scan();
    }

    public bool IsAbsent(string name) => Find(name) is not { } value || value.Type == JsonTokenType.Null;

    /// <summary>A string of so many characters (code points), none of them a control character.</summary>
    public string? Text(string name, bool isRequired, int min, int max)
    {
        if (!Has(name, isRequired, JsonTokenType.String, FieldProblemTexts.NotText, out var value)) return null;
        return TextOf(value, $"{_at}/{name}", min, max);
    }

    /// <summary>A whole number without fraction or exponent; beyond 64 bits it reads as the nearest 64-bit number.</summary>
    public long Integer(string name)
    {
        if (!Has(name, isRequired: true, JsonTokenType.Number, FieldProblemTexts.NotInteger, out var value)) return 0;
        var digits = _body.Span[value.From..value.To];
        var isNegative = digits[0] == '-';
        if (digits[(isNegative ? 1 : 0)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            Problems.Add(new($"{_at}/{name}", FieldProblemTexts.NotInteger));
            return 0;
        }

        if (long.TryParse(digits, out var number)) return number;
        return isNegative ? long.MinValue : long.MaxValue;
    }

    /// <summary>An amount above zero as a decimal string.</summary>
    public Money Amount(string name)
    {
        if (!Has(name, isRequired: true, JsonTokenType.String, FieldProblemTexts.NotText, out var value)) return Money.Zero;
        if (!Money.TryParse(TextOf(value), out var amount)) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.NotAmount));
        else if (!amount.IsPositive) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.NotPositive));
        return amount;
    }

    public bool Flag(string name)
    {
        if (IsAbsent(name)) return false;
        var type = Find(name)!.Value.Type;
        if (type is not (JsonTokenType.True or JsonTokenType.False)) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.NotBoolean));
        return type == JsonTokenType.True;
    }

    /// <summary>An absolute http or https address.</summary>
    public string? Url(string name, int max)
    {
        if (!Has(name, isRequired: false, JsonTokenType.String, FieldProblemTexts.NotText, out var value)) return null;
        var text = TextOf(value);
        var isFine = text is not null && text.Length <= max && !text.Any(c => c <= ' ')
            && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.Host.Length > 0 && url.UserInfo.Length == 0;
        if (!isFine) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.NotUrl, $"{max}"));
        return text;
    }

    /// <summary>An object of strings in canonical form: names in byte order, no white space. Null when absent or empty.</summary>
    public string? Map(string name)
    {
        if (!Has(name, isRequired: false, JsonTokenType.StartObject, FieldProblemTexts.NotObject, out var value)) return null;
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var start = value.From;
        var reader = new Utf8JsonReader(_body.Span[start..value.To]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = TextOf(new Value("", reader.TokenType, start + (int)reader.TokenStartIndex, start + EndOf(ref reader)), $"{_at}/{name}", 1, MapNameMax);
            reader.Read();
            var pointer = $"{_at}/{name}/{Escape(key ?? "")}";
            if (reader.TokenType != JsonTokenType.String)
            {
                Problems.Add(new(pointer, FieldProblemTexts.NotText));
                reader.Skip();
                continue;
            }

            var text = TextOf(new Value("", reader.TokenType, start + (int)reader.TokenStartIndex, start + EndOf(ref reader)), pointer, 0, MapValueMax);
            if (key is not null && !entries.TryAdd(key, text ?? "")) Problems.Add(new(pointer, FieldProblemTexts.Duplicate));
        }

        if (entries.Count > MapEntriesMax) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.TooMany, $"{MapEntriesMax}"));
        return entries.Count == 0 ? null : Canonical(entries);
    }

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> Texts(string name, int most, int min, int max)
    {
        if (!Has(name, isRequired: true, JsonTokenType.StartArray, FieldProblemTexts.NotArray, out var value)) return [];
        var texts = new List<string>();
        var reader = new Utf8JsonReader(_body.Span[value.From..value.To]);
        reader.Read();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            var pointer = $"{_at}/{name}/{i}";
            if (reader.TokenType != JsonTokenType.String)
            {
                Problems.Add(new(pointer, FieldProblemTexts.NotText));
                reader.Skip();
            }
            else if (TextOf(new Value("", reader.TokenType, value.From + (int)reader.TokenStartIndex, value.From + EndOf(ref reader)), pointer, min, max) is { } text)
                texts.Add(text);
        }

        if (texts.Count > most) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.TooMany, $"{most}"));
        return texts;
    }

    /// <summary>An array of objects; what is wrong in them stands in the problems of this one.</summary>
    /// <returns>Empty when it is absent or has more than so many: then that is the only problem told.</returns>
    public IReadOnlyList<StrictObject> Objects(string name, bool isRequired, int most)
    {
        if (!Has(name, isRequired, JsonTokenType.StartArray, FieldProblemTexts.NotArray, out var value)) return [];
        var objects = new List<StrictObject>();
        var reader = new Utf8JsonReader(_body.Span[value.From..value.To]);
        reader.Read();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == most)
            {
                Problems.Add(new($"{_at}/{name}", FieldProblemTexts.TooMany, $"{most}"));
                return [];
            }

            var (type, from) = (reader.TokenType, value.From + (int)reader.TokenStartIndex);
            reader.Skip();
            if (type != JsonTokenType.StartObject) Problems.Add(new($"{_at}/{name}/{i}", FieldProblemTexts.NotObject));
            else objects.Add(new StrictObject(_body[from..(value.From + (int)reader.BytesConsumed)], $"{_at}/{name}/{i}", Problems));
        }

        return objects;
    }

    private static string Canonical(SortedDictionary<string, string> entries)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        foreach (var (key, text) in entries) writer.WriteString(key, text);
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Scan()
    {
        var reader = new Utf8JsonReader(_body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Problems.Add(new("", FieldProblemTexts.NotObject));
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var (type, from) = (reader.TokenType, (int)reader.TokenStartIndex);
                reader.Skip();
                if (Find(name) is not null) Problems.Add(new($"{_at}/{Escape(name)}", FieldProblemTexts.Duplicate));
                else _values.Add(new Value(name, type, from, EndOf(ref reader)));
            }

            reader.Read(); // Throws on anything but white space after the object.
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a name with half a surrogate pair.
            Problems.Clear();
            Problems.Add(new("", FieldProblemTexts.NotJson, $"{reader.BytesConsumed}"));
        }
    }

    private Value? Find(string name)
    {
        foreach (var value in _values)
            if (value.Name == name) return value;
        return null;
    }

    private bool Has(string name, bool isRequired, JsonTokenType type, string otherwise, out Value value)
    {
        value = default;
        if (IsAbsent(name))
        {
            if (isRequired) Problems.Add(new($"{_at}/{name}", FieldProblemTexts.Required));
            return false;
        }

        value = Find(name)!.Value;
        if (value.Type == type) return true;
        Problems.Add(new($"{_at}/{name}", otherwise));
        return false;
    }

    private string? TextOf(Value value, string pointer, int min, int max)
    {
        var text = TextOf(value);
        if (text is null || text.Any(char.IsControl))
        {
            Problems.Add(new(pointer, FieldProblemTexts.Characters));
            return null;
        }

        var length = 0;
        foreach (var _ in text.EnumerateRunes()) length++;
        if (length < min || length > max)
        {
            Problems.Add(new(pointer, FieldProblemTexts.Length, $"{min}–{max}"));
            return null;
        }

        return text;
    }

    /// <summary>The unescaped string; null when an escape leaves half a surrogate pair.</summary>
    private string? TextOf(Value value)
    {
        var inner = _body.Span[(value.From + 1)..(value.To - 1)];
        if (!inner.Contains((byte)'\\')) return Encoding.UTF8.GetString(inner);
        var reader = new Utf8JsonReader(_body.Span[value.From..value.To]);
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int EndOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        // After a name the reader has already consumed the colon.
        JsonTokenType.PropertyName => (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2,
        _ => (int)reader.BytesConsumed,
    };

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
