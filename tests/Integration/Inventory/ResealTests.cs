using Lianka.Modules.Compliance;
using Lianka.Modules.Inventory;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Onboarding;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Vault;

namespace Lianka.Tests.Integration.Inventory;

/// <summary>All cards come under a new data key while a node serves and buyers look at what they bought.</summary>
public sealed class ResealTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Cards_are_resealed_beside_a_node_whose_buyers_never_miss_one(DatabaseKind kind)
    {
        await using var node = await ApiWorld.CreateAsync(kind, cards: 60);
        var goods = await node.Get<Modules.Catalog.Catalog>().FindSupplyAsync(
            (await node.Get<Modules.Catalog.Catalog>().ListSuppliesAsync())[0].Id);
        var more = string.Join('\n', Enumerable.Range(0, 6_000).Select(i => $"MORE-{i:D5}"));
        await node.Get<ImportDesk>().RunAsync(new ImportRequest(goods!.Id, CardFormat.Text, CardEncoding.Utf8, "more", "test"), ImportTests.Bytes(more));

        var orders = new List<(string No, string[] Secrets)>();
        for (var i = 0; i < 20; i++)
        {
            var placed = await node.Caller.BuyAsync($"R-{i}", quantity: 3, reveal: true);
            orders.Add((placed["order_no"], Secrets(placed)));
        }

        // Another program rotates and re-seals; the node hears of the key when it meets it.
        var (settings, clock) = (node.Get<Platform.Settings>(), new SetClock());
        using var vault = await VaultKeys.OpenAsync(node.Database, settings, clock);
        var first = new Resealing(node.Database, vault, node.Get<IEnumerable<SealedColumn>>(), clock);
        (await first.FindAsync()).ShouldBeNull();
        (await VaultKeys.RotateAsync(node.Database, settings, clock)).Id.ShouldBe(2);
        (await first.RunAsync()).ShouldBe(0, "not before every node seals with the new key");
        clock.Add(Resealing.Begins);
        await VaultKeys.RefreshAsync(node.Database, vault, clock);

        using var stop = new CancellationTokenSource();
        var looks = 0;
        var looking = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; looks++)
            {
                var (no, secrets) = orders[looks % orders.Count];
                Secrets(await node.Caller.PostAsync($"/api/v1/orders/{no}/reveal")).ShouldBe(secrets);
            }
        });

        // Stopped in the middle, then two at it together.
        using var soon = new CancellationTokenSource();
        var half = first.RunAsync(soon.Token);
        while ((await first.FindAsync())!.Resealed == 0) await Task.Delay(1);
        await soon.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => half);
        var progress = (await first.FindAsync())!;
        (progress.EndedAt, progress.Looked > 0, progress.Looked < progress.Cards, progress.Cards).ShouldBe((null, true, true, 6_060L));

        var second = new Resealing(node.Database, vault, node.Get<IEnumerable<SealedColumn>>(), clock);
        await Task.WhenAll(Task.Run(() => first.RunAsync()), Task.Run(() => second.RunAsync()));
        while (looks < 2 * orders.Count) await Task.Delay(10);
        await stop.CancelAsync();
        await looking;

        progress = (await first.FindAsync())!;
        (progress.EndedAt is not null, progress.Resealed, progress.Looked, progress.Found).ShouldBe((true, 6_060, 6_060, 0));
        var seals = await node.Database.ReadAsync(s => s.QueryAsync<byte[]>("select sealed from card"));
        seals.ShouldAllBe(bytes => CardVault.KeyOf(bytes) == 2);
        (await first.RunAsync()).ShouldBe(0, "nothing is left to do");
        foreach (var (no, secrets) in orders) Secrets(await node.Caller.PostAsync($"/api/v1/orders/{no}/reveal")).ShouldBe(secrets);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Cards_that_came_in_behind_the_place_are_found_by_another_pass(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var late = await ImportTests.ImportAsync(world, goods, "A\nB\n");
        await ImportTests.ImportAsync(world, goods, string.Join('\n', Enumerable.Range(0, 1_500).Select(i => $"C{i}")));
        var clock = new SetClock();
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        clock.Add(Resealing.Begins);
        await VaultKeys.RefreshAsync(world.Database, world.Vault, clock);
        // The place has passed the first lot, which was written only now.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update reseal set lot_id = @LotId, seq = 2, looked = 2", new { late.LotId }));
        var resealing = new Resealing(world.Database, world.Vault, world.Get<IEnumerable<SealedColumn>>(), clock);
        (await resealing.RunAsync()).ShouldBe(1_502);
        (await world.Database.ReadAsync(s => s.QueryAsync<byte[]>("select sealed from card"))).ShouldAllBe(b => CardVault.KeyOf(b) == 2);
        var cards = await world.Database.ReadAsync(s => world.Get<Modules.Inventory.Inventory>().OpenCardsAsync(s, late.LotId!.Value, 1, 2));
        cards.Select(c => c.Secret).ShouldBe(["A", "B"]);

        // The next rotation ends the work for the one before.
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from reseal where ended_at is null"))).ShouldBe(1);
    }

    /// <summary>Looks at every column of bytes that there is: one that nobody declared is found too.</summary>
    [Theory, MemberData(nameof(Both))]
    public async Task After_a_rotation_nothing_is_sealed_by_an_old_key_and_everything_opens(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        await ImportTests.ImportAsync(world, goods, "A\nB\n");
        var certificate = Goods.Saved(await world.Get<Certificates>().AddAsync(CertificateOwner.Of(goods.Supplier.Id), Papers.Licence()));
        var application = Goods.Saved(await world.Get<Applications>().SubmitAsync(Papers.Company, Papers.Licence()));
        (await world.Get<PayoutDesk>().SetBankAsync(goods.Supplier.Id, new BankDraft { Holder = "寰宇", Bank = "ICBC", Number = "622588012345" }, "li")).ShouldBeEmpty();
        await world.Get<RealNames>().SubmitAsync(7, Withdrawals.Withdrawing.Zhang, "merchant:leaf");
        var (apiKey, setting) = (world.Vault.Seal("api secret", "key:ak_1"), world.Vault.Seal("channel key", "channel.test.key"));
        await world.Database.WriteAsync(s => s.ExecuteAsync(
            """
            insert into level (rank, name_zh, name_en) values (1, '总代', 'L1');
            insert into merchant (id, slug, name_zh, name_en, level, created_at) values (1, 'top', '总', 'Top', 1, 0);
            insert into api_key (id, key, merchant_id, secret_sealed, scopes, created_at) values (1, 'ak_1', 1, @apiKey, 'orders', 0);
            insert into setting (name, value) values ('channel.test.key', @Setting);
            insert into connection (id, supplier_id, name, adapter, base_url, config, secrets, notice_key, created_at, updated_at)
                values (5, @Id, 'n', 'http', 'https://a', '{}', @Connection, 'k', 0, 0), (6, @Id, 'none', 'http', 'https://a', '{}', @None, 'l', 0, 0);
            insert into payee (id, merchant_id, kind, sealed, tail, made_by, made_at) values (8, 7, 1, @Payee, '', 'x', 0);
            insert into bank_transfer (attempt_id, channel_id, reference, amount, state, created_at) values (8, 1, '12345678', 100, 'open', 0);
            insert into person (id, login, password_hash, role, party_id, display_name, stamp, created_at) values (3, 'li', '', 'operator', 0, 'Li', '', 0);
            insert into export_file (id, person_id, name, path, query, table_no, format, language, request_id, state, created_at) values (3, 3, 'n', '/console/orders', '', 0, 'csv', 'zh', 'r', 'done', 0);
            insert into export_part (id, file_id, step, sealed) values (4, 3, 0, @Part);
            insert into bank_slip (id, attempt_id, media_type, sealed, sent_by, sent_at) values (9, 8, 'image/png', @Slip, 'leaf', 0)
            """, new { apiKey, Payee = world.Vault.Seal("6225", "payee:8"), Setting = Convert.ToBase64String(setting), goods.Supplier.Id, Connection = world.Vault.Seal("{}", "connection:5"), None = Array.Empty<byte>(), Slip = world.Vault.Seal("slip", "slip:9"), Part = world.Vault.Seal("rows", "export_part:4") }));
        var seeds = await Host.Scenarios.DemoPasswords.OpenAsync(world.Database, world.Vault, "demo");
        var password = seeds.Of("zhou");
        var columns = world.Get<IEnumerable<SealedColumn>>().ToList();
        foreach (var column in columns)
            (await world.Database.ReadAsync(s => s.ScalarAsync<long>($"select count(*) from {column.Table}{(column.TextOf is null ? "" : $" where name like '{column.TextOf}'")}")))
                .ShouldBeGreaterThan(0, $"{column.Table}: what is declared is to be tried here");
        var clock = new SetClock();
        await VaultKeys.RotateAsync(world.Database, world.Settings, clock);
        clock.Add(Resealing.Begins);
        await VaultKeys.RefreshAsync(world.Database, world.Vault, clock);

        // Stopped before the others, then two at them together.
        using var soon = new CancellationTokenSource();
        var first = new Resealing(world.Database, world.Vault, columns, clock);
        var half = first.RunAsync(soon.Token);
        while ((await first.FindAsync())!.Others == 0) await Task.Delay(1);
        await soon.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => half);
        (await first.FindAsync())!.EndedAt.ShouldBeNull();
        var second = new Resealing(world.Database, world.Vault, columns, clock);
        await Task.WhenAll(Task.Run(() => first.RunAsync()), Task.Run(() => second.RunAsync()));
        var progress = (await first.FindAsync())!;
        (progress.EndedAt is not null, progress.Resealed, progress.Others).ShouldBe((true, 2, 12));

        foreach (var (table, column) in await BytesAsync(world))
            (await world.Database.ReadAsync(s => s.QueryAsync<byte[]>($"select {column} from {table} where {column} is not null")))
                .ShouldAllBe(b => b.Length < CardVault.SealSize || b[0] != 1 || CardVault.KeyOf(b) != 1, $"{table}.{column}");
        foreach (var text in await world.Database.ReadAsync(s => s.QueryAsync<string>("select value from setting where name in ('channel.test.key', 'scenario:demo:seed')")))
            CardVault.KeyOf(Convert.FromBase64String(text)).ShouldBe(2);
        (await world.Get<Certificates>().OpenAsync(certificate.Id, null))!.Content.ShouldBe(Papers.Pdf);
        (await world.Get<Applications>().BankAccountAsync(application.Id)).ShouldBe(Papers.Company.BankAccount);
        (await OpenedAsync("select secret_sealed from api_key", "key:ak_1")).ShouldBe("api secret");
        (await OpenedAsync("select secrets from connection where id = 5", "connection:5")).ShouldBe("{}");
        var name = (await world.Get<RealNames>().LatestAsync(7))!;
        (await world.Get<RealNames>().NumberAsync(name.Id)).ShouldBe(Withdrawals.Withdrawing.Zhang.Number);
        (await OpenedAsync("select sealed from payee", "payee:8")).ShouldBe("6225");
        (await OpenedAsync("select sealed from bank_slip", "slip:9")).ShouldBe("slip");
        (await OpenedAsync("select sealed from export_part", "export_part:4")).ShouldBe("rows");
        var bank = (await world.Get<PayoutDesk>().BankAsync(goods.Supplier.Id))!;
        (await OpenedAsync("select sealed from supplier_bank", $"supplier_bank:{bank.Id}")).ShouldContain("622588012345");
        (await Host.Scenarios.DemoPasswords.OpenAsync(world.Database, world.Vault, "demo")).Of("zhou").ShouldBe(password);

        async Task<string> OpenedAsync(string sql, string context) => world.Vault.Open((await world.Database.ReadAsync(s => s.ScalarAsync<byte[]>(sql)))!, context);
    }

    /// <summary>Every column of bytes but the keys themselves.</summary>
    private static async Task<List<(string Table, string Column)>> BytesAsync(World world)
    {
        var names = await world.Database.ReadAsync(s => s.QueryAsync<string>(s.Kind == DatabaseKind.Sqlite
            ? "select m.name || '.' || c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and lower(c.type) = 'blob'"
            : "select table_name || '.' || column_name from information_schema.columns where table_schema = current_schema() and data_type = 'bytea'"));
        List<(string Table, string Column)> found = [.. names.Select(n => n.Split('.')).Where(n => n[0] != "data_key").Select(n => (n[0], n[1]))];
        found.ShouldContain(("card", "sealed"));
        found.ShouldContain(("certificate_file", "content"));
        return found;
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_command_adds_a_key_and_tells_how_far_the_cards_are(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var output = new StringWriter();
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, ["--status"], output)).ShouldBe(0);
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, [], output)).ShouldBe(0);
        (await Host.Commands.RotateKeys.RunAsync(world.Settings, ["--status"], output)).ShouldBe(0);
        output.ToString().ShouldContain("no data key was ever added");
        output.ToString().ShouldContain("data key 2 seals from");
        output.ToString().ShouldContain("re-sealing has not begun");
        await Should.ThrowAsync<Host.Commands.UsageException>(() => Host.Commands.RotateKeys.RunAsync(world.Settings, ["--now"], output));
    }

    private static string[] Secrets(Answer answer) =>
        [.. answer.Json.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("secret").GetString()!)];

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public void Add(TimeSpan span) => _now += span;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
