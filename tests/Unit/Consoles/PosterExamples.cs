using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lianka.Modules.Consoles.Core;
using Lianka.Platform.Http;
using QRCoder;

namespace Lianka.Tests.Unit.Consoles;

/// <summary>Posters are pictures whose code leads to the goods, and whose words stay inside.</summary>
public sealed class PosterExamples
{
    private const string Link = "https://shop.example.com/s/xinghe/p/steam-wallet";
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private static readonly PosterWords _words = new("星河小店", "Steam 钱包充值码", "¥49.50", "扫码购买", "shop.example.com/s/xinghe/p/steam-wallet", "#0f6b5c", "#ffffff");

    private static XElement Draw(string design, PosterWords words)
    {
        var qr = Qr.Of(Link);
        return XDocument.Parse(Poster.Svg(design, words, new PosterCode(qr.Size, qr.Path))).Root!;
    }

    public static TheoryData<string> Designs => [.. Poster.Designs];

    [Theory, MemberData(nameof(Designs))]
    public void The_code_is_the_one_that_leads_there_with_four_modules_of_white_around_it(string design)
    {
        var code = Draw(design, _words).Elements(_svg + "svg").Single();
        var side = int.Parse(code.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
        var dark = new bool[side, side];
        foreach (Match run in Regex.Matches(code.Element(_svg + "path")!.Attribute("d")!.Value, @"M(?<x>\d+) (?<y>\d+)h(?<n>\d+)v1h-(?<back>\d+)z", RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            int Of(string name) => int.Parse(run.Groups[name].Value, CultureInfo.InvariantCulture);
            for (var i = 0; i < Of("n"); i++) dark[Of("y") + 2, Of("x") + i + 2] = true;
        }

        using var generator = new QRCodeGenerator();
        using var wanted = generator.CreateQrCode(Link, QRCodeGenerator.ECCLevel.M);
        // The encoder's own matrix has just these four modules of white on each side.
        side.ShouldBe(wanted.ModuleMatrix.Count);
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++) dark[y, x].ShouldBe(wanted.ModuleMatrix[y][x], $"{x} {y}");
    }

    [Theory, MemberData(nameof(Designs))]
    public void Names_of_any_length_and_kind_stay_inside(string design)
    {
        var (width, _) = Poster.SizeOf(design);
        foreach (var name in new[] { "钻", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", new string('W', 80), "Steam wallet code for the whole of China, with a very long name", "<b>&\"'" })
        {
            var poster = Draw(design, _words with { Product = name, Shop = name });
            poster.Element(_svg + "title")!.Value.ShouldBe($"{name} · {name}");
            foreach (var text in poster.Elements(_svg + "text"))
            {
                int Of(string attribute) => int.Parse(text.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
                // A Chinese sign is as wide as the font is high; a letter here never counts less than a third of that.
                var wide = text.Value.Sum(c => c > 0x2e80 ? 100 : 34) * Of("font-size") / 100;
                var left = text.Attribute("text-anchor")!.Value == "start" ? Of("x") : Of("x") - (wide / 2);
                left.ShouldBeGreaterThanOrEqualTo(0, text.Value);
                (left + wide).ShouldBeLessThanOrEqualTo(width, text.Value);
            }
        }
    }

    [Theory]
    [InlineData("#0f6b5c", "#ffffff", "#0f6b5c")]
    [InlineData("#ffd400", "#000000", "#1b1c1e")]
    public void On_white_only_a_colour_is_used_that_can_be_read_there(string brand, string ink, string expected)
    {
        var poster = Draw(Poster.Calm, _words with { Brand = brand, Ink = ink });
        poster.Elements(_svg + "svg").Single().Element(_svg + "path")!.Attribute("fill")!.Value.ShouldBe(expected);
        poster.Elements(_svg + "text").Single(t => t.Value == "¥49.50").Attribute("fill")!.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Steam wallet code", 650, "Steam|wallet code")]
    [InlineData("星河小店欢迎您", 300, "星河小|店欢迎|您")]
    [InlineData("腾讯 视频会员", 400, "腾讯 视|频会员")]
    [InlineData("abcdefghijkl", 300, "abcd|efghi|jkl")]
    [InlineData("视频会员（国区）", 500, "视频会员|（国区）")]
    [InlineData("((((", 100, "(|(|(|(")]
    [InlineData("", 300, "")]
    public void Lines_break_between_words_or_between_signs(string text, int max, string lines) => string.Join('|', Poster.Wrap(text, max)).ShouldBe(lines);
}
