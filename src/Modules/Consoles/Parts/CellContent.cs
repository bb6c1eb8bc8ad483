using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What stands between the tags of a cell. Written by hand: a view of its own for each of some hundred cells took most of a page's time.</summary>
public sealed class CellContent(Column column, Cell cell) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<span>");
        if (cell.Word is not null) Element("span", "word", null, null, cell.Word);
        if (column.Kind == ColumnKind.Badge && cell.Tone is not null) Element("span", $"badge {cell.Tone}", null, null, cell.Text);
        else if (cell.Href is not null) Element("a", cell.IsMono ? "mono" : null, cell.Href, cell.Title, cell.Text);
        else if (cell.Title is not null) Element("span", "nowrap", null, cell.Title, cell.Text);
        else if (cell.IsMono) Element("span", "mono", null, null, cell.Text);
        else encoder.Encode(writer, cell.Text);
        if (cell.Sub is not null) Element("span", "sub", null, null, cell.Sub);
        writer.Write("</span>");

        void Element(string tag, string? style, string? href, string? title, string text)
        {
            writer.Write('<');
            writer.Write(tag);
            Attribute("class", style);
            Attribute("href", href);
            Attribute("title", title);
            writer.Write('>');
            encoder.Encode(writer, text);
            writer.Write("</");
            writer.Write(tag);
            writer.Write('>');
        }

        void Attribute(string name, string? value)
        {
            if (value is null) return;
            writer.Write(' ');
            writer.Write(name);
            writer.Write("=\"");
            encoder.Encode(writer, value);
            writer.Write('"');
        }
    }
}
