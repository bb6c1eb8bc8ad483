using System.Text;

namespace Lianka.Modules.Suppliers.Upstream.Core;

/// <summary>A place in a template: <c>{own_no}</c>, <c>{field:account}</c>, or <c>{field:region?}</c>, which may be missing.</summary>
internal sealed record Hole(string Name, string? Key, bool IsOptional)
{
    public override string ToString() => Key is null ? Name : $"{Name}:{Key}";
}

/// <summary>Where the values of holes come from; what was asked for and is not there is kept for the error.</summary>
internal abstract class Values
{
    private readonly List<string> _missing = [];

    /// <summary>Names of what had to be there and was not.</summary>
    public IReadOnlyList<string> Missing => _missing;

    protected abstract string? Find(Hole hole);

    public string Get(Hole hole)
    {
        var value = Find(hole);
        if (string.IsNullOrEmpty(value) && !hole.IsOptional) _missing.Add(hole.ToString());
        return value ?? "";
    }
}

/// <summary>Text with holes. A brace that is meant as one is written twice.</summary>
internal sealed class Template
{
    private readonly List<(string Text, Hole? Hole)> _parts = [];

    public IEnumerable<Hole> Holes => _parts.Where(p => p.Hole is not null).Select(p => p.Hole!);

    /// <summary>The whole text is this one hole.</summary>
    public bool Is(string name) => _parts is [{ Hole: { } only }] && only.Name == name;

    /// <param name="names">Holes that make sense here; those that take a key end in a colon.</param>
    /// <param name="problem">The part that cannot be read.</param>
    /// <returns>Null when there is a problem.</returns>
    public static Template? Parse(string text, IReadOnlySet<string> names, out string problem)
    {
        var template = new Template();
        var plain = new StringBuilder();
        problem = "";
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '{' or '}' && at + 1 < text.Length && text[at + 1] == c)
            {
                plain.Append(c);
                at++;
                continue;
            }

            if (c is not ('{' or '}'))
            {
                plain.Append(c);
                continue;
            }

            var close = text.IndexOf('}', at);
            problem = close < 0 ? text[at..] : text[at..(close + 1)];
            if (c == '}' || close < 0 || HoleOf(text[(at + 1)..close], names) is not { } hole) return null;
            if (plain.Length > 0) template._parts.Add((plain.ToString(), null));
            plain.Clear();
            template._parts.Add(("", hole));
            at = close;
        }

        problem = "";
        if (plain.Length > 0) template._parts.Add((plain.ToString(), null));
        return template;
    }

    /// <param name="escape">What to do to the value of each hole, for example for a place in an address.</param>
    public string Fill(Values values, Func<string, string>? escape = null)
    {
        var text = new StringBuilder();
        foreach (var (plain, hole) in _parts)
        {
            if (hole is null) text.Append(plain);
            else text.Append(escape is null ? values.Get(hole) : escape(values.Get(hole)));
        }

        return text.ToString();
    }

    private static Hole? HoleOf(string inside, IReadOnlySet<string> names)
    {
        var isOptional = inside.EndsWith('?');
        if (isOptional) inside = inside[..^1];
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return names.Contains(inside) ? new Hole(inside, null, isOptional) : null;
        var key = inside[(colon + 1)..];
        return key.Length > 0 && names.Contains(inside[..(colon + 1)]) ? new Hole(inside[..colon], key, isOptional) : null;
    }
}
