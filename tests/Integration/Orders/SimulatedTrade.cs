using System.Globalization;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Upstream;

namespace Lianka.Tests.Integration.Orders;

/// <summary>
/// A trade whose direct SKU (level 3: 10.50) two suppliers deliver, each with a system that the simulator plays as a process: the first
/// for 9.00, the second for 9.50. Everything but merchants is made through the front doors.
/// </summary>
/// <remarks>The simulator buys again whatever it is told again, so a repeated purchase shows.</remarks>
internal sealed class SimulatedTrade : IAsyncDisposable
{
    public const string First = "1001", Second = "1002";

    private SimulatedTrade(Trade trade, Simulator simulator, NoticeEar ear) => (Trade, Simulator, Ear) = (trade, simulator, ear);

    public Trade Trade { get; }
    public Simulator Simulator { get; }
    public NoticeEar Ear { get; }
    public List<Supplier> Suppliers { get; } = [];
    public List<Connection> Connections { get; } = [];
    public List<Supply> Supplies { get; } = [];
    public Sku Sku { get; private set; } = null!;
    public PurchaseDesk Purchases => Trade.World.Get<PurchaseDesk>();
    private Modules.Catalog.Catalog Catalog => Trade.World.Get<Modules.Catalog.Catalog>();

    /// <param name="templates">How each supplier's system is spoken to.</param>
    /// <param name="hasCards">The suppliers deliver cards, and buyers give no account.</param>
    public static async Task<SimulatedTrade> OpenAsync(DatabaseKind kind, string[] templates, bool hasCards = false, string wallet = "100.0000")
    {
        var made = new SimulatedTrade(await Trade.OpenAsync(kind, 0, wallet), await Simulator.StartAsync(), await NoticeEar.StartAsync());
        await made.FillAsync(templates, hasCards);
        await made.BehaveAsync();
        return made;
    }

    /// <summary>What the simulator does from here on, beside its usual prices.</summary>
    public Task BehaveAsync(params (string Name, JsonNode Value)[] does)
    {
        var behaviour = new JsonObject
        {
            ["delay_ms"] = 0, ["sends_notices"] = false, ["is_idempotent"] = false, ["hang_ms"] = 10_000,
            ["prices"] = new JsonObject { [First] = 9.00m, [Second] = 9.50m, ["9001"] = 9.00m, ["9002"] = 9.50m },
        };
        foreach (var (name, value) in does) behaviour[name] = value;
        return Simulator.BehaveAsync(behaviour);
    }

    public async Task<Order> PlaceAsync(string key, string? account = "13800138000", long quantity = 1) => Trade.Done(await Trade.Desk.RunAsync(
        new OrderCommand.Place(OrderSource.Api, Trade.Leaf, key, Sku.Id, quantity, Money.Parse("1000"),
            account is null ? null : $$"""{"account":"{{account}}"}""", null, "key:test")));

    /// <summary>Places an order and tells the supplier of it, once.</summary>
    public async Task<Order> BuyAsync(string key, string? account = "13800138000", long quantity = 1) => await StepAsync(await PlaceAsync(key, account, quantity));

    public async Task StepAsync()
    {
        var worker = Trade.World.Get<PurchaseWorker>();
        await worker.StepAsync(default);
        while (worker.IsBusy) await Task.Delay(5);
    }

    public async Task<Order> StepAsync(Order order)
    {
        await StepAsync();
        return (await Trade.Desk.FindAsync(order.Id))!;
    }

    /// <summary>Lets time pass until the order is over; the signatures of the simulator's protocols allow five minutes in all.</summary>
    public async Task<Order> FollowAsync(Order order)
    {
        for (var i = 0; i < 12 && order.Status == OrderStatus.Fulfilling; i++)
        {
            Trade.Clock.Turn(TimeSpan.FromSeconds(Math.Min(2 + i, 10)));
            order = await StepAsync(order);
            // Their clock is not turned: what is late there takes its time, and at the next supplier once more.
            if (order.Status == OrderStatus.Fulfilling) await Task.Delay(20 * (i + 1));
        }

        return order;
    }

    public async Task<List<Purchase>> PurchasesAsync(Order order) => await Trade.Desk.PurchasesAsync(order.Id);

    /// <summary>Ours, as the suppliers count: how many purchases they made, and whether one of them more than once.</summary>
    public async Task<(long Purchases, decimal Charged)> TheirsAsync()
    {
        var summary = await Simulator.SummaryAsync();
        summary["bought_twice"]!.GetValue<long>().ShouldBe(0);
        return (summary["purchases"]!.GetValue<long>(), summary["charged"]!.GetValue<decimal>());
    }

    public Task<string> WalletAsync() => Trade.BalanceAsync(AccountKinds.Wallet, 3);

    /// <summary>What the supplier earned of all orders, once they are settled.</summary>
    public async Task<string> EarnedAsync(int supplier)
    {
        Trade.Clock.Turn(TimeSpan.FromMinutes(2));
        await Trade.SettleAsync();
        return await Trade.BalanceAsync(AccountKinds.Payable, Suppliers[supplier].Id.Value);
    }

    public async Task<PurchaseCase> CaseAsync(Order order) => (await Purchases.CasesOfAsync(order.Id)).ShouldHaveSingleItem();

    public async Task TurnOffAsync(int supply) => Goods.Saved(await Catalog.UpdateSupplyAsync(Supplies[supply].Id, Draft(supply) with { State = SupplyState.Off }));

    /// <summary>The next notice that the simulator sent, and where it belongs.</summary>
    public async Task<(string Key, UpstreamNotice Notice)> HearAsync()
    {
        var (path, notice) = await Ear.NextAsync();
        return (path["/upstream/".Length..], notice);
    }

    private SupplyDraft Draft(int supply) => new()
    {
        SkuId = Sku.Id, SupplierId = Suppliers[supply].Id, Cost = supply == 0 ? "9.00" : "9.50", HoldSeconds = "60", Priority = supply == 0 ? "1" : "200",
        ConnectionId = $"{Connections[supply].Id}", UpstreamCode = Supplies.Count > supply ? Supplies[supply].UpstreamCode : "",
    };

    private async Task FillAsync(string[] templates, bool hasCards)
    {
        var world = Trade.World;
        await world.Database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values (@Name, @Value)", new { Name = Upstreams.AddressSetting, Value = Ear.Address }));
        Sku = Goods.Saved(await Catalog.CreateSkuAsync(new SkuDraft
        {
            Code = "phone-10", ProductId = new ProductId(10), Kind = SkuKind.Direct, NameZh = "10 元", NameEn = "Ten", FaceValue = "10", SuggestedRetail = "11.00", RetailFloor = "10.00",
            RetailCeiling = "13.00", Fields = hasCards ? "" : "account | phone | 手机号 | Phone",
        }));
        foreach (var (i, template) in templates.Index())
        {
            Suppliers.Add(Goods.Saved(await world.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = $"sim-{i}", NameZh = $"供应商 {i}", NameEn = $"Supplier {i}" })));
            Connections.Add(await ConnectAsync(i, template, $"1000{i + 1}"));
            Supplies.Add(Goods.Saved(await Catalog.CreateSupplyAsync(Draft(i) with { UpstreamCode = (hasCards ? "900" : "100") + (i + 1) })));
        }

        (await world.Get<PriceLists>().SetLevelPricesAsync(
            [.. new[] { "10.00", "10.20", "10.50" }.Select((price, i) => new LevelPriceDraft(Sku.Id, i + 1, price))])).ShouldBeOfType<AgentsDecision<int>.Saved>();
    }

    private async Task<Connection> ConnectAsync(int supplier, string template, string account)
    {
        var from = Upstreams.Templates.Single(t => t.Name == template);
        return Goods.Saved(await Trade.World.Get<Upstreams>().CreateAsync(new ConnectionDraft
        {
            SupplierId = Suppliers[supplier].Id, Name = $"{template} {account}", Adapter = from.Adapter, BaseUrl = Simulator.Address, Secrets = UpstreamWorld.Secrets(account),
            Config = string.Create(CultureInfo.InvariantCulture, $"{from.Config[..from.Config.LastIndexOf('}')].TrimEnd()}, \"time_limit_s\": 1 }}"),
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await Trade.DisposeAsync();
        await Simulator.DisposeAsync();
        await Ear.DisposeAsync();
    }
}
