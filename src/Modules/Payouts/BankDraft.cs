using Lianka.Kernel;

namespace Lianka.Modules.Payouts;

/// <summary>A bank account as people give it.</summary>
public sealed record BankDraft
{
    public string Holder { get; init; } = "";
    public string Bank { get; init; } = "";

    /// <summary>Digits; spaces between them are taken out.</summary>
    public string Number { get; init; } = "";

    /// <summary>The account as it is kept; what is wrong with it goes to the fields <c>holder</c>, <c>bank</c> and <c>number</c>.</summary>
    public BankDraft Checked(FieldCheck check)
    {
        var number = string.Concat(Number.Where(c => c is not (' ' or '-')));
        if (number.Length is < 6 or > 32 || !number.All(char.IsAsciiDigit)) check.Add("number", "bad_account", "6 to 32 digits.", "请填 6 到 32 位数字。");
        return new BankDraft { Holder = check.Name("holder", Holder), Bank = check.Name("bank", Bank, 120), Number = number };
    }
}
