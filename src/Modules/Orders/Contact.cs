using System.Text;
using Lianka.Kernel;

namespace Lianka.Modules.Orders;

/// <summary>How a buyer can be reached, in the one form that is kept and compared: a phone number or an e-mail address.</summary>
public sealed record Contact(string Value)
{
    private const int TextMax = 254;

    public bool IsEmail => Value.Contains('@', StringComparison.Ordinal);

    /// <summary>Enough to recognise one's own, too little to learn another's.</summary>
    public string Masked
    {
        get
        {
            if (!IsEmail) return Value.Length > 7 ? $"{Value[..^8]}****{Value[^4..]}" : "****";
            var at = Value.IndexOf('@', StringComparison.Ordinal);
            return $"{Value[0]}***{Value[at..]}";
        }
    }

    /// <summary>Reads what was typed: blanks, dashes, full-width digits and the +86 in front are the same number.</summary>
    /// <returns>Null when it is neither a phone number nor an e-mail address.</returns>
    public static Contact? Read(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed) || typed.Length > TextMax) return null;
        var text = FullWidth.Narrow(typed).Trim();
        return text.Contains('@', StringComparison.Ordinal) ? ReadEmail(text) : ReadPhone(text);
    }

    private static Contact? ReadEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (local, domain) = (text[..at], text[(at + 1)..]);
        if (local.Length is 0 or > 64 || domain.Contains('@', StringComparison.Ordinal)) return null;
        if (!domain.Contains('.', StringComparison.Ordinal) || domain.Split('.').Any(p => p.Length == 0)) return null;
        return text.All(c => c is > ' ' and < '\u007f') ? new Contact(text.ToLowerInvariant()) : null;
    }

    private static Contact? ReadPhone(string text)
    {
        var digits = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0)) digits.Append(c);
            else if (c is not (' ' or '-' or '(' or ')' or '.')) return null;
        }

        var number = digits.ToString();
        if (number.StartsWith("00", StringComparison.Ordinal)) number = $"+{number[2..]}";
        if (number.StartsWith("+86", StringComparison.Ordinal)) number = number[3..];
        // A number of another country keeps its plus; without one it can only be a mobile of mainland China.
        return number.StartsWith('+')
            ? number.Length is >= 8 and <= 16 ? new Contact(number) : null
            : number is ['1', >= '3' and <= '9', ..] && number.Length == 11 ? new Contact(number) : null;
    }
}
