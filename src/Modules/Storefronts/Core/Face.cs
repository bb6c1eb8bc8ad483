using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>What is printed on a card: a value in its own currency, without needless zeros.</summary>
public static class Face
{
    public static string Text(long units, string currency)
    {
        var sign = currency switch { "CNY" => "¥", "USD" => "US$", "HKD" => "HK$", "EUR" => "€", "GBP" => "£", _ => $"{currency} " };
        var whole = (units / Money.UnitsPerYuan).ToString("N0", CultureInfo.InvariantCulture);
        var rest = (units % Money.UnitsPerYuan).ToString("D4", CultureInfo.InvariantCulture).TrimEnd('0');
        return rest.Length == 0 ? sign + whole : $"{sign}{whole}.{rest.PadRight(2, '0')}";
    }
}
