using System.Numerics;

namespace Lianka.Modules.Catalog.Core;

/// <summary>How well a word of a query fits a text: written as it is, or as it sounds; or nearly so, where a mistake is forgiven.</summary>
/// <remarks>
/// A Chinese character is met by itself, by one that sounds the same, by its pinyin or by the pinyin's first letters, in any mixture: 王者荣耀 by
/// 王者容耀, wangzherongyao, wzry, wzrongyao. The last syllable may be begun only. A mistake is a letter or character too many, too few or
/// wrong; digits are never mistaken for others, because 30 and 50 are different goods.
/// Held by: tests/Unit/Catalog/SearchExamples.cs.
/// </remarks>
internal static class WordMatch
{
    /// <summary>The best is 0: at the beginning of a line, at the beginning of a word, anywhere; then the same by sound (3 and 4).</summary>
    /// <param name="word">Folded, without blanks; at most <see cref="SearchText.WordLengthMax"/> characters.</param>
    /// <param name="text">Folded; several lines.</param>
    /// <returns>Null: it is not there.</returns>
    public static int? Level(string word, string text)
    {
        var best = Written(word, text);
        if (best is 0 or 1) return best;
        for (var start = 0; start < text.Length; start++)
        {
            if (!IsWordStart(text, start) || !MayBegin(word[0], text[start]) || Errors(word, text, start, 0) is null) continue;
            var level = IsLineStart(text, start) ? 3 : 4;
            if (best is null || level < best) best = level;
        }

        return best;
    }

    /// <summary>How many mistakes have to be forgiven; null: more than the word may have.</summary>
    public static int? Mistakes(string word, string text)
    {
        var most = MistakesMax(word);
        if (most == 0) return null;
        int? best = null;
        // Who mistypes a Latin word has its first letter right; of Chinese words any character may be the wrong one.
        var isChinese = word.Any(SearchText.IsChinese);
        for (var start = 0; start < text.Length && best is not 1; start++)
        {
            if (!IsWordStart(text, start) || !(isChinese || MayBegin(word[0], text[start]))) continue;
            if (Errors(word, text, start, most) is { } errors && (best is null || errors < best)) best = errors;
        }

        return best;
    }

    /// <summary>Short words have too many neighbours for a mistake to be forgiven.</summary>
    public static int MistakesMax(string word)
    {
        var chinese = word.Count(SearchText.IsChinese);
        var letters = word.Count(c => !char.IsDigit(c));
        return chinese > 0 ? (letters >= 6 ? 2 : letters >= 3 ? 1 : 0) : letters >= 8 ? 2 : letters >= 4 ? 1 : 0;
    }

    private static int? Written(string word, string text)
    {
        int? best = null;
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (IsLineStart(text, at)) return 0;
            best = IsWordStart(text, at) ? 1 : best ?? 2;
        }

        return best;
    }

    /// <summary>
    /// Reads the text from <paramref name="start"/> on and keeps, for each number of mistakes, the set of how many characters of the word may have
    /// been met so far (a bit each), so that it takes no longer for names that can be read in many ways.
    /// </summary>
    /// <returns>The fewest mistakes with which the whole word was met; with mistakes only where a word of the text ends.</returns>
    private static int? Errors(string word, string text, int start, int most)
    {
        Span<ulong> met = stackalloc ulong[most + 1];
        Span<ulong> next = stackalloc ulong[most + 1];
        var whole = 1UL << word.Length;
        met.Clear();
        met[0] = 1;
        int? best = null;
        for (var at = start; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == ' ') continue;
            next.Clear();
            for (var errors = 0; errors <= most; errors++)
            {
                // What is met wholly has nothing more to meet.
                for (var rest = met[errors] & (whole - 1); rest != 0; rest &= rest - 1)
                    Step(word, BitOperations.TrailingZeroCount(rest), text[at], errors, next);
                // A letter too many in the word: it is passed over, and the text stays where it is.
                if (errors < most) next[errors + 1] |= Skipped(word, next[errors] & (whole - 1));
            }

            var isEmpty = true;
            for (var errors = 0; errors <= most; errors++)
            {
                isEmpty &= next[errors] == 0;
                if ((next[errors] & whole) == 0 || (most > 0 && !IsWordEnd(text, at)) || best <= errors) continue;
                if (errors == 0) return 0;
                best = errors;
            }

            if (isEmpty) break;
            next.CopyTo(met);
        }

        return best;
    }

    /// <summary>All ways in which one character of the text meets what comes next in the word.</summary>
    private static void Step(string word, int from, char c, int errors, Span<ulong> next)
    {
        var mayErr = errors + 1 < next.Length;
        var w = word[from];
        if (w == c) next[errors] |= 1UL << (from + 1);
        else if (SearchText.IsChinese(w) == SearchText.IsChinese(c))
        {
            if (Pinyin.SoundAlike(w, c)) next[errors] |= 1UL << (from + 1);
            else if (mayErr && !char.IsDigit(w) && !char.IsDigit(c)) next[errors + 1] |= 1UL << (from + 1);
        }
        else
        {
            foreach (var reading in Pinyin.Of(c))
                Sound(word, from, reading, errors, next);
        }

        if (mayErr && !char.IsDigit(c) && SearchText.IsChinese(w) == SearchText.IsChinese(c)) next[errors + 1] |= 1UL << from;
    }

    private static void Sound(string word, int from, string reading, int errors, Span<ulong> next)
    {
        var rest = word.AsSpan(from);
        if (rest.StartsWith(reading, StringComparison.Ordinal)) next[errors] |= 1UL << (from + reading.Length);
        if (next.Length == 1)
        {
            if (reading.AsSpan().StartsWith(rest, StringComparison.Ordinal)) next[0] |= 1UL << word.Length;
            if (rest[0] == reading[0]) next[0] |= 1UL << (from + 1);
            if (reading.Length > 2 && reading[1] == 'h' && rest.Length > 1 && rest[1] == 'h' && rest[0] == reading[0]) next[0] |= 1UL << (from + 2);
        }
        else if (errors + 1 < next.Length)
        {
            for (var length = Math.Max(1, reading.Length - 1); length <= Math.Min(rest.Length, reading.Length + 1); length++)
                if (IsOneOff(reading, rest[..length])) next[errors + 1] |= 1UL << (from + length);
        }
    }

    /// <summary>One letter wrong, too many or too few.</summary>
    private static bool IsOneOff(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var same = a.CommonPrefixLength(b);
        if (a.Length == b.Length) return same == a.Length || a[(same + 1)..].SequenceEqual(b[(same + 1)..]);
        return a.Length < b.Length ? b[(same + 1)..].SequenceEqual(a[same..]) : a[(same + 1)..].SequenceEqual(b[same..]);
    }

    private static ulong Skipped(string word, ulong met)
    {
        var skipped = 0UL;
        for (; met != 0; met &= met - 1)
        {
            var at = BitOperations.TrailingZeroCount(met);
            if (!char.IsDigit(word[at])) skipped |= 1UL << (at + 1);
        }

        return skipped;
    }

    private static bool MayBegin(char w, char c)
    {
        if (w == c) return true;
        if (SearchText.IsChinese(w)) return Pinyin.SoundAlike(w, c);
        if (char.IsDigit(w)) return false;
        foreach (var reading in Pinyin.Of(c))
            if (reading[0] == w) return true;
        return false;
    }

    private static bool IsLineStart(string text, int at) => at == 0 || text[at - 1] == '\n';

    /// <summary>Where a word may begin: after a gap, and at and after each Chinese character, which have no gaps.</summary>
    private static bool IsWordStart(string text, int at) =>
        at == 0 || text[at - 1] is ' ' or '\n' || SearchText.IsChinese(text[at]) || SearchText.IsChinese(text[at - 1]);

    private static bool IsWordEnd(string text, int at) => at + 1 == text.Length || IsWordStart(text, at + 1) || text[at + 1] is ' ' or '\n';
}
