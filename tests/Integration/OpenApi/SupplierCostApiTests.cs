using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.OpenApi;

public sealed class SupplierCostApiTests
{
    private static async Task<string> SupplyAsync(Caller caller) =>
        (await caller.GetAsync("/api/v1/supplier/supplies?sku=sku-a")).Json.GetProperty("data")[0].GetProperty("id").GetString()!;

    private static async Task<string?> CostAsync(Caller caller) =>
        (await caller.GetAsync("/api/v1/supplier/supplies?sku=sku-a")).Json.GetProperty("data")[0].GetProperty("cost").GetString();

    private static Task<Answer> AskAsync(Caller caller, string supply, string cost) =>
        caller.SendAsync("PUT", $"/api/v1/supplier/supplies/{supply}/cost", System.Text.Json.JsonSerializer.Serialize(new { cost }));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_lower_cost_is_in_force_at_once_and_a_higher_one_when_a_person_agrees(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var (supply, changes) = (await SupplyAsync(world.Caller), world.Api.Get<CostChanges>());
        (await AskAsync(world.Caller, supply, "45"))["state"].ShouldBe("in_force");
        (await CostAsync(world.Caller)).ShouldBe("45.0000");
        (await AskAsync(world.Caller, supply, "45"))["state"].ShouldBe("in_force");

        for (var i = 0; i < 2; i++) (await AskAsync(world.Caller, supply, "46"))["state"].ShouldBe("waiting");
        (await AskAsync(world.Caller, supply, "46.5"))["before"].ShouldBe("45.0000");
        (await CostAsync(world.Caller)).ShouldBe("45.0000");
        var all = await changes.ListAsync(world.First);
        all.Select(c => (c.Cost.ToString(), c.State)).ShouldBe(
            [("46.5000", CostChangeState.Waiting), ("46.0000", CostChangeState.Replaced), ("45.0000", CostChangeState.Passed)]);
        (await changes.DecideAsync(all[1].Id, isPassed: true, "late", "test")).ShouldBeFalse();
        (await changes.DecideAsync(all[0].Id, isPassed: true, "fine", "test")).ShouldBeTrue();
        (await changes.DecideAsync(all[0].Id, isPassed: false, "no", "test")).ShouldBeFalse();
        (await CostAsync(world.Caller)).ShouldBe("46.5000");

        await AskAsync(world.Caller, supply, "47");
        (await changes.DecideAsync((await changes.ListAsync(world.First))[0].Id, isPassed: false, "too much", "test")).ShouldBeTrue();
        (await CostAsync(world.Caller)).ShouldBe("46.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_Nobody_changes_anothers_cost_and_bad_amounts_are_named(DatabaseKind kind)
    {
        await using var world = await SupplierApiWorld.CreateAsync(kind);
        var supply = await SupplyAsync(world.Caller);
        ((int)(await AskAsync(world.Other, supply, "1")).Status).ShouldBe(404);
        ((int)(await AskAsync(world.Caller, "sply_x", "1")).Status).ShouldBe(404);
        foreach (var (cost, code) in new[] { ("0", "not_positive"), ("-1", "not_positive"), ("1.00001", "not_amount"), ("", "not_amount") })
            (await AskAsync(world.Caller, supply, cost)).Errors.ShouldBe([("/cost", code)]);
        (await CostAsync(world.Caller)).ShouldBe("45.2500");
    }
}
