using Microsoft.AspNetCore.Html;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Small pieces of markup that every view needs.</summary>
public static class Look
{
    /// <param name="name">A symbol of web/assets/icons.svg; never text from outside.</param>
    public static HtmlString Icon(string name, string size = "") =>
        new($"""<svg class="icon {size}" aria-hidden="true"><use href="/assets/icons.svg#{name}"/></svg>""");
}
