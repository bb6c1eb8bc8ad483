using System.Text.RegularExpressions;
using Lianka.Modules.Agents;
using Lianka.Tests.Unit.Rules;

namespace Lianka.Tests.Unit.Agents;

/// <summary>A theme is named in code, in both schemas, in the style sheets and among the drawings: all of them name the same ones.</summary>
public sealed class ThemeExamples
{
    [Fact]
    public void Every_theme_but_the_first_is_a_style_sheet_of_its_own() =>
        Repository.Files("web/assets", "shop-*.css").Order(StringComparer.Ordinal)
            .ShouldBe(StorefrontThemes.All.Skip(1).Order(StringComparer.Ordinal).Select(t => $"web/assets/shop-{t}.css"));

    [Fact]
    public void Every_theme_has_a_drawing() =>
        Regex.Matches(Repository.Text("web/assets/icons.svg"), "id=\"theme-([a-z]+)\"").Select(m => m.Groups[1].Value).ShouldBe(StorefrontThemes.All);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void The_database_takes_these_themes_and_no_others(string database) =>
        Regex.Match(Repository.Text($"src/Modules/Schema/{database}/0056-storefront-themes.sql"), @"theme in \(([^)]+)\)").Groups[1].Value
            .ShouldBe(string.Join(", ", StorefrontThemes.All.Select(t => $"'{t}'")));

    /// <summary>What a theme draws stands on the tokens, so that light, dark and contrast hold in it.</summary>
    [Fact]
    public void No_theme_has_colours_of_its_own()
    {
        foreach (var theme in StorefrontThemes.All.Skip(1))
            Regex.Matches(Repository.Text($"web/assets/shop-{theme}.css"), @"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|color)\((?!0 0 0 / )", RegexOptions.IgnoreCase)
                .Select(m => m.Value).ShouldBeEmpty(theme);
    }
}
