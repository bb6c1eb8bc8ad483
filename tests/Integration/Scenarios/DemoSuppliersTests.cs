using System.Text.Json;
using Lianka.Host.Scenarios;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Scenarios;

/// <summary>The simulator as the child of a demo node.</summary>
public sealed class DemoSuppliersTests
{
    private const string Scenario = "three-level-agents";
    private static readonly ScenarioFile _file = ScenarioFile.Load(Scenario);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_demo_buys_from_its_own_simulator_without_a_setting_and_finds_a_new_one_after_a_restart(DatabaseKind kind)
    {
        // As in production: calls to private addresses are refused.
        await using var world = await HttpWorld.CreateAsync(kind, s => s.AddSingleton(
            new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]))));
        var services = world.Get<IServiceProvider>();
        await SeedScenario.RunAsync(services, Scenario, world.Address.ToString(), suppliers: null, channels: null, TextWriter.Null, default);
        var refunded = await BuyAsync(world, "without", "13800138100");
        (refunded.Status, refunded.Failure).ShouldBe((OrderStatus.Refunded, "not_sent"));

        foreach (var turn in (string[])["first", "second"])
        {
            await using var suppliers = (await SeedScenario.StartSuppliersAsync(services, Scenario, TextWriter.Null, default)).ShouldNotBeNull();
            await SeedScenario.RunAsync(services, Scenario, world.Address.ToString(), suppliers.Address, channels: null, TextWriter.Null, default);
            (await BuyAsync(world, turn, "13800138100")).Status.ShouldBe(OrderStatus.Delivered);
            (await BuyAsync(world, turn + "-102", "13800138102")).Failure.ShouldBe("account");
        }
    }

    [Fact]
    public async Task Nodes_of_one_demo_share_a_simulator_and_another_demo_gets_its_own()
    {
        using var http = new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]));
        DemoSimulator first;
        await using (first = (await StartAsync("one", DemoConnections.UsualAddress)).ShouldNotBeNull())
        {
            await using var beside = (await StartAsync("one", first.Address)).ShouldNotBeNull();
            beside.Address.ShouldBe(first.Address);
            await using var other = (await StartAsync("two", first.Address)).ShouldNotBeNull();
            other.Address.ShouldNotBe(first.Address);
        }

        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(first.Address, "/sim/summary")));

        Task<DemoSimulator?> StartAsync(string name, Uri last) => DemoSuppliers.StartAsync(_file, name, last, http, TextWriter.Null, default);
    }

    [Fact]
    public async Task A_connection_that_was_pointed_to_a_real_supplier_is_left_alone()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        await SeedScenario.RunAsync(world.Get<IServiceProvider>(), Scenario, world.Address.ToString(), suppliers: null, channels: null, TextWriter.Null, default);
        var upstreams = world.Get<Upstreams>();
        var one = (await upstreams.ListAsync())[0];
        await upstreams.UpdateAsync(one.Id, new ConnectionDraft { Name = one.Name, BaseUrl = "https://supplier.example.com", Config = one.Config });
        await SeedScenario.RunAsync(world.Get<IServiceProvider>(), Scenario, world.Address.ToString(), new Uri("http://127.0.0.1:40404"), channels: null, TextWriter.Null, default);
        (await upstreams.ListAsync()).Select(c => c.BaseUrl).ShouldBe(["https://supplier.example.com", "http://127.0.0.1:40404"]);
    }

    private static async Task<Order> BuyAsync(HttpWorld world, string key, string account)
    {
        var desk = world.Get<OrderDesk>();
        var buyer = (await world.Get<Merchants>().FindAsync("xiaolu"))!.Id;
        var sku = (await world.Get<Modules.Catalog.Catalog>().FindSkuAsync("cmcc-topup-30"))!.Id;
        var placed = (await desk.RunAsync(new OrderCommand.Place(OrderSource.Api, buyer, key, sku, 1, Money.Parse("100"),
            JsonSerializer.Serialize(new { account }), null, "key:test"))).ShouldBeOfType<OrderDecision.Done>().Order;
        for (var tries = 0; tries < 600; tries++)
        {
            if ((await desk.FindAsync(placed.Id))! is { Status: not OrderStatus.Fulfilling } ended) return ended;
            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{account}: the order does not end.");
    }
}
