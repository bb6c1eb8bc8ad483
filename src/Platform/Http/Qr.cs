using System.Globalization;
using System.Text;
using QRCoder;

namespace Lianka.Platform.Http;

/// <summary>A QR code as one SVG path, drawn on the server: the code never leaves for an image service.</summary>
public sealed record Qr(int Size, string Path)
{
    /// <summary>Modules of white around it, which readers need.</summary>
    private const int Quiet = 2;

    public static Qr Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var matrix = data.ModuleMatrix;
        // The library draws four quiet modules itself; the picture's own white frame does the rest.
        var from = 4 - Quiet;
        var size = matrix.Count - (2 * from);
        var path = new StringBuilder();
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (!matrix[y + from][x + from]) continue;
                var start = x;
                while (x + 1 < size && matrix[y + from][x + 1 + from]) x++;
                path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start + 1}v1h-{x - start + 1}z");
            }
        }

        return new Qr(size, path.ToString());
    }
}
