using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Host.Scenarios;

/// <summary>Writes <c>demo.json</c>, by which scripts find addresses, log-ins and keys without reading the console.</summary>
internal sealed class DemoFile(
    Settings settings, Database database, Catalog catalog, Inventory inventory, Merchants merchants, ApiKeys keys, Access access, Ledger ledger)
{
    private sealed record Content(
        string BaseUrl, LogIn Operator, IReadOnlyList<SupplierPart> Suppliers, IReadOnlyList<MerchantLine> Merchants,
        IReadOnlyList<LogIn> Buyers, IReadOnlyList<SkuLine> Skus, string? ChannelSimulator);

    private sealed record LogIn(string Login, string Password);

    private sealed record SupplierPart(string Id, string Name, string Login, string Password);

    private sealed record MerchantLine(
        string Id, string Name, int Level, string? Parent, string Login, string Password, string ApiKey, string ApiSecret, string Balance,
        string StorefrontUrl);

    private sealed record SkuLine(string Sku, string Name, string Kind, long Stock);

    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>What a person at the terminal wants to know of it.</returns>
    public async Task<string> WriteAsync(ScenarioFile file, DemoPasswords passwords, string baseUrl, Uri? suppliersAt, Uri? channels, CancellationToken cancel)
    {
        await access.RefreshAsync(cancel);
        var lines = new List<MerchantLine>();
        foreach (var part in file.Merchants) lines.Add(await LineAsync(part, passwords, baseUrl, cancel));
        var suppliers = new List<SupplierPart>();
        foreach (var part in file.Suppliers)
            suppliers.Add(new SupplierPart(
                (await catalog.FindSupplierAsync(part.Slug, cancel))!.Id.ToString(), part.NameZh, part.Slug, passwords.Of(part.Slug)));
        var content = new Content(
            baseUrl, new LogIn(DemoPeople.Operator, passwords.Of(DemoPeople.Operator)), suppliers, lines, [], await SkusAsync(file, cancel),
            channels?.GetLeftPart(UriPartial.Authority));
        var path = Path.Combine(settings.DataFolder, "demo.json");
        await SaveAsync(path, JsonSerializer.Serialize(content, _options), cancel);
        return Summary(content, suppliersAt, path);
    }

    private async Task<MerchantLine> LineAsync(MerchantPart part, DemoPasswords passwords, string baseUrl, CancellationToken cancel)
    {
        var merchant = (await merchants.FindAsync(part.Slug, cancel))!;
        var key = (await keys.ListAsync(merchant.Id, cancel)).Find(k => k.Name == DemoAgents.KeyName && !k.IsRevoked);
        var secret = key is null ? null : access.FindKey(key.Key)?.Secret;
        var balance = await database.ReadAsync(async s =>
            await ledger.FindAsync(s, AccountKinds.Wallet, merchant.Id.Value) is { } wallet ? (await ledger.LockAsync(s, [wallet]))[wallet].Balance : default, cancel);
        return new MerchantLine(
            merchant.Id.ToString(), part.NameZh, part.Level, merchant.Parent?.ToString(), part.Slug, passwords.Of(part.Slug),
            key?.Key ?? "", secret is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "", balance.ToString(), $"{baseUrl}/s/{part.Storefront.Slug}");
    }

    private async Task<List<SkuLine>> SkusAsync(ScenarioFile file, CancellationToken cancel)
    {
        var lines = new List<SkuLine>();
        foreach (var product in file.Products)
        {
            // Data that an earlier version filled may lack what came later.
            if (await catalog.FindProductAsync(product.Slug, cancel) is not { } known) continue;
            var skus = await catalog.ListSkusAsync([known.Id], cancel);
            var stock = await inventory.StockOfAsync([.. skus.Select(s => s.Id)], cancel);
            lines.AddRange(skus.Select(s => new SkuLine(
                s.Code, $"{product.NameZh} {s.NameZh}", s.Kind == SkuKind.Card ? "card" : "direct", stock.GetValueOrDefault(s.Id))));
        }

        return lines;
    }

    /// <summary>Whole or not at all, and for the owner's eyes only from the first byte.</summary>
    private static async Task SaveAsync(string path, string text, CancellationToken cancel)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(fresh, options)) await writer.WriteLineAsync(text.AsMemory(), cancel);
        File.Move(fresh, path, overwrite: true);
    }

    private static string Summary(Content demo, Uri? simulator, string path)
    {
        var text = new StringBuilder();
        text.Append("  console    ").Append(demo.BaseUrl).AppendLine("/login");
        text.Append("  operator   ").Append(demo.Operator.Login).Append(" / ").AppendLine(demo.Operator.Password);
        foreach (var supplier in demo.Suppliers)
            text.Append("  supplier   ").Append(supplier.Login).Append(" / ").AppendLine(supplier.Password);
        foreach (var merchant in demo.Merchants)
            text.Append("  merchant   ").Append($"{merchant.Login} / {merchant.Password}".PadRight(30)).Append("shop ").AppendLine(merchant.StorefrontUrl);
        if (simulator is not null)
            text.AppendLine($"  simulated suppliers at {simulator.GetLeftPart(UriPartial.Authority)}; the end of the topped-up account forces what happens (docs/upstreams.md):")
                .AppendLine("             …100 delivered, …102 wrong number, …104 supplier down, …108 unknown then delivered, …109 unknown then failed");
        if (demo.ChannelSimulator is { } channels) text.AppendLine($"  simulated payment channels at {channels}: what is open there, and whoever opens it pays");
        return text.Append("  API keys and all of this: ").Append(path).ToString();
    }
}
