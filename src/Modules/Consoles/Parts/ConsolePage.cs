using System.Diagnostics.CodeAnalysis;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What every console page has: the viewer, the language, the moment, one form and one table where it needs them.</summary>
public abstract class ConsolePage : PageModel
{
    public Language Language => RequestLanguage.Of(HttpContext);

    public Person Person => SessionCookie.PersonOf(HttpContext)
        ?? throw new InvalidOperationException("This page needs a person, but its folder has no policy.");

    public DateTimeOffset Now => field == default ? field = HttpContext.RequestServices.GetRequiredService<TimeProvider>().Now() : field;

    /// <summary>The page's name, in its heading and in the browser's tab.</summary>
    public string Title { get; protected set; } = "";

    /// <summary>The list this page belongs below, for the link back.</summary>
    public (string Href, string Label)? Up { get; protected set; }
    public Form? Form { get; protected set; }
    public Table? Table { get; protected set; }

    /// <summary>Links beside the heading; the first is the one to press.</summary>
    public List<(string Href, string Label)> Actions { get; } = [];

    /// <summary>Those of them that the viewer may open.</summary>
    public IReadOnlyList<(string Href, string Label)> OpenActions => Actions.FindAll(a => MayOpen(a.Href));

    /// <summary>The list above, as far as the viewer may open it.</summary>
    public (string Href, string Label)? OpenUp => Up is { } up && MayOpen(up.Href) ? up : null;

    /// <summary>Whether the viewer may open the page behind a link, or do what its button does.</summary>
    public bool MayOpen(string href) => Needs.MayOpen(Person, href);

    private PageNeeds Needs => HttpContext.RequestServices.GetRequiredService<PageNeeds>();

    public string T(string zh, string en) => Language.Pick(zh, en);

    /// <summary>The viewer as a merchant; the tenant of every query on merchant pages.</summary>
    protected MerchantId Merchant => Person.Role == Roles.Merchant ? new(Person.PartyId)
        : throw new InvalidOperationException("Not a merchant's page.");

    protected SupplierId Supplier => Person.Role == Roles.Supplier ? new(Person.PartyId)
        : throw new InvalidOperationException("Not a supplier's page.");

    /// <summary>Who acts, for postings and timelines.</summary>
    public string Actor => $"{Person.Role}:{Person.Login}";

    protected string Address => HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";

    protected Task RecordAsync(string action, string subject) =>
        HttpContext.RequestServices.GetRequiredService<Audit>().RecordAsync(Person.Login, action, subject, Address);

    /// <summary>Goes on with a message that is shown once.</summary>
    protected RedirectResult Done(string href, string zh, string en)
    {
        TempData["flash"] = T(zh, en);
        return Redirect(href);
    }

    protected RedirectResult NotDone(string href, string zh, string en)
    {
        TempData["flash-problem"] = T(zh, en);
        return Redirect(href);
    }

    /// <summary>What a field of the form was sent with, or else the address says.</summary>
    protected async Task<string> GivenAsync(string field) =>
        Request.HasFormContentType ? (await Request.ReadFormAsync())[field].ToString() : Request.Query[field].ToString();

    public Cell When(DateTimeOffset at) => new(Show.Ago(at, Now, Language), Title: Show.Exact(at));

    /// <summary>This page's address with some parts of its query changed; null takes one away. Which of its forms was sent is no part of it.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = Request.Query.Where(p => p.Key is not ("lang" or "handler")).ToDictionary(p => p.Key, p => (string?)p.Value.ToString());
        foreach (var (name, value) in changes) query[name] = value;
        return Request.Path + Microsoft.AspNetCore.Http.QueryString.Create(query.Where(p => !string.IsNullOrEmpty(p.Value)));
    }

    /// <summary>Unwraps what Catalog decided; problems go to the form's fields.</summary>
    /// <returns>True when it was saved.</returns>
    protected bool Took<T>(CatalogDecision<T> decision, [NotNullWhen(true)] out T? saved)
    {
        saved = decision is CatalogDecision<T>.Saved s ? s.Value : default;
        if (decision is CatalogDecision<T>.Refused refused) Form!.Take(refused.Errors);
        if (decision is CatalogDecision<T>.Missing) Form!.Fail("它已经不在了", "It is not there any more");
        return decision is CatalogDecision<T>.Saved;
    }

    /// <summary>Unwraps what Agents decided; problems go to the form's fields.</summary>
    protected bool Took<T>(AgentsDecision<T> decision, [NotNullWhen(true)] out T? saved)
    {
        saved = decision is AgentsDecision<T>.Saved s ? s.Value : default;
        if (decision is AgentsDecision<T>.Refused refused) Form!.Take(refused.Errors);
        if (decision is AgentsDecision<T>.Missing) Form!.Fail("它已经不在了", "It is not there any more");
        return decision is AgentsDecision<T>.Saved;
    }

    /// <summary>The first problem of a decision that stands on no form, in the viewer's language; null when it was saved.</summary>
    protected (string Zh, string En)? ProblemOf<T>(AgentsDecision<T> decision) => decision switch
    {
        AgentsDecision<T>.Saved => null,
        AgentsDecision<T>.Refused refused => (refused.Errors[0].Zh, refused.Errors[0].En),
        _ => ("它已经不在了", "It is not there any more"),
    };

    /// <summary>The form again, when nothing is wrong with it but too many came at once.</summary>
    protected PageResult Busy(string zh, string en)
    {
        Form!.Fail(zh, en);
        Response.StatusCode = 503;
        Response.Headers.RetryAfter = "2";
        return Page();
    }

    /// <summary>A page of the viewer's own language with problems shown is an answer of its own kind: 422.</summary>
    protected PageResult Again()
    {
        Response.StatusCode = 422;
        return Page();
    }
}
