using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F13: a node goes on after its callers have turned elsewhere.</summary>
public sealed class LatePurchaseTests
{
    private static readonly TimeSpan _late = OrderEngine.PurchaseAgeMax + TimeSpan.FromMilliseconds(1);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F13_Who_was_told_no_elsewhere_does_not_get_the_order_from_the_node_that_comes_back(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20, wallet: "60.0000");
        HeldStore frozen = null!;
        await using var node = await trade.AnotherNodeAsync(replace: s => s.AddSingleton<IOrderStore>(p => frozen = Held(p)));
        _ = node.Desk;
        frozen.Gate = new TaskCompletionSource();
        var first = node.PlaceAsync("K");
        await ShopWorld.UntilAsync(() => Task.FromResult(frozen.Held == 1));
        trade.Clock.Turn(_late);

        // Its caller asks again: the money is just spent. Then it comes back.
        var other = Trade.Done(await trade.PlaceAsync("other"));
        (await trade.PlaceAsync("K")).ShouldBeOfType<OrderDecision.Refused>().Why.ShouldBe(Refusal.InsufficientFunds);
        Trade.Done(await trade.RefundAsync(other, 1));
        frozen.Gate.SetResult();

        await Should.ThrowAsync<EngineBusyException>(() => first);
        (await trade.CountAsync("select count(*) from orders where client_key = 'K'")).ShouldBe(0);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F13_A_purchase_that_waited_too_long_is_not_begun_and_may_come_again(DatabaseKind kind)
    {
        HeldStore store = null!;
        await using var trade = await Trade.OpenAsync(kind, cards: 20, replace: s => s.AddSingleton<IOrderStore>(p => store = Held(p)));
        var reserved = Trade.Done(await trade.ReserveAsync("reserved"));
        await trade.ChannelPaidAsync(reserved);
        store.Gate = new TaskCompletionSource();
        Task<OrderDecision> place = trade.PlaceAsync("placed"), reserve = trade.ReserveAsync("second"), repeat = trade.ReserveAsync("reserved"),
            pay = trade.Desk.RunAsync(new OrderCommand.Pay(reserved.Id, reserved.Total, "test", "channel:test"));
        trade.Clock.Turn(_late);
        var young = trade.PlaceAsync("young");
        store.Gate.SetResult();

        await Should.ThrowAsync<EngineBusyException>(() => place);
        await Should.ThrowAsync<EngineBusyException>(() => reserve);
        Trade.Done(await repeat).Id.ShouldBe(reserved.Id, "nothing is begun by it");
        Trade.Done(await pay).Status.ShouldBe(OrderStatus.Delivered, "money that came does not grow old");
        Trade.Done(await young);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(2);
        (await trade.PlaceAsync("placed")).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeFalse();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_purchase_whose_caller_hung_up_before_its_turn_is_not_begun(DatabaseKind kind)
    {
        HeldStore store = null!;
        await using var trade = await Trade.OpenAsync(kind, cards: 20, replace: s => s.AddSingleton<IOrderStore>(p => store = Held(p)));
        Trade.Done(await trade.PlaceAsync("warm"));
        store.Gate = new TaskCompletionSource();
        using var caller = new CancellationTokenSource();
        var place = trade.Desk.RunAsync(new OrderCommand.Place(
            OrderSource.Api, Trade.Leaf, "gone", Trade.Sku, 1, Money.Parse("100"), null, null, "key:test", null), caller.Token);
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => place);
        store.Gate.SetResult();
        Trade.Done(await trade.PlaceAsync("after"));
        (await trade.CountAsync("select count(*) from orders where client_key = 'gone'")).ShouldBe(0);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_A_press_whose_turn_came_too_late_hears_busy_and_the_same_form_pressed_again_buys_once(DatabaseKind kind)
    {
        var clock = new TurnedClock();
        HeldStore store = null!;
        await using var world = await ShopWorld.CreateAsync(kind, clock: clock, replace: s => s.AddSingleton<IOrderStore>(p => store = Held(p)));
        var guest = world.NewGuest();
        var product = await guest.ProductAsync();
        store.Gate = new TaskCompletionSource();
        var pressed = guest.BuyAsync(product);
        await ShopWorld.UntilAsync(() => Task.FromResult(store.Held > 0));
        clock.Turn(_late);
        store.Gate.SetResult();

        var busy = await pressed;
        busy.Status.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        busy.Html.ShouldContain("没有扣款");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(0);
        busy.Field("token").ShouldBe(product.Field("token"));
        (await guest.BuyAsync(busy)).Path.ShouldStartWith("/s/xiaolu/pay/ord_");
        (await world.CountAsync("select count(*) from orders")).ShouldBe(1);
    }

    private static HeldStore Held(IServiceProvider services) => new(ActivatorUtilities.CreateInstance<SqlOrderStore>(services));
}
