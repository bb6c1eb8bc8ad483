using System.Globalization;

namespace Lianka.Kernel;

/// <summary>An exact amount of one currency.</summary>
/// <remarks>
/// Units: 1/10,000 of the main unit, so 9.9850 yuan is <c>new Money(99_850)</c>. Never a decimal, never a double.
/// 64 bits hold 922 trillion yuan; docs/decisions/0004-money.md shows why that is enough.
/// Errors: mixing currencies and overflow are bugs in the caller, so they throw.
/// Held by: tests/Unit/Kernel/MoneyExamples.cs.
/// </remarks>
public readonly record struct Money(long Units, Currency Currency = default) : IComparable<Money>
{
    /// <summary>How many units make one yuan.</summary>
    public const long UnitsPerYuan = 10_000;

    /// <summary>How many units make one fen, the smallest amount a payment channel can move.</summary>
    public const long UnitsPerFen = 100;

    public static readonly Money Zero;

    public bool IsZero => Units == 0;
    public bool IsPositive => Units > 0;
    public bool IsNegative => Units < 0;

    /// <summary>True when a payment channel can move this amount: it is a whole number of fen.</summary>
    public bool IsWholeFen => Units % UnitsPerFen == 0;

    public static Money operator +(Money a, Money b) => new(checked(a.Units + b.Units), Same(a, b));
    public static Money operator -(Money a, Money b) => new(checked(a.Units - b.Units), Same(a, b));
    public static Money operator -(Money a) => new(checked(-a.Units), a.Currency);
    public static Money operator *(Money a, long count) => new(checked(a.Units * count), a.Currency);
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;

    public static Money Min(Money a, Money b) => a <= b ? a : b;
    public static Money Max(Money a, Money b) => a >= b ? a : b;

    public int CompareTo(Money other)
    {
        Same(this, other);
        return Units.CompareTo(other.Units);
    }

    /// <summary>The part of this amount at a rate, rounded half away from zero to one unit.</summary>
    /// <param name="rateBps">Basis points (1/100 of a percent); 10,000 is the whole.</param>
    public Money AtBps(long rateBps) => new(Rounding.HalfAwayFromZero((Int128)Units * rateBps, 10_000), Currency);

    /// <summary>The smallest whole-fen amount that is not less than this one.</summary>
    public Money UpToFen() => new(checked(-FloorDiv(-Units, UnitsPerFen) * UnitsPerFen), Currency);

    /// <summary>The wire form: a plain decimal with four places, for example <c>9.9850</c>.</summary>
    public override string ToString() => Text(4);

    /// <summary>The form for people: as many places as <paramref name="places"/> says (2 for retail, 4 for wholesale).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer places than the amount needs; an amount is never shown rounded.</exception>
    public string Text(int places)
    {
        var magnitude = Units < 0 ? (UInt128)(-(Int128)Units) : (UInt128)Units;
        var whole = (ulong)(magnitude / UnitsPerYuan);
        var rest = (int)(ulong)(magnitude % UnitsPerYuan);
        if (places == 2 && rest % UnitsPerFen != 0) places = 4;
        var fraction = rest.ToString("D4", CultureInfo.InvariantCulture)[..places];
        var sign = Units < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{fraction}");
    }

    /// <summary>Reads the wire form: ASCII digits, at most 4 places, no exponent, no plus, no grouping.</summary>
    /// <returns>False for anything else, including full-width digits and amounts beyond 10 trillion yuan.</returns>
    public static bool TryParse(string? text, out Money money)
    {
        money = default;
        if (string.IsNullOrEmpty(text) || text.Length > 24) return false;
        var at = text[0] == '-' ? 1 : 0;
        long units = 0;
        int digits = 0, places = -1;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '.')
            {
                if (places >= 0 || digits == 0) return false;
                places = 0;
                continue;
            }

            if (c is < '0' or > '9') return false;
            if (places >= 0 && ++places > 4) return false;
            if (places < 0 && ++digits > 13) return false;
            units = (units * 10) + (c - '0');
        }

        if (digits == 0 || places == 0) return false;
        for (var p = Math.Max(places, 0); p < 4; p++) units *= 10;
        money = new Money(text[0] == '-' ? -units : units);
        return true;
    }

    /// <summary>Reads an amount that stands in code or in a trusted file.</summary>
    /// <exception cref="FormatException">The text is not an amount.</exception>
    public static Money Parse(string text) =>
        TryParse(text, out var money) ? money : throw new FormatException($"Not an amount: '{text}'.");

    private static long FloorDiv(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    private static Currency Same(Money a, Money b) => a.Currency == b.Currency
        ? a.Currency
        : throw new InvalidOperationException($"Cannot combine {a.Currency} with {b.Currency}.");
}

/// <summary>A currency by its ISO 4217 code. The default value is the yuan.</summary>
public readonly record struct Currency
{
    private readonly string? _code;

    public Currency(string code) => _code = code is "CNY" ? null : code;

    public string Code => _code ?? "CNY";

    public static readonly Currency Cny;

    public override string ToString() => Code;
}

/// <summary>Integer division with a named rounding.</summary>
public static class Rounding
{
    /// <summary>a / b to the nearest integer, a half going away from zero. Throws on overflow of 64 bits.</summary>
    public static long HalfAwayFromZero(Int128 a, Int128 b)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        var half = b / 2;
        return checked((long)(a >= 0 ? (a + half) / b : (a - half) / b));
    }
}
