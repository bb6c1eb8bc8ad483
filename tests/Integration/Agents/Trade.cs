using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

/// <summary>One SKU at cost 45.2500, three levels with prices for it, and short ways to make merchants.</summary>
internal sealed class Trade(World world, Goods goods)
{
    public World World => world;
    public Goods Goods => goods;
    public SkuId Sku => goods.Sku.Id;
    public Merchants Merchants { get; } = world.Get<Merchants>();
    public PriceLists Prices { get; } = world.Get<PriceLists>();
    public PriceBooks Books { get; } = world.Get<PriceBooks>();

    public static async Task<Trade> OpenAsync(World world)
    {
        var trade = new Trade(world, await Goods.CreateAsync(world));
        foreach (var (rank, zh, en) in new[] { (1, "总代", "General agent"), (2, "一级代理", "First-level"), (3, "二级代理", "Second-level") })
            Saved(await trade.Merchants.SaveLevelAsync(new LevelDraft { Rank = $"{rank}", NameZh = zh, NameEn = en }));
        Saved(await trade.Prices.SetLevelPricesAsync(
            [new(trade.Sku, 1, "46.1000"), new(trade.Sku, 2, "46.6500"), new(trade.Sku, 3, "47.3050")]));
        return trade;
    }

    public static MerchantDraft Draft(string slug, int level = 1, MerchantId? parent = null) =>
        new() { Slug = slug, NameZh = $"商户 {slug}", NameEn = $"Merchant {slug}", Level = $"{level}", Parent = parent };

    public async Task<MerchantId> MerchantAsync(string slug, int level = 1, MerchantId? parent = null) =>
        Saved(await Merchants.CreateAsync(Draft(slug, level, parent))).Id;

    public async Task<Terms?> TermsAsync(MerchantId merchant, long quantity = 1) =>
        (await Books.RefreshAsync()).Terms(merchant, Sku, quantity, TimeProvider.System.GetUtcNow());

    public async Task<string> UnitAsync(MerchantId merchant, long quantity = 1) =>
        (await TermsAsync(merchant, quantity))?.Unit.ToString() ?? "not offered";

    /// <summary>So many SKUs more, supplied and priced for level 1 like the one that there is.</summary>
    public Task ManyAsync(int count) => world.Database.WriteAsync(async s =>
    {
        // As the one SKU that there is, so many times; ids from the installation's own source would be blocks away.
        var columns = string.Join(", ", (await s.QueryAsync<string>(world.Database.Kind == DatabaseKind.Postgres
            ? "select column_name from information_schema.columns where table_name = 'sku' order by ordinal_position"
            : "select name from pragma_table_info('sku')")).Where(c => c is not ("id" or "code")));
        await s.ExecuteAsync($"with recursive n (i) as (select 1 union all select i + 1 from n where i < {count}) insert into sku (id, code, {columns}) select sku.id + 1000000 + i, 'many-' || i, {columns} from n, sku where sku.id = @Sku", new { Sku });
        await s.ExecuteAsync("insert into level_price (sku_id, level, price) select id, 1, 461000 from sku where code like 'many-%'");
        var supply = string.Join(", ", (await s.QueryAsync<string>(world.Database.Kind == DatabaseKind.Postgres
            ? "select column_name from information_schema.columns where table_name = 'supply' order by ordinal_position"
            : "select name from pragma_table_info('supply')")).Where(c => c is not ("id" or "sku_id")));
        await s.ExecuteAsync($"insert into supply (id, sku_id, {supply}) select sku.id + 1000000, sku.id, {string.Join(", ", supply.Split(", ").Select(c => "supply." + c))} from sku, supply where sku.code like 'many-%'");
        await s.ExecuteAsync("update version set value = value + 1");
    });

    public Task<long> VersionAsync(string name) =>
        world.Database.ReadAsync(s => s.ScalarAsync<long>("select value from version where name = @name", new { name }));

    public static T Saved<T>(AgentsDecision<T> decision) => decision is AgentsDecision<T>.Saved saved
        ? saved.Value
        : throw new InvalidOperationException(decision is AgentsDecision<T>.Refused refused
            ? string.Join(", ", refused.Errors.Select(e => $"{e.Field} {e.Code}")) : "missing");

    public static string Errors<T>(AgentsDecision<T> decision) => decision switch
    {
        AgentsDecision<T>.Refused refused => string.Join(" ", refused.Errors.Select(e => $"{e.Field}:{e.Code}")),
        AgentsDecision<T>.Missing => "missing",
        _ => "saved",
    };
}
