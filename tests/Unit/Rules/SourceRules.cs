using System.Text.RegularExpressions;

namespace Lianka.Tests.Unit.Rules;

/// <summary>What can be read from the sources without compiling them.</summary>
public sealed partial class SourceRules
{
    private const int LinesMax = 400;
    private const int TestLinesMax = 600;

    /// <summary>Longer files, each with the reason why it is better in one piece.</summary>
    private static readonly Dictionary<string, string> _longFiles = [];

    [Fact]
    public void Names_say_something() => (
        from file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Concat(Repository.Files("bench", "*.cs"))
        from Match name in EmptyName().Matches(Repository.Text(file))
        select $"{file}: {name.Value}").ShouldBeEmpty();

    [Fact]
    public void Folders_say_something() => (
        from file in Repository.Files("src", "*.cs")
        from part in file.Split('/')
        where part is "Common" or "Shared" or "Misc" or "Helpers" or "Utils" or "Utilities" or "Base"
        select file).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_lying_about() => (
        from file in Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.cshtml")).Concat(Repository.Files("src", "*.sql"))
        from Match leftover in Leftover().Matches(Repository.Text(file))
        select $"{file}: {leftover.Value}").ShouldBeEmpty();

    [Fact]
    public void A_file_is_short_or_has_a_reason() => (
        from file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"))
        let lines = Repository.Text(file).Count(c => c == '\n')
        where lines > (file.StartsWith("src/", StringComparison.Ordinal) ? LinesMax : TestLinesMax) && !_longFiles.ContainsKey(file)
        select $"{file} has {lines} lines").ShouldBeEmpty();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) \w*(Helpers?|Utils?|Utility|Utilities|Manager|Processor|Service)\b", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX:|HACK)\b|NotImplementedException|#region|async void|DateTime\.(Now|UtcNow|Today)\b", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Leftover();
}
