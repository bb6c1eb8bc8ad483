using System.Text.Json;
using System.Text.RegularExpressions;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Unit.Rules;

/// <summary>What the documents promise is there.</summary>
public sealed partial class DocumentRules
{
    private const string Pages = "docs/errors";
    private const string Problems = "src/Modules/OpenApi/problems.json";

    [Fact]
    public void Every_refusal_has_a_page_and_a_text_in_both_languages()
    {
        using var problems = JsonDocument.Parse(Repository.Text(Problems));
        foreach (var code in Enum.GetNames<Refusal>().Select(n => Hump().Replace(n, "_${capital}").TrimStart('_').ToLowerInvariant()))
            problems.RootElement.TryGetProperty(code, out _).ShouldBeTrue($"{Problems} lacks {code}");
    }

    [Fact]
    public void Every_problem_has_a_page_and_every_page_a_problem()
    {
        using var problems = JsonDocument.Parse(Repository.Text(Problems));
        problems.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)
            .ShouldBe(Repository.Files(Pages, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));
        foreach (var problem in problems.RootElement.EnumerateObject())
        {
            var page = Repository.Text($"{Pages}/{problem.Name}.md");
            page.ShouldStartWith($"# `{problem.Name}`");
            foreach (var field in new[] { "title", "detail" })
            {
                Text($"{field}_en").ShouldNotMatch("[\u4e00-\u9fff]", problem.Name);
                Text($"{field}_zh").ShouldMatch("[\u4e00-\u9fff]", problem.Name);
            }

            page.ShouldContain(Text("title_en"), Case.Sensitive, problem.Name);
            page.ShouldContain(Text("title_zh"), Case.Sensitive, problem.Name);
            page.ShouldContain($"HTTP {problem.Value.GetProperty("status").GetInt32()}", Case.Sensitive, problem.Name);

            string Text(string name) => problem.Value.GetProperty(name).GetString() ?? "";
        }
    }

    [Fact]
    public void Paths_named_in_documents_exist() => (
        from file in Documents
        from Match path in NamedPath().Matches(Repository.Text(file))
        where !path.Value.Contains('…', StringComparison.Ordinal) && !Repository.Has(path.Value.TrimEnd('.', '/'))
        select $"{file} names {path.Value}").ShouldBeEmpty();

    [Fact]
    public void Links_between_documents_lead_somewhere() => (
        from file in Documents
        from Match link in Link().Matches(Repository.Text(file))
        let target = link.Groups["to"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        where !Repository.Has(Path.Combine(Path.GetDirectoryName(file) ?? "", target))
        select $"{file} links to {target}").ShouldBeEmpty();

    /// <summary>"Held by: tests/…, Other.cs" in a doc comment names the tests that would fail.</summary>
    [Fact]
    public void Tests_named_in_doc_comments_exist() => (
        from file in Repository.Files("src", "*.cs").Concat(Repository.Files("src", "README.md"))
        from Match held in HeldBy().Matches(Repository.Text(file))
        let names = held.Groups["names"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let folder = Path.GetDirectoryName(names[0]) ?? ""
        from name in names
        let path = name.Contains('/', StringComparison.Ordinal) ? name : Path.Combine(folder, name)
        where !Repository.Has(path)
        select $"{file} is held by {path}, which does not exist").ShouldBeEmpty();

    private static IEnumerable<string> Documents =>
        Directory.GetFiles(Repository.Root, "*.md").Select(f => Path.GetFileName(f)).Concat(Repository.Files("docs", "*.md"))
            .Concat(Repository.Files("src", "*.md")).Concat(Repository.Files("tests", "*.md"));

    [GeneratedRegex("(?<!^)(?<capital>[A-Z])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Hump();

    [GeneratedRegex(@"(?<![\w/.-])(?:src|tests|docs|web|tools|bench|\.ci)/[\w./-]*[\w/](?![\w*<{…-])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"Held by:\s*(?<names>tests/[\w/.]+\.cs(?:,\s*(?:///\s*)?[\w/]+\.cs)*)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex HeldBy();
}
