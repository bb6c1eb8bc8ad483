using Lianka.Modules.OpenApi.Edge;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.OpenApi.Docs;

/// <summary>The page behind the <c>type</c> of a problem: docs/errors/CODE.md in the reader's language.</summary>
public sealed class ErrorPage : PageModel
{
    public Language Language => RequestLanguage.Of(HttpContext);

    public string Code { get; private set; } = "";

    public string Title { get; private set; } = "";

    public int Status { get; private set; }

    public IHtmlContent Body { get; private set; } = HtmlString.Empty;

    public string T(string zh, string en) => Language.Pick(zh, en);

    public IActionResult OnGet(string code)
    {
        if (!ProblemBook.TryGet(code, out var problem)) return NotFound();
        using var resource = typeof(ErrorPage).Assembly.GetManifestResourceStream($"errors/{code}.md")!;
        using var reader = new StreamReader(resource);
        var parts = reader.ReadToEnd().Split("\n## ");
        // "## English: Title" and "## 中文：Title" hold one language each; the title stands in the page's head.
        var part = parts.First(p => p.StartsWith(Language == Language.Zh ? "中文" : "English", StringComparison.Ordinal));
        Code = code;
        Status = problem.Status;
        Title = T(problem.TitleZh, problem.TitleEn);
        Body = new HtmlString(Markdown.ToHtml(part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
        return Page();
    }
}
