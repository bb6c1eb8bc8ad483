namespace Lianka.Modules.Storefronts.Core;

/// <summary>A quantity as typed into a form: plain digits, nothing else (F22).</summary>
public static class Quantity
{
    /// <returns>Null when it is not a whole number from 1 to <paramref name="max"/>.</returns>
    public static long? Read(string? typed, long max)
    {
        if (string.IsNullOrEmpty(typed) || typed.Length > 5) return null;
        long value = 0;
        foreach (var c in typed)
        {
            if (!char.IsAsciiDigit(c)) return null;
            value = (value * 10) + (c - '0');
        }

        return value >= 1 && value <= max ? value : null;
    }
}
