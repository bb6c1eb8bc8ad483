using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

public enum BankStep
{
    /// <summary>One of two persons has confirmed it.</summary>
    First,

    /// <summary>The money is at the bank.</summary>
    Paid,
}

/// <summary>What a person may do about a bank transfer. Pure.</summary>
/// <remarks>Held by: tests/Unit/Payments/BankExamples.cs.</remarks>
public static class BankRule
{
    public const int NumberMax = 64;

    /// <summary>So many slips of one transfer are kept.</summary>
    public const int SlipsMax = 5;

    /// <param name="bankNo">As the bank's statement has it.</param>
    /// <param name="amount">What the bank's statement says that came, in yuan.</param>
    /// <param name="isNumberUsed">Another transfer has this number.</param>
    /// <param name="twoAbove">Above this two persons must confirm, with the same number.</param>
    public static (BankStep Step, FieldError? Error) Confirm(BankTransfer transfer, string bankNo, string amount, bool isNumberUsed, Money twoAbove, string actor)
    {
        if (transfer.State == BankTransferState.Paid) return No("bank_no", "settled", "It is confirmed already.", "这笔已经确认过了。");
        if (NumberError(bankNo) is { } error) return (default, error);
        if (!Money.TryParse(amount, out var came) || !came.IsPositive) return No("amount", "bad_amount", "An amount above zero, such as 100.00.", "请填写大于零的金额，例如 100.00。");
        if (came != transfer.Amount)
        {
            return No("amount", "amount_differs", $"This transfer is of {transfer.Amount.Text(2)}. Refuse it with the reason, and book what came by hand.",
                $"这笔应收 {transfer.Amount.Text(2)}。请写明原因驳回，到账的钱另行手工入账。");
        }

        if (isNumberUsed) return No("bank_no", "number_used", "This receipt has paid another transfer.", "这个流水号已经确认过另一笔转账。");
        if (transfer.Amount <= twoAbove) return (BankStep.Paid, null);
        if (transfer.FirstBy is not { } first) return (BankStep.First, null);
        if (first == actor) return No("bank_no", "same_person", "A second person must confirm.", "需要另一个人确认。");
        return transfer.BankNo == bankNo ? (BankStep.Paid, null)
            : No("bank_no", "number_differs", "The first person gave another number: check it at the bank.", "和第一个人填的流水号不一样，请到银行核对。");
    }

    public static FieldError? Refuse(BankTransfer transfer, string reason)
    {
        if (transfer.State == BankTransferState.Paid) return new("reason", "settled", "It is confirmed already.", "这笔已经确认过了。");
        if (transfer.FirstBy is not null) return new("reason", "confirmed_once", "One person has confirmed it: ask them first.", "已有一个人确认过，请先和对方核对。");
        return reason.Trim().Length is 0 or > 200 ? new("reason", "required", "Say why, in 1 to 200 characters: the payer reads it.", "请写明原因（1 到 200 个字），付款人看得到。") : null;
    }

    /// <summary>What is wrong with the bank's number of a receipt.</summary>
    public static FieldError? NumberError(string bankNo) => bankNo.Length is > 0 and <= NumberMax && bankNo.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/')
        ? null : new("bank_no", "bad_number", $"The bank's number: up to {NumberMax} letters and digits.", $"请填写银行流水号：最多 {NumberMax} 个字母或数字。");

    private static (BankStep, FieldError?) No(string field, string code, string en, string zh) => (default, new(field, code, en, zh));
}
