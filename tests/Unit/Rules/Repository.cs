namespace Lianka.Tests.Unit.Rules;

/// <summary>The files of the repository, as the rules read them.</summary>
internal static class Repository
{
    private static readonly string[] _made = ["bin", "obj", "node_modules", "TestResults", "StrykerOutput", ".git", "build", "data"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths from the root, with forward slashes, of what is kept in version control.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var start = Path.Combine(Root, folder);
        return Directory.Exists(start) ? Below(new DirectoryInfo(start), pattern).Select(f => Path.GetRelativePath(Root, f)) : [];
    }

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Below(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Select(f => f.FullName)
            .Concat(folder.EnumerateDirectories().Where(d => !_made.Contains(d.Name)).SelectMany(d => Below(d, pattern)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Lianka.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
