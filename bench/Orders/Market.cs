using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Suppliers;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lianka.Bench.Orders;

/// <param name="Cards">In all, spread evenly over the SKUs.</param>
/// <param name="Hot">Cards of the first SKU beyond its share, for loads on this one alone.</param>
internal sealed record MarketSize(int Skus = 1_000, int Merchants = 10_000, long Cards = 1_000_000, long Hot = 0);

/// <summary>A market of some size.</summary>
/// <remarks>
/// SKUs b-0000 … cost 42, level prices 50 / 47 / 45 by level; 20 suppliers; one agent of the first level for fifty of the
/// second, fifty of the third for each of those; every merchant with money and a key.
/// </remarks>
internal static class Market
{
    /// <summary>All keys are sealed under this one, so that a node can be started on a copy of the database.</summary>
    public static readonly byte[] MasterKey = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    /// <summary>Enough for every order of a long run, also when one merchant makes them all.</summary>
    private static readonly Money _opening = Money.Parse("1000000000");

    private static readonly string[] _accounts =
    [
        AccountKinds.Wallet, AccountKinds.Escrow, AccountKinds.CommissionPending, AccountKinds.CommissionAvailable, AccountKinds.Receivable,
    ];

    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["LIANKA_MASTER_KEY"] = Convert.ToBase64String(MasterKey),
    };

    /// <param name="callers">Where the keys go: a line "key secret" for each merchant.</param>
    public static async Task FillAsync(string folder, string database, MarketSize size, string callers, TextWriter output)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", database, "none", MasterKey);
        var (opened, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = opened;
        using var __ = vault;
        await using var services = Services(settings, opened, vault);
        await GoodsAsync(services, size, output);
        await AgentsAsync(services, size.Merchants, callers, output);
    }

    public static ServiceProvider Services(Settings settings, Database database, CardVault vault)
    {
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning));
        services.AddLianka(settings, database, vault);
        return services.BuildServiceProvider();
    }

    private static async Task GoodsAsync(ServiceProvider services, MarketSize size, TextWriter output)
    {
        var catalog = services.GetRequiredService<Catalog>();
        var suppliers = new List<SupplierId>();
        for (var i = 0; i < 20; i++)
            suppliers.Add(Saved(await services.GetRequiredService<Suppliers>().OnboardAsync(
                new SupplierDraft { Slug = $"supplier-{i}", NameZh = $"货源{i}", NameEn = $"Supplier {i}" })).Id);
        var category = Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "cards", NameZh = "卡", NameEn = "Cards", Sort = "1" })).Id;
        var product = Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = "card", CategoryId = category, NameZh = "卡", NameEn = "Card" })).Id;
        var skus = new List<SkuId>();
        var imports = services.GetRequiredService<ImportDesk>();
        for (var i = 0; i < size.Skus; i++)
        {
            var sku = Saved(await catalog.CreateSkuAsync(new SkuDraft
            {
                Code = string.Create(CultureInfo.InvariantCulture, $"b-{i:D4}"), ProductId = product, NameZh = $"卡{i}", NameEn = $"Card {i}",
                FaceValue = "50", FaceCurrency = "CNY", QtyMax = "10000", SuggestedRetail = "52", RetailFloor = "50", RetailCeiling = "60",
            })).Id;
            skus.Add(sku);
            var supply = Saved(await catalog.CreateSupplyAsync(new SupplyDraft
            {
                SkuId = sku, SupplierId = suppliers[i % suppliers.Count], Cost = "42", HoldSeconds = "86400", Priority = "1",
            })).Id;
            using var cards = Cards(i, (int)((size.Cards / size.Skus) + (i == 0 ? size.Hot : 0)));
            if (await imports.RunAsync(new ImportRequest(supply, CardFormat.Text, CardEncoding.Utf8, "bench.txt", "bench"), cards) is not ImportStart.Accepted)
                throw new InvalidOperationException("The cards were not taken.");
            if (i % 100 == 99) await output.WriteLineAsync($"  {i + 1} SKUs, {(i + 1) * (size.Cards / size.Skus):N0} cards");
        }

        var prices = services.GetRequiredService<PriceLists>();
        await LevelsAsync(services);
        string[] byLevel = ["45", "47", "50"];
        foreach (var some in skus.Chunk(1_000))
            Saved(await prices.SetLevelPricesAsync([.. from sku in some from level in (int[])[1, 2, 3] select new LevelPriceDraft(sku, level, byLevel[level - 1])]));
    }

    public static async Task LevelsAsync(ServiceProvider services)
    {
        for (var level = 1; level <= 3; level++)
            Saved(await services.GetRequiredService<Merchants>().SaveLevelAsync(new LevelDraft { Rank = $"{level}", NameZh = $"{level}级", NameEn = $"Level {level}" }));
    }

    /// <summary>In bulk, past the front doors, which make one agent after the other: the rows are the same.</summary>
    /// <param name="callers">As for <see cref="FillAsync"/>; null: the keys' secrets go nowhere.</param>
    public static async Task AgentsAsync(ServiceProvider services, int merchants, string? callers, TextWriter output)
    {
        var database = services.GetRequiredService<Database>();
        var vault = services.GetRequiredService<CardVault>();
        var ids = services.GetRequiredService<IdSource>();
        var ledger = services.GetRequiredService<Ledger>();
        var now = TimeProvider.System.GetUtcNow().ToMicros();
        var agents = new List<Agent>(merchants);
        var accounts = new List<(long Id, string Kind, long Party, long Balance)>(merchants * _accounts.Length);
        var postings = new List<long>(merchants);
        long? first = null, second = null;
        for (var i = 0; i < merchants; i++)
        {
            var level = i % 2_551 == 0 ? 1 : i % 2_551 % 51 == 1 ? 2 : 3;
            var agent = new Agent(await ids.NextAsync(), await ids.NextAsync(), i, level, level switch { 1 => null, 2 => first, _ => second },
                $"lk_live_bench{i:D6}", RandomNumberGenerator.GetHexString(40, lowercase: true));
            agents.Add(agent);
            if (level == 1) first = agent.Id;
            if (level == 2) second = agent.Id;
            foreach (var kind in _accounts) accounts.Add((await ids.NextAsync(), kind, agent.Id, kind == AccountKinds.Wallet ? _opening.Units : 0));
            postings.Add(await ids.NextAsync());
        }

        var wallets = accounts.Where(a => a.Kind == AccountKinds.Wallet).Select(a => a.Id).ToList();
        await database.WriteAsync(async s =>
        {
            var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
            await s.InsertAsync("merchant", "id, slug, name_zh, name_en, level, parent_id, created_at", agents, (a, w) =>
            {
                w.Number(a.Id);
                w.Text($"m{a.No}");
                w.Text($"代理{a.No}");
                w.Text($"Agent {a.No}");
                w.Number(a.Level);
                w.Number(a.Parent);
                w.Number(now);
            });
            await s.InsertAsync("account", "id, kind, party_id, limited, floor, balance, created_at", accounts, (a, w) =>
            {
                w.Number(a.Id);
                w.Text(a.Kind);
                w.Number(a.Party);
                w.Small(AccountKinds.IsLimited(a.Kind) ? (short)1 : (short)0);
                w.Number(AccountKinds.IsLimited(a.Kind) && a.Kind != AccountKinds.Receivable ? 0 : null);
                w.Number(a.Balance);
                w.Number(now);
            });
            await s.InsertAsync("posting", "id, kind, key, reason, actor, at", postings, (id, w) =>
            {
                w.Number(id);
                w.Text("top_up");
                w.Text($"bench:{id}");
                w.Text("Opening balance");
                w.Text("bench");
                w.Number(now);
            });
            await LedgerWrites.EnterAsync(s);
            await LedgerWrites.WriteAsync(s, [.. postings.Zip(wallets, (posting, wallet) => new TransferRow(
                new PostingId(posting), "top_up", bank, new AccountId(wallet), _opening, null, _opening, null, TimeProvider.System.Now()))],
                [.. wallets.Select(w => (new AccountId(w), _opening))]);
            await s.InsertAsync("api_key", "id, key, merchant_id, name, secret_sealed, scopes, calls_per_second, created_at", agents, (a, w) =>
            {
                w.Number(a.KeyId);
                w.Text(a.Key);
                w.Number(a.Id);
                w.Text("bench");
                w.Bytes(vault.Seal(a.Secret, $"key:{a.Key}"));
                w.Text(string.Join(' ', ApiScopes.All));
                w.Number(100_000);
                w.Number(now);
            });
            await s.ExecuteAsync("update version set value = value + 1 where name in ('prices', 'access')");
        });
        // The hot spot's merchant is the first line: one of the third level, like most.
        if (callers is not null) await File.WriteAllLinesAsync(callers, agents.OrderByDescending(a => a.Level).Select(a => $"{a.Key} {a.Secret}"));
        await output.WriteLineAsync($"  {merchants:N0} merchants");
    }

    private sealed record Agent(long Id, long KeyId, int No, int Level, long? Parent, string Key, string Secret);

    private static MemoryStream Cards(int sku, int count)
    {
        var text = new StringBuilder(count * 22);
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"B{sku:D4}{i:D8}").Append(RandomNumberGenerator.GetHexString(6)).Append('\n');
        return new MemoryStream(Encoding.ASCII.GetBytes(text.ToString()));
    }

    public static T Saved<T>(CatalogDecision<T> decision) =>
        decision is CatalogDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {decision}");

    public static T Saved<T>(AgentsDecision<T> decision) =>
        decision is AgentsDecision<T>.Saved saved ? saved.Value : throw new InvalidOperationException($"Refused: {decision}");
}
