using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Payouts;

namespace Lianka.Modules.Withdrawals.Core;

/// <summary>What a payee must look like, and whose it must be.</summary>
/// <remarks>Held by: tests/Unit/Withdrawals/PayeeExamples.cs.</remarks>
internal static class PayeeRules
{
    /// <param name="name">The merchant's verified real name; null: there is none.</param>
    /// <returns>The account as it is kept and as files for banks carry it.</returns>
    public static (BankDraft Account, IReadOnlyList<FieldError> Errors) Check(PayeeDraft draft, RealName? name)
    {
        var check = new FieldCheck();
        check.Defined("kind", draft.Kind);
        var account = draft.Kind == PayeeKind.Alipay ? Alipay(draft, check) : new BankDraft { Holder = draft.Holder, Bank = draft.Bank, Number = draft.Number }.Checked(check);
        if (name is null) check.Add("holder", "no_real_name", "Enter your real name first, and wait until it is verified.", "请先提交实名认证，通过后再填收款账户。");
        else if (account.Holder.Length > 0 && !name.IsOf(account.Holder))
            check.Add("holder", "name_differs", $"It must be the verified real name: {name.Name}.", $"户名要和实名一致：{name.Name}。");
        return (account, check.Errors);
    }

    /// <summary>The end of the account; of an e-mail address its first letter and where it is.</summary>
    public static string Tail(string number) => number.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{number[0]}***{number[at..]}" : number[^4..];

    private static BankDraft Alipay(PayeeDraft draft, FieldCheck check)
    {
        var number = string.Concat(FullWidth.Narrow(draft.Number).Where(c => !char.IsWhiteSpace(c)));
        var isPhone = number.Length == 11 && number[0] == '1' && number.All(char.IsAsciiDigit);
        var at = number.IndexOf('@', StringComparison.Ordinal);
        var isMail = number.Length <= 100 && at > 0 && at == number.LastIndexOf('@') && number.AsSpan(at).IndexOf('.') > 1 && number[^1] != '.' && number.All(c => c is > ' ' and < '\u007f' and not ',' and not '"');
        if (!isPhone && !isMail) check.Add("number", "bad_alipay", "The phone number or e-mail address of the Alipay account.", "请填支付宝账号：手机号或邮箱。");
        return new BankDraft { Holder = check.Name("holder", draft.Holder), Bank = "支付宝", Number = number };
    }
}
