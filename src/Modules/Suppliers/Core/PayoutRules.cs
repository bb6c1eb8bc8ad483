using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Core;

/// <summary>Who may do what with a payout, and what may be asked for.</summary>
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

    /// <summary>The state after one more approval; null with an error where there cannot be one.</summary>
    /// <remarks>Four eyes: two persons, neither of whom asked for it.</remarks>
    public static (PayoutState? Next, FieldError? Error) Approve(Payout payout, long person) => payout.State switch
    {
        PayoutState.Requested or PayoutState.ApprovedOnce when payout.AskedBy == person =>
            (null, new("payout", "own_request", "Who asked for it cannot approve it.", "申请人不能审批自己的申请。")),
        PayoutState.ApprovedOnce when payout.FirstBy == person =>
            (null, new("payout", "same_person", "A second person must approve it.", "需要另一个人复核。")),
        PayoutState.Requested => (PayoutState.ApprovedOnce, null),
        PayoutState.ApprovedOnce => (PayoutState.Approved, null),
        _ => (null, Settled),
    };

    /// <summary>Until it stands in a file for the bank it can be refused.</summary>
    public static FieldError? Refuse(Payout payout, string reason) =>
        payout.State is not (PayoutState.Requested or PayoutState.ApprovedOnce or PayoutState.Approved) ? Settled
        : reason.Length is 0 or > 200 ? new("reason", "required", "Say why, in at most 200 characters.", "请写明原因，最多 200 个字符。") : null;

    public static FieldError Settled { get; } = new("payout", "wrong_state", "Its state does not allow this any more.", "当前状态已不能这样操作。");

    public static BankDraft Check(BankDraft draft, FieldCheck check)
    {
        var number = string.Concat(draft.Number.Where(c => c is not (' ' or '-')));
        if (number.Length is < 6 or > 32 || !number.All(char.IsAsciiDigit)) check.Add("number", "bad_account", "6 to 32 digits.", "请填 6 到 32 位数字。");
        return new BankDraft { Holder = check.Name("holder", draft.Holder), Bank = check.Name("bank", draft.Bank, 120), Number = number };
    }
}
