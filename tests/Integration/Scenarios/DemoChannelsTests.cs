using Lianka.Host.Scenarios;
using Lianka.Modules.Payments;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Scenarios;

/// <summary>The channel simulator as the child of a demo node.</summary>
public sealed class DemoChannelsTests
{
    private const string Scenario = "three-level-agents";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_demos_channels_answer_without_a_setting_and_are_found_again_after_a_restart(DatabaseKind kind)
    {
        // As in production: calls to private addresses are refused.
        await using var world = await HttpWorld.CreateAsync(kind, s => s.AddSingleton(
            new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]))));
        var services = world.Get<IServiceProvider>();
        for (var turn = 1; turn <= 2; turn++)
        {
            await using var simulator = (await SeedScenario.StartChannelsAsync(services, Scenario, TextWriter.Null, default)).ShouldNotBeNull();
            await ActivatorUtilities.CreateInstance<DemoChannels>(services).PointAsync(simulator.Address, world.Address.ToString().TrimEnd('/'), TextWriter.Null, default);
            var channels = await world.Get<PaymentChannels>().ListAsync();
            channels.Select(c => c.Code).ShouldBe(["test", "wechat", "alipay", "unionpay", "stripe", "epay2"], ignoreOrder: true);
            // The test channel goes first: it works without the simulator.
            channels[0].Code.ShouldBe("test");
            foreach (var channel in channels.Where(c => c.BaseUrl.StartsWith("http://127.0.0.1", StringComparison.Ordinal)))
                (await world.Get<ChannelDesk>().TryAsync(channel)).ShouldBeOfType<ChannelTrial.Works>(channel.Code);
            (channels.Single(c => c.Code == "alipay").State, channels.Single(c => c.Code == "stripe").BaseUrl).ShouldBe(
                turn == 1 ? (ChannelState.Active, $"{simulator.Address.GetLeftPart(UriPartial.Authority)}/stripe") : (ChannelState.Off, "https://api.stripe.example"));

            // Another place the next time, one channel off, and one made a real one, which is left alone.
            await world.Database.WriteAsync(s => s.ExecuteAsync(
                """
                update channel set base_url = 'http://127.0.0.1:9', updated_at = updated_at + 1 where code <> 'test';
                update channel set state = 'off' where code = 'alipay';
                update channel set base_url = 'https://api.stripe.example' where code = 'stripe'
                """));
        }
    }

    [Fact]
    public async Task A_simulator_that_is_not_there_is_told_and_the_node_goes_on()
    {
        using var http = new GuardedHttp(new Settings("", "", "sqlite", "none", new byte[32]));
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => DemoSimulator.StartAsync("none.dll", "one", new Uri("http://127.0.0.1:9"), [], http, default));
        DemoSimulator.IsNoStart(fault, default).ShouldBeTrue();
    }
}
