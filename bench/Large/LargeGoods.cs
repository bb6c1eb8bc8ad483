using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lianka.Bench.Orders;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Large;

/// <param name="Face">In units; every other amount follows from it.</param>
internal sealed record LargeSku(long Product, long Sku, long Supply, long Supplier, Money Face)
{
    public Money Cost => new Money(Face.Units / 100 * 84);
    public Money Level(int rank) => new Money(Face.Units / 100 * (88 + (rank * 3)));
    public Money Retail => new Money(Face.Units / 100 * 102);
}

/// <summary>A catalogue of many goods with names as the trade has them, prices for three levels, and cards.</summary>
/// <remarks>In bulk, past the front doors, which check one thing after the other: the rows are the same.</remarks>
internal static class LargeGoods
{
    private const int Suppliers = 40, AtOnce = 10_000, FewCards = 3;

    private static readonly (string Slug, string Zh, string En)[] _categories =
    [
        ("phone", "话费充值", "Phone top-ups"), ("traffic", "流量", "Data"), ("video", "视频会员", "Video"), ("music", "音乐会员", "Music"), ("games", "游戏点卡", "Game cards"),
        ("power", "生活缴费", "Bills"), ("gifts", "购物礼品卡", "Gift cards"), ("software", "软件授权", "Software"), ("course", "教育课程", "Courses"), ("office", "办公工具", "Office"),
        ("food", "餐饮代金券", "Food vouchers"), ("travel", "出行", "Travel"), ("overseas", "海外游戏", "Games abroad"), ("social", "社交会员", "Social"), ("cloud", "云服务", "Cloud"),
        ("novel", "阅读", "Reading"), ("live", "直播充值", "Live streams"), ("health", "健康", "Health"), ("film", "电影票", "Cinema"), ("coupons", "优惠券", "Coupons"),
    ];

    private static readonly (string Zh, string En)[] _names =
    [
        ("腾讯视频", "Tencent Video"), ("爱奇艺", "iQIYI"), ("优酷", "Youku"), ("哔哩哔哩大会员", "Bilibili Premium"), ("芒果TV", "Mango TV"), ("网易云音乐", "NetEase Music"),
        ("QQ音乐", "QQ Music"), ("酷狗音乐", "Kugou"), ("王者荣耀点券", "Honor of Kings"), ("和平精英", "Peacekeeper Elite"), ("原神创世结晶", "Genshin Impact"), ("英雄联盟点券", "League of Legends"),
        ("梦幻西游", "Fantasy Westward Journey"), ("魔兽世界时间卡", "World of Warcraft"), ("Steam 钱包", "Steam Wallet"), ("任天堂 eShop", "Nintendo eShop"), ("PlayStation 充值卡", "PlayStation Store"),
        ("Xbox 礼品卡", "Xbox Gift Card"), ("中国移动话费", "China Mobile"), ("中国联通话费", "China Unicom"), ("中国电信话费", "China Telecom"), ("京东E卡", "JD Gift Card"), ("天猫超市卡", "Tmall Card"),
        ("盒马礼品卡", "Freshippo Card"), ("星巴克电子券", "Starbucks Voucher"), ("瑞幸咖啡券", "Luckin Coffee"), ("肯德基代金券", "KFC Voucher"), ("美团代金券", "Meituan Voucher"), ("滴滴出行券", "DiDi Voucher"),
        ("WPS 会员", "WPS Premium"), ("百度网盘会员", "Baidu Drive"), ("迅雷会员", "Xunlei"), ("知乎盐选", "Zhihu Premium"), ("喜马拉雅会员", "Ximalaya"), ("微信读书", "WeRead"), ("Windows 11 授权", "Windows 11"),
        ("Office 365", "Office 365"), ("卡巴斯基", "Kaspersky"), ("得到听书", "iGet"), ("猫眼电影券", "Maoyan Cinema"),
    ];

    private static readonly (string Zh, string En)[] _kinds =
        [("月卡", "1 month"), ("季卡", "3 months"), ("年卡", "1 year"), ("充值", "credit"), ("礼包", "bundle"), ("周卡", "1 week"), ("激活码", "key"), ("代金券", "voucher")];

    private static readonly (string Code, string Zh, string En)[] _regions = [("CN", "国服", "China"), ("HK", "港服", "Hong Kong"), ("US", "美服", "US"), ("JP", "日服", "Japan"), ("KR", "韩服", "Korea")];

    private static readonly int[] _faces = [6, 10, 15, 20, 30, 50, 68, 100, 198, 300];

    public static async Task<List<LargeSku>> FillAsync(ServiceProvider services, LargeSize size, TextWriter output)
    {
        await Market.LevelsAsync(services);
        var catalog = services.GetRequiredService<Catalog>();
        var suppliers = new List<SupplierId>();
        for (var i = 0; i < Suppliers; i++)
            suppliers.Add(Market.Saved(await services.GetRequiredService<Suppliers>().OnboardAsync(
                new SupplierDraft { Slug = $"supplier-{i}", NameZh = $"第{i + 1}货源", NameEn = $"Supplier {i + 1}" })).Id);
        var categories = new List<long>();
        foreach (var (slug, zh, en) in _categories)
            categories.Add(Market.Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = slug, NameZh = zh, NameEn = en, Sort = $"{categories.Count + 1}" })).Id);
        var skus = new List<LargeSku>(size.Products);
        for (var from = 0; from < size.Products; from += AtOnce)
        {
            skus.AddRange(await ProductsAsync(services, from, Math.Min(AtOnce, size.Products - from), categories, suppliers));
            await output.WriteLineAsync($"  {skus.Count:N0} products");
        }

        // More than orders: chance sells some goods more often than others.
        var each = (int)Math.Max(FewCards, (size.Orders * 5 / 4 / size.Selling) + 100);
        for (var from = 0; from < skus.Count;)
        {
            var some = skus.Skip(from).Take(Math.Max(1, from < size.Selling ? Math.Min(size.Selling - from, 1_000_000 / each) : AtOnce * 10)).ToList();
            await CardsAsync(services, some, from < size.Selling ? each : FewCards);
            from += some.Count;
            await output.WriteLineAsync($"  cards for {from:N0} products");
        }

        return skus;
    }

    private static async Task<List<LargeSku>> ProductsAsync(ServiceProvider services, int from, int count, List<long> categories, List<SupplierId> suppliers)
    {
        var ids = services.GetRequiredService<IdSource>();
        var now = TimeProvider.System.Now().ToMicros();
        var made = new List<(int No, LargeSku Sku)>(count);
        for (var no = from; no < from + count; no++)
            made.Add((no, new LargeSku(await ids.NextAsync(), await ids.NextAsync(), await ids.NextAsync(), suppliers[no % suppliers.Count].Value,
                new Money(_faces[no / 7 % _faces.Length] * Money.UnitsPerYuan))));
        await services.GetRequiredService<Database>().WriteAsync(async s =>
        {
            await s.InsertAsync("product", "id, slug, category_id, name_zh, name_en, region, description_zh, description_en, updated_at", made, (m, w) =>
            {
                var (zh, en, region) = NameOf(m.No);
                w.Number(m.Sku.Product);
                w.Text($"goods-{m.No}");
                w.Number(categories[m.No / 3 % categories.Count]);
                w.Text(zh);
                w.Text(en);
                w.Text(region);
                w.Text("自动发货，付款后立即显示卡密。请按页面说明兑换，如有问题可凭订单号查询。");
                w.Text("Delivered at once after payment. Redeem as described; look your order up by its number at any time.");
                w.Number(now);
            });
            await s.InsertAsync("sku", "id, code, product_id, name_zh, name_en, face_value, qty_max, suggested_retail, retail_floor, retail_ceiling, updated_at", made, (m, w) =>
            {
                w.Number(m.Sku.Sku);
                w.Text($"g-{m.No}");
                w.Number(m.Sku.Product);
                w.Text($"{m.Sku.Face.Units / Money.UnitsPerYuan} 元");
                w.Text($"¥{m.Sku.Face.Units / Money.UnitsPerYuan}");
                w.Number(m.Sku.Face.Units);
                w.Number(1_000);
                w.Number(m.Sku.Retail.Units);
                w.Number(m.Sku.Face.Units / 100 * 98);
                w.Number(m.Sku.Face.Units / 100 * 120);
                w.Number(now);
            });
            await s.InsertAsync("supply", "id, sku_id, supplier_id, cost, hold_seconds, priority", made, (m, w) =>
            {
                w.Number(m.Sku.Supply);
                w.Number(m.Sku.Sku);
                w.Number(m.Sku.Supplier);
                w.Number(m.Sku.Cost.Units);
                w.Number(86_400);
                w.Number(1);
            });
            await s.InsertAsync("level_price", "sku_id, level, price", made.SelectMany(m => Enumerable.Range(1, 3).Select(level => (m.Sku, level))), (p, w) =>
            {
                w.Number(p.Sku.Sku);
                w.Number(p.level);
                w.Number(p.Sku.Level(p.level).Units);
            });
            await s.ExecuteAsync("update version set value = value + 1 where name = 'prices'");
        });
        return made.ConvertAll(m => m.Sku);
    }

    private static (string Zh, string En, string Region) NameOf(int no)
    {
        var name = _names[no % _names.Length];
        var kind = _kinds[no / _names.Length % _kinds.Length];
        var region = _regions[no / (_names.Length * _kinds.Length) % _regions.Length];
        var edition = no / (_names.Length * _kinds.Length * _regions.Length);
        return ($"{name.Zh} {kind.Zh} {region.Zh}{(edition == 0 ? "" : $" {edition} 区")}", $"{name.En} {kind.En} {region.En}{(edition == 0 ? "" : $" zone {edition}")}", region.Code);
    }

    private static async Task CardsAsync(ServiceProvider services, List<LargeSku> skus, int each)
    {
        var (ids, vault) = (services.GetRequiredService<IdSource>(), services.GetRequiredService<CardVault>());
        var now = TimeProvider.System.Now().ToMicros();
        var lots = new List<(long Id, LargeSku Sku)>(skus.Count);
        foreach (var sku in skus) lots.Add((await ids.NextAsync(), sku));
        using var bulk = vault.Bulk();
        await services.GetRequiredService<Database>().WriteAsync(async s =>
        {
            await s.InsertAsync("card", "lot_id, seq, sealed, fingerprint", lots.SelectMany(l => Enumerable.Range(1, each).Select(seq => (l.Id, l.Sku, seq))), (card, w) =>
            {
                // As the import writes a card without a number (CardText).
                var text = string.Create(CultureInfo.InvariantCulture, $"\nG{card.Id}{card.seq:D5}{RandomNumberGenerator.GetHexString(6)}");
                var plain = Encoding.UTF8.GetBytes(text);
                var sealedBytes = new byte[plain.Length + CardVault.SealSize];
                bulk.Seal(plain, $"card:{card.Id}:{card.seq}", sealedBytes);
                var print = new byte[16];
                BinaryPrimitives.WriteUInt128BigEndian(print, bulk.Fingerprint(text, $"product:{card.Sku.Product}"));
                w.Number(card.Id);
                w.Number(card.seq);
                w.Bytes(sealedBytes);
                w.Bytes(print);
            });
            await s.InsertAsync("lot", "id, sku_id, supply_id, supplier_id, total, created_at", lots, (lot, w) =>
            {
                w.Number(lot.Id);
                w.Number(lot.Sku.Sku);
                w.Number(lot.Sku.Supply);
                w.Number(lot.Sku.Supplier);
                w.Number(each);
                w.Number(now);
            });
        });
    }
}
