using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.OpenApi.Core;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>An answer with its body read.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text, string? ContentType)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    public string this[string property] => Json.GetProperty(property).ToString();

    public IEnumerable<(string Pointer, string Code)> Errors => Json.GetProperty("errors").EnumerateArray()
        .Select(e => (e.GetProperty("pointer").GetString()!, e.GetProperty("code").GetString()!));
}

/// <summary>A caller with a key, signing as the documentation says.</summary>
internal sealed class Caller(HttpClient http, string key, string secret)
{
    public string Key => key;
    public string Secret => secret;

    public Task<Answer> GetAsync(string address) => SendAsync("GET", address);

    public Task<Answer> PostAsync(string address, object? body = null) =>
        SendAsync("POST", address, body is null ? null : body as string ?? JsonSerializer.Serialize(body));

    public Task<Answer> BuyAsync(string number, string sku = "sku-a", long quantity = 1, string maxTotal = "1000000", bool? reveal = null) =>
        PostAsync("/api/v1/orders", reveal is null
            ? new { client_order_no = number, sku, quantity, max_total = maxTotal }
            : new { client_order_no = number, sku, quantity, max_total = maxTotal, reveal });

    public Task<Answer> SendAsync(string method, string address, string? body = null, Action<HttpRequestMessage>? adjust = null) =>
        SendAsync(method, address, body is null ? null : Encoding.UTF8.GetBytes(body), adjust: adjust);

    /// <param name="adjust">Last word on the request, after it was signed.</param>
    public async Task<Answer> SendAsync(
        string method, string address, byte[]? body, string? contentType = "application/json", long? timestamp = null,
        string? nonce = null, string? signedAddress = null, Action<HttpRequestMessage>? adjust = null)
    {
        var stamp = timestamp ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        nonce ??= Guid.NewGuid().ToString("N");
        var parts = (signedAddress ?? address).Split('?', 2);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Add("Lianka-Key", key);
        request.Headers.Add("Lianka-Timestamp", $"{stamp}");
        request.Headers.Add("Lianka-Nonce", nonce);
        request.Headers.Add("Lianka-Signature", Signature.Of(secret, method, parts[0], parts.Length > 1 ? parts[1] : "", stamp, nonce, body));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        adjust?.Invoke(request);
        return await ReadAsync(await http.SendAsync(request));
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
            return new Answer(answer.StatusCode, answer.Headers, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.ToString());
    }
}

/// <summary>A node with one SKU in stock, two merchants with money, and keys.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    public static readonly string[] CardSecrets = [.. Enumerable.Range(0, 200).Select(i => $"SECRET-{i:D4}-KX7Q2M9D")];


    public MerchantId First { get; private set; }
    public MerchantId Second { get; private set; }

    /// <summary>Belongs to <see cref="First"/> and may do everything.</summary>
    public Caller Caller { get; private set; } = null!;

    /// <summary>Belongs to <see cref="Second"/> and may do everything.</summary>
    public Caller Other { get; private set; } = null!;

    public HttpWorld Node { get; private init; } = null!;
    public HttpClient Http => Node.Client;
    public Database Database => Node.Database;
    public T Get<T>() where T : notnull => Node.Get<T>();

    public static async Task<ApiWorld> CreateAsync(
        DatabaseKind kind, int cards = 50, Action<IServiceCollection>? replace = null, Func<string, string>? way = null,
        Dictionary<string, string?>? configuration = null, Func<string, Task>? prepare = null)
    {
        var world = new ApiWorld { Node = await HttpWorld.CreateAsync(kind, replace, way, configuration, prepare) };
        await world.FillAsync(cards);
        return world;
    }

    private async Task FillAsync(int cards)
    {
        var catalog = Get<Modules.Catalog.Catalog>();
        var category = Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "games", NameZh = "游戏", NameEn = "Games" }));
        var product = Saved(await catalog.CreateProductAsync(
            new ProductDraft { Slug = "wallet", CategoryId = category.Id, NameZh = "钱包充值码", NameEn = "Wallet code" }));
        var supplier = Saved(await Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "huanyu", NameZh = "寰宇", NameEn = "Huanyu" }));
        var sku = await SkuAsync(product.Id, supplier.Id, "sku-a", "100");
        await SkuAsync(product.Id, supplier.Id, "sku-empty", "10000");
        Saved(await Get<Merchants>().SaveLevelAsync(new LevelDraft { Rank = "1", NameZh = "总代", NameEn = "General agent" }));
        await PriceAsync("sku-a", "46.7500");
        await PriceAsync("sku-empty", "46.7500");
        First = await MerchantAsync("first", "10000");
        Second = await MerchantAsync("second", "10000");
        Caller = await KeyAsync(First);
        Other = await KeyAsync(Second);
        if (cards > 0) await ImportAsync(sku, cards);
        await Get<PriceBooks>().RefreshAsync();
    }

    public async Task PriceAsync(string sku, string price)
    {
        var entry = (await Get<Modules.Catalog.Catalog>().FindSkuAsync(sku))!;
        Saved(await Get<PriceLists>().SetLevelPricesAsync([new LevelPriceDraft(entry.Id, 1, price)]));
    }

    private async Task<Supply> SkuAsync(ProductId product, SupplierId supplier, string code, string most)
    {
        var catalog = Get<Modules.Catalog.Catalog>();
        var sku = Saved(await catalog.CreateSkuAsync(new SkuDraft
        {
            Code = code, ProductId = product, NameZh = "50 元", NameEn = "CNY 50", FaceValue = "50.0000", QtyMax = most,
            SuggestedRetail = "49.50", RetailFloor = "47.70", RetailCeiling = "55.00",
        }));
        return Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = supplier, Cost = "45.2500", HoldSeconds = "3600" }));
    }

    public async Task<MerchantId> MerchantAsync(string slug, string money)
    {
        var merchant = Saved(await Get<Merchants>().CreateAsync(new MerchantDraft { Slug = slug, NameZh = "星河数卡", NameEn = "Galaxy", Level = "1" })).Id;
        if (money != "0") await CreditAsync(merchant, money);
        return merchant;
    }

    public Task CreditAsync(MerchantId merchant, string money) => Database.WriteAsync(async s =>
    {
        var ledger = Get<Modules.Ledger.Ledger>();
        var wallet = await ledger.OpenAsync(s, AccountKinds.Wallet, merchant.Value);
        var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
        var decision = await ledger.PostAsync(s, new Posting("credit", "test", [new Leg(bank, wallet, Money.Parse(money), "credit")]));
        decision.ShouldBeOfType<PostDecision.Posted>();
    });

    public async Task<Caller> KeyAsync(MerchantId merchant, IReadOnlyList<string>? scopes = null, string allowedIps = "", string callsPerSecond = "100000")
    {
        var key = Saved(await Get<ApiKeys>().CreateAsync(
            merchant, new ApiKeyDraft { Name = "test", Scopes = scopes ?? ApiScopes.All, AllowedIps = allowedIps, CallsPerSecond = callsPerSecond }));
        return new Caller(Http, key.Line.Key, key.Secret);
    }

    public async Task<Caller> KeyAsync(SupplierId supplier, IReadOnlyList<string>? scopes = null)
    {
        var key = Saved(await Get<ApiKeys>().CreateAsync(
            supplier, new ApiKeyDraft { Name = "test", Scopes = scopes ?? ApiScopes.OfSuppliers, CallsPerSecond = "100000" }));
        return new Caller(Http, key.Line.Key, key.Secret);
    }

    private async Task ImportAsync(Supply supply, int cards)
    {
        var desk = Get<ImportDesk>();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', CardSecrets.Take(cards))));
        var start = await desk.StartAsync(new ImportRequest(supply.Id, CardFormat.Text, CardEncoding.Utf8, "cards.txt", "test"), content);
        var id = start.ShouldBeOfType<ImportStart.Accepted>().Id;
        ImportJob job;
        while ((job = (await desk.FindAsync(id, null))!).State == ImportState.Running) await Task.Delay(10);
        job.State.ShouldBe(ImportState.Done, job.Failure);
    }

    public Task<long> CountAsync(string sql, object? args = null) => Database.ReadAsync(s => s.ScalarAsync<long>(sql, args));

    public static T Saved<T>(CatalogDecision<T> decision) => decision.ShouldBeOfType<CatalogDecision<T>.Saved>().Value;

    public static T Saved<T>(AgentsDecision<T> decision) => decision.ShouldBeOfType<AgentsDecision<T>.Saved>(
        decision is AgentsDecision<T>.Refused refused ? string.Join(", ", refused.Errors.Select(e => $"{e.Field} {e.Code}")) : null).Value;

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
