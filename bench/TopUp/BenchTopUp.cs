using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lianka.Bench.Flash;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.TopUp;

/// <summary>Direct top-ups through suppliers that time out, fail, answer late and repeat themselves: what became of each, and of the money.</summary>
/// <remarks>The node, PostgreSQL and the supplier simulator are processes of their own; orders come as signed HTTP.</remarks>
internal sealed class BenchTopUp
{
    public const string Arguments = "[--orders N] [--callers N] [--retail N] [--report FILE]";

    /// <summary>Three unlike protocols, connected by their configurations alone.</summary>
    private static readonly (string Template, string Goods, string Cost)[] _supplies = [("kasushou", "1001", "9.9000"), ("kayixin", "1001", "9.9500"), ("fulu", "10000001", "9.9800")];

    /// <summary>One with all three supplies, and one with a single supply, whose failures can only be given back.</summary>
    private static readonly (string Code, int Supplies)[] _skus = [("phone-10", 3), ("phone-11", 1)];

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (orders, callers, retail) = (Number("--orders", 10_000), Number("--callers", 64), Number("--retail", 300));
        var folder = Directory.CreateTempSubdirectory("lianka-topup-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var database = await server.NewDatabaseAsync("topup");
            var keys = Path.Combine(folder, "callers");
            await Market.FillAsync(folder, database, new MarketSize(Skus: 1, Merchants: 100, Cards: 10), keys, output);
            await using var suppliers = await Suppliers.StartAsync();
            // Of all purchases: a tenth time out (half bought and hung, half bought and hung up), 5 % fail, 2 % are late, 1 % of the notices come twice.
            await suppliers.BehaveAsync(new JsonObject
            {
                ["hang_bps"] = 500, ["abort_bps"] = 500, ["hang_ms"] = 20_000, ["fail_bps"] = 500, ["late_bps"] = 200, ["late_ms"] = 8_000, ["duplicate_notice_bps"] = 100,
                ["delay_ms"] = 50, ["is_idempotent"] = false, ["unit_price"] = 9.90,
            });
            await FillAsync(folder, database, suppliers.Address);
            var environment = new Dictionary<string, string>(Market.Environment) { ["LIANKA_PRIVATE_CALLS"] = "allow" };
            await using var node = await Node.StartAsync(folder, database, environment: environment);
            var start = Stopwatch.GetTimestamp();
            var statuses = await PlaceAsync(node.Address, keys, orders, callers);
            var placed = Stopwatch.GetElapsedTime(start);
            await WaitAsync(server, TimeSpan.FromMinutes(6));
            var all = Stopwatch.GetElapsedTime(start);
            // Then guests, whose money goes back through the channel that took it.
            var guests = await RetailBuyers.PayAsync(node.Address, "card", _skus[1].Code, retail);
            await WaitAsync(server, TimeSpan.FromMinutes(1));
            await Task.Delay(3_000);

            var text = new StringBuilder("# Direct top-ups\n\n`./lianka bench topup`\n\n").Append(await Description.OfAsync(server))
                .Append(CultureInfo.InvariantCulture, $"; node, database, supplier simulator and buyers share the machine\n\n")
                .Append(CultureInfo.InvariantCulture, $"{orders:N0} orders of one unit by {callers} callers over signed HTTP, half of them from three suppliers with unlike protocols (卡速售, 卡易信, 福禄), half from the first of these alone. ")
                .Append("Of all purchases 10 % time out after the supplier has bought (half without an answer for 20 s, half with a broken connection), 5 % fail, 2 % are delivered 8 s late, 1 % of the notices come twice. ")
                .Append("The suppliers buy again when they are told the same number twice.\n\n| | |\n|---|---|\n");
            Line("orders placed", $"{statuses.Where(s => s.Key is 201 or 202).Sum(s => s.Value):N0} in {placed.TotalSeconds:F0} s; answers {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value:N0}"))}");
            Line("all ended after", $"{all.TotalSeconds:F0} s");
            Line("delivered", $"{await CountAsync("select count(*) from orders where source <> 3 and status = 4"):N0}");
            Line("refunded", $"{await CountAsync("select count(*) from orders where source <> 3 and status = 6"):N0}");
            Line("unknown, with a person asked", $"{await CountAsync("select count(*) from orders where status = 3 and hold_reason is not null"):N0}");
            Line("neither", $"{await CountAsync("select count(*) from orders where status = 3 and hold_reason is null"):N0}");
            Line("purchases; bought elsewhere after a final failure", $"{await CountAsync("select count(*) from purchase"):N0}; {await CountAsync("select count(*) from purchase where no > 1"):N0}");
            var summary = await suppliers.SummaryAsync();
            Line("bought twice under one number, as the suppliers count", $"{summary["bought_twice"]}");
            Line("delivered, as the suppliers count", $"{summary["delivered"]}");
            Line("asked about at least once: after no answer, one that could not be read, or a notice that is only a hint", $"{await CountAsync("select count(*) from purchase where tries > 1"):N0}");
            Line("placed to ended, p50 / p99", await TimesAsync(
                "(coalesce(o.delivered_at, (select max(e.at) from order_note e where e.order_id = o.id and e.kind = 'refunded')) - o.created_at) / 1e6 from orders o where o.status in (4, 6) and o.placed_by is null"));
            Line("final failure known to money back, p50 / p99", await TimesAsync(
                "(t.at - p.ended_at) / 1e6 from purchase p join posting g on g.key = 'purchase:' || p.id join transfer_row t on t.posting_id = g.id and t.kind = 'refund'"));
            Line("failure at the supplier to money back, p50 / p99", await suppliers.RefundTimesAsync(server));
            Line("guests who paid for a number that does not exist", $"{guests:N0}");
            Line("of these given back, as the channel counts", $"{await CountAsync("select count(*) from test_trade t where t.refunded = t.amount"):N0}");
            Line("final failure known to refund accepted by the channel, p50 / p99", await TimesAsync(
                "(r.accepted_at - p.ended_at) / 1e6 from channel_refund r join payment y on y.id = r.payment_id join purchase p on p.order_id = coalesce(y.moved_to, y.order_id)"));
            var paid = await CountAsync("select coalesce(sum(total - refunded), 0)::bigint from orders where status in (4, 5, 6) and source <> 3");
            var left = await CountAsync("select coalesce(sum(10000000000000 - balance), 0)::bigint from account where kind = 'wallet'");
            Line("paid and not given back; gone from wallets", $"{paid / 10_000m:N4}; {left / 10_000m:N4}");
            var proof = new StringWriter();
            var isProved = await SaleMaking.ProveAsync(database, proof);
            text.Append(CultureInfo.InvariantCulture, $"\n## Verification\n\n```\n{proof.ToString().TrimEnd()}\n```\n");
            await output.WriteLineAsync(text.ToString());
            if (Text("--report") is { } file) await File.WriteAllTextAsync(file, text.ToString());
            return isProved ? 0 : 1;

            void Line(string what, string figure) => text.Append(CultureInfo.InvariantCulture, $"| {what} | {figure} |\n");

            async Task<long> CountAsync(string sql) => (long)(await server.ExecuteAsync("topup", sql))!;

            async Task<string> TimesAsync(string seconds) => (string)(await server.ExecuteAsync("topup",
                $"select coalesce(to_char(percentile_cont(0.5) within group (order by s), 'FM990.000') || ' / ' || to_char(percentile_cont(0.99) within group (order by s), 'FM990.000') || ' s', 'none') from (select {seconds}) as x (s)"))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;
        int Number(string name, int fallback) => Text(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : fallback;
    }

    private static async Task FillAsync(string folder, string connection, string suppliers)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        var catalog = services.GetRequiredService<Catalog>();
        var product = (await catalog.ListProductsAsync(new ProductFilter())).Items[0].Id;
        var parties = await catalog.ListSuppliersAsync();
        var links = new List<long>();
        foreach (var ((template, _, _), i) in _supplies.Select((s, i) => (s, i)))
        {
            var known = Upstreams.Templates.First(t => t.Name == template);
            links.Add(Saved(await services.GetRequiredService<Upstreams>().CreateAsync(new ConnectionDraft
            {
                SupplierId = parties[i].Id, Name = template, Adapter = known.Adapter, BaseUrl = suppliers, Config = known.Config,
                Secrets = Upstreams.SecretsOf(known.Adapter, known.Config).ToDictionary(s => s.Name, s => s.Name is "api_key" or "secret" or "app_secret" or "key" ? $"sim-key-{100 + i}" : $"{100 + i}"),
            })).Id);
        }

        foreach (var (code, supplies) in _skus)
        {
            var sku = Saved(await catalog.CreateSkuAsync(new SkuDraft
            {
                Code = code, ProductId = product, Kind = SkuKind.Direct, NameZh = "10 元", NameEn = "Ten", FaceValue = "10", QtyMax = "100", SuggestedRetail = "10.80",
                RetailFloor = "10", RetailCeiling = "12", Fields = "account | phone | 手机号 | Phone number",
            })).Id;
            for (var i = 0; i < supplies; i++)
            {
                Saved(await catalog.CreateSupplyAsync(new SupplyDraft
                {
                    SkuId = sku, SupplierId = parties[i].Id, Cost = _supplies[i].Cost, HoldSeconds = "0", Priority = "100", ConnectionId = $"{links[i]}",
                    UpstreamCode = _supplies[i].Goods,
                }));
            }

            Saved(await services.GetRequiredService<PriceLists>().SetLevelPricesAsync(
                [new LevelPriceDraft(sku, 1, "10.0500"), new LevelPriceDraft(sku, 2, "10.1000"), new LevelPriceDraft(sku, 3, "10.2000")]));
        }

        var seller = new MerchantId(await database.ReadAsync(s => s.ScalarAsync<long>("select id from merchant where level = 3 order by id limit 1")));
        Saved(await services.GetRequiredService<StorefrontBook>().CreateAsync(seller, new StorefrontDraft { Slug = RetailBuyers.Shop, NameZh = "店", NameEn = "Shop", Brand = "#be185d" }));
        Saved(await services.GetRequiredService<Shelves>().FillAsync(seller, "500", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold), keepsOwn: false));
    }

    /// <returns>How many answers there were of each status.</returns>
    private static async Task<Dictionary<int, int>> PlaceAsync(Uri node, string callers, int orders, int wide)
    {
        var keys = (await File.ReadAllLinesAsync(callers)).Select(l => l.Split(' ')).Select(p => (Key: p[0], Secret: Encoding.ASCII.GetBytes(p[1]))).ToArray();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = wide }) { BaseAddress = node, Timeout = TimeSpan.FromSeconds(60) };
        var statuses = new Dictionary<int, int>();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, wide).Select(_ => Task.Run(async () =>
        {
            for (int no; (no = Interlocked.Increment(ref next)) <= orders;)
            {
                // An ending that the simulator has no meaning for, so that the shares alone decide.
                var body = Encoding.UTF8.GetBytes(
                    $$$"""{"client_order_no":"t{{{no}}}","sku":"{{{_skus[no % 2].Code}}}","quantity":1,"max_total":"11","fields":{"account":"138{{{no:D7}}}7"}}""");
                int status;
                while ((status = await SendAsync(http, keys[no % keys.Length], body)) == 503)
                {
                    Count(status);
                    await Task.Delay(1_000);
                }

                Count(status);
            }
        })));
        return statuses;

        void Count(int status)
        {
            lock (statuses) statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
    }

    /// <summary>One signed order.</summary>
    /// <returns>The status of the answer.</returns>
    internal static async Task<int> SendAsync(HttpClient http, (string Key, byte[] Secret) caller, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Guid.NewGuid().ToString("N");
        var signed = $"LK1\nPOST\n/api/v1/orders\n\n{time}\n{nonce}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        request.Headers.TryAddWithoutValidation("Lianka-Key", caller.Key);
        request.Headers.TryAddWithoutValidation("Lianka-Timestamp", time);
        request.Headers.TryAddWithoutValidation("Lianka-Nonce", nonce);
        request.Headers.TryAddWithoutValidation("Lianka-Signature", $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(caller.Secret, Encoding.UTF8.GetBytes(signed)))}");
        request.Headers.TryAddWithoutValidation("Prefer", "wait=0");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>Until every order has ended or has a person asked.</summary>
    private static async Task WaitAsync(PostgresServer server, TimeSpan most)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < most; await Task.Delay(500))
            if ((long)(await server.ExecuteAsync("topup", "select count(*) from orders where status = 3 and hold_reason is null"))! == 0) return;
    }

    private static T Saved<T>(CatalogDecision<T> decision) =>
        decision is CatalogDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {(decision is CatalogDecision<T>.Refused no ? string.Join("; ", no.Errors.Select(e => $"{e.Field} {e.En}")) : decision)}");

    private static T Saved<T>(AgentsDecision<T> decision) =>
        decision is AgentsDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {decision}");

    /// <summary>The supplier simulator as a process of its own.</summary>
    private sealed class Suppliers : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client;

        private Suppliers(Process process, string address) => (_process, _client, Address) = (process, new HttpClient { BaseAddress = new Uri(address) }, address);

        public string Address { get; }

        public static async Task<Suppliers> StartAsync()
        {
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
            foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "lianka-supplier-simulator.dll"), "--port", "0", "--seed", "7"]) start.ArgumentList.Add(word);
            var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The simulator did not start.");
            return new Suppliers(process, line[(line.LastIndexOf(' ') + 1)..]);
        }

        public async Task BehaveAsync(JsonObject behaviour)
        {
            using var answer = await _client.PostAsJsonAsync("/sim/behaviour", behaviour);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        }

        public async Task<JsonObject> SummaryAsync() => (JsonObject)(await JsonNode.ParseAsync(await _client.GetStreamAsync("/sim/summary")))!;

        /// <summary>From the moment a purchase had failed at the supplier to the posting that gave the money back.</summary>
        public async Task<string> RefundTimesAsync(PostgresServer server)
        {
            var refunds = (string)(await server.ExecuteAsync("topup",
                """
                select coalesce(json_object_agg(p.id, t.at)::text, '{}') from purchase p join posting g on g.key = 'purchase:' || p.id
                join transfer_row t on t.posting_id = g.id and t.kind = 'refund'
                """))!;
            var given = JsonSerializer.Deserialize<Dictionary<string, long>>(refunds)!;
            var times = new List<double>();
            await foreach (var order in JsonSerializer.DeserializeAsyncEnumerable<JsonObject>(await _client.GetStreamAsync("/sim/orders")))
            {
                if ((string?)order!["state"] != "failed" || !PublicId.TryDecode($"{order["own_no"]}", out var own) || !given.TryGetValue($"{own}", out var at)) continue;
                times.Add(Math.Max(0, (at - new DateTimeOffset(DateTime.SpecifyKind(order["done_at"]!.GetValue<DateTime>(), DateTimeKind.Utc)).ToUnixTimeMilliseconds() * 1_000L) / 1e6));
            }

            times.Sort();
            return times.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:F3} / {times[(int)(times.Count * .99)]:F3} s ({times.Count})");
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
