using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lianka.Bench.Crash;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Host.Proof;
using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Ledger;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Large;

/// <summary>The first page of every list of the three consoles, and the pages of storefronts, among what <c>seed large</c> fills in.</summary>
/// <remarks>Console pages are found by their navigation, so that a new one is measured without being named here.</remarks>
internal sealed partial class BenchPages(BenchPages.Plan plan, TextWriter output) : IAsyncDisposable
{
    public const string Arguments = $"{LargeSize.Arguments} [--prices] [--keep FOLDER [--reuse]] [--seconds N] [--verify] [--report FILE]";
    private const int Each = 100, Stepped = 5_000, ConsoleLimitMs = 200, ShopLimitMs = 50, PagesAsked = 1_000;

    /// <param name="IsPricesOnly">Only how long a node reads after a change of prices.</param>
    internal sealed record Plan(LargeSize Size, bool IsPricesOnly, string? Keep, bool IsReused, double Seconds, bool IsVerified, string? Report);

    private readonly StringBuilder _report = new();
    private readonly string _folder = plan.Keep is { } keep ? Directory.CreateDirectory(keep).FullName : BenchOrders.PassableFolder();
    private PostgresServer _server = null!; // Null until it has started.

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        await using var bench = new BenchPages(new Plan(LargeSize.Read(args), Array.IndexOf(args, "--prices") >= 0, Text("--keep"), Array.IndexOf(args, "--reuse") >= 0,
            double.Parse(Text("--seconds") ?? "15", CultureInfo.InvariantCulture), Array.IndexOf(args, "--verify") >= 0, Text("--report")), output);
        return await bench.RunAsync() ? 0 : 1;

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private async Task<bool> RunAsync()
    {
        _server = await PostgresServer.StartAsync(keep: Path.Combine(_folder, "pg"));
        await SayAsync($"{await Description.OfAsync(_server)}; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        var connection = await PlatformAsync();
        await PriceBookAsync(connection);
        var fine = true;
        if (plan.IsPricesOnly) return fine;
        await using (var node = await Node.StartAsync(_folder, connection, environment: Market.Environment))
        {
            await SayAsync("");
            await SayAsync($"Asked for one after the other, counted from the client, {Each} times each after a warm-up.");
            await SayAsync("");
            await SayAsync("| page | p50 ms | p99 ms | kB | limit |");
            await SayAsync("|---|---|---|---|---|");
            foreach (var login in SeedLarge.Logins) fine &= await ConsoleAsync(node, login);
            fine &= await ShopsAsync(node);
            fine &= await ThroughputAsync(node);
            await SayAsync("");
            await SayAsync($"The node: {node.Memory().Now >> 20} MB, at most {node.Memory().Peak >> 20} MB.");
        }

        if (plan.IsVerified) fine &= await VerifyAsync(connection);
        if (plan.Report is { } file) await File.WriteAllTextAsync(file, _report.ToString());
        return fine;
    }

    private async Task<string> PlatformAsync()
    {
        var isThere = await _server.HasDatabaseAsync("large");
        var isFilled = isThere && plan.IsReused;
        if (isThere && !isFilled) await _server.ExecuteAsync("postgres", "drop database large");
        var connection = isFilled ? _server.ConnectionString("large") : await _server.NewDatabaseAsync("large");
        var settings = new Settings(_folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        if (isFilled) await SeedLarge.PeopleAsync(services, ListMarket.Password);
        else await SeedLarge.FillAsync(services, plan.Size, Path.Combine(_folder, "callers"), ListMarket.Password, output);

        // A node adds up while orders come; here they came at once, and nobody has added yet.
        var began = Stopwatch.GetTimestamp();
        await services.GetRequiredService<LedgerFold>().FoldAsync();
        await services.GetRequiredService<FigureFold>().RunAsync();
        await SayAsync($"What orders come to was added up in {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s.");
        if (!isFilled) await _server.ExecuteAsync("large", "vacuum analyze");
        return connection;
    }

    /// <summary>How long a node reads after a change of prices, while orders wait for it.</summary>
    private async Task PriceBookAsync(string connection)
    {
        var settings = new Settings(_folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        using var books = new PriceBooks(database);
        var skus = (await books.RefreshAsync()).Skus.Select(k => k.Id.Value).Order().ToArray();
        await SayAsync("");
        await SayAsync("| the price book, after | ms | longest of 9 |");
        await SayAsync("|---|---|---|");
        await RowAsync("nothing that is in it (lots)", _ => "select 1");
        await RowAsync("one level price", i => $"update level_price set price = price + 1 where level = 1 and sku_id = {skus[i * 7_919 % skus.Length]}");
        await RowAsync("one cost", i => $"update supply set cost = cost + 1 where sku_id = {skus[i * 7_919 % skus.Length]}");
        await RowAsync("one merchant moved", i => $"update merchant set parent_id = (select min(parent_id) from merchant where level = 3) where id = (select max(id) - {i} from merchant)");
        await RowAsync($"three level prices of {Stepped:N0} SKUs", i => $"update level_price set price = price + 1 where sku_id between {skus[i]} and {skus[Math.Min(skus.Length - 1, i + Stepped)]}");
        await RowAsync("a supplier stopped", i => $"delete from supplier_stop; insert into supplier_stop (supplier_id, reason, since) select min(supplier_id), 'bench-{i}', 0 from supply");
        await database.WriteAsync(s => s.ExecuteAsync("delete from supplier_stop where reason like 'bench-%'; update version set value = value + 1 where name = 'prices'"));
        var whole = new Latencies();
        for (var i = 0; i < Each / 20; i++)
        {
            using var anew = new PriceBooks(database);
            await TimeAsync(anew, whole);
        }

        await SayAsync($"| everything, as at the start of a node | {whole.Milliseconds(.5):F0} | {whole.Milliseconds(1):F0} |");

        async Task RowAsync(string what, Func<int, string> change)
        {
            var took = new Latencies();
            for (var i = 0; i < 10; i++)
            {
                await database.WriteAsync(s => s.ExecuteAsync(change(i) + "; update version set value = value + 1 where name = 'prices'"));
                await TimeAsync(books, i == 0 ? new Latencies() : took); // The first compiles.
            }

            await SayAsync($"| {what} | {took.Milliseconds(.5):F1} | {took.Milliseconds(1):F1} |");
        }

        static async Task TimeAsync(PriceBooks of, Latencies took)
        {
            var start = Stopwatch.GetTimestamp();
            await of.RefreshAsync();
            took.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
    }

    private async Task<bool> ConsoleAsync(Node node, string login)
    {
        using var person = await ListBrowser.LogInAsync(node.Address, Random.Shared.Next(10_000), login);
        var home = await person.GetAsync("/console");
        if (home.IsRedirect) home = await person.GetAsync(home.Path);
        var fine = true;
        // Each page shows the pages of its own task: two steps from home find all. Of pages about one thing one tells for all.
        var paths = Of(home);
        foreach (var path in paths.Values.ToList())
            foreach (var (kind, next) in Of(await person.GetAsync(path))) paths.TryAdd(kind, next);
        foreach (var path in paths.Values.Order(StringComparer.Ordinal))
            fine &= await MeasureAsync($"{login["large-".Length..]}: `{path}`", ConsoleLimitMs, _ => person.GetAsync(path));
        return fine;
    }

    private static Dictionary<string, string> Of(Page page) => Links().Matches(page.Html).Select(m => m.Groups["to"].Value)
        // Forms and files are no lists.
        .Where(p => !p.Contains('?', StringComparison.Ordinal) && !p.EndsWith("/new", StringComparison.Ordinal) && !p.EndsWith("/sheet", StringComparison.Ordinal) && !p.Contains("/api/", StringComparison.Ordinal))
        .GroupBy(p => Number().Replace(p, "…")).ToDictionary(g => g.Key, g => g.First());

    private async Task<bool> ShopsAsync(Node node)
    {
        using var guest = new ListBrowser(node.Address, Random.Shared.Next(10_000));
        string[] words = ["腾讯", "steam", "wzry", "yuanshen", "100", "会员 年卡", "iqiyi", "爱其艺"], categories = ["games", "video", "phone"];
        var fine = true;
        foreach (var (what, shop) in ((string, Func<int, string>)[])[("another shop each time", i => $"shop-{1 + (i * 7 % (plan.Size.Shops - 1))}"), ("the shop of everything", _ => SeedLarge.BigShop)])
        {
            fine &= await MeasureAsync($"{what}: home", ShopLimitMs, i => guest.GetAsync($"/s/{shop(i)}"));
            fine &= await MeasureAsync($"{what}: category", ShopLimitMs, i => guest.GetAsync($"/s/{shop(i)}/c/{categories[i % 3]}"));
            fine &= await MeasureAsync($"{what}: search", ShopLimitMs, i => guest.GetAsync($"/s/{shop(i)}/search?q={Uri.EscapeDataString(words[i % words.Length])}"));
        }

        fine &= await MeasureAsync("product, another each time", ShopLimitMs, i => guest.GetAsync($"/s/{SeedLarge.BigShop}/p/goods-{i * 97 % plan.Size.Products}"));
        return fine;
    }

    /// <summary>Closed loop over homes, categories and products of 200 shops.</summary>
    private async Task<bool> ThroughputAsync(Node node)
    {
        using var guest = new ListBrowser(node.Address, Random.Shared.Next(10_000));
        var paths = new List<string>();
        for (var i = 0; i < Math.Min(200, plan.Size.Shops); i++)
        {
            var home = await guest.GetAsync($"/s/shop-{i}");
            paths.Add($"/s/shop-{i}");
            paths.AddRange(Goods().Matches(home.Html).Select(m => m.Groups["to"].Value).Distinct().Take(6));
        }

        var file = Path.Combine(_folder, "paths");
        await File.WriteAllLinesAsync(file, paths);
        var used = Usage.Read([node.Id]);
        var result = await LoadProcess.RunAsync(new LoadPlan("pages", [node.Address.ToString()], 32, 0, 5, plan.Seconds, 0, file, "", []));
        var spent = Usage.Read([node.Id]) - used;
        var others = result.Statuses.Where(s => s.Key != 200).Sum(s => s.Value);
        await SayAsync("");
        await SayAsync($"{paths.Count:N0} pages of {Math.Min(200, plan.Size.Shops)} shops by chance, 32 connections: {result.PerSecond:N0} pages a second, p50 {result.Latencies.Milliseconds(.5):F1} ms, p99 {result.Latencies.Milliseconds(.99):F1} ms; {others:N0} answers other than 200; node {spent.Node / result.Latencies.Total * 1e6:F0} µs, generator {result.CpuSeconds / result.Latencies.Total * 1e6:F0} µs of CPU a page.");
        return result.PerSecond >= PagesAsked && others == 0;
    }

    private async Task<bool> MeasureAsync(string what, double limitMs, Func<int, Task<Page>> ask)
    {
        // A page is compiled by those who first ask for it.
        for (var i = 0; i < 5; i++) await ask(i);
        var latencies = new Latencies();
        var (wrong, bytes) = (0, 0L);
        for (var i = 0; i < Each; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var page = await ask(i);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            bytes += Encoding.UTF8.GetByteCount(page.Html);
            if (page.Status != 200) wrong++;
        }

        var p99 = latencies.Milliseconds(.99);
        var isMet = p99 < limitMs && wrong == 0;
        await SayAsync($"| {what} | {latencies.Milliseconds(.5):F1} | {p99:F1} | {bytes / Each / 1_000} | {(wrong > 0 ? $"{wrong} WRONG ANSWERS" : isMet ? "met" : "NOT MET")} |");
        return isMet;
    }

    private async Task<bool> VerifyAsync(string connection)
    {
        await using var database = Composition.OpenDatabase(new Settings(_folder, "", connection, "none", Market.MasterKey));
        var lines = new StringWriter();
        var isSound = await Verification.RunAsync(database, TimeProvider.System, lines);
        await SayAsync($"`verify`: {(isSound ? "all invariants hold" : $"BROKEN\n{lines}")}");
        return isSound;
    }

    private async Task SayAsync(string line)
    {
        _report.AppendLine(line);
        await output.WriteLineAsync(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (plan.Keep is null) Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("href=\"(?<to>/console/[^\"#]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Links();

    [GeneratedRegex("[a-z]{3}_[0-9a-z]+|(?<=/)[0-9a-z]*[0-9][0-9a-z]{5,}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Number();

    [GeneratedRegex("href=\"(?<to>/s/[a-z0-9-]+/[pc]/[a-z0-9-]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Goods();
}
