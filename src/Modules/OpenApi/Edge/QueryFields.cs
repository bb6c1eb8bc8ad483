using System.Globalization;
using System.Text.RegularExpressions;
using Lianka.Modules.OpenApi.Core;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>The query of a list, read strictly; what is wrong is gathered in <see cref="Problems"/>.</summary>
internal sealed partial class QueryFields(IQueryCollection query)
{
    public const int LimitMax = 200;
    private const int LimitDefault = 50;

    public List<FieldProblem> Problems { get; } = [];

    public string? Text(string name, int max)
    {
        if (One(name) is not { } text) return null;
        if (text.Length == 0 || text.EnumerateRunes().Count() > max) Problems.Add(new($"?{name}", FieldProblemTexts.Length, $"1–{max}"));
        else if (text.Any(char.IsControl)) Problems.Add(new($"?{name}", FieldProblemTexts.Characters));
        return text;
    }

    public int Limit()
    {
        if (One("limit") is not { } text) return LimitDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax) return limit;
        Problems.Add(new("?limit", FieldProblemTexts.Range, $"1–{LimitMax}"));
        return LimitDefault;
    }

    public DateTimeOffset? Moment(string name)
    {
        if (One(name) is not { } text) return null;
        if (MomentOf(text) is { } at) return at;
        Problems.Add(new($"?{name}", FieldProblemTexts.NotMoment));
        return null;
    }

    /// <summary>A moment as in RFC 3339; null: it is none.</summary>
    public static DateTimeOffset? MomentOf(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.ToUniversalTime() : null;

    public T? Cursor<T>(Func<string, T?> parse) where T : struct
    {
        if (One("cursor") is not { } text) return null;
        if (parse(text) is { } cursor) return cursor;
        Problems.Add(new("?cursor", FieldProblemTexts.NotCursor));
        return null;
    }

    /// <summary>As <see cref="Cursor{T}"/>, for a cursor that is an object.</summary>
    public T? CursorOf<T>(Func<string, T?> parse) where T : class
    {
        if (One("cursor") is not { } text) return null;
        var cursor = parse(text);
        if (cursor is null) Problems.Add(new("?cursor", FieldProblemTexts.NotCursor));
        return cursor;
    }

    public T? Choice<T>(string name, IReadOnlyDictionary<string, T> choices) where T : struct
    {
        if (One(name) is not { } text) return null;
        if (choices.TryGetValue(text, out var choice)) return choice;
        Problems.Add(new($"?{name}", FieldProblemTexts.NotOneOf, string.Join(", ", choices.Keys)));
        return null;
    }

    private string? One(string name)
    {
        var values = query[name];
        if (values.Count > 1) Problems.Add(new($"?{name}", FieldProblemTexts.Duplicate));
        return values.Count == 1 ? values[0] : null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)$", RegexOptions.ECMAScript, 100)]
    private static partial Regex Rfc3339();
}
