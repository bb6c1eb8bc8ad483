using System.Text;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Inventory;

public sealed class ImportTests
{
    private static readonly byte[] _bom = [0xEF, 0xBB, 0xBF];

    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Every_row_of_a_file_has_its_result(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var first = await ImportAsync(world, goods, "AAA\nBBB\n");
        (first.State, first.Imported, first.LotId is not null).ShouldBe((ImportState.Done, 2, true));

        var job = await ImportAsync(world, goods, "CCC\n\nBBB\nD 1\na,b,c\nCCC\nＣＣＣ\nDDD----pw\nx,\n");
        (job.Rows, job.Imported, job.DuplicateInFile, job.DuplicateInStock, job.Malformed).ShouldBe((8, 3, 2, 1, 2));
        (await ProblemsAsync(world, job)).ShouldBe(
            "3 duplicate_in_stock |5 malformed too_many_parts|6 duplicate_in_file 1|7 duplicate_in_file 1|9 malformed no_secret");
        (await CardsAsync(world, job)).ShouldBe("1:/CCC 2:D/1 3:DDD/pw");
        (job.Rows, job.Percent).ShouldBe((job.Imported + job.DuplicateInFile + job.DuplicateInStock + job.Malformed, 100));
        (await world.Get<Modules.Inventory.Inventory>().StockOfAsync([goods.Sku.Id]))[goods.Sku.Id].ShouldBe(5);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_csv_with_mark_and_header_is_read_by_its_columns(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var text = "note,Secret,卡号\r\nx,\"a,1\",N1\r\n,,\r\n\"bro\"ken,q,w\r\ny,b2,\r\nz,,N3\r\n";
        var job = await ImportAsync(world, goods, [.. _bom, .. Encoding.UTF8.GetBytes(text)], CardFormat.Csv);
        (await CardsAsync(world, job)).ShouldBe("1:N1/a,1 2:/b2");
        (await ProblemsAsync(world, job)).ShouldBe("4 malformed bad_quotes|6 malformed no_secret");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_csv_without_header_is_number_and_secret(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var job = await ImportAsync(world, goods, Encoding.UTF8.GetBytes("N1,S1\nS2\nN3,S3,,\nN4,\nN5,S5,x\nN6,1.23E+15\n"), CardFormat.Csv);
        (await CardsAsync(world, job)).ShouldBe("1:N1/S1 2:/S2 3:N3/S3");
        (await ProblemsAsync(world, job)).ShouldBe("4 malformed no_secret|5 malformed too_many_parts|6 malformed mangled_number");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Text_with_a_mark_and_any_ends_of_line_is_read_exactly(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var job = await ImportAsync(world, goods, [.. _bom, .. Encoding.UTF8.GetBytes("A\r\nB\rC\n\n D \tE  \r\nhttps://x.example/a,b?c=1")]);
        (await CardsAsync(world, job)).ShouldBe("1:/A 2:/B 3:/C 4:D/E 5:/https://x.example/a,b?c=1");
    }

    public static TheoryData<DatabaseKind, string, CardEncoding, string> BadFiles()
    {
        var data = new TheoryData<DatabaseKind, string, CardEncoding, string>();
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            data.Add(kind, "utf16", CardEncoding.Utf8, "is_utf16");
            data.Add(kind, "spreadsheet", CardEncoding.Utf8, "is_xlsx");
            data.Add(kind, "utf16-unmarked", CardEncoding.Utf8, "not_text");
            data.Add(kind, "gb18030", CardEncoding.Utf8, "not_utf8:");
            data.Add(kind, "utf8-marked", CardEncoding.Gb18030, "is_utf8");
            data.Add(kind, "blank", CardEncoding.Utf8, "empty_file");
        }

        return data;
    }

    [Theory, MemberData(nameof(BadFiles))]
    public async Task A_file_in_another_encoding_is_refused_whole_with_its_reason(DatabaseKind kind, string name, CardEncoding encoding, string failure)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        const string Text = "卡号一 密码一\n卡号二 密码二\n";
        byte[] content = name switch
        {
            "utf16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            "spreadsheet" => new Workbook(Workbook.Row("A")).Build().ToArray(),
            "utf16-unmarked" => Encoding.Unicode.GetBytes("abc\ndef\n"),
            "gb18030" => Gb18030(Text),
            "utf8-marked" => [.. _bom, .. Encoding.UTF8.GetBytes(Text)],
            _ => Encoding.UTF8.GetBytes("\n \r\n\t\n"),
        };
        var job = await ImportAsync(world, goods, content, encoding: encoding);
        (job.State, job.LotId, job.Imported).ShouldBe((ImportState.Failed, null, 0));
        job.Failure!.ShouldStartWith(failure);
        ImportFailures.Text(job.Failure!, isChinese: true).ShouldNotContain("{0}");
        await NothingIsThereAsync(world);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Gb18030_is_read_when_it_was_chosen(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var job = await ImportAsync(world, goods, Gb18030("卡一 密码一\n"), encoding: CardEncoding.Gb18030);
        (await CardsAsync(world, job)).ShouldBe("1:卡一/密码一");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Oversized_rows_and_files_are_refused(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var job = await ImportAsync(world, goods, $"{new string('a', 500)}\n{new string('b', 501)}\n{new string('c', 300_000)}\nlast\n");
        (await ProblemsAsync(world, job)).ShouldBe("2 malformed too_long|3 malformed too_long");
        job.Imported.ShouldBe(2);

        var csv = await ImportAsync(world, goods, Encoding.UTF8.GetBytes($"one\n\"{new string('x', 300_000)}\ntwo\n"), CardFormat.Csv);
        csv.State.ShouldBe(ImportState.Failed);
        csv.Failure!.ShouldStartWith("row_too_long");

        var desk = world.Get<ImportDesk>();
        var large = (await desk.StartAsync(Request(goods), new MemoryStream(new byte[ImportDesk.UploadMax + 1]))).ShouldBeOfType<ImportStart.Refused>();
        large.Errors.Single().Code.ShouldBe("too_large");
        var none = (await desk.StartAsync(Request(goods), new MemoryStream())).ShouldBeOfType<ImportStart.Refused>();
        none.Errors.Single().Code.ShouldBe("empty_file");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_request_that_cannot_be_is_refused_by_field(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var other = await Goods.CreateAsync(world, "b");
        var desk = world.Get<ImportDesk>();

        async Task<string> ErrorsAsync(ImportRequest request) => string.Join(" ",
            (await desk.StartAsync(request, Bytes("A\n"))).ShouldBeOfType<ImportStart.Refused>().Errors.Select(e => $"{e.Field}:{e.Code}"));

        (await ErrorsAsync(Request(goods) with { Supply = new(1) })).ShouldBe("supply:not_found");
        (await ErrorsAsync(Request(goods) with { Supplier = other.Supplier.Id })).ShouldBe("supply:not_found");
        (await ErrorsAsync(Request(goods) with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1), Note = "a\nb" })).ShouldBe("expires_at:in_the_past note:too_long");
        (await ErrorsAsync(Request(goods) with { Encoding = (CardEncoding)7, Format = (CardFormat)7 })).ShouldBe("format:unknown_value encoding:unknown_value");
        (await desk.ListAsync(null)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_upload_is_imported_in_the_background_and_found_by_its_tenant_only(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var desk = world.Get<ImportDesk>();
        var id = (await desk.StartAsync(Request(goods) with { Source = "/home/x/../cards\n.txt", Supplier = goods.Supplier.Id }, Bytes("A\nB\nB\n")))
            .ShouldBeOfType<ImportStart.Accepted>().Id;
        var job = await EndAsync(desk, id);
        (job.State, job.Imported, job.Source, job.Actor).ShouldBe((ImportState.Done, 2, "cards.txt", "test"));
        (await desk.FindAsync(id, goods.Supplier.Id)).ShouldBe(job);
        (await desk.FindAsync(id, new SupplierId(1))).ShouldBeNull();
        (await desk.ListAsync(new SupplierId(1))).ShouldBeEmpty();
        (await desk.ListAsync(goods.Supplier.Id)).ShouldBe([job]);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task More_uploads_than_may_wait_are_turned_away_and_those_accepted_all_end(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var desk = world.Get<ImportDesk>();
        // The first upload still comes in, so nothing can finish before the others have asked.
        using var held = new SlowStream(Encoding.UTF8.GetBytes("Z\n"));
        var first = desk.StartAsync(Request(goods), held);
        var others = Enumerable.Range(0, ImportDesk.WaitingMax - 1).Select(_ => new SlowStream(Encoding.UTF8.GetBytes("Y\n"))).ToList();
        var waiting = others.ConvertAll(o => desk.StartAsync(Request(goods), o));
        (await desk.StartAsync(Request(goods), Bytes("X\n"))).ShouldBeOfType<ImportStart.Busy>();
        held.Go();
        others.ForEach(o => o.Go());
        foreach (var start in await Task.WhenAll([first, .. waiting]))
            (await EndAsync(desk, start.ShouldBeOfType<ImportStart.Accepted>().Id)).State.ShouldBe(ImportState.Done);
        await ShouldBeFreeAsync(desk, goods);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Two_imports_of_one_file_beside_each_other_bring_each_card_once(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var text = string.Join('\n', Enumerable.Range(0, 3_000).Select(i => $"CARD-{i:D6}"));
        var reversed = string.Join('\n', text.Split('\n').Reverse());
        // Two nodes, each with its own desk.
        await using var second = new ImportDesk(world.Database, world.Vault, world.Get<IdSource>(), world.Get<Modules.Catalog.Catalog>(),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ImportDesk>.Instance);
        var desks = new[] { world.Get<ImportDesk>(), second };
        var starts = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            desks[i % 2].RunAsync(Request(goods), Bytes(i < 3 ? text : reversed))));
        var jobs = new List<ImportJob>();
        foreach (var start in starts) jobs.Add((await desks[0].FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!);
        jobs.ShouldAllBe(j => j.State == ImportState.Done);
        jobs.Sum(j => j.Imported).ShouldBe(3_000);
        jobs.Sum(j => j.DuplicateInStock).ShouldBe(15_000);
        (await CountAsync(world, "card")).ShouldBe(3_000);
        (await CountAsync(world, "(select 1 from card group by fingerprint) x")).ShouldBe(3_000);
        (await world.Get<Modules.Inventory.Inventory>().StockOfAsync([goods.Sku.Id]))[goods.Sku.Id].ShouldBe(3_000);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_secret_may_be_a_card_of_two_products(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (a, b) = (await Goods.CreateAsync(world, "a"), await Goods.CreateAsync(world, "b"));
        (await ImportAsync(world, a, "0001\n")).Imported.ShouldBe(1);
        (await ImportAsync(world, b, "0001\n")).Imported.ShouldBe(1);
        (await ImportAsync(world, a, "0001\n")).DuplicateInStock.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_file_of_nothing_new_makes_no_lot(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        await ImportAsync(world, goods, "A\nB\n");
        var job = await ImportAsync(world, goods, "B\nA\nx y z\n");
        (job.State, job.LotId, job.Imported, job.DuplicateInStock, job.Malformed).ShouldBe((ImportState.Done, null, 0, 2, 1));
        (await CountAsync(world, "lot")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Secrets_stand_nowhere_in_the_clear(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var job = await ImportAsync(world, goods, "SECRET-1234\nSECRET-1234\nSECRET-1234 a b\n");
        var sealedBytes = await world.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select sealed from card"));
        Encoding.UTF8.GetString(sealedBytes!).ShouldNotContain("SECRET");
        var output = new StringWriter();
        await world.Get<ImportDesk>().WriteResultsAsync(job.Id, output, isChinese: false);
        output.ToString().ShouldBe("""
            row,result,reason,card number in the lot
            1,imported,,1
            2,duplicate_in_file,"The same card stands in row 1 of this file.",
            3,malformed,"More than a number and a secret in this row.",

            """.ReplaceLineEndings("\r\n"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Every_row_that_was_read_is_in_the_file_of_results(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        await ImportAsync(world, goods, "C7\n");
        // A header, an empty line in the middle, every seventh a duplicate: more rows than are read from the database at once.
        var text = "secret\n" + string.Join('\n', Enumerable.Range(0, 25_000).Select(i => i == 9_000 ? "" : i % 7 == 6 ? "C1" : $"C{i}"));
        var job = await ImportAsync(world, goods, Encoding.UTF8.GetBytes(text), CardFormat.Csv);
        var output = new StringWriter();
        await world.Get<ImportDesk>().WriteResultsAsync(job.Id, output, isChinese: true);
        var lines = output.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(1 + (int)job.Rows);
        lines[0].ShouldBe("行号,结果,说明,卡在批次中的序号");
        lines.Skip(1).Select(l => long.Parse(l.Split(',')[0])).ShouldBe(Enumerable.Range(2, 25_000).Where(n => n != 9_002).Select(n => (long)n));
        lines.ShouldContain("8,duplicate_in_file,\"与本文件第 3 行重复。\",");
        lines.ShouldContain("9,duplicate_in_stock,\"该卡已在库存中，或曾经入库。\",");
        var seqs = lines.Where(l => l.Contains(",imported,", StringComparison.Ordinal)).Select(l => long.Parse(l.Split(',')[3])).ToList();
        seqs.ShouldBe(Enumerable.Range(1, (int)job.Imported).Select(n => (long)n));
        // The number in the lot is that of the card.
        var last = lines[^1].Split(',');
        var card = await world.Database.ReadAsync(s => world.Get<Modules.Inventory.Inventory>().OpenCardsAsync(s, job.LotId!.Value, long.Parse(last[3]), 1));
        card.Single().Secret.ShouldBe($"C{long.Parse(last[0]) - 2}");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_spreadsheet_brings_codes_links_pictures_and_barcodes(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
        var book = new Workbook(Workbook.Row("卡号", "卡密", "类型") + Workbook.Row("N1", "S1") + Workbook.Row("", "https://x.example/r?c=1")
            + Workbook.Row("", Png) + Workbook.Row("N4", "4006381333931", "条码") + "<row><c t=\"inlineStr\"><is><t>N5</t></is></c><c><v>1.2E+18</v></c></row>");
        var job = await ImportAsync(world, goods, book.Build().ToArray(), CardFormat.Xlsx);
        var cards = await world.Database.ReadAsync(s => world.Get<Modules.Inventory.Inventory>().OpenCardsAsync(s, job.LotId!.Value, 1, 4));
        string.Join(" ", cards.Select(c => $"{c.Kind}:{c.Number}/{c.Secret}")).ShouldBe($"pair:N1/S1 link:/https://x.example/r?c=1 image:/{Png} barcode:N4/4006381333931");
        (await ProblemsAsync(world, job)).ShouldBe("6 malformed mangled_number");

        // The same barcode as a plain secret is the same card.
        var again = await ImportAsync(world, goods, "N4 4006381333931\n");
        again.DuplicateInStock.ShouldBe(1);
    }

    internal static ImportRequest Request(Goods goods) => new(goods.Supply.Id, CardFormat.Text, CardEncoding.Utf8, "cards.txt", "test");

    internal static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    internal static Task<ImportJob> ImportAsync(World world, Goods goods, string text) => ImportAsync(world, goods, Encoding.UTF8.GetBytes(text));

    private static async Task<ImportJob> ImportAsync(
        World world, Goods goods, byte[] content, CardFormat format = CardFormat.Text, CardEncoding encoding = CardEncoding.Utf8)
    {
        var desk = world.Get<ImportDesk>();
        var start = await desk.RunAsync(Request(goods) with { Format = format, Encoding = encoding }, new MemoryStream(content));
        return (await desk.FindAsync(start.ShouldBeOfType<ImportStart.Accepted>().Id, null))!;
    }

    internal static async Task<ImportJob> EndAsync(ImportDesk desk, long id)
    {
        while (true)
        {
            var job = (await desk.FindAsync(id, null))!;
            if (job.State != ImportState.Running) return job;
            await Task.Delay(10);
        }
    }

    private static async Task ShouldBeFreeAsync(ImportDesk desk, Goods goods)
    {
        // The place of an import is free a moment after its end is visible.
        while (await desk.StartAsync(Request(goods), Bytes("free\n")) is not ImportStart.Accepted) await Task.Delay(10);
    }

    private static byte[] Gb18030(string text) => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text);

    internal static async Task<long> CountAsync(World world, string table) =>
        await world.Database.ReadAsync(s => s.ScalarAsync<long>($"select count(*) from {table}"));

    internal static async Task NothingIsThereAsync(World world)
    {
        foreach (var table in new[] { "card", "lot", "import_problem", "import_rows" }) (await CountAsync(world, table)).ShouldBe(0, table);
    }

    private static async Task<string> ProblemsAsync(World world, ImportJob job) => string.Join("|",
        (await world.Get<ImportDesk>().ProblemsAsync(job.Id)).Select(p => $"{p.RowNo} {p.Status} {p.Detail}"));

    private static async Task<string> CardsAsync(World world, ImportJob job)
    {
        var cards = await world.Database.ReadAsync(s =>
            world.Get<Modules.Inventory.Inventory>().OpenCardsAsync(s, job.LotId!.Value, 1, job.Imported));
        return string.Join(" ", cards.Select(c => $"{c.Seq}:{c.Number}/{c.Secret}"));
    }

    /// <summary>Gives its bytes only when it is told to.</summary>
    private sealed class SlowStream(byte[] content) : MemoryStream(content)
    {
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Go() => _go.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _go.Task;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
