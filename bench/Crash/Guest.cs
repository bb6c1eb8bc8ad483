using Lianka.Kernel;

namespace Lianka.Bench.Crash;

/// <summary>People at the shop window: they reserve, and then pay in one of the ways of the test channel, cancel, or just leave.</summary>
internal sealed class Guest(int number, Arena arena, Journal journal, CrashPlan plan)
{
    private const string Root = $"/s/{CrashMarket.Shop}";
    private readonly Random _random = new(HashCode.Combine(plan.Seed, number, "guest"));
    private int _visits;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await VisitAsync(_random.Next(100), (number << 14) + (++_visits << 1));
            await Task.Delay(_random.Next(150), CancellationToken.None);
        }
    }

    private async Task VisitAsync(int mood, int address)
    {
        using var browser = new Browser(arena, journal, address);
        var sku = CrashMarket.Sku(_random.Next(CrashMarket.Skus - 1));
        var path = $"{Root}/p/{CrashMarket.Product}?sku={sku}";
        var product = await browser.GetAsync(path);
        if (product.Status != 200)
        {
            journal.Violation($"the shop's page was answered {product.Status}");
            return;
        }

        var record = new RetailRecord { Token = product.Field("token") };
        var bought = await browser.PostAsync("retail order", product, path,
            ("sku", sku), ("quantity", _random.Next(4) == 0 ? "2" : "1"), ("contact", $"139{address % 100_000_000:D8}"),
            ("token", record.Token), ($"price.{sku}", product.Field($"price.{sku}")));
        if (bought.IsRedirect && OrderId.TryParse(bought.Path.Split('/')[^1], out var id)) record.Id = id.Value;
        // Without an answer for so long that the order has lapsed: it exists, and the shop says that this press had its order.
        record.WasOver = bought.Html.Contains("Your last order is complete", StringComparison.Ordinal);
        journal.Retail.Add(record);
        if (record.Id == 0) return;

        if (mood < 15) return;
        var pay = await browser.GetAsync(bought.Path);
        if (mood < 35)
        {
            if (pay.Status == 200) await browser.PostAsync("retail cancel", pay, $"{bought.Path}?handler=Cancel");
            return;
        }

        await PayAsync(browser, pay, bought.Path, record, mood);
    }

    private async Task PayAsync(Browser browser, Page pay, string path, RetailRecord record, int mood)
    {
        const string Go = "/s/[^\"]+/go/[^\"]+";
        for (var i = 0; i < 3 && pay.Status == 200 && pay.Href(Go) is null; i++) pay = await browser.GetAsync(path);
        if (pay.Href(Go) is not { } go || await browser.GetAsync(go) is not { IsRedirect: true, Path: var cashier } || await browser.GetAsync(cashier) is not { Status: 200 } desk) return;
        var act = (mood % 10) switch { 0 or 1 => "FiveNotices", 2 or 3 => "Twice", 4 => "Silent", _ => "Paid" };
        var paying = browser.PostAsync("payment", desk, cashier, ("act", act));
        // Some change their mind in the same moment.
        if (mood > 92) await browser.PostAsync("retail cancel", pay, $"{path}?handler=Cancel");
        await paying;
        record.IsPaid = (await browser.GetAsync(cashier)).Html.Contains("has been paid already", StringComparison.Ordinal);
        if (record.IsPaid && _random.Next(3) == 0) await browser.GetAsync($"{Root}/o/{new OrderId(record.Id)}");
    }
}
