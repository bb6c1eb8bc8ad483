using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.App;

/// <summary>What the console application is told once, with the page that starts it.</summary>
/// <param name="Token">Goes with everything that it posts.</param>
/// <param name="Base">What stands before each path of this site, for the browser; null: nothing. The paths that the application is told are without.</param>
/// <param name="Page">What stands on that page.</param>
public sealed record Boot(BootPerson Person, string Language, string Token, string? Base, IReadOnlyList<BootTask> Tasks, PageContents Page);

/// <param name="Role">operator, merchant or supplier.</param>
public sealed record BootPerson(string Name, string Login, string Role, string RoleName);

public sealed record BootTask(string Icon, string Label, IReadOnlyList<NavLink> Pages);

/// <summary>The contents of a console page.</summary>
/// <param name="Sub">What stands below the heading, as HTML.</param>
/// <param name="Body">HTML in which elements with <c>data-table="N"</c> are the places of <paramref name="Tables"/>; null in <see cref="Boot"/>, where it stands in the page itself.</param>
/// <param name="Done">Said once: what was done.</param>
/// <param name="NotDone">Said once: what was not done.</param>
/// <param name="IsAlone">It has programs of its own: it is opened, and left, as a whole page.</param>
public sealed record PageContents(
    string Title, PageLink? Up, IReadOnlyList<PageLink> Actions, bool IsForm, IReadOnlyList<Table> Tables, string? Sub = null, string? Body = null,
    string? Done = null, string? NotDone = null, bool IsAlone = false)
{
    /// <summary>The way both are written: names as in the API, nothing for what is not there, harmless inside a page.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        // Letters as letters; what could end a script element or begin a tag stays escaped.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static PageContents Of(ConsolePage page, HttpContext http) => new(
        page.Title, page.OpenUp is { } up ? new PageLink(up.Href, up.Label) : null, [.. page.OpenActions.Select(a => new PageLink(a.Href, a.Label))], page.Form is not null, Face.Tables(http));

    public static string BootOf(ConsolePage page, HttpContext http, string token, string? done, string? notDone, bool isAlone) => JsonSerializer.Serialize(new Boot(
        new BootPerson(page.Person.DisplayName, page.Person.Login, page.Person.Role, Words.Role(page.Person.Role, page.Language)),
        page.Language.Tag(), token, PathPrefix.Of(http) is { Length: > 0 } prefix ? prefix : null,
        [.. Nav.Of(page.Person, page.Language, http.RequestServices.GetRequiredService<PageNeeds>()).Select(t => new BootTask(t.Icon, t.Label, t.Pages))],
        Of(page, http) with { Done = done, NotDone = notDone, IsAlone = isAlone }), Json);
}

public sealed record PageLink(string Href, string Label);
