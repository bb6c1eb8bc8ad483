using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Compliance;

/// <summary>The number of a Chinese identity card: six digits of a place, eight of a birthday, three of an order, and a check character (GB 11643-1999).</summary>
/// <remarks>Held by: tests/Unit/Compliance/ResidentIdExamples.cs.</remarks>
public static class ResidentId
{
    /// <summary>The provinces, and those who carry a card without living in one (71, 81, 82, 83: Taiwan, Hong Kong, Macau).</summary>
    private static readonly HashSet<int> _provinces =
        [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91];

    private static readonly int[] _weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>What is wrong with a number; null: nothing. Whether somebody carries it is for a person to see.</summary>
    /// <param name="number">In capitals, without spaces.</param>
    /// <param name="today">Nobody is born later.</param>
    public static FieldError? Problem(string field, string number, DateOnly today)
    {
        if (number.Length != 18) return new(field, "bad_length", "An identity card's number has 18 characters.", "身份证号应为 18 位。");
        if (!number.AsSpan(0, 17).ContainsOnlyDigits() || !(char.IsAsciiDigit(number[17]) || number[17] == 'X'))
            return new(field, "bad_character", "Digits only; the last may be X.", "只能是数字，最后一位可以是 X。");
        if (!_provinces.Contains(int.Parse(number.AsSpan(0, 2), CultureInfo.InvariantCulture)))
            return new(field, "bad_region", "Its first two digits name no province.", "前两位不是任何省份的代码。");
        if (!DateOnly.TryParseExact(number.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) || born > today)
            return new(field, "bad_birthday", "Digits 7 to 14 are no birthday.", "第 7 到 14 位不是有效的出生日期。");
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += (number[i] - '0') * _weights[i];
        return number[17] == "10X98765432"[sum % 11] ? null
            : new(field, "bad_check", "Its check character is wrong: one of the others was mistyped.", "校验码不对，请核对有没有输错。");
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
