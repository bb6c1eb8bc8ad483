using Lianka.Modules.Agents;

namespace Lianka.Host.Web;

/// <summary>The bare address: the shop where there is one, the consoles' door where there are none or several.</summary>
internal static class FrontPage
{
    public static void MapFrontPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", static async (StorefrontBook shops, CancellationToken cancel) =>
        await shops.ListAsync(null, cancel) is [{ IsOpen: true } only]
            ? Results.Redirect($"/s/{only.Slug}")
            : Results.Redirect("/console")).ExcludeFromDescription();
}
