using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Which language a program is answered in: by Accept-Language alone, else English.</summary>
internal static class ApiLanguage
{
    public static Language Of(HttpRequest request)
    {
        if (request.Headers.AcceptLanguage.Count == 0) return Language.En;
        foreach (var choice in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (choice.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return Language.Zh;
            if (choice.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return Language.En;
        }

        return Language.En;
    }
}
