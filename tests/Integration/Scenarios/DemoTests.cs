using System.Text.Json;
using Lianka.Host.Proof;
using Lianka.Host.Scenarios;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Scenarios;

public sealed class DemoTests
{
    private const string Scenario = "three-level-agents";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_demo_is_complete_and_sound_and_a_second_start_leaves_it_alone(DatabaseKind kind)
    {
        await using var world = await HttpWorld.CreateAsync(kind);
        (await SeedAsync(world, "http://127.0.0.1:5080")).ShouldBeTrue();
        using var first = await DemoAsync(world);
        first.RootElement.GetProperty("base_url").GetString().ShouldBe("http://127.0.0.1:5080");
        var merchants = first.RootElement.GetProperty("merchants").EnumerateArray().ToList();
        merchants.Count.ShouldBe(8);
        foreach (var merchant in merchants)
        {
            MerchantId.TryParse(Text(merchant, "id"), out _).ShouldBeTrue();
            Text(merchant, "api_key").ShouldStartWith("lk_live_");
            Text(merchant, "api_secret").Length.ShouldBeGreaterThan(20);
            Money.Parse(Text(merchant, "balance")).IsPositive.ShouldBeTrue();
            Text(merchant, "storefront_url").ShouldStartWith("http://127.0.0.1:5080/s/");
            var key = world.Get<ApiKeys>().Find(Text(merchant, "api_key"))!;
            key.Scopes.ShouldBe(ApiScopes.All, ignoreOrder: true);
            key.CallsPerSecond.ShouldBeGreaterThanOrEqualTo(2_000);
        }

        var stock = first.RootElement.GetProperty("skus").EnumerateArray().Select(s => s.GetProperty("stock").GetInt64()).ToList();
        stock.Count.ShouldBeGreaterThanOrEqualTo(30);
        stock.Sum().ShouldBeGreaterThanOrEqualTo(20_000);
        stock.Max().ShouldBeGreaterThanOrEqualTo(2_000);
        (await Verification.RunAsync(world.Database, TimeProvider.System, TextWriter.Null)).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(FileOf(world)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await SeedAsync(world, "http://*:8080")).ShouldBeFalse();
        using var second = await DemoAsync(world);
        second.RootElement.GetProperty("base_url").GetString().ShouldBe("http://127.0.0.1:8080");
        WithoutAddresses(second).ShouldBe(WithoutAddresses(first));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_A_demo_whose_start_was_killed_is_continued_without_doing_anything_twice(DatabaseKind kind)
    {
        await using var world = await HttpWorld.CreateAsync(kind);
        // Stops at the first lot that is seen committed: goods without prices, merchants or people.
        using var killed = new CancellationTokenSource();
        var seeding = SeedAsync(world, "http://127.0.0.1:5080", killed.Token);
        while (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from lot")) == 0 && !seeding.IsCompleted) await Task.Yield();
        await killed.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => seeding);

        (await SeedAsync(world, "http://127.0.0.1:5080")).ShouldBeTrue();
        // And once more as if the last word, that all is done, had been lost.
        var before = await CountsAsync(world);
        using var first = await DemoAsync(world);
        await world.Database.WriteAsync(s => s.ExecuteAsync("delete from setting where name like 'scenario:%:done'"));
        (await SeedAsync(world, "http://127.0.0.1:5080")).ShouldBeTrue();
        (await CountsAsync(world)).ShouldBe(before);
        using var second = await DemoAsync(world);
        WithoutAddresses(second).ShouldBe(WithoutAddresses(first));
        before.ShouldContain("sku 69");
    }

    private static Task<bool> SeedAsync(HttpWorld world, string url, CancellationToken cancel = default) =>
        SeedScenario.RunAsync(world.Get<IServiceProvider>(), Scenario, url, suppliers: null, channels: null, TextWriter.Null, cancel);

    private static string FileOf(HttpWorld world) => Path.Combine(world.Settings.DataFolder, "demo.json");

    private static async Task<JsonDocument> DemoAsync(HttpWorld world) => JsonDocument.Parse(await File.ReadAllTextAsync(FileOf(world)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string WithoutAddresses(JsonDocument demo) =>
        demo.RootElement.GetRawText().Replace("127.0.0.1:8080", "127.0.0.1:5080", StringComparison.Ordinal);

    private static Task<List<string>> CountsAsync(HttpWorld world) => world.Database.ReadAsync(async s =>
    {
        var counts = new List<string>();
        foreach (var table in (string[])["category", "supplier", "product", "sku", "supply", "lot", "card", "merchant", "level_price", "special_price",
            "markup", "quantity_tier", "connection", "api_key", "storefront", "retail_price", "posting", "transfer", "person"])
            counts.Add($"{table} {await s.ScalarAsync<long>($"select count(*) from {table}")}");
        return counts;
    });
}
