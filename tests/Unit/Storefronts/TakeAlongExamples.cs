using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Microsoft.AspNetCore.DataProtection;

namespace Lianka.Tests.Unit.Storefronts;

/// <summary>Orders that another device of the same buyer is to show.</summary>
public sealed class TakeAlongExamples
{
    private readonly Clock _clock = new();
    private readonly TakeAlong _along;

    public TakeAlongExamples() => _along = new(new EphemeralDataProtectionProvider(), _clock);

    [Fact]
    public void A_key_holds_the_orders_for_ten_minutes_and_its_own_shop()
    {
        OrderId[] orders = [new(7), new(long.MaxValue)];
        var key = _along.Pack(Shop(1), orders);
        _along.Read(Shop(1), key).ShouldBe(orders);
        _along.Read(Shop(2), key).ShouldBeNull();
        _clock.Now += TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1);
        _along.Read(Shop(1), key).ShouldBe(orders);
        _clock.Now += TimeSpan.FromSeconds(1);
        _along.Read(Shop(1), key).ShouldBeNull();
    }

    [Fact]
    public void What_nobody_sealed_here_is_no_key()
    {
        foreach (var key in new[] { null, "", "x", "%%%", "AAAA", new string('A', 400) }) _along.Read(Shop(1), key).ShouldBeNull();
        new TakeAlong(new EphemeralDataProtectionProvider(), _clock).Read(Shop(1), _along.Pack(Shop(1), [new(7)])).ShouldBeNull();
    }

    [Fact]
    public void All_that_a_browser_knows_fits_a_code_that_phones_read() =>
        _along.Pack(Shop(1), [.. Enumerable.Range(0, 20).Select(i => new OrderId(long.MaxValue - i))]).Length.ShouldBeLessThan(450);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static Shop Shop(long id) =>
        new(new Storefront(new StorefrontId(id), new MerchantId(1), "xiaolu", "", "", "", "", "", "", true, DateTimeOffset.UnixEpoch), IsAtOwnHost: false);
}
