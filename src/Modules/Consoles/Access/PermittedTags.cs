using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Lianka.Modules.Consoles.Access;

/// <summary>A form that changes something is not drawn for those whom its page would refuse: no page thinks of that by itself.</summary>
/// <remarks>Held by: tests/Integration/Consoles/TenantStaffTests.cs.</remarks>
[HtmlTargetElement("form", Attributes = "method")]
public sealed class PermittedForm(PageNeeds needs) : TagHelper
{
    private bool _isRefused;

    /// <summary>Its fields tell something to those, too, who cannot send it: it is drawn without its buttons.</summary>
    [HtmlAttributeName("looked-at")]
    public bool IsLookedAt { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>The last: what was added to a form that is not drawn goes with it.</summary>
    public override int Order => int.MaxValue;

    public override void Init(TagHelperContext context)
    {
        var http = ViewContext.HttpContext;
        if (Text(context, "method") != "post" || SessionCookie.PersonOf(http) is not { Rights.IsAll: false } viewer) return;
        var action = (Text(context, "action") ?? "").Split('?', '#')[0];
        _isRefused = needs.MissingToChange(viewer, action.Length > 0 ? action : http.Request.Path) is not null;
        if (_isRefused) context.Items[typeof(PermittedForm)] = true;
    }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (_isRefused && !IsLookedAt) output.SuppressOutput();
    }

    private static string? Text(TagHelperContext context, string attribute) =>
        context.AllAttributes.TryGetAttribute(attribute, out var found) ? found.Value?.ToString() : null;
}

/// <summary>The buttons of such a form, where it is drawn to be looked at.</summary>
[HtmlTargetElement("button")]
public sealed class PermittedButton : TagHelper
{
    public override int Order => int.MaxValue;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (context.Items.ContainsKey(typeof(PermittedForm))) output.SuppressOutput();
    }
}

/// <summary>A button that leads to a page is not drawn for those who may not open it; of a link its words are left.</summary>
[HtmlTargetElement("a", Attributes = "href")]
public sealed class PermittedLink(PageNeeds needs) : TagHelper
{
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override int Order => int.MaxValue;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (SessionCookie.PersonOf(ViewContext.HttpContext) is not { Rights.IsAll: false } viewer
            || output.Attributes["href"]?.Value?.ToString() is not { } href || !href.StartsWith("/console/", StringComparison.Ordinal) || needs.MayOpen(viewer, href)) return;
        if (output.Attributes["class"]?.Value?.ToString()?.Split(' ').Contains("button") == true)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "span";
        output.Attributes.RemoveAll("href");
    }
}
