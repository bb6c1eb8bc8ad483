using System.Globalization;
using System.Security;
using System.Text;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>A page that search engines should know, with when it last changed.</summary>
public sealed record SitePage(string Address, DateTimeOffset? ChangedAt = null);

/// <summary>Lists of a shop's pages by sitemaps.org: one file, or an index of several.</summary>
/// <remarks>Held by: tests/Unit/Storefronts/FoundExamples.cs.</remarks>
public static class Sitemap
{
    /// <summary>The protocol allows 50,000 addresses and 50 MB a file; each stands with its two languages.</summary>
    public const int PartMax = 10_000;

    public static string Pages(IEnumerable<SitePage> pages)
    {
        var xml = new StringBuilder("""
            <?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">

            """);
        foreach (var page in pages)
        {
            var (zh, en) = (In(page.Address, "zh-CN"), In(page.Address, "en"));
            xml.Append("<url><loc>").Append(Escape(page.Address)).Append("</loc>");
            if (page.ChangedAt is { } at)
                xml.Append("<lastmod>").Append(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)).Append("</lastmod>");
            xml.Append("<xhtml:link rel=\"alternate\" hreflang=\"zh-CN\" href=\"").Append(Escape(zh))
                .Append("\"/><xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"").Append(Escape(en)).Append("\"/></url>\n");
        }

        return xml.Append("</urlset>\n").ToString();
    }

    /// <param name="address">Of this index; a part is asked for with <c>?part=</c>, counted from 1.</param>
    public static string Index(string address, int parts)
    {
        var xml = new StringBuilder("""
            <?xml version="1.0" encoding="UTF-8"?>
            <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">

            """);
        for (var part = 1; part <= parts; part++)
            xml.Append(CultureInfo.InvariantCulture, $"<sitemap><loc>{Escape(address)}?part={part}</loc></sitemap>\n");
        return xml.Append("</sitemapindex>\n").ToString();
    }

    /// <summary>The same page in one language.</summary>
    public static string In(string address, string language) => $"{address}{(address.Contains('?') ? '&' : '?')}lang={language}";

    private static string Escape(string text) => SecurityElement.Escape(text);
}
