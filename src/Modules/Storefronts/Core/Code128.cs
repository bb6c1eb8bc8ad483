namespace Lianka.Modules.Storefronts.Core;

/// <summary>Code 128, the barcode of letters, digits and signs that scanners at tills read.</summary>
/// <remarks>
/// Digits in pairs are in set C, everything else in set B. Source: ISO/IEC 15417, tables of patterns and of check
/// characters. Held by: tests/Unit/Storefronts/Code128Examples.cs, which reads it back.
/// </remarks>
internal static class Code128
{
    private const int ToC = 99, ToB = 100, StartB = 104, StartC = 105;

    private const string Stop = "2331112";

    /// <summary>Widths of bar, space, bar, space, bar, space of each character; each is 11 modules.</summary>
    private static readonly string[] _patterns =
    [
        .. ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
            + "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
            + "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
            + "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
            + "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
            + "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
            + "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232").Split(' '),
    ];

    /// <summary>The widths of bars and spaces in turn, in modules, beginning and ending with a bar; without quiet zones.</summary>
    /// <param name="text">Characters from blank to tilde, at least one.</param>
    public static string Widths(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentOutOfRangeException(nameof(text));
        var codes = Codes(text);
        // The start counts once, each character after it as often as its place says.
        var check = codes[0];
        for (var i = 1; i < codes.Count; i++) check += codes[i] * i;
        return string.Concat(codes.Append(check % 103).Select(c => _patterns[c])) + Stop;
    }

    private static List<int> Codes(string text)
    {
        var codes = new List<int>();
        var isC = false;
        for (var at = 0; at < text.Length;)
        {
            var digits = 0;
            while (at + digits < text.Length && char.IsAsciiDigit(text[at + digits])) digits++;
            // Going over and back costs two characters, which four digits save again; an odd one is written first.
            if (!isC && digits >= 4 && digits % 2 == 0)
            {
                codes.Add(codes.Count == 0 ? StartC : ToC);
                isC = true;
            }
            else if (isC && digits < 2)
            {
                codes.Add(ToB);
                isC = false;
            }
            else if (codes.Count == 0)
            {
                codes.Add(StartB);
            }

            if (isC)
            {
                codes.Add(int.Parse(text.AsSpan(at, 2)));
                at += 2;
            }
            else
            {
                codes.Add(text[at] - ' ');
                at++;
            }
        }

        return codes;
    }
}
