using System.Net;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Files;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Lists that become files in the background. The node's own worker is left out: tests take each step themselves.</summary>
public sealed class ExportTests
{
    private const string Orders = "/console/orders";

    private static async Task<ShopWorld> OpenAsync(DatabaseKind kind, TimeProvider? clock = null)
    {
        var shop = await ShopWorld.CreateAsync(kind, cards: 1, clock: clock, replace: services =>
        {
            foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(ExportWork)).ToList()) services.Remove(worker);
        });
        var people = shop.Http.Get<People>();
        await people.CreateAsync("operator", Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync("merchant", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync("supplier", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        return shop;
    }

    /// <summary>Orders and lots of this merchant and supplier, and some of others.</summary>
    private static Task SeedAsync(ShopWorld shop, int count) => shop.Database.WriteAsync(async s =>
    {
        await s.ExecuteAsync(
            """
            with recursive n(i) as (select 1 union all select i + 1 from n where i < @count)
            insert into orders (id, merchant_id, source, sku_id, quantity, max_total, status, unit_price, total, payer_account, escrow_account, merchant_unit, top_unit, created_at)
            select 900000000 + i, case when i % 10 = 0 then 77 else @Merchant end, 3, @Sku, 1 + i % 3, 0, case when i % 4 = 0 then 4 else 8 end, 495000, 495000 * (1 + i % 3), 1, 2, 1, 1, 1700000000000000 + i from n
            """, new { count, Merchant = shop.Merchant.Value, Sku = shop.Sku.Id.Value });
        await s.ExecuteAsync(
            """
            with recursive n(i) as (select 1 union all select i + 1 from n where i < @count)
            insert into lot (id, sku_id, supply_id, supplier_id, total, created_at, note)
            select 800000000 + i, @Sku, @Supply, case when i % 10 = 0 then 77 else @Supplier end, i, 1700000000000000 + i, case when i = 1 then '=HYPERLINK("x")' else 'lot' end from n
            """, new { count, Sku = shop.Sku.Id.Value, Supply = shop.Supply.Id.Value, Supplier = shop.Supply.SupplierId.Value });
    });

    private static async Task RunAsync(ShopWorld shop)
    {
        while (await shop.Http.Get<ExportSteps>().RunAsync(default)) { }
    }

    private static Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(ConsoleApp app, string address, string format = "csv", int table = 0, string[]? columns = null) =>
        app.AskAsync(HttpMethod.Post, "/console/api/files", columns is null ? new { address, table, format } : new { address, table, format, columns });

    private static string Download(JsonElement file) => $"/console/files?handler=download&file={file.GetProperty("id").GetString()}";

    private static async Task<List<string[]>> CsvAsync(ConsoleApp app, JsonElement file)
    {
        using var answer = await app.RawAsync(Download(file));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        bytes.AsSpan(0, 3).SequenceEqual(Encoding.UTF8.Preamble).ShouldBeTrue("Excel needs the mark");
        using var csv = CsvReader.Create(new StringReader(Encoding.UTF8.GetString(bytes.AsSpan(3))), new CsvReaderOptions { HasHeader = false });
        var rows = new List<string[]>();
        while (csv.Read()) rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i))]);
        return rows;
    }

    /// <summary>The list as somebody reads it who turns page after page, each cell as a text.</summary>
    private static async Task<List<string>> PagedAsync(ConsoleApp app, string path)
    {
        var rows = new List<string>();
        for (var next = path; next is not null;)
        {
            var table = (await app.PageAsync(next)).Answer.GetProperty("tables")[0];
            foreach (var row in table.GetProperty("rows").EnumerateArray()) rows.Add(string.Join('|', row.EnumerateArray().Select(Told)));
            next = table.TryGetProperty("next", out var further) ? further.GetString() : null;
        }

        return rows;

        static string Told(JsonElement cell)
        {
            var (text, sub, title) = (cell.GetProperty("text").GetString()!, cell.TryGetProperty("sub", out var s) ? s.GetString() : null, cell.TryGetProperty("title", out var t) ? t.GetString()! : "");
            return sub is null ? title.StartsWith("20", StringComparison.Ordinal) ? title : text : $"{text}/{(title.StartsWith("20", StringComparison.Ordinal) ? title : sub)}";
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_file_holds_what_its_person_sees_who_turns_all_pages(DatabaseKind kind)
    {
        await using var shop = await OpenAsync(kind);
        await SeedAsync(shop, 130);
        foreach (var (login, path, count) in new[]
        {
            ("operator", Orders, 130), ("operator", "/console/orders?status=Delivered", 32), ("merchant", "/console/merchant/orders", 117), ("merchant", "/console/merchant/orders?status=Delivered", 26),
            ("supplier", "/console/supplier/lots", 118), ("supplier", "/console/supplier/stock", 1), ("merchant", "/console/merchant/prices", 1), ("operator", "/console/prices", 1),
        })
        {
            using var app = await ConsoleApp.OpenAsync(shop.Http, login);
            var seen = await PagedAsync(app, path);
            seen.Count.ShouldBe(count, path);
            // Asked for on a later page, it begins with the first all the same.
            var table = (await app.PageAsync(path)).Answer.GetProperty("tables")[0];
            var from = table.TryGetProperty("next", out var next) ? next.GetString()! : path;
            var (status, files) = await AskAsync(app, from);
            status.ShouldBe(HttpStatusCode.OK, path);
            files[0].ShouldBe("ListFile");
            await RunAsync(shop);

            var rows = await CsvAsync(app, files[0]);
            // Two columns of the file are one cell with two lines; numbers carry no grouping, and what a sheet would run is quoted.
            var doubled = rows[0].Select(t => t.EndsWith(" 2", StringComparison.Ordinal)).ToList();
            var made = rows.Skip(1).Select(r => string.Join('|', r.Index().Where(c => !doubled[c.Index])
                .Select(c => c.Item + (c.Index + 1 < r.Length && doubled[c.Index + 1] && r[c.Index + 1].Length > 0 ? "/" + r[c.Index + 1] : "")))).ToList();
            made.Select(Plain).ShouldBe(seen.Select(Plain), path);
            if (path.EndsWith("/lots", StringComparison.Ordinal)) rows.Count(r => r.Contains("'=HYPERLINK(\"x\")")).ShouldBe(1, "a sheet would run it");
        }

        static string Plain(string row) => row.Replace(",", "", StringComparison.Ordinal).Replace("'=", "=", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_A_node_that_dies_loses_no_file_and_two_at_once_write_each_row_once(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var shop = await OpenAsync(kind, clock);
        await SeedAsync(shop, 230);
        using var app = await ConsoleApp.OpenAsync(shop.Http, "operator");
        var exports = shop.Http.Get<Exports>();
        var steps = new ExportSteps(exports, shop.Http.Get<People>(), shop.Http.Get<PageReader>(), NullLogger<ExportSteps>.Instance) { StepRows = 50 };
        var file = (await AskAsync(app, Orders)).Answer[0];
        (await steps.RunAsync(default)).ShouldBeTrue();
        (await exports.OfAsync(await PersonAsync(shop, "operator")))[0].Rows.ShouldBe(50);

        // It is taken, and nothing more is heard of the node.
        var dead = (await exports.ClaimAsync(default))!;
        (await steps.RunAsync(default)).ShouldBeFalse("another node has it");
        clock.Turn(Exports.Lease);
        (await steps.RunAsync(default)).ShouldBeTrue("the lease is over");
        // The dead one was only slow: what it brings now is there already.
        (await exports.AddAsync(dead, dead.ToHeads(), [["x", null]], null)).ShouldBeFalse();
        await exports.FailAsync(dead, "fault");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => { while (await steps.RunAsync(default)) { } })));

        var rows = await CsvAsync(app, file);
        rows.Count.ShouldBe(231);
        rows.Skip(1).Select(r => r[0]).Distinct().Count().ShouldBe(230);
        (await app.PageAsync("/console/files")).Answer.GetProperty("body").GetString()!.ShouldContain("230");
    }

    [Fact]
    public async Task F45_A_file_is_for_its_person_alone_and_only_while_they_may_open_the_list()
    {
        await using var shop = await OpenAsync(DatabaseKind.Sqlite);
        await SeedAsync(shop, 120);
        var (people, staff) = (shop.Http.Get<People>(), shop.Http.Get<Staff>());
        var other = ((AgentsDecision<MerchantEntry>.Saved)await shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "=1+1", NameEn = "=1+1", Level = "1" })).Value;
        await people.CreateAsync("other", Visitor.Password, Roles.Merchant, other.Id.Value, "Other");
        var owner = await PersonAsync(shop, "operator");
        var role = ((StaffDecision.Saved)await staff.SaveRoleAsync(owner, 0, "role", "", Rights.Of([Permissions.OrdersSee]))).Id;
        await staff.AddAsync(owner, "li", Visitor.Password, "Li", role);
        using var own = await ConsoleApp.OpenAsync(shop.Http, "merchant");
        using var stranger = await ConsoleApp.OpenAsync(shop.Http, "other");
        using var oper = await ConsoleApp.OpenAsync(shop.Http, "operator");
        using var li = await ConsoleApp.OpenAsync(shop.Http, "li");

        // Who may not open it is told so before anything begins; what is no list is none.
        var (status, problem) = await AskAsync(li, "/console/merchants");
        (status, problem.GetProperty("detail").GetString()!.Contains(Permissions.MerchantsSee, StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true));
        problem.ShouldBe("Problem");
        foreach (var address in new[] { Orders, "/console/supplier/lots", "/console/none", "/console/merchant/orders/none", "/console", "/consoles" })
            (await AskAsync(own, address)).Status.ShouldBe(HttpStatusCode.NotFound, address);
        (await AskAsync(own, "/console/merchant/orders", table: 7)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(own, "https://elsewhere.example/console")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AskAsync(own, "/console/merchant/orders", format: "exe")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await own.AskAsync(HttpMethod.Post, "/console/api/files", new { address = "/console/merchant/orders", table = 0, format = "csv" }, withToken: false)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await shop.CountAsync("select count(*) from export_file")).ShouldBe(0);

        // Another person, of the same role too, sees nothing of it.
        var file = (await AskAsync(own, "/console/merchant/orders?handler=else")).Answer[0];
        using (var early = await own.RawAsync(Download(file))) early.StatusCode.ShouldBe(HttpStatusCode.NotFound, "it is not done");
        await RunAsync(shop);
        (await CsvAsync(own, file)).Count.ShouldBe(109);
        foreach (var app in new[] { stranger, oper, li })
        {
            using var shut = await app.RawAsync(Download(file));
            shut.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await app.AskAsync(HttpMethod.Delete, $"/console/api/files/{file.GetProperty("id").GetString()}")).Answer.GetArrayLength().ShouldBe(0);
        }

        (await shop.Database.ReadAsync(s => s.QueryAsync<string>("select person || ' ' || action || ' ' || subject from audit where action like 'file.%' order by id")))
            .ShouldBe(["merchant file.ask /console/merchant/orders csv", "merchant file.download /console/merchant/orders 108"]);

        // A permission that is gone shuts the file that is there, and ends the one in the making.
        var done = (await AskAsync(li, Orders, columns: ["Amount"])).Answer[0];
        await RunAsync(shop);
        (await CsvAsync(li, done))[0].ShouldBe(["Order", "Order 2", "Amount (CNY)"]);
        var half = (await AskAsync(li, Orders)).Answer[0];
        await staff.SaveRoleAsync(owner, role, "role", "", Rights.Of([Permissions.CatalogSee]));
        await RunAsync(shop);
        using (var refused = await li.RawAsync(Download(done))) refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await li.PageAsync(Download(done))).Answer.GetProperty("detail").GetString()!.ShouldContain(Permissions.OrdersSee);
        using (var none = await li.RawAsync(Download(half))) none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await li.PageAsync("/console/files")).Answer.GetProperty("body").GetString()!.ShouldContain($"({Permissions.OrdersSee})");

        // What a sheet would run as a formula is a text in it.
        var names = (await AskAsync(oper, "/console/merchants", "xlsx")).Answer[0];
        await RunAsync(shop);
        using var answer = await oper.RawAsync(Download(names));
        using var book = new System.IO.Compression.ZipArchive(await answer.Content.ReadAsStreamAsync());
        using var sheet = new StreamReader(book.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        var xml = await sheet.ReadToEndAsync();
        (xml.Contains(">=1+1</t>", StringComparison.Ordinal), xml.Contains("<f>", StringComparison.Ordinal)).ShouldBe((true, false));

        // No more at a time than so many; one that is cancelled makes room.
        for (var i = 0; i < Exports.RunningMax; i++) (await AskAsync(own, "/console/merchant/orders")).Status.ShouldBe(HttpStatusCode.OK);
        (status, problem) = await AskAsync(own, "/console/merchant/orders");
        (status, problem.GetProperty("request_id").GetString()!.Length > 7).ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        var left = (await own.AskAsync(HttpMethod.Delete, $"/console/api/files/{(await shop.Http.Get<Exports>().OfAsync(await PersonAsync(shop, "merchant")))[0] switch { var f => PublicId.Encode(f.Id) }}")).Answer;
        left.EnumerateArray().Count(f => f.GetProperty("state").GetString() == "running").ShouldBe(Exports.RunningMax - 1);
        (await AskAsync(own, "/console/merchant/orders")).Status.ShouldBe(HttpStatusCode.OK);

        // Somebody who is blocked gets nothing more.
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update person set state = 'blocked' where login = 'merchant'"));
        await RunAsync(shop);
        (await shop.CountAsync("select count(*) from export_file where state = 'failed' and failure = 'no_person'")).ShouldBe(Exports.RunningMax);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_What_a_file_was_read_with_and_is_taken_away_shuts_it_as_a_whole(DatabaseKind kind)
    {
        await using var shop = await OpenAsync(kind);
        var (staff, owner) = (shop.Http.Get<Staff>(), await PersonAsync(shop, "supplier"));
        string[] both = [SupplierPermissions.StockSee, SupplierPermissions.PricesSee], stock = [SupplierPermissions.StockSee];
        var role = ((StaffDecision.Saved)await staff.SaveRoleAsync(owner, 0, "storekeeper", "", Rights.Of(both))).Id;
        await staff.AddAsync(owner, "keeper", Visitor.Password, "K", role);
        using var app = await ConsoleApp.OpenAsync(shop.Http, "keeper");
        using var own = await ConsoleApp.OpenAsync(shop.Http, "supplier");

        var (costs, going, lost) = (await MadeAsync(app, "/console/supplier/stock"), await MadeAsync(app, "/console/supplier/Stock/"), await MadeAsync(app, "/console/supplier/stock"));
        (await CsvAsync(app, costs))[0].ShouldContain("Cost (CNY)");
        // Each has a second page, as it were; where nothing changed, its rows follow.
        await MoreAsync(going);
        await RunAsync(shop);
        (await CsvAsync(app, going)).Count.ShouldBe(3);

        await MoreAsync(lost);
        await GrantAsync(stock);
        await RunAsync(shop);
        (await FailureAsync(lost)).ShouldBe(ExportWords.Permission + SupplierPermissions.PricesSee, "the first page's columns are not all there any more");
        await ShutAsync(costs, SupplierPermissions.PricesSee);
        var bare = await MadeAsync(app, "/console/supplier/stock");
        (await CsvAsync(app, bare))[0].ShouldNotContain("Cost (CNY)");

        // What is given shuts nothing, and no cell comes to stand under another title.
        await MoreAsync(bare);
        await GrantAsync(both);
        await RunAsync(shop);
        (await FailureAsync(bare)).ShouldBe("other_columns");
        (await app.PageAsync("/console/files")).Answer.GetProperty("body").GetString()!.ShouldContain("The columns of the list changed");
        (await CsvAsync(app, costs)).Count.ShouldBe(2);

        // Of those that were there before it is not known; the list's own permission counts for all, however its address was spelt.
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update export_file set rights = '' where id = @Id", new { Id = IdOf(going) }));
        await GrantAsync(stock);
        (await CsvAsync(app, going)).Count.ShouldBe(3);
        await GrantAsync([SupplierPermissions.PricesSee]);
        await ShutAsync(going, SupplierPermissions.StockSee);
        await ShutAsync(costs, SupplierPermissions.StockSee);

        // Who could do everything and has a role now is held to what everything was.
        var all = await MadeAsync(own, "/console/supplier/stock");
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update export_file set person_id = (select id from person where login = 'keeper') where id = @Id", new { Id = IdOf(all) }));
        await GrantAsync(both);
        await ShutAsync(all, SupplierPermissions.StockEdit);

        async Task<JsonElement> MadeAsync(ConsoleApp asker, string address)
        {
            var file = (await AskAsync(asker, address)).Answer[0];
            await RunAsync(shop);
            return file;
        }

        Task MoreAsync(JsonElement file) => shop.Database.WriteAsync(s => s.ExecuteAsync("update export_file set state = 'running', next = '/console/supplier/stock?q=' where id = @Id", new { Id = IdOf(file) }));

        Task<string?> FailureAsync(JsonElement file) => shop.Database.ReadAsync(s => s.ScalarAsync<string?>("select failure from export_file where id = @Id and state = 'failed'", new { Id = IdOf(file) }));

        async Task GrantAsync(string[] codes) => (await staff.SaveRoleAsync(owner, role, "storekeeper", "", Rights.Of(codes))).ShouldBeOfType<StaffDecision.Saved>();

        async Task ShutAsync(JsonElement file, string missing)
        {
            var (status, problem) = await app.PageAsync(Download(file));
            (status, problem.GetProperty("detail").GetString()).ShouldBe((HttpStatusCode.Forbidden, new MissingPermission(Permissions.Of(missing)).En));
        }

        static long IdOf(JsonElement file) => PublicId.TryDecode(file.GetProperty("id").GetString(), out var id) ? id : 0;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_is_old_removed_or_failed_leaves_nothing_behind(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        await using var shop = await OpenAsync(kind, clock);
        await SeedAsync(shop, 60);
        using var app = await ConsoleApp.OpenAsync(shop.Http, "operator");
        var (exports, person) = (shop.Http.Get<Exports>(), await PersonAsync(shop, "operator"));
        for (var i = 0; i < 3; i++) await AskAsync(app, Orders);
        await RunAsync(shop);
        (await shop.CountAsync("select count(*) from export_part")).ShouldBe(3);

        var page = await Visitor.LoggedInAsync(shop.Http, "operator");
        var listed = await page.GetAsync("/console/files");
        (await page.PostAsync(listed, "/console/files", ("file", listed.Field("file")))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await exports.OfAsync(person)).Count.ShouldBe(2);
        await exports.SweepAsync(default);
        await exports.SweepAsync(default);
        (await shop.CountAsync("select count(*) from export_part"), await shop.CountAsync("select count(*) from export_file")).ShouldBe((2, 2));

        // One whose parts go while it is handed out does not end as if it were whole.
        var kept = (await exports.OfAsync(person))[0];
        await shop.Database.WriteAsync(s => s.ExecuteAsync("delete from export_part where file_id = @Id", new { kept.Id }));
        await Should.ThrowAsync<InvalidOperationException>(() => ListFile.WriteAsync(exports, kept, Stream.Null, default));

        // A page that faults again and again is given up under the number of who asked, and says so.
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update export_file set state = 'running', next = null, tries = 4, request_id = 'req_fault', path = @Path where id = @Id", new { kept.Id, Path = "/console/orders" }));
        await exports.TryLaterAsync((await exports.ClaimAsync(default))!);
        (await app.PageAsync("/console/files")).Answer.GetProperty("body").GetString()!.ShouldContain("req_fault");

        // One that would be too long says so, and adds nothing.
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update export_file set state = 'running', failure = '', rows = @Rows, lease_until = 0 where id = @Id", new { kept.Id, Rows = Exports.RowsMax }));
        (await exports.AddAsync((await exports.ClaimAsync(default))!, [], [["x", null]], null)).ShouldBeFalse();
        (await app.PageAsync("/console/files")).Answer.GetProperty("body").GetString()!.ShouldContain("More than 2,000,000 rows");

        clock.Turn(Exports.Kept + TimeSpan.FromMinutes(1));
        await exports.SweepAsync(default);
        await exports.SweepAsync(default);
        (await shop.CountAsync("select count(*) from export_part"), await shop.CountAsync("select count(*) from export_file")).ShouldBe((0, 0));
    }

    private static async Task<long> PersonAsync(ShopWorld shop, string login) =>
        await shop.Database.ReadAsync(s => s.ScalarAsync<long>("select id from person where login = @login", new { login }));
}
