using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>What may be asked for.</summary>
internal static class PayoutRules
{
    public const int KeyMax = 64;

    public static IReadOnlyList<FieldError> Check(Money amount, string key, bool hasBank)
    {
        var check = new FieldCheck();
        if (!hasBank) check.Add("amount", "no_bank_account", "Enter the bank account first.", "请先填写收款账户。");
        if (!amount.IsPositive) check.Add("amount", "not_positive", "It must be above 0.", "要大于 0。");
        else if (!amount.IsWholeFen) check.Add("amount", "not_whole_fen", "Banks move whole fen: at most two decimals.", "银行只付到分，最多两位小数。");
        if (key.Length is 0 or > KeyMax) check.Add("key", "bad_key", $"A key of 1 to {KeyMax} characters.", $"键为 1 到 {KeyMax} 个字符。");
        return check.Errors;
    }
}
