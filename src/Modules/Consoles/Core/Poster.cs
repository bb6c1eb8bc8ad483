using System.Globalization;
using System.Security;
using System.Text;

namespace Lianka.Modules.Consoles.Core;

/// <summary>What stands on a poster.</summary>
/// <param name="Product">Empty: the poster of the shop itself.</param>
/// <param name="Price">With its sign, for example <c>¥49.50</c>; empty: none.</param>
/// <param name="Call">What to do with the code.</param>
/// <param name="Address">Where the code leads, to be read.</param>
/// <param name="Brand">As <c>#rrggbb</c>.</param>
/// <param name="Ink">What can be read on <paramref name="Brand"/>: <c>#ffffff</c> or <c>#000000</c>.</param>
public sealed record PosterWords(string Shop, string Product, string Price, string Call, string Address, string Brand, string Ink)
{
    /// <summary>What can be read on white: the shop's colour where white can be read on it.</summary>
    public string OnWhite => Ink == "#ffffff" ? Brand : "#1b1c1e";
}

/// <summary>A QR code as one path over a square of so many modules.</summary>
public sealed record PosterCode(int Size, string Path);

/// <summary>Posters as pictures made of text and lines (SVG), in the shop's colour.</summary>
/// <remarks>
/// Letters are drawn by whoever shows the picture, so the server needs no font for Chinese. How wide they get is therefore an estimate, on the wide
/// side. Held by: tests/Unit/Consoles/PosterExamples.cs, which reads the codes back.
/// </remarks>
public static class Poster
{
    public const string Calm = "calm", Bold = "bold", Tag = "tag";

    private const string Dark = "#1b1c1e", Grey = "#50545a", White = "#ffffff";

    public static IReadOnlyList<string> Designs { get; } = [Calm, Bold, Tag];

    public static (int Width, int Height) SizeOf(string design) => design == Tag ? (900, 480) : (720, 1080);

    public static string Svg(string design, PosterWords words, PosterCode code)
    {
        var (width, height) = SizeOf(design);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" ")
            .Append("font-family=\"'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif\">")
            .Append("<title>").Append(Safe(words.Product.Length > 0 ? $"{words.Shop} · {words.Product}" : words.Shop)).Append("</title>");
        switch (design)
        {
            case Calm: DrawCalm(svg, words, code); break;
            case Bold: DrawBold(svg, words, code); break;
            case Tag: DrawTag(svg, words, code); break;
            default: throw new ArgumentOutOfRangeException(nameof(design), design, "There is no such design.");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>White, quiet, the code in the middle of the lower half.</summary>
    private static void DrawCalm(StringBuilder svg, PosterWords words, PosterCode code)
    {
        Box(svg, 0, 0, 720, 1080, White);
        Box(svg, 0, 0, 720, 16, words.Brand);
        var title = words.Product.Length > 0 ? words.Product : words.Shop;
        if (words.Product.Length > 0) Lines(svg, words.Shop, 360, 96, 34, 26, 620, 1, Grey, isBold: false);
        var end = Lines(svg, title, 360, words.Product.Length > 0 ? 200 : 170, 60, 40, 620, 3, Dark);
        if (words.Price.Length > 0) Lines(svg, words.Price, 360, end + 100, 84, 48, 620, 1, words.OnWhite);
        Code(svg, code, 180, 580, 360, words.OnWhite);
        Lines(svg, words.Call, 360, 994, 32, 24, 620, 1, Dark);
        Lines(svg, words.Address, 360, 1040, 22, 14, 640, 1, Grey, isBold: false);
    }

    /// <summary>All in the shop's colour, the code on a white card.</summary>
    private static void DrawBold(StringBuilder svg, PosterWords words, PosterCode code)
    {
        Box(svg, 0, 0, 720, 1080, words.Brand);
        var title = words.Product.Length > 0 ? words.Product : words.Shop;
        if (words.Product.Length > 0) Lines(svg, words.Shop, 56, 96, 34, 26, 608, 1, words.Ink, isLeft: true);
        var end = Lines(svg, title, 56, words.Product.Length > 0 ? 196 : 170, 76, 44, 608, 3, words.Ink, isLeft: true);
        if (words.Price.Length > 0) Lines(svg, words.Price, 56, end + 116, 104, 56, 608, 1, words.Ink, isLeft: true);
        Box(svg, 56, 600, 608, 424, White, 28);
        Code(svg, code, 76, 632, 360, Dark);
        Lines(svg, words.Call, 546, 800, 38, 24, 196, 4, Dark);
        Lines(svg, words.Address, 360, 1060, 20, 12, 640, 1, words.Ink, isBold: false);
    }

    /// <summary>A price tag: goods and price to the left, the code to the right; several fit on a sheet.</summary>
    private static void DrawTag(StringBuilder svg, PosterWords words, PosterCode code)
    {
        Box(svg, 0, 0, 900, 480, White);
        svg.Append("<rect x=\"6\" y=\"6\" width=\"888\" height=\"468\" rx=\"24\" fill=\"none\" stroke=\"#83878e\" stroke-width=\"2\" stroke-dasharray=\"10 8\"/>");
        Box(svg, 6, 380, 888, 94, words.Brand, 24);
        Box(svg, 6, 380, 888, 40, words.Brand);
        var isGoods = words.Product.Length > 0;
        if (isGoods) Lines(svg, words.Shop, 40, 442, 38, 22, 560, 1, words.Ink, isLeft: true);
        Lines(svg, words.Call, 756, 440, 30, 18, 260, 1, words.Ink);
        Lines(svg, isGoods ? words.Product : words.Shop, 40, 92, 48, 28, 540, 2, Dark, isLeft: true);
        if (words.Price.Length > 0) Lines(svg, words.Price, 40, 290, 112, 56, 540, 1, words.OnWhite, isLeft: true);
        Lines(svg, words.Address, 40, 352, 20, 12, 540, 1, Grey, isBold: false, isLeft: true);
        Code(svg, code, 596, 36, 320, words.OnWhite);
    }

    private static void Box(StringBuilder svg, int x, int y, int width, int height, string fill, int round = 0) =>
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" fill=\"{fill}\"/>");

    /// <summary>The code with two modules of white around it, besides those that its path leaves: readers want four.</summary>
    private static void Code(StringBuilder svg, PosterCode code, int x, int y, int side, string ink) => svg.Append(CultureInfo.InvariantCulture,
        $"<svg x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" viewBox=\"-2 -2 {code.Size + 4} {code.Size + 4}\" shape-rendering=\"crispEdges\"><rect x=\"-2\" y=\"-2\" width=\"100%\" height=\"100%\" fill=\"{White}\"/><path fill=\"{ink}\" d=\"{code.Path}\"/></svg>");

    /// <summary>Writes a text into a width: smaller where it is long, then over several lines, then cut.</summary>
    /// <param name="y">The foot of the first line.</param>
    /// <returns>The foot of the last line.</returns>
    private static int Lines(StringBuilder svg, string text, int x, int y, int size, int sizeMin, int width, int linesMax, string fill, bool isBold = true, bool isLeft = false)
    {
        var lines = Wrap(text, width * 100 / size);
        while (lines.Count > linesMax && size > sizeMin)
        {
            size = Math.Max(sizeMin, size - 4);
            lines = Wrap(text, width * 100 / size);
        }

        if (lines.Count > linesMax) lines = [.. lines.Take(linesMax - 1), Cut(lines[linesMax - 1], width * 100 / size)];
        var foot = y;
        for (var i = 0; i < lines.Count; i++)
        {
            foot = y + (i * size * 13 / 10);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{foot}\" font-size=\"{size}\" font-weight=\"{(isBold ? 700 : 400)}\" fill=\"{fill}\" text-anchor=\"{(isLeft ? "start" : "middle")}\">")
                .Append(Safe(lines[i])).Append("</text>");
        }

        return foot;
    }

    /// <summary>Lines of at most so many hundredths of the font's size; broken between words where there are any, else anywhere.</summary>
    public static List<string> Wrap(string text, int lineMax)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var (width, lastBlank) = (0, -1);
        foreach (var sign in Signs(text))
        {
            var own = WidthOf(sign);
            if (width + own > lineMax && line.Length > 0)
            {
                var rest = "";
                if (sign != " " && lastBlank > 0)
                {
                    rest = line.ToString(lastBlank + 1, line.Length - lastBlank - 1);
                    line.Length = lastBlank;
                }

                // An opening bracket belongs to what follows it.
                while (line.Length > 1 && "（([【《〈「『“".Contains(line[^1], StringComparison.Ordinal))
                {
                    rest = line[^1] + rest;
                    line.Length--;
                }

                lines.Add(line.ToString().TrimEnd());
                line.Clear().Append(rest);
                (width, lastBlank) = (Signs(rest).Sum(WidthOf), -1);
                if (sign == " ") continue;
            }

            // Chinese may be broken anywhere: a blank before it is no better place.
            if (sign == " ") lastBlank = line.Length;
            else if (own == 100) lastBlank = -1;
            line.Append(sign);
            width += own;
        }

        if (line.Length > 0) lines.Add(line.ToString().TrimEnd());
        return lines;
    }

    private static string Cut(string line, int lineMax)
    {
        var kept = Signs(line);
        while (kept.Count > 0 && kept.Sum(WidthOf) + 100 > lineMax) kept.RemoveAt(kept.Count - 1);
        return string.Concat(kept).TrimEnd() + "…";
    }

    private static List<string> Signs(string text)
    {
        var signs = new List<string>(text.Length);
        for (var each = StringInfo.GetTextElementEnumerator(text); each.MoveNext();) signs.Add(each.GetTextElement());
        return signs;
    }

    /// <summary>In hundredths of the font's size.</summary>
    private static int WidthOf(string sign) => sign[0] switch
    {
        ' ' or '.' or ',' or '/' or ':' or '-' or 'i' or 'l' or 'I' or '|' => 34,
        >= 'A' and <= 'Z' or 'm' or 'w' or '%' or '@' => 76,
        < '\u0250' => 62,
        _ => 100,
    };

    private static string Safe(string text) => SecurityElement.Escape(text);
}
