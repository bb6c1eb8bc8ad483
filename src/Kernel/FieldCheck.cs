namespace Lianka.Kernel;

/// <summary>Reads the fields of one draft strictly and collects everything that is wrong with them.</summary>
/// <remarks>Each reader returns a usable value or a harmless one; the caller looks at <see cref="Errors"/> at the end.</remarks>
public sealed class FieldCheck
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public void Add(string field, string code, string en, string zh) => _errors.Add(new(field, code, en, zh));

    public void Add(FieldError error) => _errors.Add(error);

    /// <summary>The part of an address that people type: <c>[a-z0-9-]{1,64}</c>.</summary>
    public string Slug(string field, string value)
    {
        if (value.Length is 0 or > 64 || value.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            Add(field, "bad_slug", "Use 1 to 64 lower-case letters, digits and hyphens.", "请用 1 到 64 个小写字母、数字或连字符。");
        return value;
    }

    /// <summary>One line for people, trimmed.</summary>
    public string Name(string field, string value, int max = 80)
    {
        var text = value.Trim();
        if (text.Length == 0) Missing(field);
        return Text(field, text, max, lines: false);
    }

    /// <summary>Text that may be empty, trimmed.</summary>
    public string Text(string field, string value, int max, bool lines)
    {
        var text = value.Trim().ReplaceLineEndings("\n");
        if (text.Length > max)
            Add(field, "too_long", $"At most {max} characters.", $"最多 {max} 个字符。");
        else if (text.Any(c => char.IsControl(c) && !(lines && c is '\n' or '\t')) || !IsText(text))
            Add(BadCharacter(field));
        return text;
    }

    /// <summary>A half of a surrogate pair is not text; PostgreSQL takes neither it nor NUL.</summary>
    public static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal) && IsWhole(text);

    public static FieldError BadCharacter(string field) => new(field, "bad_character", "Contains characters that cannot be shown.", "含有无法显示的字符。");

    public string Tint(string field, string value)
    {
        if (value.Length > 0 && !(value.Length == 7 && value[0] == '#' && value.Skip(1).All(char.IsAsciiHexDigit)))
            Add(field, "bad_colour", "Write the colour as #rrggbb.", "颜色请写成 #rrggbb。");
        return value;
    }

    /// <summary>Upper-case ASCII letters, for example a currency or a region.</summary>
    public string Letters(string field, string value, int min, int max)
    {
        if (value.Length < min || value.Length > max || !value.All(char.IsAsciiLetterUpper))
            Add(field, "bad_code", $"Use {min} to {max} capital letters, for example CN.", $"请用 {min} 到 {max} 个大写字母，例如 CN。");
        return value;
    }

    public string HttpsUrl(string field, string value)
    {
        if (value.Length == 0) return value;
        if (value.Length > 500 || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != "https" || uri.UserInfo.Length > 0)
            Add(field, "bad_url", "Give a whole address that begins with https://.", "请填写以 https:// 开头的完整网址。");
        return value;
    }

    /// <summary>A whole number in plain ASCII digits (F22: no sign, no exponent, no full-width digits).</summary>
    public long Number(string field, string value, long min, long max)
    {
        if (value.Length is 0 or > 15 || !value.All(char.IsAsciiDigit))
        {
            if (value.Length == 0) Missing(field);
            else Add(field, "not_a_number", "Write a whole number in plain digits.", "请用半角数字填写整数。");
            return min;
        }

        var number = long.Parse(value);
        if (number < min || number > max)
            Add(field, "out_of_range", $"Must be {min} to {max}.", $"须在 {min} 到 {max} 之间。");
        return number;
    }

    /// <summary>An amount above zero (F22: no sign, no exponent, no full-width digits, at most 4 places).</summary>
    public Money Amount(string field, string value, bool wholeFen = false)
    {
        if (value.Length == 0)
            Missing(field);
        else if (!Money.TryParse(value, out var amount))
            Add(field, "not_an_amount", wholeFen ? "Write an amount in plain digits with at most 2 decimals, for example 9.98." : "Write an amount in plain digits with at most 4 decimals, for example 9.9850.",
                wholeFen ? "请用半角数字填写金额，最多两位小数，例如 9.98。" : "请用半角数字填写金额，最多四位小数，例如 9.9850。");
        else if (!amount.IsPositive)
            Add(field, "not_positive", "Must be more than zero.", "必须大于零。");
        else if (wholeFen && !amount.IsWholeFen)
            Add(field, "not_whole_fen", "Retail amounts have at most 2 decimals.", "零售金额最多两位小数。");
        else
            return amount;
        return Money.Zero;
    }

    public void Defined<T>(string field, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Add(field, "unknown_value", "Choose one of the values offered.", "请选择给出的选项之一。");
    }

    private void Missing(string field) => Add(field, "required", "Fill this in.", "请填写此项。");

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
