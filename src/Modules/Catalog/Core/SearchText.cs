using System.Text;

namespace Lianka.Modules.Catalog.Core;

/// <summary>A text as goods are searched by it: half-width small letters, and one blank for all that is neither letter nor digit.</summary>
internal static class SearchText
{
    public const int WordsMax = 6, WordLengthMax = 60;

    /// <summary>Several texts, a line each.</summary>
    public static string Of(IEnumerable<string> texts) =>
        string.Join('\n', texts.Select(Fold).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal));

    /// <summary>The words of a query; what is too much of it is not looked at.</summary>
    public static string[] Words(string query) =>
        [.. Fold(query).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(WordsMax).Select(w => w.Length > WordLengthMax ? w[..WordLengthMax] : w)];

    public static bool IsChinese(char c) => c is >= '\u3400' and <= '\u9FFF';

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var plain = FoldedText.HalfWidth(rune);
            if (FoldedText.IsUnseen(plain)) continue;
            if (Rune.IsLetterOrDigit(plain)) folded.Append(Rune.ToLowerInvariant(plain).ToString());
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }
}
