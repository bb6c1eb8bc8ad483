using System.Data.Common;
using System.Text.Json;
using Dapper;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

/// <summary>A price book that is kept by what changed answers everything as one that is read whole.</summary>
public sealed class PriceChangeTests
{
    private const string Raise = "; update version set value = value + 1 where name = 'prices'";

    private static readonly DateTimeOffset _now = TimeProvider.System.Now();

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Whatever_changes_and_whoever_changes_it_the_book_is_as_if_read_whole(DatabaseKind kind)
    {
        await using var market = await Market.OpenAsync(kind);
        using var reader = market.Reader();
        await market.CheckAsync(reader, "at first");
        foreach (var sql in market.Statements())
        {
            await market.ExecuteAsync(sql + Raise);
            await market.CheckAsync(reader, sql);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_readers_at_different_paces_follow_every_change_by_chance(DatabaseKind kind)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var market = await Market.OpenAsync(kind);
        using var quick = market.Reader();
        using var slow = market.Reader();
        var statements = market.Statements();
        for (var step = 0; step < 80; step++)
        {
            var what = random.Next(3) == 0 ? statements[random.Next(statements.Count)] : null;
            if (what is null) what = await market.ChangeAsync(random);
            else
            {
                try
                {
                    // With the version, without it, and taken back.
                    await market.ExecuteAsync(what + (random.Next(4) > 0 ? Raise : ""), isTakenBack: random.Next(5) == 0);
                }
                catch (DbException)
                {
                    what += " (refused)"; // By a key or a check of the schema: then nothing happened.
                }
            }

            if (random.Next(2) == 0) continue;
            // What nobody has announced is seen when anything is announced, on every node alike.
            await market.ExecuteAsync("select 1" + Raise);
            await market.CheckAsync(quick, $"seed {seed}, step {step}: {what}");
            if (random.Next(6) == 0) await market.CheckAsync(slow, $"seed {seed}, step {step}: {what}, read late");
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_change_reads_what_changed_and_a_pruned_or_long_log_everything(DatabaseKind kind)
    {
        await using var market = await Market.OpenAsync(kind);
        using var reader = market.Reader();
        using var late = market.Reader();
        var (trade, other) = (market.Trade, market.Others[0].Sku.Id);
        var first = await reader.RefreshAsync();
        await late.RefreshAsync();

        // The version moved, for example for lots: nothing is read. Then one price: all other goods are the same objects.
        await market.ExecuteAsync("select 1" + Raise);
        (await reader.RefreshAsync()).Supplies(trade.Sku).ShouldBeSameAs(first.Supplies(trade.Sku));
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "46.2000")]));
        var second = await market.CheckAsync(reader, "one price");
        second.Supplies(other).ShouldBeSameAs(first.Supplies(other));
        second.Products.ShouldBeSameAs(first.Products);
        await market.ExecuteAsync($"update supply set cost = cost + 1 where sku_id = {trade.Sku.Value}" + Raise);
        second = await market.CheckAsync(reader, "one cost");
        second.Supplies(trade.Sku).ShouldNotBeSameAs(first.Supplies(trade.Sku));
        second.Supplies(other).ShouldBeSameAs(first.Supplies(other));

        // What a reader has seen it does not miss when it goes; who has not seen it reads all.
        await market.AllEndedAsync();
        await market.ExecuteAsync("select 1" + Raise);
        await reader.RefreshAsync();
        await reader.PruneAsync(keep: 0);
        (await market.Trade.World.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from price_change"))).ShouldBe(0);
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "46.3000")]));
        (await market.CheckAsync(reader, "pruned, and seen before")).Supplies(other).ShouldBeSameAs(first.Supplies(other));
        var all = await market.CheckAsync(late, "pruned, and not seen before");
        all.Supplies(other).ShouldNotBeSameAs(first.Supplies(other));
        await reader.PruneAsync(keep: 1_000);
        (await market.Trade.World.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from price_change"))).ShouldBeGreaterThan(0);

        // More than is worth following one by one.
        var number = kind == DatabaseKind.Postgres ? "number, " : "";
        await market.ExecuteAsync($"with recursive n (i) as (select 1 union all select i + 1 from n where i <= {PriceBookReader.ChangesMost})"
            + $" insert into price_change ({number}part, key, other) select {(number.Length > 0 ? "pg_current_xact_id()::text::bigint, " : "")}'merchant', i, 0 from n" + Raise);
        (await market.CheckAsync(reader, "a long log")).Supplies(other).ShouldNotBeSameAs(first.Supplies(other));
    }

    /// <summary>The smaller number of two transactions may be committed last, when the larger is long seen.</summary>
    [Fact]
    public async Task A_change_that_began_first_and_is_committed_last_is_not_missed()
    {
        await using var market = await Market.OpenAsync(DatabaseKind.Postgres);
        using var reader = market.Reader();
        await reader.RefreshAsync();
        var (sku, other, db) = (market.Trade.Sku.Value, market.Others[0].Sku.Id.Value, market.Trade.World.Database);
        await using var connection = await db.OpenAsync();
        await using var early = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("update level_price set price = 461100 where level = 1 and sku_id = @sku", new { sku }, early);

        await market.ExecuteAsync($"update level_price set price = 461200 where sku_id = {other}" + Raise);
        var later = await market.CheckAsync(reader, "the later one");
        // What is read while it is still under way does not make it seen.
        await market.ExecuteAsync("select 1" + Raise);
        await market.CheckAsync(reader, "nothing");

        await connection.ExecuteAsync(Raise[2..], transaction: early);
        await early.CommitAsync();
        var both = await market.CheckAsync(reader, "the earlier one");
        both.LevelPrice(market.Trade.Sku, 1).ShouldBe(Money.Parse("46.11"));
        both.Supplies(market.Others[0].Sku.Id).ShouldBeSameAs(later.Supplies(market.Others[0].Sku.Id)); // It was not read whole.

        // A transaction under way, and rows that are taken out before they are seen.
        await using var next = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("update level_price set price = 461400 where level = 2 and sku_id = @sku", new { sku }, next);
        await market.ExecuteAsync($"update level_price set price = 461300 where sku_id = {other}" + Raise);
        await reader.PruneAsync(keep: 0);
        await market.CheckAsync(reader, "pruned unseen");
        await connection.ExecuteAsync(Raise[2..], transaction: next);
        await next.CommitAsync();
        await market.CheckAsync(reader, "committed after it was pruned");
    }

    /// <summary>Whoever loads the book in a transaction and then changes prices in it sees the change after its commit, and nobody one that is rolled back.</summary>
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_a_transaction_changes_after_it_has_loaded_the_book_is_seen_later(DatabaseKind kind)
    {
        await using var market = await Market.OpenAsync(kind);
        using var reader = market.Reader();
        await reader.RefreshAsync();
        var (sku, db) = (market.Trade.Sku, market.Trade.World.Database);
        for (var price = 46_1000; price < 46_1003; price++)
        {
            // So that it is loaded in the transaction below, which has a number then, and is not the last to have one.
            await market.ExecuteAsync("select 1" + Raise);
            await db.WriteAsync(async s =>
            {
                await s.ExecuteAsync("update setting set value = value where name = 'none'");
                await s.ScalarAsync<long>(kind == DatabaseKind.Postgres ? "select pg_current_xact_id()::text::bigint" : "select 1");
                if (kind == DatabaseKind.Postgres) await market.ExecuteAsync("insert into setting (name, value) values ('other', '') on conflict (name) do update set value = ''");
                await reader.LoadAsync(s);
                await s.ExecuteAsync($"update level_price set price = {price} where level = 1 and sku_id = {sku.Value}" + Raise);
            });
            (await market.CheckAsync(reader, $"{price}")).LevelPrice(sku, 1).ShouldBe(new Money(price));
        }

        if (kind != DatabaseKind.Postgres) return;
        await Should.ThrowAsync<InvalidOperationException>(() => db.WriteAsync(async s =>
        {
            await s.ExecuteAsync($"update level_price set price = 1 where level = 1 and sku_id = {sku.Value}" + Raise);
            await reader.LoadAsync(s);
        }));
        (await market.CheckAsync(reader, "refused")).LevelPrice(sku, 1).ShouldBe(new Money(46_1002));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Many_writers_at_once_leave_no_reader_behind(DatabaseKind kind)
    {
        await using var market = await Market.OpenAsync(kind);
        using var quick = market.Reader();
        using var slow = market.Reader();
        await slow.RefreshAsync();
        var skus = market.Others.Select(g => g.Sku.Id).Append(market.Trade.Sku).ToArray();
        var writers = Enumerable.Range(0, 4).Select(no => Task.Run(async () =>
        {
            var random = new Random(no);
            for (var i = 0; i < 25; i++)
            {
                var sku = skus[random.Next(skus.Length)].Value;
                await market.ExecuteAsync($"update level_price set price = price + 1 where level = 1 and sku_id = {sku}; update supply set cost = cost + 1 where sku_id = {sku}" + Raise);
            }
        })).ToList();
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted)
        {
            // As orders do, in a transaction that sees each commit at once: a book never holds one half of a change.
            var book = await market.Trade.World.Database.WriteAsync(quick.LoadAsync);
            foreach (var sku in skus) (book.LevelPrice(sku, 1) - book.Cost(sku)).ShouldBe(Money.Parse("0.85"));
        }

        await all;
        await market.CheckAsync(quick, "in the end");
        await market.CheckAsync(slow, "in the end, at once");
    }

    /// <summary>A copy of the database in another server, which numbers transactions from its own beginning.</summary>
    [Fact]
    public async Task A_log_from_another_server_costs_reading_everything_until_it_is_pruned()
    {
        await using var market = await Market.OpenAsync(DatabaseKind.Postgres);
        using var reader = market.Reader();
        await market.ExecuteAsync("insert into price_change (number, part, key, other) values (4000000000000, 'all', 0, 0); update price_change_gone set upto = 4000000000000" + Raise);
        var first = await market.CheckAsync(reader, "restored");
        await market.ExecuteAsync("select 1" + Raise);
        (await market.CheckAsync(reader, "not pruned")).Supplies(market.Trade.Sku).ShouldNotBeSameAs(first.Supplies(market.Trade.Sku));
        await reader.PruneAsync(keep: 1_000);
        first = await reader.RefreshAsync();
        await market.ExecuteAsync($"update level_price set price = 461300 where sku_id = {market.Others[0].Sku.Id.Value}" + Raise);
        (await market.CheckAsync(reader, "pruned")).Supplies(market.Trade.Sku).ShouldBeSameAs(first.Supplies(market.Trade.Sku));
        await market.ExecuteAsync("truncate quantity_tier" + Raise);
        await market.CheckAsync(reader, "truncated");
    }

    /// <summary>Three goods of three suppliers, merchants four deep, a brand; ways to change all of it, and to compare books.</summary>
    private sealed class Market(Trade trade, List<Goods> others, List<MerchantId> merchants) : IAsyncDisposable
    {
        private static readonly string[] _codes = ["sku-a", "sku-b", "sku-c", "other-1", "other-2"], _slugs = ["a", "x", "a2", "a3", "named"];
        private readonly List<string> _made = [];

        public Trade Trade => trade;
        public List<Goods> Others => others;

        private SkuId[] Skus => [trade.Sku, .. others.Select(g => g.Sku.Id)];

        public static async Task<Market> OpenAsync(DatabaseKind kind)
        {
            var trade = await Trade.OpenAsync(await World.CreateAsync(kind));
            var others = new List<Goods> { await Goods.CreateAsync(trade.World, "b"), await Goods.CreateAsync(trade.World, "c") };
            Trade.Saved(await trade.Prices.SetLevelPricesAsync([.. others.SelectMany(g => new LevelPriceDraft[] { new(g.Sku.Id, 1, "46.1000"), new(g.Sku.Id, 2, "46.6500"), new(g.Sku.Id, 3, "47.3050") })]));
            var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
            var a2 = await trade.MerchantAsync("a2", 2, a);
            var market = new Market(trade, others, [a, x, a2, await trade.MerchantAsync("a3", 3, a2)]);
            foreach (var sku in market.Skus) Trade.Saved(await trade.World.Get<Shelves>().SetAsync(a, sku, "49.50", _ => Money.Zero));
            return market;
        }

        public PriceBooks Reader() => new(trade.World.Database);

        public ValueTask DisposeAsync() => trade.World.DisposeAsync();

        public async Task ExecuteAsync(string sql, bool isTakenBack = false)
        {
            try
            {
                await trade.World.Database.WriteAsync(async s =>
                {
                    await s.ExecuteAsync(sql);
                    if (isTakenBack) throw new OperationCanceledException();
                });
            }
            catch (OperationCanceledException) when (isTakenBack)
            {
            }
        }

        /// <summary>
        /// Until whatever is older than the log has ended, in other databases of the server, too: its numbers are the server's, and a
        /// reader that cannot tell rather reads everything.
        /// </summary>
        public async Task AllEndedAsync()
        {
            if (trade.World.Database.Kind != DatabaseKind.Postgres) return;
            const string sql = "select case when max(number) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint then 1 else 0 end from price_change";
            while (await trade.World.Database.ReadAsync(s => s.ScalarAsync<long>(sql)) == 0) await Task.Delay(20);
        }

        public async Task<PriceBook> CheckAsync(PriceBooks reader, string why)
        {
            using var anew = Reader();
            var (kept, whole) = (await reader.RefreshAsync(), await anew.RefreshAsync());
            kept.Version.ShouldBe(whole.Version, why);
            Answers(kept).ShouldBe(Answers(whole), why);
            return kept;
        }

        /// <summary>Everything that a book can be asked.</summary>
        private List<string> Answers(PriceBook book)
        {
            var skus = book.Skus.OrderBy(s => s.Id).ToList();
            var buyers = book.Merchants.OrderBy(m => m.Id).ToList();
            List<string> answers =
            [
                $"{book.Skus.Count} {book.Merchants.Count} {book.IsAnythingSupplied} {string.Join(' ', book.Products)}",
                .. _codes.Select(c => $"{c} {book.SkuByCode(c)?.Id}"),
                .. _slugs.Select(m => $"{m} {book.MerchantBySlug(m)?.Id}"),
                .. book.Products.Select(p => $"{p} {string.Join(' ', book.SkusOf(p).Select(s => s.Id))}"),
                .. book.Inversions(_now, 100).Select(i => i.ToString()).Order(),
            ];
            foreach (var sku in skus)
            {
                answers.Add($"{JsonSerializer.Serialize(sku)} {book.Cost(sku.Id)} {book.PromotionOf(sku.Id, _now)} {JsonSerializer.Serialize(book.Sku(sku.Id))}");
                answers.AddRange(book.Supplies(sku.Id).Select(s => $"{JsonSerializer.Serialize(s)} {book.Supply(s.Id)?.Cost}"));
                answers.AddRange(Enumerable.Range(0, 5).Select(l => $"{sku.Id} {l} {book.LevelPrice(sku.Id, l)}"));
            }

            foreach (var merchant in buyers)
            {
                answers.Add(merchant.ToString());
                answers.AddRange(book.Shelf(merchant.Id).OrderBy(p => p.Key).Select(p => $"{merchant.Id} {p}"));
                foreach (var sku in skus)
                {
                    answers.Add($"{merchant.Id} {sku.Id} {book.Retail(merchant.Id, sku.Id)} {book.NextChange(merchant.Id, sku.Id, _now)}");
                    foreach (var at in (DateTimeOffset[])[_now.AddDays(-3), _now, _now.AddDays(3)])
                        answers.AddRange(new[] { 1, 20 }.Select(q => JsonSerializer.Serialize(book.Terms(merchant.Id, sku.Id, q, at))));
                }
            }

            return answers;
        }

        /// <summary>Every column that the book knows, written past the program: inserted, changed, moved and deleted.</summary>
        public List<string> Statements()
        {
            var (s, t, u) = (Skus[0].Value, Skus[1].Value, Skus[2].Value);
            var (a, x, a2, a3) = (merchants[0].Value, merchants[1].Value, merchants[2].Value, merchants[3].Value);
            var (b, supplier) = (trade.Goods.Supplier.Id.Value, others[0].Supplier.Id.Value);
            var (from, to) = (_now.AddDays(-1).ToMicros(), _now.AddDays(1).ToMicros());
            return
            [
                $"update sku set code = 'other-1' where id = {s}", $"update sku set kind = 'direct', fields = 'phone' where id = {s}",
                $"update sku set code = 'other-2' where id = {s}; update sku set code = 'other-1' where id = {t}; update sku set code = 'sku-b' where id = {s}",
                $"update sku set qty_max = 7, suggested_retail = 500000, retail_floor = 400000, retail_ceiling = 600000 where id = {t}",
                $"update sku set state = 'off' where id = {u}", $"update sku set kind = 'card', fields = '' where id = {s}", $"update sku set state = 'listed' where id = {u}",
                $"update sku set product_id = {others[0].Product.Id.Value} where id = {s}", $"update sku set product_id = {trade.Goods.Product.Id.Value} where id = {s}",
                $"update product set state = 'off' where id = {others[1].Product.Id.Value}", "update product set state = 'listed'",
                "insert into brand (id, slug, name_zh, name_en) values (7, 'brand', 'b', 'b') on conflict (id) do nothing",
                $"update product set brand_id = 7 where id = {others[0].Product.Id.Value}", $"insert into brand_permit (supplier_id, brand_id) values ({supplier}, 7)",
                $"update brand_permit set supplier_id = {b}", $"delete from brand_permit", $"update product set brand_id = null",
                $"update supply set cost = null where sku_id = {s}", $"update supply set cost = 440000, priority = 3, weight = 9, daily_cap = 5, batch_max = 2 where sku_id = {s}",
                $"update supply set state = 'off' where sku_id = {t}", "update supply set state = 'active'", $"update supply set hold_seconds = 77, upstream_code = 'c' where sku_id = {u}",
                $"insert into supply (id, sku_id, supplier_id, cost) values (900, {s}, {supplier}, 430000)", $"update supply set sku_id = {u} where id = 900",
                $"update supply set supplier_id = {b} where id = 900", "update supply set id = 901 where id = 900", "delete from supply where id = 901",
                $"update supplier set state = 'suspended' where id = {supplier}", "update supplier set state = 'active'", $"update supplier set grade = 'D' where id = {supplier}",
                $"insert into supplier_stop (supplier_id, reason, since) values ({b}, 'deposit', 1)", $"update supplier_stop set supplier_id = {supplier}", "delete from supplier_stop",
                $"insert into supplier_terms (supplier_id, contract_id, commission_bps, hold_seconds, regions) values ({b}, 1, 100, 0, '')",
                "update supplier_terms set commission_bps = 250", $"update supplier_terms set supplier_id = {supplier}", "delete from supplier_terms",
                $"insert into exclusive_product (product_id, supplier_id) values ({others[0].Product.Id.Value}, {b})", $"update exclusive_product set supplier_id = {supplier}",
                $"update exclusive_product set product_id = {others[1].Product.Id.Value}", "delete from exclusive_product",
                $"insert into merchant (id, slug, name_zh, name_en, level, parent_id, created_at) values (500, 'named', 'n', 'n', 2, {x}, 1)",
                $"update merchant set parent_id = {a} where id = 500", "update merchant set slug = 'other', name_zh = 'o', level = 3 where id = 500",
                "update merchant set state = 'suspended' where id = 500", "delete from merchant where id = 500",
                $"update merchant set slug = 'named' where id = {a}; update merchant set slug = 'a' where id = {x}; update merchant set slug = 'x' where id = {a}",
                $"update merchant set parent_id = {x} where id = {a2}",
                $"update level_price set price = 459000 where sku_id = {s} and level = 2", $"update level_price set level = level where sku_id = {s}", $"delete from level_price where sku_id = {u} and level = 3",
                $"insert into level_price (sku_id, level, price) values ({u}, 3, 470000)", $"delete from level_price where sku_id = {u} and level = 3; update level_price set sku_id = {u} where sku_id = {s} and level = 3",
                $"insert into special_price (id, merchant_id, sku_id, price, from_at, to_at) values (600, {a}, {s}, 455000, {from}, {to})",
                $"insert into special_price (id, merchant_id, sku_id, price, from_at, to_at) values (601, {a}, {s}, 454000, {from + 5}, {to})",
                "update special_price set price = 456000 where id = 601", $"update special_price set sku_id = {t} where id = 600", $"update special_price set merchant_id = {x} where id = 601",
                $"update special_price set to_at = {from + 9} where id = 601", "update special_price set id = 602 where id = 601", "delete from special_price where id = 602", "delete from special_price",
                $"insert into markup (id, parent_id, child_id, sku_id, mode, value) values (700, {x}, {a2}, null, 'bps', 40)",
                $"insert into markup (id, parent_id, child_id, sku_id, mode, value) values (701, {x}, {a2}, {s}, 'fixed', 900)", $"update markup set parent_id = {a} where id = 701",
                "update markup set mode = 'fixed', value = 50 where id = 700", $"update merchant set parent_id = {a} where id = {a2}", $"update markup set sku_id = {t} where id = 701",
                $"update markup set parent_id = {a2}, child_id = {a3} where id = 700", "delete from markup where id = 701", "delete from markup",
                $"insert into quantity_tier (id, sku_id, min_qty, off_bps) values (800, {s}, 10, 50)", "update quantity_tier set min_qty = 15, off_bps = 60",
                $"update quantity_tier set sku_id = {t}", "delete from quantity_tier",
                $"insert into promotion (id, sku_id, off_bps, from_at, to_at, name_zh, name_en) values (810, {s}, 500, {from}, {to}, 'p', 'p')",
                $"insert into promotion (id, sku_id, off_bps, from_at, to_at, name_zh, name_en) values (811, {s}, 700, {from + 5}, {to}, 'p', 'p')",
                "update promotion set off_bps = 900 where id = 810", $"update promotion set to_at = {from + 9} where id = 810", $"update promotion set sku_id = {u} where id = 811", "delete from promotion where id in (810, 811)",
                $"insert into sku (id, code, product_id, name_zh, name_en, face_value, suggested_retail, retail_floor, retail_ceiling, updated_at) values (820, 'other-2', {others[1].Product.Id.Value}, 'n', 'n', 1, 1, 1, 1, 1)",
                "delete from sku where id = 820",
            ];
        }

        /// <summary>A change through the front doors.</summary>
        public async Task<string> ChangeAsync(Random random)
        {
            var (sku, merchant) = (Skus[random.Next(Skus.Length)], merchants[random.Next(merchants.Count)]);
            var world = trade.World;
            var catalog = world.Get<Modules.Catalog.Catalog>();
            var goods = random.Next(2) == 0 ? trade.Goods : others[random.Next(others.Count)];
            var (isOn, price) = (random.Next(3) > 0, $"{46 + (random.Next(9_999) / 10_000m):F4}");
            switch (random.Next(16))
            {
                case 0: await trade.Prices.SetLevelPricesAsync([new(sku, random.Next(1, 4), isOn ? price : "")]); return "level price";
                case 1: await trade.Prices.AddSpecialAsync(new() { Merchant = merchant, Sku = sku, Price = price, From = _now.AddDays(random.Next(-2, 3)), To = _now.AddDays(4) }); return "special price";
                case 2:
                    foreach (var special in (await trade.Prices.SpecialsAsync(merchant)).Take(1)) await trade.Prices.EndSpecialAsync(special.Id);
                    return "special price ended";
                case 3: await trade.Prices.SetMarkupAsync(merchants[0], new() { Child = merchants[2], Sku = isOn ? null : sku, Mode = "bps", Value = $"{random.Next(90)}" }); return "mark-up";
                case 4:
                    foreach (var markup in (await trade.Prices.MarkupsAsync(merchants[0])).Take(1)) await trade.Prices.RemoveMarkupAsync(merchants[0], markup.Id);
                    return "mark-up removed";
                case 5: await trade.Prices.SetTiersAsync(sku, isOn ? [new("10", $"{random.Next(1, 90)}"), new("30", "95")] : []); return "tiers";
                case 6: await world.Get<Promotions>().CreateAsync(new() { Sku = sku, OffBps = $"{random.Next(1, 900)}", From = _now.AddDays(-1), To = _now.AddDays(2), NameZh = "促", NameEn = "Sale" }); return "promotion";
                case 7:
                    foreach (var promotion in (await world.Get<Promotions>().ListAsync(sku)).Take(1)) await world.Get<Promotions>().EndAsync(promotion.Promotion.Id);
                    return "promotion ended";
                case 8: await world.Get<Shelves>().SetAsync(merchant, sku, $"{random.Next(48, 55)}.{random.Next(10)}0", _ => Money.Zero); return "shelf";
                case 9:
                    if (isOn) await world.Get<Shelves>().FillAsync(merchant, "300", _ => Money.Zero, keepsOwn: false);
                    else await world.Get<Shelves>().TakeOffAsync(merchant, sku);
                    return "shelf filled or emptied";
                case 10: await trade.Merchants.MoveAsync(merchants[2], random.Next(3) switch { 0 => null, 1 => merchants[0], _ => merchants[1] }); return "move";
                case 11:
                    if (isOn) await trade.Merchants.ResumeAsync(merchant);
                    else await trade.Merchants.SuspendAsync(merchant);
                    return "suspension";
                case 12:
                    var slug = $"made-{_made.Count}";
                    _made.Add(slug);
                    await trade.Merchants.CreateAsync(Trade.Draft(slug, 2, merchants[0]));
                    return "merchant";
                case 13: await catalog.UpdateSupplyAsync(goods.Supply.Id, new SupplyDraft { Cost = isOn ? $"4{random.Next(3, 6)}.10" : "", Priority = $"{random.Next(200)}" }); return "supply";
                case 14:
                    await world.Database.WriteAsync(s => Selling.GradeAsync(s, new Dictionary<SupplierId, string> { [goods.Supplier.Id] = "ABCDE"[random.Next(5)].ToString() }));
                    return "grade";
                default:
                    await catalog.UpdateProductAsync(goods.Product.Id, ProductDraft.Of(goods.Product) with { State = isOn ? ListingState.Listed : ListingState.Off });
                    return "product";
            }
        }
    }
}
