using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lianka.Bench.Load;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Grading;

/// <summary>What grading, the watch over suppliers and their statements cost among a month of orders.</summary>
/// <remarks>One order is placed as buyers do; the others are copies of its row, with other numbers, moments and suppliers.</remarks>
internal static class BenchSuppliers
{
    public const string Arguments = "[--orders N] [--suppliers N] [--report FILE]";

    private const int Times = 5, Watches = 200;
    private static readonly TimeSpan _span = TimeSpan.FromDays(30);

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (orders, suppliers) = (Number("--orders", 1_000_000), Number("--suppliers", 200));
        var root = Directory.CreateTempSubdirectory("lianka-bench-suppliers-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var report = new StringBuilder("# Suppliers among a month of orders: grading, the watch, statements\n\n`./lianka bench suppliers`\n\n").Append(await Description.OfAsync(server))
                .Append(F($"\n\n{orders:N0} orders in 30 days, one in twenty in two deliveries; {suppliers:N0} suppliers with 50 supplies each; {orders / 4:N0} purchases, {orders:N0} settlements, {suppliers * 100:N0} imports.\n\n"))
                .Append("| database | what | ms | the orders of the month read plainly, ms | ratio |\n|---|---|---|---|---|\n");
            foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, kind.ToString())).FullName;
                var connection = kind == DatabaseKind.Sqlite ? "sqlite" : await server.NewDatabaseAsync("suppliers");
                await Market.FillAsync(folder, connection, new MarketSize(Skus: 1, Merchants: 1, Cards: 10), Path.Combine(folder, "callers"), TextWriter.Null);
                await Filler.RunAsync(folder, connection, 1, "a");
                await MeasureAsync(kind, folder, connection, orders, suppliers, async row =>
                {
                    report.Append(row).Append('\n');
                    await output.WriteLineAsync(row);
                });
            }

            await output.WriteLineAsync(report.ToString());
            if (Text("--report") is { } to) await File.WriteAllTextAsync(to, report.ToString());
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

        long Number(string name, long usual) => Text(name) is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : usual;
    }

    private static async Task MeasureAsync(DatabaseKind kind, string folder, string connection, long orders, long suppliers, Func<string, Task> say)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        await database.WriteAsync(s => FillAsync(s, orders, suppliers));
        await database.WriteAsync(s => s.ExecuteAsync("analyze orders; analyze order_part; analyze settlement_part; analyze purchase; analyze transfer_row; analyze supply; analyze sku; analyze account; analyze import_job"));
        var watch = services.GetRequiredService<SupplierWatch>();

        var plain = await MedianAsync(Times, () => database.ReadAsync(s => s.ScalarAsync<long>(
            "select cast(sum(quantity) as bigint) from orders where created_at >= @from", new { from = DateTimeOffset.UtcNow - _span - _span })));
        await RowAsync("first start: 30 days of turnover, all covers, all grades", await MedianAsync(1, () => watch.RunAsync()));
        await RowAsync("a day's end: its turnover, all covers, all grades", await MedianAsync(Times, () => watch.RunAsync(), () => database.WriteAsync(s => s.ExecuteAsync(
            """
            delete from supplier_grade;
            delete from supplier_turnover where day = (select max(day) from supplier_turnover);
            update setting set value = cast(cast(value as bigint) - 1 as text) where name in ('grade.day', 'deposit.turnover_day')
            """))));
        await RowAsync("all grades alone", await MedianAsync(Times, () => watch.RunAsync(), () => database.WriteAsync(s => s.ExecuteAsync(
            "delete from supplier_grade; update setting set value = cast(cast(value as bigint) - 1 as text) where name = 'grade.day'"))));
        var looks = new Latencies();
        for (var i = 0; i < Watches; i++) looks.Add(await MedianAsync(1, () => watch.RunAsync()) * 1_000);
        await RowAsync("each second, nothing to do: p50", looks.Milliseconds(.5));
        await RowAsync("each second, nothing to do: p99", looks.Milliseconds(.99));
        await StatementsAsync();
        var graded = await database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from supplier_grade"));
        if (graded != suppliers) throw new InvalidOperationException($"{graded} of {suppliers} suppliers have a grade.");

        async Task StatementsAsync()
        {
            var statements = services.GetRequiredService<SupplierStatements>();
            var last = ChinaDay.Of(DateTimeOffset.UtcNow).AddDays(-1);
            foreach (var (what, days) in new[] { ("a supplier's statement of a day", 1), ("a supplier's statement of a month", 30) })
            {
                SupplierStatement? told = null;
                var ms = await MedianAsync(Times, async () => told = await statements.OfAsync(new SupplierId(1 + suppliers / 2), last.AddDays(1 - days), last));
                if (told is null || told.Lines.Count == 0 || told.Lines.Any(l => l.Kind != "order") || told.Opening + told.In != told.Closing)
                    throw new InvalidOperationException("The statement is not what was sold.");
                await RowAsync(F($"{what}, {told.Lines.Count:N0} lines"), ms);
            }
        }

        Task RowAsync(string what, double ms) => say(F($"| {kind} | {what} | {ms:N1} | {plain:N0} | {ms / plain:N3} |"));
    }

    private static async Task<double> MedianAsync(int times, Func<Task> run, Func<Task>? before = null)
    {
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            if (before is not null) await before();
            var start = Stopwatch.GetTimestamp();
            await run();
            taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        taken.Sort();
        return taken[times / 2];
    }

    private static async Task FillAsync(Session s, long orders, long suppliers)
    {
        var now = DateTimeOffset.UtcNow.ToMicros();
        var span = _span.Ticks / TimeSpan.TicksPerMicrosecond;
        var order = await s.ScalarAsync<long>("select id from orders");
        var sku = await s.ScalarAsync<long>("select id from sku");
        var job = await s.ScalarAsync<long>("select id from import_job");

        string Moment(long count) => F($"{now - span} + n * {span / count}");

        await SeriesAsync(s, suppliers, F($"insert into supplier (id, slug, name_zh, name_en, created_at) select n, 'bench-' || n, '供', 'Bench', {now}"));
        foreach (var (offset, kind) in new[] { (600_000, "payable"), (700_000, "deposit") })
            await SeriesAsync(s, suppliers, F($"insert into account (id, kind, party_id, limited, floor, balance, created_at) select {offset} + n, '{kind}', n, 1, 0, 1000000000000, {now}"));
        await s.ExecuteAsync(F($"insert into deposit_rate (category_id, amount, changed_at) select id, 10000, {now} from category; insert into setting (name, value) values ('deposit.turnover_bps', '1')"));
        await CopyAsync(s, "sku", sku, 1_000, ("id", "500000 + n"), ("code", "'bench-' || n"));
        await SeriesAsync(s, suppliers * 50, F($"insert into supply (id, sku_id, supplier_id, cost, hold_seconds) select 800000 + n, 500001 + n % 1000, 1 + (n / 50 + n % 50 * 4) % {suppliers}, 420000, 60"));
        await CopyAsync(s, "import_job", job, suppliers * 100, ("id", F($"{job} + n")), ("supplier_id", F($"1 + n % {suppliers}")), ("started_at", Moment(suppliers * 100)), ("rows", "100"));
        var isSplit = "n % 20 = 7";
        await CopyAsync(s, "orders", order, orders,
            ("id", F($"{order} + n")), ("client_key", "'c' || n"), ("created_at", Moment(orders)), ("settlement", "2"), ("settlement_id", F($"case when {isSplit} then null else n end")), ("quantity", "2"), ("total", "2 * unit_price"), ("from_seq", F($"case when {isSplit} then null else 2 * n end")),
            ("supplier_id", F($"case when {isSplit} then null else 1 + n % {suppliers} end")), ("lot_id", F($"case when {isSplit} then null else lot_id end")),
            ("part_state", F($"case when {isSplit} then null when n % 50 = 1 then 3 else 2 end")));
        // Ids rise with time: the one that was really placed is the latest and has the lowest.
        await s.ExecuteAsync("delete from orders where id = @order", new { order });
        foreach (var no in new[] { 1, 2 })
            await SeriesAsync(s, orders / 20, F($"""
                insert into order_part (order_id, no, supply_id, supplier_id, lot_id, from_seq, count, unit_cost, hold_seconds, state, live)
                select {order} + 20 * (n - 1) + 7, {no}, 1, 1 + (n + {no}) % {suppliers}, 1, 2 * n + {no}, 1, 420000, 60, 2, 1
                """));
        await SeriesAsync(s, orders / 4, F($"""
            insert into purchase (id, order_id, no, sku_id, supply_id, supplier_id, connection_id, count, unit_cost, route, state, fault, created_at, sent_at, ended_at)
            select n, {order} + n, 1, 1, 1, 1 + n % {suppliers}, 1, 1, 420000, '', case when n % 40 = 1 then 5 else 4 end, case when n % 40 = 1 then 'goods' end,
                {Moment(orders / 4)}, {Moment(orders / 4)}, {Moment(orders / 4)} + n * 7919 % 20000000
            """));
        // Settlements of the second: each released one order, of which one in twenty is two suppliers'.
        await s.ExecuteAsync(F($"""
            insert into settlement_part (settlement_id, order_id, party_id, role, account_id, amount)
            select order_id - {order}, order_id, supplier_id, 'supplier', 600000 + supplier_id, unit_cost * count from order_part where order_id > {order};
            insert into transfer_row (id, posting_id, kind, debit_account, credit_account, amount, credit_after, at)
            select row_number() over (order by l.settlement_id, l.party_id), l.settlement_id, 'settle_in', (select id from account where kind = 'clearing:bank'), 600000 + l.party_id, l.amount,
                sum(l.amount) over (partition by l.party_id order by l.settlement_id), o.created_at
            from settlement_line l join orders o on o.id = l.order_id where l.role = 'supplier' and l.settlement_id > 0
            """));
    }

    private static Task SeriesAsync(Session s, long count, string insertSelect) =>
        s.ExecuteAsync(F($"{Into(insertSelect)} with recursive series(n) as (select cast(1 as bigint) union all select n + 1 from series where n < {count}) {Select(insertSelect)} from series"));

    private static string Into(string insertSelect) => insertSelect[..insertSelect.IndexOf("select ", StringComparison.Ordinal)];

    private static string Select(string insertSelect) => insertSelect[insertSelect.IndexOf("select ", StringComparison.Ordinal)..];

    /// <summary>Copies of a row, other than it in some columns.</summary>
    private static async Task CopyAsync(Session s, string table, long id, long count, params (string Column, string Sql)[] others)
    {
        var columns = await s.QueryAsync<string>(s.Kind == DatabaseKind.Postgres
            ? "select column_name from information_schema.columns where table_name = @table" : "select name from pragma_table_info(@table)", new { table });
        var values = columns.ConvertAll(c => Array.Find(others, o => o.Column == c).Sql ?? c);
        await s.ExecuteAsync(F($"""
            insert into {table} ({string.Join(", ", columns)})
            with recursive series(n) as (select cast(1 as bigint) union all select n + 1 from series where n < {count})
            select {string.Join(", ", values)} from {table} cross join series where {table}.id = {id}
            """));
    }

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
