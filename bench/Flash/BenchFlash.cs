using System.Globalization;
using System.Text;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;

namespace Lianka.Bench.Flash;

/// <summary>A flash sale at full size: every buyer with a ticket comes in a minute, a hundred times more of them than units.</summary>
internal static class BenchFlash
{
    public const string Arguments = "[--buyers N] [--units N] [--share PERCENT] [--connections N] [--report FILE]";

    private const string SaleSku = "b-0019", RehearsalSku = "b-0018";

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (buyers, units, share) = (Number("--buyers", 1_000_000), Number("--units", 10_000), Number("--share", 32) / 100.0);
        var connections = Number("--connections", 10_000);
        if (Description.OpenFilesMax() < connections + 1_000)
            throw new InvalidOperationException($"{connections} connections need a limit of open files above that: ulimit -Hn, now {Description.OpenFilesMax()}.");
        var folder = Directory.CreateTempSubdirectory("lianka-flash-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var connection = await server.NewDatabaseAsync("flash");
            var (callers, tickets, followUp) = (Path.Combine(folder, "callers"), Path.Combine(folder, "tickets"), Path.Combine(folder, "follow"));
            var rehearsalTickets = Path.Combine(folder, "rehearsal-tickets");
            await Market.FillAsync(folder, connection, new MarketSize(Skus: 20, Merchants: 1_000, Cards: 20L * (units + 2_000)), callers, output);
            var (rehearsal, _) = await SaleMaking.MakeAsync(folder, connection, "rehearsal", RehearsalSku, 500, 20_000, 60, rehearsalTickets);
            await using var node = await Node.StartAsync(folder, connection, environment: Market.Environment);

            // As an operator would: a small sale first, so that the program is compiled and its connections are open.
            await LoadProcess.RunAsync(new LoadPlan("flash", [node.Address.ToString()], 500, 4_000, 0, 20, 20_000, rehearsalTickets, "rehearsal",
                new() { ["sale"] = rehearsal.ToString(), ["out"] = Path.Combine(folder, "rehearsal"), ["patient"] = "0" }));
            var bare = await LoadProcess.RunAsync(new LoadPlan("get", [node.Address.ToString()], 256, 0, 3, 8, 0, "", "", new() { ["path"] = "/health/live" }));
            var rate = bare.PerSecond * share;
            var attempts = FlashScript.AttemptsOf(buyers);
            var seconds = (attempts / rate) + 1;
            // Nobody pays before the rush is over, so that the whole of it meets a sale that is reserved but not sold.
            var paySeconds = (int)seconds + 75;
            var (saleId, all) = await SaleMaking.MakeAsync(folder, connection, "flash", SaleSku, units, buyers, paySeconds, tickets);
            var sale = saleId.ToString();
            await output.WriteLineAsync($"{buyers:N0} tickets issued for {units:N0} units");
            // Until the node has heard of the sale.
            await Task.Delay(3_000);
            await output.WriteLineAsync(F($"no-op HTTP {bare.PerSecond:F0}/s; {attempts:N0} attempts at {rate:F0}/s over {connections:N0} connections"));

            using var followers = new Followers(node.Address, sale, all);
            followers.Start(followUp);
            var others = LoadProcess.RunAsync(new LoadPlan("orders", [node.Address.ToString()], 64, 500, 2, seconds, 0, callers, "other",
                new() { ["merchants"] = "1000", ["skus"] = "18" }));
            var storm = await LoadProcess.RunAsync(new LoadPlan("flash", [node.Address.ToString()], connections, rate, 0, seconds + 60, attempts, tickets, "flash",
                new() { ["sale"] = sale, ["out"] = followUp, ["patient"] = $"{units + (units / 10)}" }));
            var meanwhile = await others;
            await output.WriteLineAsync(F($"attempts done: {storm.PerSecond:F0}/s, p99 {storm.Latencies.Milliseconds(.99):F1} ms; {Statuses(storm)}; reserved {followers.Reserved}"));

            followers.StartPaying(24);
            var sold = await UntilSoldAsync(server, saleId.Value, followers, units, paySeconds, output);
            var said = await AskEveryoneAgainAsync(node.Address, sale, all);
            await followers.EndAsync();
            var report = await ReportAsync(server, saleId.Value, node, followers, bare, storm, meanwhile, (buyers, units, connections, rate, paySeconds), said);
            var proof = new StringWriter();
            var isProved = await SaleMaking.ProveAsync(connection, proof);
            report += $"\n## Verification\n\n```\n{proof.ToString().TrimEnd()}\n```\n";
            await output.WriteLineAsync(report);
            if (Text("--report") is { } file) await File.WriteAllTextAsync(file, report);
            return sold && isProved ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;
        int Number(string name, int fallback) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
    }

    /// <summary>Those who reserved pay; what is not paid for comes back and is bought by who waits.</summary>
    private static async Task<bool> UntilSoldAsync(PostgresServer server, long sale, Followers followers, int units, int paySeconds, TextWriter output)
    {
        var end = DateTime.UtcNow.AddSeconds(paySeconds + 60);
        while (DateTime.UtcNow < end)
        {
            var sold = (long)(await server.ExecuteAsync("flash", $"select sold from flash_sale where id = {sale}"))!;
            var lapsed = (long)(await server.ExecuteAsync("flash", $"select lapsed from flash_sale where id = {sale}"))!;
            if (lapsed > 0) followers.AllPay = true;
            await output.WriteLineAsync($"  reserved {followers.Reserved}, paid {followers.Paid}, sold {sold}, came back {lapsed}; {followers.Asking} wait");
            if (sold == units) return true;
            await Task.Delay(5_000);
        }

        return false;
    }

    /// <summary>Some of everybody ask once more: what they hear must be the truth of the database.</summary>
    private static async Task<Dictionary<string, int>> AskEveryoneAgainAsync(Uri address, string sale, string[] tickets)
    {
        var said = new Dictionary<string, int>();
        // The node has heard of the last payment by now.
        await Task.Delay(1_500);
        using var http = new HttpClient { BaseAddress = address };
        for (var i = 0; i < tickets.Length; i += Math.Max(1, tickets.Length / 1_000))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/flash-sales/{sale}/attempts");
            request.Headers.TryAddWithoutValidation("Lianka-Ticket", tickets[i]);
            using var answer = await http.SendAsync(request);
            using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var word = json.RootElement.TryGetProperty("code", out var code) ? code.GetString()! : json.RootElement.GetProperty("status").ToString();
            said[word] = said.GetValueOrDefault(word) + 1;
        }

        return said;
    }

    private static async Task<string> ReportAsync(PostgresServer server, long sale, Node node, Followers followers, LoadResult bare, LoadResult storm, LoadResult meanwhile,
        (int Buyers, int Units, int Connections, double Rate, int PaySeconds) plan, Dictionary<string, int> said)
    {
        async Task<long> CountAsync(string sql) => Convert.ToInt64(await server.ExecuteAsync("flash", sql), CultureInfo.InvariantCulture);
        var of = string.Create(CultureInfo.InvariantCulture, $"from (select * from flash_order where sale_id = {sale}) f join orders o on o.id = f.order_id");
        var lastPaid = await CountAsync($"select max(o.paid_at) {of}");
        var text = new StringBuilder();
        void Row(string what, string figure) => text.Append(CultureInfo.InvariantCulture, $"| {what} | {figure} |\n");
        text.Append("# Flash sale\n\n`./lianka bench flash`\n\n").Append(await Description.OfAsync(server)).Append("\n\n| | |\n|---|---|\n");
        Row("buyers, each with a ticket issued beforehand", F($"{plan.Buyers:N0}"));
        Row("attempts sent (one in fifty a second one with the same ticket)", F($"{FlashScript.AttemptsOf(plan.Buyers):N0}"));
        Row("open connections", F($"{plan.Connections:N0}"));
        Row("rehearsal before it", "500 units, 20,000 attempts in a sale of its own, not counted here");
        Row("no-op HTTP rate of this run (256 connections, closed loop)", F($"{bare.PerSecond:N0}/s"));
        Row("arrivals, by the clock", F($"{plan.Rate:N0}/s ({plan.Rate / bare.PerSecond:P0} of the no-op rate)"));
        Row("attempts answered", F($"{storm.Latencies.Total:N0}, {storm.PerSecond:N0}/s; {Statuses(storm)}; broken or never sent: {storm.Of(0) + storm.Unsent}"));
        Row("latency from the scheduled send", F($"p50 {storm.Latencies.Milliseconds(.5):F1} ms, p99 {storm.Latencies.Milliseconds(.99):F1} ms, p99.9 {storm.Latencies.Milliseconds(.999):F1} ms"));
        Row("asking again from the waiting room", F($"{followers.Polls.Total:N0} times, p99 {followers.Polls.Milliseconds(.99):F1} ms"));
        Row("other orders meanwhile (500/s by signed API, other SKUs)", F($"{meanwhile.Of(201):N0} of {meanwhile.Latencies.Total:N0} accepted, p99 {meanwhile.Latencies.Milliseconds(.99):F1} ms"));
        Row("memory of the node, most", F($"{node.Memory().Peak >> 20} MB"));
        text.Append("\nCounted in the database:\n\n| | |\n|---|---|\n");
        Row("units for sale", F($"{plan.Units:N0}"));
        Row("units sold: reserved and paid", F($"{await CountAsync($"select coalesce(sum(o.quantity), 0) {of} where o.paid_at is not null and o.status = 4"):N0}"));
        Row("buyers among them", F($"{await CountAsync($"select count(distinct f.buyer) {of} where o.paid_at is not null and o.status = 4"):N0}"));
        Row("most live orders of one buyer", F($"{await CountAsync($"select max(n) from (select count(*) n {of} where o.status not in (7, 8) group by f.buyer) x")}"));
        Row("reservations that nobody paid for and that came back", F($"{await CountAsync($"select count(*) {of} where o.status = 7"):N0} (of those who first reserved, {followers.NeverPaid:N0} never pay)"));
        Row("bought afterwards by those who waited", F($"{await CountAsync($"select count(*) {of} where o.status = 4 and f.no > {plan.Units}"):N0}"));
        Row("first answer \"sold out\"", followers.FirstSoldOut is { } at ? F($"{(at - lastPaid) / 1000.0:F0} ms after the last unit was paid") : "none before the last unit was paid");
        Row("a thousand of all buyers asked once more", string.Join(", ", said.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {s.Value}")));
        return text.ToString();
    }

    private static string Statuses(LoadResult result) => string.Join(", ", result.Statuses.OrderBy(s => s.Key).Select(s => F($"{s.Key}: {s.Value:N0}")));

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
