using System.Globalization;
using System.Text;

namespace Lianka.Modules.Catalog.Core;

/// <summary>A text as forbidden words are looked for in it: half-width, small letters, without what eyes pass over.</summary>
/// <remarks>
/// Spaces, line ends, control, zero-width and combining characters fall away, so "赌 博" and "ｃ a\u200bs i n o" are found. A word of
/// letters that are written with gaps between words (Latin, Cyrillic, digits) counts only where it begins and ends as one:
/// "sex" is not in "Essex". Chinese has no such gaps, so there any place counts.
/// Held by: tests/Unit/Catalog/FoldedTextExamples.cs.
/// </remarks>
internal sealed class FoldedText
{
    private readonly string _text;

    /// <summary>By index in the folded text: a gap stood before this character, or it is the first. One more for the end.</summary>
    private readonly bool[] _gapBefore;

    public FoldedText(string text)
    {
        var folded = new StringBuilder(text.Length);
        var gaps = new List<bool>(text.Length + 1);
        var gap = true;
        foreach (var rune in text.EnumerateRunes())
        {
            var plain = HalfWidth(rune);
            if (Rune.IsWhiteSpace(plain) || IsUnseen(plain))
            {
                // What has no width stands between letters without parting them; a space parts words.
                gap |= Rune.IsWhiteSpace(plain);
                continue;
            }

            var part = Rune.ToLowerInvariant(plain).ToString();
            folded.Append(part);
            gaps.Add(gap);
            for (var i = 1; i < part.Length; i++) gaps.Add(false);
            gap = false;
        }

        gaps.Add(true);
        (_text, _gapBefore) = (folded.ToString(), [.. gaps]);
    }

    public override string ToString() => _text;

    /// <param name="folded">A word in its own folded form; not empty.</param>
    public bool Contains(string folded)
    {
        for (var at = _text.IndexOf(folded, StringComparison.Ordinal); at >= 0; at = _text.IndexOf(folded, at + 1, StringComparison.Ordinal))
        {
            var end = at + folded.Length;
            if (IsEdge(at) && IsEdge(end)) return true;
        }

        return false;
    }

    /// <summary>True where a word may begin or end: between letters of which one is of a script without gaps, or where a gap stood.</summary>
    private bool IsEdge(int at) => at == 0 || at == _text.Length || _gapBefore[at] || !IsGapped(_text[at - 1]) || !IsGapped(_text[at]);

    /// <summary>Letters and digits below the scripts of East Asia stand in words with gaps between them.</summary>
    private static bool IsGapped(char c) => c < '\u2E80' && char.IsLetterOrDigit(c);

    public static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    public static Rune HalfWidth(Rune rune) => rune.Value switch
    {
        >= 0xFF01 and <= 0xFF5E => new Rune(rune.Value - 0xFEE0),
        0x3000 => new Rune(' '),
        _ => rune,
    };
}
