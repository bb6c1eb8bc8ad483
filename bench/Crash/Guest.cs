using Lianka.Kernel;

namespace Lianka.Bench.Crash;

/// <summary>People at the shop window: they reserve one thing, or a cart of several, and then pay in one of the ways of the test channel, cancel, or just leave.</summary>
internal sealed class Guest(int number, Arena arena, Journal journal, CrashPlan plan)
{
    private const string Root = $"/s/{CrashMarket.Shop}";
    private readonly Random _random = new(HashCode.Combine(plan.Seed, number, "guest"));
    private int _visits;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (mood, address) = (_random.Next(100), (number << 14) + (++_visits << 1));
            await (_random.Next(2) == 0 ? FillAsync(mood, address) : VisitAsync(mood, address));
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

        if (!await PayAsync(browser, bought.Path, mood)) return;
        record.IsPaid = true;
        if (_random.Next(3) == 0) await browser.GetAsync($"{Root}/o/{new OrderId(record.Id)}");
    }

    /// <summary>Two to four things, now and then one that is sold out by then, and one payment for all of them.</summary>
    private async Task FillAsync(int mood, int address)
    {
        using var browser = new Browser(arena, journal, address);
        var cart = new Page(0, "", "");
        var skus = Enumerable.Range(0, CrashMarket.Skus - 1).OrderBy(_ => _random.Next()).Take(2 + _random.Next(3)).ToList();
        if (_random.Next(12) == 0) skus[0] = CrashMarket.Scarce;
        foreach (var sku in skus)
        {
            var product = await browser.GetAsync($"{Root}/p/{CrashMarket.Product}?sku={CrashMarket.Sku(sku)}");
            var added = await browser.PostAsync("into the cart", product, $"{Root}/p/{CrashMarket.Product}?handler=Cart", ("sku", CrashMarket.Sku(sku)), ("quantity", _random.Next(4) == 0 ? "2" : "1"));
            if (added.IsRedirect) cart = await browser.GetAsync(added.Path);
            else if (sku != CrashMarket.Scarce) journal.Violation($"the cart took nothing: {added.Status}");
        }

        if (cart.Status != 200) return;
        var prices = skus.Select(s => $"price.{CrashMarket.Sku(s)}").Select(n => (n, cart.Field(n))).Where(p => p.Item2.Length > 0).ToList();
        var record = new CartRecord { Token = cart.Field("token"), Lines = prices.Count };
        var bought = await browser.PostAsync("cart", cart, $"{Root}/cart",
            [("contact", $"139{address % 100_000_000:D8}"), ("token", record.Token), ("cart", cart.Field("cart")), .. prices]);
        if (bought.IsRedirect && OrderId.TryParse(bought.Path.Split('/')[^1], out var id)) record.Order = id.Value;
        journal.Carts.Add(record);
        if (record.Order != 0) record.IsPaid = await PayAsync(browser, bought.Path, mood);
    }

    /// <returns>True: the channel's cashier said that it took the money.</returns>
    private async Task<bool> PayAsync(Browser browser, string path, int mood)
    {
        if (mood < 15) return false;
        var pay = await browser.GetAsync(path);
        if (mood < 35)
        {
            if (pay.Status == 200) await browser.PostAsync("retail cancel", pay, $"{path}?handler=Cancel");
            return false;
        }

        const string Go = "/s/[^\"]+/go/[^\"]+";
        for (var i = 0; i < 3 && pay.Status == 200 && pay.Href(Go) is null; i++) pay = await browser.GetAsync(path);
        if (pay.Href(Go) is not { } go || await browser.GetAsync(go) is not { IsRedirect: true, Path: var cashier } || cashier.StartsWith(Root, StringComparison.Ordinal) || await browser.GetAsync(cashier) is not { Status: 200 } desk) return false;
        var act = (mood % 10) switch { 0 or 1 => "FiveNotices", 2 or 3 => "Twice", 4 => "Silent", _ => "Paid" };
        var paying = browser.PostAsync("payment", desk, cashier, ("act", act));
        // Some change their mind in the same moment.
        if (mood > 92) await browser.PostAsync("retail cancel", pay, $"{path}?handler=Cancel");
        await paying;
        return (await browser.GetAsync(cashier)).Html.Contains("has been paid already", StringComparison.Ordinal);
    }
}
