using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>What the fields of a direct SKU may be, and what may stand in them.</summary>
/// <remarks>Held by: tests/Unit/Catalog/AccountFieldExamples.cs.</remarks>
internal static class AccountFieldRules
{
    private const int FieldsMax = 8, ChoicesMax = 500, ValueMax = 100;

    public static (IReadOnlyList<AccountField> Fields, IReadOnlyList<FieldError> Errors) Parse(string text)
    {
        var fields = new List<AccountField>();
        var check = new FieldCheck();
        foreach (var (line, no) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0) continue;
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (parts.Length is < 4 or > 5)
            {
                check.Add("fields", "bad_line", $"Line {no}: write key | kind | Chinese name | English name | choices.",
                    $"第 {no} 行：请写成 键 | 类型 | 中文名 | 英文名 | 选项。");
                continue;
            }

            if (Field(parts, no, check) is not { } field) continue;
            if (fields.Exists(f => f.Key == field.Key))
                check.Add("fields", "taken", $"Line {no}: the key {field.Key} stands there twice.", $"第 {no} 行：键 {field.Key} 重复。");
            else fields.Add(field);
        }

        if (fields.Count > FieldsMax) check.Add("fields", "too_many", $"At most {FieldsMax} fields.", $"最多 {FieldsMax} 个字段。");
        return (fields, check.Errors);
    }

    public static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors) Check(
        IReadOnlyList<AccountField> fields, IReadOnlyDictionary<string, string> given)
    {
        var check = new FieldCheck();
        var values = new Dictionary<string, string>();
        foreach (var key in given.Keys)
            if (!fields.Any(f => f.Key == key))
                check.Add(key, "unknown_field", "These goods do not ask for this.", "该商品不需要这一项。");
        foreach (var field in fields)
        {
            var text = FullWidth.Narrow(given.GetValueOrDefault(field.Key, "")).Trim();
            if (text.Length == 0)
            {
                if (field.IsRequired) check.Add(field.Key, "required", "Fill this in.", "请填写此项。");
                continue;
            }

            if (text.Length > ValueMax) check.Add(field.Key, "too_long", $"At most {ValueMax} characters.", $"最多 {ValueMax} 个字符。");
            else if (Value(field, text, check) is { } value) values[field.Key] = value;
        }

        return (values, check.Errors);
    }

    private static AccountField? Field(string[] parts, int no, FieldCheck check)
    {
        var (key, kind) = (parts[0], parts[1]);
        if (key.Length is 0 or > 40 || key.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')))
            return Bad("bad_key", "the key has 1 to 40 small letters, digits and underscores", "键由 1 到 40 个小写字母、数字和下划线组成");
        var isRequired = !kind.EndsWith('?');
        if (!Enum.TryParse<AccountFieldKind>(kind.TrimEnd('?'), ignoreCase: true, out var read) || char.IsAsciiDigit(kind[0]))
            return Bad("bad_kind", "the kind is one of phone, email, account, digits, choice", "类型须为 phone、email、account、digits、choice 之一");
        if (parts[2].Length is 0 or > 40 || parts[3].Length is 0 or > 40)
            return Bad("bad_name", "each name has 1 to 40 characters", "每个名称 1 到 40 个字");
        var choices = parts.Length == 5 ? parts[4].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        return read switch
        {
            AccountFieldKind.Choice when choices.Length is 0 or > ChoicesMax || choices.Any(c => c.Length > ValueMax) || choices.Distinct().Count() < choices.Length =>
                Bad("bad_choices", $"1 to {ChoicesMax} different choices, separated by commas", $"请列出 1 到 {ChoicesMax} 个不同的选项，用逗号隔开"),
            AccountFieldKind.Phone when choices.Except(Carriers.All).Any() =>
                Bad("bad_choices", $"carriers are {string.Join(", ", Carriers.All)}", $"运营商须为 {string.Join("、", Carriers.All)}"),
            AccountFieldKind.Digits when choices.Length > 0 && Lengths(choices) is null =>
                Bad("bad_choices", $"write the fewest and the most digits, for example 6, 12", "请写最少和最多的位数，例如 6, 12"),
            _ => new AccountField(key, read, isRequired, parts[2], parts[3], choices),
        };

        AccountField? Bad(string code, string en, string zh)
        {
            check.Add("fields", code, $"Line {no}: {en}.", $"第 {no} 行：{zh}。");
            return null;
        }
    }

    private static string? Value(AccountField field, string text, FieldCheck check)
    {
        switch (field.Kind)
        {
            case AccountFieldKind.Phone:
                return Phone(field, text, check);
            case AccountFieldKind.Email:
                if (IsEmail(text)) return text;
                check.Add(field.Key, "bad_email", "Write an e-mail address, for example name@example.com.", "请填写邮箱地址，例如 name@example.com。");
                return null;
            case AccountFieldKind.Digits:
                var (least, most) = Lengths(field.Choices) ?? (1, ValueMax);
                if (text.All(char.IsAsciiDigit) && text.Length >= least && text.Length <= most) return text;
                check.Add(field.Key, "bad_digits", $"{least} to {most} digits.", $"{least} 到 {most} 位数字。");
                return null;
            case AccountFieldKind.Choice:
                if (field.Choices.Contains(text)) return text;
                check.Add(field.Key, "unknown_choice", "Choose one of the values offered.", "请选择给出的选项之一。");
                return null;
            default:
                if (!text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))) return text;
                check.Add(field.Key, "bad_account", "An account has no blanks.", "账号中不能有空格。");
                return null;
        }
    }

    private static string? Phone(AccountField field, string text, FieldCheck check)
    {
        var digits = Digits(text);
        if (Carriers.Of(digits) is not { } carrier)
        {
            check.Add(field.Key, "bad_phone", "Write a mobile number of 11 digits.", "请填写 11 位手机号。");
            return null;
        }

        if (field.Choices.Count == 0 || field.Choices.Contains(carrier)) return digits;
        check.Add(field.Key, "wrong_carrier",
            $"This number belongs to {Carriers.English(carrier)}; these goods are for {string.Join(", ", field.Choices.Select(Carriers.English))}.",
            $"该号码属于{carrier}，本商品只充{string.Join("、", field.Choices)}。");
        return null;
    }

    public static Carrier? CarrierOf(string number) =>
        Carriers.Of(Digits(FullWidth.Narrow(number).Trim())) is { } carrier ? new Carrier(carrier, Carriers.English(carrier)) : null;

    private static string Digits(string text)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return digits.StartsWith("+86", StringComparison.Ordinal) ? digits[3..] : digits;
    }

    private static (int Least, int Most)? Lengths(IReadOnlyList<string> choices) =>
        choices.Count == 2 && int.TryParse(choices[0], out var least) && int.TryParse(choices[1], out var most) && least >= 1 && most >= least && most <= ValueMax
            ? (least, most)
            : null;

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= 64 && text.LastIndexOf('@') == at && text.IndexOf('.', at) > at + 1 && text[^1] != '.'
            && !text.Contains("..", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || "@._%+-".Contains(c, StringComparison.Ordinal));
    }
}
