using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.Wire;

/// <summary>Amounts and times as Chinese channels write them.</summary>
internal static class FenText
{
    public static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary><c>12.30</c></summary>
    /// <exception cref="ArgumentException">Not whole fen, not above zero, or not in yuan.</exception>
    public static string Yuan(Money amount) => Checked(amount).Text(2);

    /// <summary><c>1230</c></summary>
    /// <exception cref="ArgumentException">Not whole fen, not above zero, or not in yuan.</exception>
    public static string Fen(Money amount) => (Checked(amount).Units / Money.UnitsPerFen).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads <c>12.3</c> and <c>12.30</c>; false for what is not whole fen or below zero.</summary>
    public static bool TryYuan(string text, out Money amount) => Money.TryParse(text, out amount) && amount is { IsWholeFen: true, IsNegative: false };

    public static bool TryFen(string text, out Money amount)
    {
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fen) && fen <= long.MaxValue / Money.UnitsPerFen;
        amount = isNumber ? new Money(fen * Money.UnitsPerFen) : default;
        return isNumber;
    }

    /// <param name="form">For example <c>yyyyMMddHHmmss</c>, in China's time.</param>
    public static string Time(DateTimeOffset at, string form) => at.ToOffset(China).ToString(form, CultureInfo.InvariantCulture);

    public static DateTimeOffset? ReadTime(string text, string form) =>
        DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? new DateTimeOffset(at, China) : null;

    private static Money Checked(Money amount) => amount is { IsWholeFen: true, IsPositive: true } && amount.Currency == Currency.Cny
        ? amount : throw new ArgumentException($"{amount} {amount.Currency} is not an amount in whole fen of yuan.", nameof(amount));
}
