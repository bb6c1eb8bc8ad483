namespace Lianka.Kernel;

/// <summary>Full-width forms, as Chinese input methods produce them, as the plain characters they look like.</summary>
/// <remarks>
/// Only this fixed table, not Unicode's NFKC, whose tables grow from version to version: what was once compared must
/// compare alike for ever.
/// </remarks>
public static class FullWidth
{
    public static string Narrow(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uFF01', '\uFF5E') && !text.Contains('\u3000', StringComparison.Ordinal)) return text;
        return string.Create(text.Length, text, static (span, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                span[i] = from[i] switch { >= '\uFF01' and <= '\uFF5E' => (char)(from[i] - 0xFEE0), '\u3000' => ' ', _ => from[i] };
        });
    }
}
