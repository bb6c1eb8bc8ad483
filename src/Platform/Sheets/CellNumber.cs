using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lianka.Platform.Sheets;

/// <summary>Numbers as a spreadsheet stores them, of which only some are still what was typed. No floating point takes part.</summary>
internal static class CellNumber
{
    /// <summary>A spreadsheet keeps so many digits of a number and makes zeros of the others.</summary>
    private const int DigitsKept = 15;

    /// <summary>Those of an amount (1/10,000).</summary>
    private const int Decimals = 4;

    /// <summary>Null when the number is what was typed: whole, without sign, of at most 15 digits.</summary>
    public static string? FaultOfWhole(string stored) =>
        stored.Length == 0 || stored.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? stored.AsSpan().ContainsAny('E', 'e') ? "mangled_number" : "formatted_number"
            : stored.Length > DigitsKept ? "long_number" : null;

    /// <summary>The plain decimal that a spreadsheet shows of what it stores: "9.9000000000000004" and "9.8999999999999986" are 9.9, "5.0000000000000001E-3" is 0.005.</summary>
    /// <remarks>
    /// It stores 17 digits, of which two are noise, and shows 15: what is different behind the fifteenth digit alone was never typed.
    /// A number with more than four decimals within them is another than could be taken, and is a fault.
    /// </remarks>
    public static (string Value, string? Fault) Amount(string stored)
    {
        if (!TryRead(stored, out var isNegative, out var digits, out var scale)) return (stored, "bad_cell");
        var length = digits.IsZero ? 1 : digits.ToString(CultureInfo.InvariantCulture).Length;
        if (length - scale > DigitsKept) return (stored, "long_number");
        if (!IsExact(digits, scale) && length > DigitsKept && DigitsKept - (length - scale) > Decimals)
        {
            var cut = length - DigitsKept;
            var unit = BigInteger.Pow(10, cut);
            (digits, scale) = ((digits + (unit / 2)) / unit, scale - cut);
        }

        return IsExact(digits, scale) ? (Plain(isNegative, digits, scale), null) : (stored, "too_many_decimals");
    }

    private static bool IsExact(BigInteger digits, int scale) => scale <= Decimals || (digits % BigInteger.Pow(10, scale - Decimals)).IsZero;

    private static string Plain(bool isNegative, BigInteger digits, int scale)
    {
        if (scale < 0) (digits, scale) = (digits * BigInteger.Pow(10, -scale), 0);
        var text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = text[^scale..].TrimEnd('0');
        return (isNegative && !digits.IsZero ? "-" : "") + text[..^scale] + (fraction.Length > 0 ? "." + fraction : "");
    }

    /// <summary>Digits without a point, and how many of them stand behind it.</summary>
    private static bool TryRead(string stored, out bool isNegative, out BigInteger digits, out int scale)
    {
        (isNegative, digits, scale) = (stored.StartsWith('-'), 0, 0);
        var text = stored.AsSpan(isNegative ? 1 : 0);
        var at = text.IndexOfAny('E', 'e');
        var exponent = 0;
        // No number of a spreadsheet is as long or as large.
        if (text.Length > 40 || (at >= 0 && (!int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || exponent is < -400 or > 400))) return false;
        var mantissa = at < 0 ? text : text[..at];
        var point = mantissa.IndexOf('.');
        var plain = new StringBuilder(40).Append(point < 0 ? mantissa : mantissa[..point]).Append(point < 0 ? [] : mantissa[(point + 1)..]).ToString();
        if (plain.Length == 0 || plain.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        digits = BigInteger.Parse(plain, NumberStyles.None, CultureInfo.InvariantCulture);
        scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        return true;
    }
}

/// <summary>What the formats of a spreadsheet do to a number.</summary>
internal static class NumberFormats
{
    /// <summary>Whether a number is shown digit by digit: General, 0, or as text.</summary>
    public static bool IsPlain(string? id) => id is null or "0" or "1" or "49";

    /// <summary>Whether a format shows the number itself, rounded or not: no date, no percentage, no thousands, no zeros before it.</summary>
    /// <param name="codes">The formats that the file brings along, by their number.</param>
    public static bool ShowsAmount(string? id, IReadOnlyDictionary<string, string> codes) =>
        id is not null && codes.TryGetValue(id, out var code) ? ShowsAmount(code)
            : IsPlain(id) || id is "2" or "3" or "4" or "5" or "6" or "7" or "8" or "37" or "38" or "39" or "40" or "41" or "42" or "43" or "44";

    private static bool ShowsAmount(string code)
    {
        if (code.Length > 255) return false;
        var isWhole = true;
        var zeros = 0;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '"' or '[':
                    var end = code.IndexOf(code[i] == '"' ? '"' : ']', i + 1);
                    if (end < 0 || !(code[i] == '"' ? IsUnit(code[(i + 1)..end]) : IsHarmless(code[(i + 1)..end]))) return false;
                    i = end;
                    break;
                case '\\' or '!':
                    if (++i < code.Length && !IsUnit(code[i..(i + 1)])) return false;
                    break;
                case '_' or '*':
                    // The width of the next character, or as many of them as there is room for.
                    i++;
                    break;
                case 'G' when code.AsSpan(i).StartsWith("General", StringComparison.Ordinal):
                    i += "General".Length - 1;
                    break;
                case '0':
                    // "00" shows zeros that are not stored.
                    if (isWhole && ++zeros > 1) return false;
                    break;
                case '.':
                    isWhole = false;
                    break;
                case ';':
                    (isWhole, zeros) = (true, 0);
                    break;
                case ',':
                    // Behind the last digit it shows thousands.
                    if (i + 1 >= code.Length || code[i + 1] is not ('0' or '#' or '?')) return false;
                    break;
                case '#' or '?' or '-' or '+' or '(' or ')' or ' ' or '@' or '¥' or '￥' or '$' or '€' or '£' or '元':
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool IsUnit(string text) => text.Trim() is "" or "元" or "¥" or "￥" or "$" or "€" or "£" or "CNY" or "RMB" or "-" or "+" or "(" or ")" or "人民币";

    /// <summary>A currency, a colour or a condition; anything else counts hours.</summary>
    private static bool IsHarmless(string text) =>
        text is ['$' or '<' or '>' or '=', ..] || text.ToLowerInvariant() is "red" or "green" or "blue" or "black" or "white" or "yellow" or "magenta" or "cyan" or "红色" or "绿色" or "蓝色" or "黑色";
}
