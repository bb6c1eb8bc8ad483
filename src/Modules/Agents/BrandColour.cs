using System.Globalization;

namespace Lianka.Modules.Agents;

/// <summary>A storefront's colour, and the text that can be read on it.</summary>
internal static class BrandColour
{
    public const string House = "#1f5fbf";

    /// <summary>WCAG 2.2, 1.4.3: the least contrast of normal text.</summary>
    public const double ContrastMin = 4.5;

    /// <summary>White where it can be read, else black.</summary>
    /// <remarks>One of the two always can: where both are equally good, the contrast is the root of 21, which is 4.58.</remarks>
    public static string InkOn(string brand) => Contrast("#ffffff", brand) >= ContrastMin ? "#ffffff" : "#000000";

    /// <summary>The contrast ratio of two colours by WCAG's formula, 1 to 21.</summary>
    public static double Contrast(string a, string b)
    {
        var (light, dark) = (Luminance(a), Luminance(b));
        if (light < dark) (light, dark) = (dark, light);
        return (light + 0.05) / (dark + 0.05);
    }

    private static double Luminance(string colour) =>
        (0.2126 * Linear(colour, 1)) + (0.7152 * Linear(colour, 3)) + (0.0722 * Linear(colour, 5));

    private static double Linear(string colour, int at)
    {
        var part = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
