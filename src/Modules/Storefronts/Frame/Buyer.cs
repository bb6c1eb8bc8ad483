using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>The person behind a request, when a buyer has logged in.</summary>
internal static class Buyer
{
    public const string Role = "buyer";

    public static long? IdOf(HttpContext http) =>
        http.User.IsInRole(Role)
            && long.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}

/// <summary>Text of several lines as the catalog keeps it.</summary>
internal static class Lines
{
    public static IReadOnlyList<string> Of(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
