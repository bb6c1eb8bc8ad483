using Lianka.Kernel;
using Lianka.Modules.Compliance;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>What an application must look like. Reads the draft, touches nothing.</summary>
/// <remarks>Held by: tests/Unit/Suppliers/ApplicationExamples.cs.</remarks>
internal static class ApplicationRules
{
    /// <returns>The draft as it is kept: trimmed, the code in capitals, phone and account without spaces.</returns>
    public static (ApplicationDraft Value, IReadOnlyList<FieldError> Errors) Check(ApplicationDraft draft)
    {
        var check = new FieldCheck();
        var value = new ApplicationDraft
        {
            Company = check.Name("company", draft.Company, 120),
            CreditCode = draft.CreditCode.Trim().ToUpperInvariant(),
            LegalPerson = check.Name("legal_person", draft.LegalPerson, 60),
            ContactName = check.Name("contact_name", draft.ContactName, 60),
            Phone = Packed(draft.Phone),
            Email = draft.Email.Trim(),
            BankName = check.Name("bank_name", draft.BankName, 120),
            BankAccount = Packed(draft.BankAccount),
            Goods = check.Text("goods", draft.Goods, 1_000, lines: true),
        };
        if (!CreditCode.IsValid(value.CreditCode))
            check.Add("credit_code", "bad_credit_code", "This is not a unified social credit code: 18 characters, the last of them a check digit.",
                "统一社会信用代码不对：应为 18 位，最后一位是校验码，请核对。");
        if (!IsPhone(value.Phone))
            check.Add("phone", "bad_phone", "Write 6 to 20 digits, with + before a country code.", "请填写 6 到 20 位数字，国际区号前加 +。");
        if (!IsEmail(value.Email))
            check.Add("email", "bad_email", "This is not an e-mail address.", "邮箱地址不对。");
        if (value.BankAccount.Length is < 8 or > 32 || !value.BankAccount.All(char.IsAsciiDigit))
            check.Add("bank_account", "bad_account", "Write 8 to 32 digits.", "请填写 8 到 32 位数字。");
        return (value, check.Errors);
    }

    private static string Packed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '(' or ')')));

    private static bool IsPhone(string text)
    {
        var digits = text.StartsWith('+') ? text[1..] : text;
        return digits.Length is >= 6 and <= 20 && digits.All(char.IsAsciiDigit);
    }

    /// <summary>Empty, or something at somewhere: the only proof of an address is an answer from it.</summary>
    private static bool IsEmail(string text)
    {
        if (text.Length == 0) return true;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= 120 && at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && text[^1] != '.'
            && text.All(c => c is > ' ' and <= '~');
    }
}
