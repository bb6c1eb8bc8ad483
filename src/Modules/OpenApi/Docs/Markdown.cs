using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Lianka.Modules.OpenApi.Docs;

/// <summary>The little of Markdown that our own pages use: headings, paragraphs, lists, fenced code, `code`, **strong**.</summary>
/// <remarks>Everything else is text, and all text is encoded, so a page can contain no markup of its own.</remarks>
internal static class Markdown
{
    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string ToHtml(string text)
    {
        var html = new StringBuilder(text.Length * 2);
        var paragraph = new List<string>();
        var isList = false;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Close();
                html.Append("<pre class=\"sample\" tabindex=\"0\"><code>");
                for (i++; i < lines.Length && !lines[i].StartsWith("```", StringComparison.Ordinal); i++)
                    html.Append(_encoder.Encode(lines[i])).Append('\n');
                html.Append("</code></pre>\n");
            }
            else if (line.StartsWith('#'))
            {
                Close();
                var level = line.TakeWhile(c => c == '#').Count();
                html.Append($"<h{level}>").Append(Inline(line[level..].Trim())).Append($"</h{level}>\n");
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (!isList)
                {
                    Close();
                    html.Append("<ul>\n");
                    isList = true;
                }

                html.Append("<li>").Append(Inline(line[2..])).Append("</li>\n");
            }
            else if (line.Length == 0) Close();
            else paragraph.Add(line);
        }

        Close();
        return html.ToString();

        void Close()
        {
            if (isList) html.Append("</ul>\n");
            isList = false;
            if (paragraph.Count > 0) html.Append("<p>").Append(Inline(string.Join(' ', paragraph))).Append("</p>\n");
            paragraph.Clear();
        }
    }

    public static string Inline(string text)
    {
        // Between back ticks nothing else has a meaning.
        var parts = text.Split('`');
        var html = new StringBuilder(text.Length * 2);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1 && i < parts.Length - 1) html.Append("<code>").Append(_encoder.Encode(parts[i])).Append("</code>");
            else html.Append(i % 2 == 1 ? "`" : "").Append(Strong(parts[i]));
        }

        return html.ToString();
    }

    private static string Strong(string text)
    {
        var parts = text.Split("**");
        var html = new StringBuilder(text.Length * 2);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1 && i < parts.Length - 1) html.Append("<strong>").Append(_encoder.Encode(parts[i])).Append("</strong>");
            else html.Append(i % 2 == 1 ? "**" : "").Append(_encoder.Encode(parts[i]));
        }

        return html.ToString();
    }
}
