using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>What a channel may take in a day of China, on both databases: counted over midnight and among buyers who come at once.</summary>
public sealed class DailyLimitTests
{
    private static readonly PayAsk _ask = new(Trade.Leaf, null, PayDevices.Phone, "goods", "http://shop.example/back");

    /// <summary>Channel a only, which may take two of 49.50.</summary>
    private static async Task<AttemptTests.Till> OpenAsync(DatabaseKind kind, TimeSpan timeInChina)
    {
        var till = await AttemptTests.OpenAsync(kind);
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'b'; update channel set daily_limit = 1000000 where code = 'a'"));
        var now = till.Trade.Clock.Now().ToOffset(TimeSpan.FromHours(8));
        till.Trade.Clock.Turn(new DateTimeOffset(now.Date.AddDays(1) + timeInChina, now.Offset) - now);
        return till;
    }

    private static async Task<Order> ReserveAsync(AttemptTests.Till till, byte buyer) => Trade.Done(await till.Trade.Desk.RunAsync(new OrderCommand.Reserve(
        new(60), Trade.Leaf, $"k{buyer}", Trade.Sku, 1, Money.Parse("49.50"), Money.Parse("0.30"), PaymentBook.Clearing, null, $"{buyer}@example.com", [buyer],
        till.Trade.Clock.Now().AddMinutes(15), "buyer")));

    private static async Task<PayStart> StartAsync(AttemptTests.Till till, Order order) => (await till.Desk.StartAsync(order.Id, _ask))!;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_full_day_ends_at_midnight_in_China(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind, new TimeSpan(23, 30, 0));
        for (byte i = 0; i < 2; i++)
        {
            var attempt = (await StartAsync(till, await ReserveAsync(till, i))).Attempt.ShouldNotBeNull();
            till.A.Pay(attempt.OutNo, $"T{i}");
            await till.FollowAsync(TimeSpan.FromSeconds(6));
        }

        (await StartAsync(till, await ReserveAsync(till, 2))).Problem.ShouldBe(PayProblem.NoChannel);
        var channel = (await till.Trade.World.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "a");
        (await till.Trade.World.Get<ChannelDesk>().FiguresAsync(channel)).TakenToday.ToString().ShouldBe("99.0000");
        till.Trade.Clock.Turn(TimeSpan.FromMinutes(31));
        (await till.Trade.World.Get<ChannelDesk>().FiguresAsync(channel)).TakenToday.ToString().ShouldBe("0.0000");
        (await StartAsync(till, await ReserveAsync(till, 3))).Attempt.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Buyers_who_come_at_once_do_not_overfill_it_and_what_nobody_paid_counts_no_more(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind, new TimeSpan(12, 0, 0));
        var orders = new List<Order>();
        for (byte i = 0; i < 8; i++) orders.Add(await ReserveAsync(till, i));
        var started = await Task.WhenAll(orders.Select(o => Task.Run(() => StartAsync(till, o))));
        started.Count(s => s.Attempt is not null).ShouldBe(2);
        till.Trade.Clock.Turn(TimeSpan.FromMinutes(16));
        (await StartAsync(till, await ReserveAsync(till, 100))).Attempt.ShouldNotBeNull();
    }
}
