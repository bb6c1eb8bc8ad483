using System.Globalization;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Bench.Flash;

using SaleId = Id<OfSale>;

/// <summary>Makes the sale and its tickets beforehand, and proves the database afterwards.</summary>
internal static class SaleMaking
{
    public static async Task<(SaleId Sale, string[] Tickets)> MakeAsync(
        string folder, string database, string slug, string sku, int units, int buyers, int paySeconds, string file)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", database, "none", Market.MasterKey);
        var (opened, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = opened;
        using var __ = vault;
        await using var services = Market.Services(settings, opened, vault);
        var book = await services.GetRequiredService<PriceBooks>().RefreshAsync();
        var merchant = book.Merchants.First(m => m.Level == 3);
        var shop = Saved(await services.GetRequiredService<StorefrontBook>().CreateAsync(
            merchant.Id, new StorefrontDraft { Slug = slug, NameZh = "抢购店", NameEn = "Flash shop" }));
        var now = DateTimeOffset.UtcNow;
        var sale = Saved(await services.GetRequiredService<SaleBook>().CreateAsync(merchant.Id, new FlashSaleDraft
        {
            Storefront = shop.Id, Sku = book.SkuByCode(sku)!.Id, Price = "51.00", Quota = "1", From = now, To = now.AddHours(2),
            Units = units.ToString(CultureInfo.InvariantCulture), PaySeconds = paySeconds.ToString(CultureInfo.InvariantCulture),
        }));
        var desk = services.GetRequiredService<FlashDesk>();
        var tickets = new string[buyers];
        for (var i = 0; i < buyers; i++) tickets[i] = desk.Issue(sale, $"buyer {i}");
        await File.WriteAllLinesAsync(file, tickets);
        return (sale.Id, tickets);
    }

    public static async Task<bool> ProveAsync(string database, TextWriter output)
    {
        await using var opened = Database.OpenPostgres(database);
        return await Verification.RunAsync(opened, TimeProvider.System, output);
    }

    private static T Saved<T>(AgentsDecision<T> decision) => decision is AgentsDecision<T>.Saved saved ? saved.Value
        : throw new InvalidOperationException(decision is AgentsDecision<T>.Refused r ? string.Join(", ", r.Errors.Select(e => $"{e.Field} {e.Code}")) : "Missing");
}
