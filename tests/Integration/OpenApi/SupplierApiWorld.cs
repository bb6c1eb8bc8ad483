using System.Text.Json;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.OpenApi;

/// <summary>A node where two suppliers have keys. Both sell cards; phone-10 is delivered by the first one's hands, phone-20 by the second's.</summary>
internal sealed class SupplierApiWorld : IAsyncDisposable
{
    public ApiWorld Api { get; private set; } = null!;
    public SupplierId First { get; private set; }
    public SupplierId Second { get; private set; }

    /// <summary>Belongs to <see cref="First"/> and may do everything that suppliers may.</summary>
    public Caller Caller { get; private set; } = null!;

    /// <summary>As <see cref="Caller"/>, of <see cref="Second"/>.</summary>
    public Caller Other { get; private set; } = null!;

    public static async Task<SupplierApiWorld> CreateAsync(DatabaseKind kind, Action<IServiceCollection>? replace = null)
    {
        var world = new SupplierApiWorld { Api = await ApiWorld.CreateAsync(kind, cards: 5, replace) };
        var catalog = world.Api.Get<Modules.Catalog.Catalog>();
        world.First = (await catalog.FindSupplierAsync("huanyu"))!.Id;
        world.Second = ApiWorld.Saved(await world.Api.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "lanhai", NameZh = "蓝海", NameEn = "Lanhai" })).Id;
        var product = (await catalog.FindProductAsync("wallet"))!.Id;
        foreach (var (code, supplier) in new[] { ("phone-10", world.First), ("phone-20", world.Second) })
        {
            var sku = ApiWorld.Saved(await catalog.CreateSkuAsync(new SkuDraft
            {
                Code = code, ProductId = product, NameZh = "话费", NameEn = "Airtime", FaceValue = "10", QtyMax = "100", Kind = SkuKind.Direct,
                SuggestedRetail = "11.00", RetailFloor = "10.00", RetailCeiling = "13.00", Fields = "account | phone | 手机号 | Phone",
            }));
            ApiWorld.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = supplier, Cost = "9.0000" }));
            await world.Api.PriceAsync(code, "10");
        }

        var cards = (await catalog.FindSkuAsync("sku-a"))!.Id;
        ApiWorld.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = cards, SupplierId = world.Second, Cost = "45.5000" }));
        await world.Api.Get<PriceBooks>().RefreshAsync();
        world.Caller = await world.Api.KeyAsync(world.First);
        world.Other = await world.Api.KeyAsync(world.Second);
        return world;
    }

    /// <summary>A merchant buys airtime, which then waits for the supplier's hands.</summary>
    /// <returns>The purchase's number.</returns>
    public async Task<string> BuyAsync(string number, string sku = "phone-10", long quantity = 1)
    {
        var placed = await Api.Caller.SendAsync("POST", "/api/v1/orders",
            JsonSerializer.Serialize(new { client_order_no = number, sku, quantity, max_total = "1000", fields = new { account = "138 0013 8000" } }),
            r => r.Headers.Add("Prefer", "wait=0"));
        ((int)placed.Status, placed["status"]).ShouldBe((202, "fulfilling"), placed.Text);
        var caller = sku == "phone-10" ? Caller : Other;
        return (await caller.GetAsync("/api/v1/supplier/purchases?limit=200")).Json.GetProperty("data").EnumerateArray()
            .Single(p => p.GetProperty("order_no").GetString() == placed["order_no"]).GetProperty("purchase_no").GetString()!;
    }

    public async Task<Answer> OrderAsync(string number) =>
        await Api.Caller.GetAsync($"/api/v1/orders/{(await Api.Caller.GetAsync($"/api/v1/orders?client_order_no={number}")).Json.GetProperty("data")[0].GetProperty("order_no").GetString()}");

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
