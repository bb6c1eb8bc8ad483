using System.Reflection;
using Lianka.Modules.Consoles.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.Razor.Compilation;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Access;

/// <summary>The permission that opens a page, and the one that lets it change something.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string see, string? change = null) : Attribute
{
    public Permission See { get; } = Permissions.Of(see);

    /// <summary>Null: the page changes nothing, and takes no form.</summary>
    public Permission? Change { get; } = change is null ? null : Permissions.Of(change);
}

/// <summary>Asks for the permissions of a page before anything of it runs.</summary>
internal sealed class NeedsFilter(NeedsAttribute needs) : IAuthorizationFilter
{
    /// <summary>What pages of the consoles need that another module draws, by where they stand: the preview changes nothing with what is sent to it.</summary>
    public static IReadOnlyDictionary<string, NeedsAttribute> Elsewhere { get; } = new Dictionary<string, NeedsAttribute>
    {
        ["/Storefronts/Browse/Preview"] = new(MerchantPermissions.ShopSee, MerchantPermissions.ShopSee),
    };

    /// <summary>Puts it before every page of a folder; a page that names no permission does not open at all.</summary>
    public static void Add(PageApplicationModel page)
    {
        var needs = page.HandlerType.GetCustomAttribute<NeedsAttribute>() ?? Elsewhere.GetValueOrDefault(page.ViewEnginePath) ?? throw new InvalidOperationException($"{page.HandlerType.Name} names no permission.");
        if (needs.Change is null && page.HandlerMethods.Any(h => !HttpMethods.IsGet(h.HttpMethod) && h.MethodInfo.Name != nameof(PageModel.OnPageHandlerExecutionAsync)))
            throw new InvalidOperationException($"{page.HandlerType.Name} takes a form, and names no permission for it.");
        page.Filters.Add(new NeedsFilter(needs));
    }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        // Strangers and other roles were sent away before.
        if (SessionCookie.PersonOf(context.HttpContext) is not { } person) return;
        var request = context.HttpContext.Request;
        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (PageNeeds.Missing(person.Rights, needs, isChange || PageNeeds.IsNew(request.Path)) is not { } missing) return;
        context.HttpContext.Features.Set(new MissingPermission(missing));
        context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
    }
}

/// <summary>Which permissions the pages behind addresses need, so that nobody is shown a link that is refused to them.</summary>
/// <remarks>The pages ask for themselves (<see cref="NeedsFilter"/>). Held by: tests/Integration/Consoles/AccessMatrixTests.cs.</remarks>
public sealed class PageNeeds
{
    private sealed record Entry(string[] Segments, NeedsAttribute Needs);

    // Routes tell no capital letter from a small one, and take a slash at the end.
    private const StringComparison AsRoutes = StringComparison.OrdinalIgnoreCase;

    private readonly Dictionary<string, NeedsAttribute> _exact = new(StringComparer.FromComparison(AsRoutes));
    private readonly List<Entry> _withHoles = [];

    private readonly RowDeeds _deeds;

    internal PageNeeds(IActionDescriptorCollectionProvider actions, ApplicationPartManager parts, RowDeeds deeds)
    {
        _deeds = deeds;
        var views = new ViewsFeature();
        parts.PopulateFeature(views);
        // A page is listed once for each part of the application that brings it.
        var models = views.ViewDescriptors.DistinctBy(v => v.RelativePath).ToDictionary(v => v.RelativePath, v => v.Type?.GetProperty("Model")?.PropertyType);
        foreach (var page in actions.ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var needs = models.GetValueOrDefault(page.RelativePath)?.GetCustomAttribute<NeedsAttribute>() ?? NeedsFilter.Elsewhere.GetValueOrDefault(page.ViewEnginePath);
            if (needs is null || page.AttributeRouteInfo?.Template is not { } template) continue;
            // What may be left out at the end is another address of the same page.
            if (template.EndsWith("?}", StringComparison.Ordinal)) _exact[template[..template.LastIndexOf('/')]] = needs;
            if (template.Contains('{', StringComparison.Ordinal)) _withHoles.Add(new Entry(template.Split('/'), needs));
            else _exact[template] = needs;
        }
    }

    /// <summary>What is lacking for a page; null: nothing.</summary>
    public static Permission? Missing(Rights rights, NeedsAttribute needs, bool isChange) =>
        !rights.Has(needs.See.Code) ? needs.See
        : isChange && needs.Change is { } change && !rights.Has(change.Code) ? change : null;

    /// <summary>The page on which something is made: it is for those who may.</summary>
    public static bool IsNew(string? path) => path?.TrimEnd('/').EndsWith("/new", AsRoutes) == true;

    public NeedsAttribute? Of(string path)
    {
        path = path.Trim('/');
        if (_exact.TryGetValue(path, out var exact)) return exact;
        var segments = path.Split('/');
        // The one with more words in its address is the one that answers: a "new" beside an "{id}".
        return _withHoles.Where(p => p.Segments.Length == segments.Length && p.Segments.Zip(segments).All(pair => IsHole(pair.First) || pair.First.Equals(pair.Second, AsRoutes)))
            .MinBy(p => p.Segments.Count(IsHole))?.Needs;

        static bool IsHole(string segment) => segment.StartsWith('{');
    }

    /// <summary>True also for addresses that need no permission.</summary>
    public bool MayOpen(Person person, string href)
    {
        var path = href.Split('?', '#')[0];
        if (person.Rights.IsAll) return true;
        // What is done to many rows of the operator's asks besides for what each row's own page asks.
        if (RowDeeds.NameIn(path) is { } deed && _deeds.Find(deed)?.Permission is { } permission && !person.Rights.Has(permission)) return false;
        return Of(path) is not { } needs || Missing(person.Rights, needs, IsNew(path)) is null;
    }

    /// <summary>What is lacking to send the form of this page; null: nothing.</summary>
    public Permission? MissingToChange(Person person, string path) => Of(path) is { } needs ? Missing(person.Rights, needs, isChange: true) : null;
}
