using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Lianka.Bench.Flash;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Bench.TopUp;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Payments;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Payments;

/// <summary>Guests who pay through two channels, one of which fails for a while: where they are sent, and what becomes of the money.</summary>
/// <remarks>The node, PostgreSQL and the channel simulator are processes of their own; guests use the shop's pages.</remarks>
internal sealed class BenchPayments
{
    public const string Arguments = "[--payments N] [--buyers N] [--rate N] [--report FILE]";

    private const string Shop = "pay", Sku = "b-0000";

    /// <summary>What each part of the run is like for the first channel, in tenths. Failures are of calls that open a trade; it is opened there all the same.</summary>
    private static readonly (string Name, int Tenths, JsonObject First)[] _phases =
    [
        ("both well", 2, Calm()),
        ("first in a brown-out: 30 % fail (HTML with 200, 502, no answer for 20 s)", 2, With(Calm(),
            ("html_bps", 1_000), ("error_bps", 1_000), ("hang_bps", 1_000), ("hang_ms", 20_000), ("only", new JsonArray("create")))),
        ("both well again", 3, Calm()),
        ("later", 3, Calm()),
    ];

    private static JsonObject Calm() => new() { ["auto_pay_bps"] = 9_000, ["auto_pay_ms"] = 300, ["delay_ms"] = 20 };

    private static JsonObject With(JsonObject behaviour, params (string Name, JsonNode Value)[] more)
    {
        foreach (var (name, value) in more) behaviour[name] = value;
        return behaviour;
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (payments, buyers, rate) = (Number("--payments", 10_000), Number("--buyers", 32), Number("--rate", 25));
        var folder = Directory.CreateTempSubdirectory("lianka-payments-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var database = await server.NewDatabaseAsync("payments");
            await Market.FillAsync(folder, database, new MarketSize(Skus: 1, Merchants: 10, Cards: payments * 2), Path.Combine(folder, "callers"), output);
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
            foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka-channel-simulator.dll"), "--port", "0", "--seed", "7"]) start.ArgumentList.Add(word);
            using var simulator = Process.Start(start)!;
            try
            {
                var line = await simulator.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulator did not start.");
                using var channels = new HttpClient { BaseAddress = new Uri(line[(line.LastIndexOf(' ') + 1)..]) };
                var names = await FillAsync(folder, database, channels);
                await using var node = await Node.StartAsync(folder, database, environment: new Dictionary<string, string>(Market.Environment) { ["LIANKA_PRIVATE_CALLS"] = "allow" });
                var text = new StringBuilder("# Payments\n\n`./lianka bench payments`\n\n").Append(await Description.OfAsync(server)).Append(CultureInfo.InvariantCulture,
                    $"; channel simulator, too\n\n{payments:N0} guests of a shop, {rate} a second, {buyers} at once at most, each with a page of the goods, an order and a pay code; two channels (WeChat Pay APIv3) of which the first keeps 38 basis points and the second 60. Nine of ten guests pay.\n\n")
                    .Append("| | seconds | attempts first / second | first's share | no pay code at first try | paid | order to pay code p50 / p99 |\n|---|---|---|---|---|---|---|\n");
                await BehaveAsync(channels, names[1], Calm());
                var (begun, done) = (0, 0);
                foreach (var (name, tenths, first) in _phases)
                {
                    await BehaveAsync(channels, names[0], first);
                    var from = DateTimeOffset.UtcNow.ToMicros();
                    done += payments * tenths / 10;
                    var times = await BuyAsync(node.Address, begun, done, buyers, rate);
                    begun = done;
                    await Task.Delay(2_000);
                    var to = DateTimeOffset.UtcNow.ToMicros();
                    async Task<long> InAsync(string what) => await CountAsync(server, $"{what} and a.created_at between {from} and {to}");
                    var (one, two) = (await InAsync("select count(*) from payment_attempt a where a.channel_id = (select id from channel where code = 'first')"),
                        await InAsync("select count(*) from payment_attempt a where a.channel_id = (select id from channel where code = 'second')"));
                    var failed = await InAsync("select count(*) from payment_attempt a where a.pay_value is null and a.paid_at is null");
                    var (asked, paid) = (await InAsync("select count(*) from payment a where true"), await InAsync("select count(*) from payment a where a.state = 'paid'"));
                    text.Append(CultureInfo.InvariantCulture,
                        $"| {name} | {(to - from) / 1e6:F0} | {one:N0} / {two:N0} | {100.0 * one / (one + two):F0} % | {failed:N0} | {paid:N0} of {asked:N0} ({100.0 * paid / asked:F1} %) | {times[times.Count / 2]:F0} / {times[(int)(times.Count * .99)]:F0} ms |\n");
                }

                await Task.Delay(25_000);
                var summary = (JsonObject)(await JsonNode.ParseAsync(await channels.GetStreamAsync("/sim/summary")))!;
                var took = (long)summary["paid_fen"]! - (long)summary["refunded_fen"]!;
                var sold = await CountAsync(server, "select coalesce(sum(total - refunded), 0)::bigint / 100 from orders where paid_at is not null");
                var twice = await CountAsync(server, "select count(*) from channel_refund where reason = 'paid_twice' and state = 'done'");
                text.Append(CultureInfo.InvariantCulture, $"\n| | |\n|---|---|\n| the channels took and have not given back | ¥{took / 100m:N2} |\n| sold and not given back | ¥{sold / 100m:N2} |\n")
                    .Append(CultureInfo.InvariantCulture, $"| lost | ¥{(took - sold) / 100m:N2} |\n| paid at both channels, one of them given back | {twice:N0} |\n");
                var proof = new StringWriter();
                var isProved = await SaleMaking.ProveAsync(database, proof);
                text.Append(CultureInfo.InvariantCulture, $"\n## Verification\n\n```\n{proof.ToString().TrimEnd()}\n```\n");
                await output.WriteLineAsync(text.ToString());
                if (Text("--report") is { } file) await File.WriteAllTextAsync(file, text.ToString());
                return isProved && took == sold ? 0 : 1;
            }
            finally
            {
                simulator.Kill();
                await simulator.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;
        int Number(string name, int fallback) => Text(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : fallback;
    }

    private static async Task<long> CountAsync(PostgresServer server, string sql) => (long)(await server.ExecuteAsync("payments", sql))!;

    private static async Task BehaveAsync(HttpClient channels, string name, JsonObject behaviour)
    {
        using var answer = await channels.PostAsJsonAsync($"/sim/behaviour?channel={name}", behaviour);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <returns>The two merchants as the simulator names them.</returns>
    private static async Task<string[]> FillAsync(string folder, string connection, HttpClient simulator)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        var seller = new MerchantId(await database.ReadAsync(s => s.ScalarAsync<long>("select id from merchant where level = 3 order by id limit 1")));
        Saved(await services.GetRequiredService<StorefrontBook>().CreateAsync(seller, new StorefrontDraft { Slug = Shop, NameZh = "店", NameEn = "Shop", Brand = "#be185d" }));
        Saved(await services.GetRequiredService<Shelves>().FillAsync(seller, "1000", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold), keepsOwn: false));
        await database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        var identities = (await simulator.GetFromJsonAsync<JsonArray>("/sim/identity"))!.OfType<JsonObject>().Where(i => (string)i["protocol"]! == "wechat").Take(2).ToArray();
        foreach (var (identity, code) in identities.Zip(["first", "second"]))
        {
            var made = await services.GetRequiredService<PaymentChannels>().CreateAsync(new ChannelDraft
            {
                Code = code, Protocol = "wechat", NameZh = code, NameEn = code, BaseUrl = (string)identity["base_url"]!, FeeBps = code == "first" ? "38" : "60",
                Values = ((JsonObject)identity["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!),
            });
            if (made is not ChannelDecision.Saved) throw new InvalidOperationException($"Refused: {made}");
        }

        return [.. identities.Select(i => $"wechat:{(string)i["merchant"]!}")];
    }

    /// <returns>From the press on "buy" to the page with the pay code, in milliseconds, in order.</returns>
    private static async Task<List<double>> BuyAsync(Uri node, int from, int to, int buyers, int rate)
    {
        var begin = Stopwatch.GetTimestamp();
        var times = new List<double>();
        var next = from;
        await Task.WhenAll(Enumerable.Range(0, buyers).Select(_ => Task.Run(async () =>
        {
            for (int no; (no = Interlocked.Increment(ref next)) <= to;)
            {
                var due = TimeSpan.FromSeconds((double)(no - from) / rate) - Stopwatch.GetElapsedTime(begin);
                if (due > TimeSpan.Zero) await Task.Delay(due);
                using var http = RetailBuyers.Browser(node, no);
                var path = $"/s/{Shop}/p/card?sku={Sku}";
                var page = await RetailBuyers.PageAsync(await http.GetAsync(path));
                var start = Stopwatch.GetTimestamp();
                var placed = await RetailBuyers.PostAsync(http, page, path,
                    ("sku", Sku), ("quantity", "1"), ("contact", $"139{no:D8}"), ("token", page.Field("token")), ($"price.{Sku}", page.Field($"price.{Sku}")));
                if (!placed.Path.StartsWith($"/s/{Shop}/pay/", StringComparison.Ordinal)) throw new InvalidOperationException($"Guest {no} got no order: {placed.Status} {placed.Path}");
                await RetailBuyers.PageAsync(await http.GetAsync(placed.Path));
                lock (times) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        })));
        times.Sort();
        return times;
    }

    private static T Saved<T>(AgentsDecision<T> decision) =>
        decision is AgentsDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {decision}");
}
