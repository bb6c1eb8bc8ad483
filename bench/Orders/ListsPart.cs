using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lianka.Bench.Crash;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Kernel;
using Npgsql;

namespace Lianka.Bench.Orders;

/// <summary>Lists and look-ups over HTTP, counted from the client, among the orders that are present.</summary>
internal sealed class ListsPart(Node node, string connection, string callers, long contacts, Func<string, Task> say)
{
    private const int Connections = ListMarket.Sessions, Each = 250, WarmUp = 25, PageSize = 50, PagesDeep = 10_000;
    private const double LimitMs = 50;

    private sealed record Known(string Number, string Merchant, string ClientNumber, string Key, byte[] Secret);

    private Known[] _known = [];
    private string[] _deep = [];
    private string[] _retail = [];
    private long _pagesDeep;
    private bool _isMet = true;

    /// <returns>False when a row is above the limit or was answered otherwise than expected.</returns>
    public async Task<bool> RunAsync()
    {
        var total = await LoadAsync();
        await say("");
        await say($"Lists and look-ups over HTTP among {total:N0} orders, {contacts:N0} of them retail with a contact; {Connections} connections, other keys each time, counted from the client; limit {LimitMs:F0} ms at p99.");
        await say("");
        await say("| what | requests | p50 ms | p99 ms | limit |");
        await say("|---|---|---|---|---|");
        await ConsoleAsync();
        await MerchantConsoleAsync();
        await ApiAsync();
        await ShopAsync();
        await say("");
        return _isMet;
    }

    private async Task ConsoleAsync()
    {
        using var people = await PeopleAsync(_ => 0);
        await GetAsync("console: orders, first page", people, _ => "/console/orders");
        await GetAsync($"console: {_pagesDeep:N0} pages deep and more", people, i => $"/console/orders?before={_deep[i % _deep.Length]}");
        await GetAsync("console: by order number", people, i => $"/console/orders?q={Of(i).Number}");
        await GetAsync("console: by a merchant's client number", people, i => $"/console/orders?q={Of(i).ClientNumber}&who={Of(i).Merchant}");
        await GetAsync("console: by contact", people, i => $"/console/orders?q={ListMarket.ContactOf(Random.Shared.Next((int)contacts))}");
        await GetAsync("console: by merchant", people, i => $"/console/orders?who={Of(i).Merchant}");
        await GetAsync("console: cancelled ones", people, _ => "/console/orders?status=Cancelled");
        await GetAsync("console: refunded ones, of which there are none", people, _ => "/console/orders?status=Refunded");
        await GetAsync("console: by SKU", people, i => $"/console/orders?sku=b-{Random.Shared.Next(1_000):D4}");
        await GetAsync("console: of a merchant by state and day", people, i => $"/console/orders?who={Of(i).Merchant}&status=Delivered&from=2020-01-01&to=2020-01-02");
        await GetAsync("console: one order", people, i => $"/console/orders/{Of(i).Number}");
        // These grow with the merchants, not with the orders: told, not held to the limit.
        await GetAsync("console: accounts (with a choice of merchants) and statement of a merchant", people, i => $"/console/accounts?party={Of(i).Merchant}", isHeld: false);
        await GetAsync("console: by a client number without its merchant (asks each merchant's index)", people, i => $"/console/orders?q={Of(i).ClientNumber}", isHeld: false);
    }

    private async Task MerchantConsoleAsync()
    {
        using var people = await PeopleAsync(i => i + 1);
        await GetAsync("merchant's console: home", people, _ => "/console/merchant/home");
        await GetAsync("merchant's console: orders, first page", people, _ => "/console/merchant/orders");
        await GetAsync("merchant's console: by state", people, _ => "/console/merchant/orders?status=Delivered");
        await GetAsync("merchant's console: balance and statement, first page", people, _ => "/console/merchant/balance");
    }

    private async Task ApiAsync()
    {
        using var programs = new Crowd([.. Enumerable.Range(0, Connections).Select(i => new ListBrowser(node.Address, 200 + i))]);
        await AskAsync("API: orders, first page", _ => "/api/v1/orders");
        await AskAsync("API: orders of a state since a moment", _ => "/api/v1/orders?created_from=2020-01-01T00%3A00%3A00Z&status=delivered");
        await AskAsync("API: by order number", k => $"/api/v1/orders/{k.Number}");
        await AskAsync("API: by client number", k => $"/api/v1/orders?client_order_no={k.ClientNumber}");
        await AskAsync("API: statement, first page", _ => "/api/v1/account/entries");

        Task AskAsync(string what, Func<Known, string> path) => MeasureAsync(what, programs, 200, (browser, i) => browser.AskAsync(Of(i).Key, Of(i).Secret, path(Of(i))));
    }

    /// <summary>Number and contact at the shop window; each address may try ten times a minute, so a visitor leaves after eight.</summary>
    private async Task ShopAsync()
    {
        const string path = $"/s/{ListMarket.Shop}/orders";
        var latencies = new Latencies();
        var wrong = 0;
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (int visitor; (visitor = Interlocked.Increment(ref next)) < Connections * Each / 8;)
            {
                using var browser = new ListBrowser(node.Address, 1_000 + visitor);
                var form = await browser.GetAsync(path);
                for (var i = 0; i < 8; i++)
                {
                    var buyer = Random.Shared.Next(_retail.Length);
                    var start = Stopwatch.GetTimestamp();
                    var page = await browser.PostAsync(form, path, ("number", _retail[buyer]), ("contact", ListMarket.ContactOf(buyer)));
                    lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                    if (!page.IsRedirect) Interlocked.Increment(ref wrong);
                }
            }
        })));
        await RowAsync("shop: look-up by number and contact", latencies, wrong);
    }

    private Known Of(int request) => _known[request % _known.Length];

    private Task GetAsync(string what, Crowd people, Func<int, string> path, bool isHeld = true) =>
        MeasureAsync(what, people, 200, (browser, i) => browser.GetAsync(path(i)), isHeld);

    private async Task MeasureAsync(string what, Crowd crowd, int expected, Func<ListBrowser, int, Task<Page>> ask, bool isHeld = true)
    {
        // A page is compiled by those who first ask for it.
        foreach (var browser in crowd.Browsers)
            for (var i = 0; i < WarmUp; i++) await ask(browser, i);
        var latencies = new Latencies();
        var wrong = 0;
        await Task.WhenAll(crowd.Browsers.Select((browser, c) => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var page = await ask(browser, (i * Connections) + c);
                lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                if (page.Status != expected) Interlocked.Increment(ref wrong);
            }
        })));
        await RowAsync(what, latencies, wrong, isHeld);
    }

    private async Task RowAsync(string what, Latencies latencies, int wrong, bool isHeld = true)
    {
        var p99 = latencies.Milliseconds(.99);
        var isMet = p99 < LimitMs && wrong == 0;
        if (isHeld) _isMet &= isMet;
        var verdict = wrong > 0 ? $"{wrong} WRONG ANSWERS" : isMet ? "met" : isHeld ? "NOT MET" : "above";
        await say($"| {what} | {latencies.Total:N0} | {latencies.Milliseconds(.5):F1} | {p99:F1} | {verdict} |");
    }

    private async Task<Crowd> PeopleAsync(Func<int, int> session)
    {
        var browsers = new List<ListBrowser>();
        for (var i = 0; i < Connections; i++) browsers.Add(await ListBrowser.LogInAsync(node.Address, 100 + i, ListMarket.Login(session(i))));
        return new Crowd(browsers);
    }

    /// <summary>Numbers of orders from all over the table, and of those that lie deep.</summary>
    private async Task<long> LoadAsync()
    {
        var secrets = File.ReadLines(callers).Select(l => l.Split(' ')).ToDictionary(p => p[0], p => Encoding.ASCII.GetBytes(p[1]));
        await using var database = new NpgsqlConnection($"{connection};Pooling=false");
        await database.OpenAsync();
        await using (var analyze = new NpgsqlCommand("analyze orders; analyze order_contact; analyze transfer", database)) await analyze.ExecuteNonQueryAsync();
        var total = (await RowsAsync("select count(*) from orders", r => r.GetInt64(0)))[0];
        _known = [.. await RowsAsync(
            $"""
            select o.id, o.merchant_id, o.client_key, k.key
            from (select min(id) as low, max(id) as high from orders) span cross join generate_series(1, {Connections * Each}) n
            cross join lateral (select id, merchant_id, client_key, source from orders
                                where id >= span.low + cast(random() * (span.high - span.low) + 0 * n as bigint) order by id limit 1) o
            join api_key k on k.merchant_id = o.merchant_id where o.source = 1
            """, r => new Known(new OrderId(r.GetInt64(0)).ToString(), new MerchantId(r.GetInt64(1)).ToString(), r.GetString(2), r.GetString(3), secrets[r.GetString(3)]))];
        _pagesDeep = Math.Min(PagesDeep, total / PageSize / 2);
        _deep = [.. await RowsAsync(
            $"""
            select id from (select id, row_number() over (order by id desc) as no from (select id from orders order by id desc limit {(_pagesDeep + 2_000) * PageSize}) newest) numbered
            where no >= {_pagesDeep * PageSize} and no % {PageSize} = 0
            """, r => new OrderId(r.GetInt64(0)).ToString())];
        _retail = [.. await RowsAsync("select order_id from order_contact order by contact", r => new OrderId(r.GetInt64(0)).ToString())];
        return total;

        async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> row)
        {
            var rows = new List<T>();
            await using var command = new NpgsqlCommand(sql, database);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows.Add(row(reader));
            return rows;
        }
    }

    private sealed record Crowd(IReadOnlyList<ListBrowser> Browsers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var browser in Browsers) browser.Dispose();
        }
    }
}
