using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>Which of the two languages a caller reads.</summary>
internal static class Language
{
    /// <summary>By Accept-Language alone; English when neither is named.</summary>
    public static bool IsChinese(HttpRequest request)
    {
        if (request.Headers.AcceptLanguage.Count == 0) return false;
        double chinese = 0, english = 0;
        foreach (var choice in request.GetTypedHeaders().AcceptLanguage)
        {
            var quality = choice.Quality ?? 1;
            if (choice.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) chinese = Math.Max(chinese, quality);
            if (choice.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase)) english = Math.Max(english, quality);
        }

        return chinese > english || (chinese > 0 && chinese == english && FirstIsChinese(request));
    }

    private static bool FirstIsChinese(HttpRequest request)
    {
        var text = request.Headers.AcceptLanguage.ToString();
        var zh = text.IndexOf("zh", StringComparison.OrdinalIgnoreCase);
        var en = text.IndexOf("en", StringComparison.OrdinalIgnoreCase);
        return zh >= 0 && (en < 0 || zh < en);
    }
}
