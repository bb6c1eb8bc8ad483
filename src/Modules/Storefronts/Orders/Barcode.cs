using System.Globalization;
using System.Text;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>A barcode (Code 128) as one SVG path, drawn on the server: the code never leaves for an image service.</summary>
/// <param name="Width">In modules, quiet zones included.</param>
public sealed record Barcode(int Width, string Path)
{
    /// <summary>Height of the bars, in modules.</summary>
    public const int Height = 40;

    /// <summary>Modules of white on either side, which readers need.</summary>
    private const int Quiet = 10;

    public static Barcode Of(string text)
    {
        var path = new StringBuilder();
        var x = Quiet;
        var isBar = true;
        foreach (var width in Code128.Widths(text).Select(c => c - '0'))
        {
            if (isBar) path.Append(CultureInfo.InvariantCulture, $"M{x} 0h{width}v{Height}h-{width}z");
            x += width;
            isBar = !isBar;
        }

        return new Barcode(x + Quiet, path.ToString());
    }
}
