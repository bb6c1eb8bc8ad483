using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Tests.Unit.Storefronts;

public sealed class FoundExamples
{
    [Fact]
    public void A_block_of_data_cannot_be_left_by_what_stands_in_it()
    {
        const string evil = "</script><script>alert(1)</script><!-- & \u2028 \"小鹿\"";
        var text = StructuredData.Graph(StructuredData.Product(evil, evil, "https://a/p", "https://a/i", evil, evil, [new OfferFact("c", evil, "49.50", true, "https://a/p?sku=c")], null));
        text.ShouldNotContain("<");
        text.ShouldNotContain("\u2028");
        text.ShouldContain("小鹿");
        using var json = JsonDocument.Parse(text);
        var product = json.RootElement.GetProperty("@graph")[0];
        product.GetProperty("name").GetString().ShouldBe(evil);
        var offer = product.GetProperty("offers")[0];
        offer.GetProperty("price").GetString().ShouldBe("49.50");
        offer.GetProperty("availability").GetString().ShouldBe("https://schema.org/InStock");
    }

    [Fact]
    public void Crumbs_are_counted_from_one()
    {
        using var json = JsonDocument.Parse(StructuredData.Graph(StructuredData.Crumbs(("店", "https://a/"), ("游戏", "https://a/c/games"))));
        json.RootElement.GetProperty("@graph")[0].GetProperty("itemListElement").EnumerateArray()
            .Select(i => $"{i.GetProperty("position").GetInt32()} {i.GetProperty("name").GetString()}").ShouldBe(["1 店", "2 游戏"]);
    }

    [Fact]
    public void A_sitemap_is_read_back_with_both_languages_of_each_page()
    {
        var at = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.FromHours(8));
        var xml = XDocument.Parse(Sitemap.Pages([new SitePage("https://a/s/x"), new SitePage("https://a/p/q?a=1&b=<2>", at)]));
        XNamespace map = "http://www.sitemaps.org/schemas/sitemap/0.9", html = "http://www.w3.org/1999/xhtml";
        xml.Root!.Elements(map + "url").Select(u => $"{u.Element(map + "loc")!.Value} {u.Element(map + "lastmod")?.Value}")
            .ShouldBe(["https://a/s/x ", "https://a/p/q?a=1&b=<2> 2026-03-01T00:00:00Z"]);
        xml.Descendants(html + "link").Select(l => $"{l.Attribute("hreflang")!.Value} {l.Attribute("href")!.Value}").ShouldBe([
            "zh-CN https://a/s/x?lang=zh-CN", "en https://a/s/x?lang=en", "zh-CN https://a/p/q?a=1&b=<2>&lang=zh-CN", "en https://a/p/q?a=1&b=<2>&lang=en"]);
        XDocument.Parse(Sitemap.Index("https://a/sitemap.xml", 2)).Descendants(map + "loc").Select(l => l.Value)
            .ShouldBe(["https://a/sitemap.xml?part=1", "https://a/sitemap.xml?part=2"]);
    }

    [Theory]
    [InlineData(180)]
    [InlineData(192)]
    [InlineData(512)]
    public void An_icon_is_a_picture_of_two_colours_that_mirrors_itself_and_keeps_off_the_edge(int side)
    {
        var (colours, points) = Read(ShopIcon.Png("xiaolu", "#be185d", "#ffffff", side), side);
        colours.ShouldBe([0xbe, 0x18, 0x5d, 0xff, 0xff, 0xff]);
        var margin = side / 5;
        var inked = 0;
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                if (!points[y, x]) continue;
                inked++;
                (x >= margin && x < side - margin && y >= margin && y < side - margin).ShouldBeTrue($"{x},{y}");
            }

        inked.ShouldBeGreaterThan(side * side / 30);
        var (from, size) = (side / 5, side * 3 / 5);
        string Cells(int row) => string.Concat(Enumerable.Range(0, 5).Select(cell => points[from + (((row * 2) + 1) * size / 10), from + (((cell * 2) + 1) * size / 10)] ? '#' : '.'));
        // A shop's mark stays what it is: it stands on home screens.
        string[] figure = [.. Enumerable.Range(0, 5).Select(Cells)];
        figure.ShouldBe([".....", "#.#.#", ".###.", ".###.", "....."]);
        figure.ShouldAllBe(row => row.SequenceEqual(row.Reverse()));
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                points[from + y, from + x].ShouldBe(figure[y * 5 / size][x * 5 / size] == '#', $"{x},{y}");
    }

    [Fact]
    public void Shops_have_marks_of_their_own() => Enumerable.Range(0, 40)
        .Select(i => Convert.ToBase64String(ShopIcon.Png($"shop-{i}", "#000000", "#ffffff", 180))).Distinct().Count().ShouldBeGreaterThan(35);

    /// <summary>A reader of its own, after the PNG specification: chunks with their checks, the packed rows without filter, one bit a point.</summary>
    private static (byte[] Colours, bool[,] Points) Read(byte[] png, int side)
    {
        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var chunks = new Dictionary<string, byte[]>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var body = png.AsSpan(at + 4, length + 4).ToArray();
            Crc(body).ShouldBe(BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add(System.Text.Encoding.ASCII.GetString(body, 0, 4), body[4..]);
            at += length + 12;
        }

        chunks.Keys.ShouldBe(["IHDR", "PLTE", "IDAT", "IEND"]);
        var head = chunks["IHDR"];
        (BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4))).ShouldBe((side, side));
        // One bit a point, colours from the palette; packed by zlib, rows with filters, not interlaced.
        head[8..].ShouldBe([1, 3, 0, 0, 0]);
        chunks["IEND"].ShouldBeEmpty();
        using var rows = new MemoryStream();
        // Reads the check at the end too.
        using (var unpacked = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress)) unpacked.CopyTo(rows);
        var stride = 1 + ((side + 7) / 8);
        rows.Length.ShouldBe(stride * side);
        var points = new bool[side, side];
        for (var y = 0; y < side; y++)
        {
            rows.GetBuffer()[y * stride].ShouldBe((byte)0, $"the filter of row {y}");
            for (var x = 0; x < side; x++)
                points[y, x] = (rows.GetBuffer()[(y * stride) + 1 + (x / 8)] >> (7 - (x % 8)) & 1) == 1;
        }

        return (chunks["PLTE"], points);
    }

    private static uint Crc(byte[] data)
    {
        var table = Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) == 1 ? 0xEDB88320 ^ (c >> 1) : c >> 1)).ToArray();
        return ~data.Aggregate(uint.MaxValue, (crc, value) => table[(byte)crc ^ value] ^ (crc >> 8));
    }
}
