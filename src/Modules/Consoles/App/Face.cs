using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Consoles.App;

/// <summary>
/// A console page has two faces: a whole page for a browser, and its contents for the console application, which draws
/// frame and tables itself. Which one is wanted, the request says.
/// </summary>
/// <remarks>Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
public static class Face
{
    /// <summary>The media type of a page's contents; web/console/openapi.json describes it.</summary>
    public const string Contents = "application/vnd.lianka.page+json";

    public static bool IsContents(HttpContext http)
    {
        foreach (var accepted in http.Request.Headers.Accept)
            if (accepted?.Contains(Contents, StringComparison.Ordinal) == true) return true;
        return false;
    }

    /// <summary>Takes away what leads where the viewer may not go, and keeps the table for the application.</summary>
    /// <returns>Its number on this page: the place that is marked with it is where the application draws it.</returns>
    public static int Place(HttpContext http, Table table)
    {
        if (SessionCookie.PersonOf(http) is { Rights.IsAll: false } viewer)
        {
            var needs = http.RequestServices.GetRequiredService<PageNeeds>();
            table.KeepLinks(href => needs.MayOpen(viewer, href));
        }

        var tables = Tables(http);
        tables.Add(table);
        return tables.Count - 1;
    }

    public static List<Table> Tables(HttpContext http)
    {
        if (http.Items[typeof(Face)] is List<Table> there) return there;
        var made = new List<Table>();
        http.Items[typeof(Face)] = made;
        return made;
    }
}
