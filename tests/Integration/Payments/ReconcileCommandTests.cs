using System.Text.Json.Nodes;
using Lianka.Host.Commands;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Payments;

/// <summary><c>./lianka reconcile</c> beside a running node, against the simulator: a table, and an exit code for scripts.</summary>
public sealed class ReconcileCommandTests(SimulatorProcess process) : IClassFixture<SimulatorProcess>
{
    private static async Task<(int Code, string Text)> RunAsync(ShopWorld world, params string[] args)
    {
        var output = new StringWriter();
        return (await ReconcileCommand.RunAsync(world.Http.Settings, args, output), output.ToString());
    }

    private async Task TurnAsync(TurnedClock clock, TimeSpan by)
    {
        clock.Turn(by);
        using var answer = await process.Simulator.Client.PostAsync($"/sim/clock?turn_ms={(long)by.TotalMilliseconds}", null);
        answer.EnsureSuccessStatusCode();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_The_command_says_what_differs_by_its_exit_code_and_takes_files(DatabaseKind kind)
    {
        using var reset = await process.Simulator.Client.PostAsync("/sim/reset", null);
        // The command lives in the present, so the sale was yesterday.
        var clock = new TurnedClock();
        await using var world = await ShopWorld.CreateAsync(kind, clock: clock);
        var noon = new DateTimeOffset(clock.Now().ToOffset(TimeSpan.FromHours(8)).Date.AddHours(-12), TimeSpan.FromHours(8));
        var back = noon - clock.Now();
        await TurnAsync(clock, back);
        var day = ChannelDays.Text(ChannelDays.Of(clock.Now()));
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        var identity = (await process.Simulator.IdentitiesAsync("wechat"))[0];
        (await world.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "wx", Protocol = "wechat", NameZh = "微信", NameEn = "WeChat", BaseUrl = (string)identity["base_url"]!,
            Values = ((JsonObject)identity["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!),
        })).ShouldBeOfType<ChannelDecision.Saved>();
        (await RunAsync(world)).ShouldBe((0, $"nothing to reconcile{Environment.NewLine}"));
        var guest = world.NewGuest();
        var order = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        var attempt = (await world.Payments.StartAsync(order, new PayAsk(world.Merchant, null, PayDevices.Desktop, "goods", "https://shop.example/back")))!.Attempt.ShouldNotBeNull();
        await process.Simulator.TellAsync(attempt.OutNo, "pay");
        await TurnAsync(clock, TimeSpan.FromSeconds(6));
        await ShopWorld.UntilAsync(async () => await world.CountAsync("select count(*) from payment_attempt where state = 'paid'") == 1);
        await TurnAsync(clock, -back);

        await process.Simulator.BehaveAsync(new JsonObject { ["down_bps"] = 10_000, ["only"] = new JsonArray("statement") });
        var (code, text) = await RunAsync(world);
        code.ShouldBe(1);
        text.ShouldContain("waiting");
        text.ShouldContain("wx: ");
        await process.Simulator.BehaveAsync(new JsonObject { ["statement_fen_off"] = 1 });
        (code, text) = await RunAsync(world, "--channel", "wx", "--day", day);
        code.ShouldBe(1);
        text.ShouldContain($"amount_differs: ours 49.5000, theirs 49.5100, number {attempt.OutNo}", Case.Sensitive, text);

        // The right one from the channel's console.
        await process.Simulator.BehaveAsync([]);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await process.Simulator.Client.GetByteArrayAsync($"/sim/statement?channel=wechat:{(string)identity["merchant"]!}&day={day}"));
            (await RunAsync(world, "--channel", "wx", "--day", ChannelDays.Text(ChannelDays.Of(noon).AddDays(-1)), "--file", file)).Text.ShouldContain("wx: Line 2: It is of another day.");
            (code, text) = await RunAsync(world, "--channel", "wx", "--day", day, "--file", file);
        }
        finally
        {
            File.Delete(file);
        }

        (code, text.Contains("closed", StringComparison.Ordinal), text.Contains("49.5000", StringComparison.Ordinal)).ShouldBe((0, true, true), text);
        (await RunAsync(world)).Code.ShouldBe(0);
        await Should.ThrowAsync<UsageException>(RunAsync(world, "--file", "x"));
        await Should.ThrowAsync<UsageException>(RunAsync(world, "--channel", "none"));
        await Should.ThrowAsync<UsageException>(RunAsync(world, "--day", "yesterday"));
    }
}
