using System.Text.Json;
using Microsoft.AspNetCore.Hosting;

namespace Lianka.Modules.Consoles.App;

/// <summary>The files that start the console application, as its build has named them. Where it was not built, pages are as they are.</summary>
public sealed class ApplicationFiles
{
    private const string Root = "assets/app/";
    private const string Entry = "src/main.ts";

    public ApplicationFiles(IWebHostEnvironment host)
    {
        var manifest = host.WebRootFileProvider.GetFileInfo(Root + ".vite/manifest.json");
        if (!manifest.Exists) return;
        using var stream = manifest.CreateReadStream();
        using var document = JsonDocument.Parse(stream);
        var chunks = document.RootElement;
        Script = Address(chunks.GetProperty(Entry).GetProperty("file").GetString());
        var (styles, scripts) = (new List<string>(), new List<string>());
        Collect(Entry, []);
        (Styles, Beside) = (styles, scripts);

        // What the entry needs from its first moment is fetched beside it.
        void Collect(string name, HashSet<string> seen)
        {
            if (!seen.Add(name)) return;
            var chunk = chunks.GetProperty(name);
            if (name != Entry) scripts.Add(Address(chunk.GetProperty("file").GetString()));
            if (chunk.TryGetProperty("css", out var css)) styles.AddRange(css.EnumerateArray().Select(c => Address(c.GetString())));
            if (chunk.TryGetProperty("imports", out var imports))
                foreach (var import in imports.EnumerateArray()) Collect(import.GetString()!, seen);
        }
    }

    /// <summary>Null: it was not built.</summary>
    public string? Script { get; }
    public IReadOnlyList<string> Beside { get; } = [];
    public IReadOnlyList<string> Styles { get; } = [];

    private static string Address(string? file) => $"/{Root}{file}";
}
