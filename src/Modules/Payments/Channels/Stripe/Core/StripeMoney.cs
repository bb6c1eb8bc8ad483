using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.Stripe.Core;

/// <summary>Stripe counts in the smallest unit of each currency.</summary>
internal static class StripeMoney
{
    // docs.stripe.com/currencies: these have no smaller unit.
    private static readonly HashSet<string> _whole = new(StringComparer.Ordinal)
        { "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF" };

    // These have three places, of which the last has to be 0.
    private static readonly HashSet<string> _thousandths = new(StringComparer.Ordinal) { "BHD", "JOD", "KWD", "OMR", "TND" };

    public static string Currency(Money amount) => amount.Currency.Code.ToLowerInvariant();

    /// <exception cref="ArgumentException">Not above zero, or not a whole number of the currency's smallest unit.</exception>
    public static string Minor(Money amount)
    {
        var unit = UnitsOf(amount.Currency.Code);
        return amount.IsPositive && amount.Units % unit == 0
            ? (amount.Units / unit).ToString(CultureInfo.InvariantCulture)
            : throw new ArgumentException($"{amount} {amount.Currency} is not an amount that Stripe can take.", nameof(amount));
    }

    /// <summary>False for what is not a whole number, or too large. May be below zero.</summary>
    public static bool TryRead(string minor, string currency, out Money amount)
    {
        var code = currency.ToUpperInvariant();
        var unit = UnitsOf(code);
        var isAmount = code.Length == 3 && long.TryParse(minor, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            && count <= long.MaxValue / unit && count >= long.MinValue / unit;
        amount = isAmount ? new Money(long.Parse(minor, CultureInfo.InvariantCulture) * unit, new Currency(code)) : default;
        return isAmount;
    }

    private static long UnitsOf(string code) => _whole.Contains(code) ? Money.UnitsPerYuan : _thousandths.Contains(code) ? 10 : Money.UnitsPerFen;
}
