using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.FlashSales;
using Lianka.Modules.FlashSales.Core;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Unit.FlashSales;

public sealed class FlashExamples
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] _key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Fact]
    public void A_ticket_reads_as_it_was_written_and_never_when_it_was_changed()
    {
        var ticket = new Ticket(new SaleId(70), 123_456_789, _now);
        var text = TicketText.Write(ticket, _key);
        text.Length.ShouldBe(TicketText.Length);
        TicketText.Read(text, _key).ShouldBe(ticket);
        TicketText.Read(text, SHA256.HashData(_key)).ShouldBeNull();
        for (var i = 0; i < text.Length; i++)
            TicketText.Read($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}", _key).ShouldBeNull($"changed at {i}");
        foreach (var other in (string[])["", "A", text + "A", text[1..], new string('=', 48), new string('卡', 48)])
            TicketText.Read(other, _key).ShouldBeNull();
    }

    [Fact]
    public void An_estimate_counts_only_what_is_known()
    {
        var sale = Sale(units: 100, taken: 100, sold: 0);
        UnpaidUnits[] unpaid = [new(_now.AddSeconds(10), 50), new(_now.AddSeconds(20), 50)];
        // Nothing is known yet: of a hundred, one in ten is thought to come back.
        Estimate.ReturnedPerMille(sale).ShouldBe(100);
        Estimate.Of(sale, unpaid, default, ahead: 0, left: 0, _now).ShouldBe((Chance.Likely, _now.AddSeconds(10)));
        Estimate.Of(sale, unpaid, default, ahead: 4, left: 0, _now).ShouldBe((Chance.Likely, _now.AddSeconds(10)));
        Estimate.Of(sale, unpaid, default, ahead: 5, left: 0, _now).ShouldBe((Chance.Likely, _now.AddSeconds(20)));
        Estimate.Of(sale, unpaid, default, ahead: 10, left: 0, _now).ShouldBe((Chance.Possible, null));
        Estimate.Of(sale, unpaid, default, ahead: 100, left: 0, _now).ShouldBe((Chance.Unlikely, null));
        Estimate.Of(sale, unpaid, default, ahead: 2, left: 3, _now).ShouldBe((Chance.Likely, _now));
        Estimate.Of(sale, [], new UnpaidUnits(_now.AddSeconds(60), 100), ahead: 9, left: 0, _now).ShouldBe((Chance.Likely, _now.AddSeconds(60)), "reserved just now");
        // Half of them came back so far: then it is half.
        Estimate.ReturnedPerMille(sale with { Sold = 1_000, Lapsed = 1_000 }).ShouldBe(498);
    }

    [Fact]
    public void A_door_lets_in_as_many_as_there_are_units_and_tells_the_others_a_place()
    {
        var door = Door(units: 2);
        door.Ask(1, 1, "", false, _now).MayTry.ShouldBeTrue();
        door.Ask(2, 1, "", false, _now).MayTry.ShouldBeTrue();
        var third = door.Ask(3, 1, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>();
        (third.Place, third.Ahead, third.Left).ShouldBe((1, 0, 0));
        // The first gets its order; the second finds that another node was faster.
        door.Tried(1, 1, "", Done(401), _now).ShouldBeOfType<FlashAnswer.Owned>().IsNew.ShouldBeTrue();
        var second = door.Tried(2, 1, "", new OrderDecision.Refused(Refusal.StockShort, "all_reserved"), _now).ShouldBeOfType<FlashAnswer.Waiting>();
        second.Place.ShouldBe(2);
        door.Ask(1, 1, "", false, _now).Order.ShouldBe(new OrderId(401));
        door.Ask(9, null, "", false, _now).ShouldBe(default, "nobody asked for the ninth");
    }

    [Fact]
    public void Units_that_come_back_go_to_who_waits_first()
    {
        var door = Door(units: 1, taken: 1);
        door.Ask(1, 1, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>();
        door.Ask(2, 1, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>();
        door.Learn(new SaleNews(Sale(units: 1, lapsed: 1), [], []));
        door.Ask(3, 1, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>("a newcomer stands behind those who wait");
        door.Ask(2, null, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>();
        door.Ask(1, null, "", false, _now).ShouldBe(new Asked(MayTry: true, Quantity: 1));
    }

    [Fact]
    public void Sold_out_is_said_only_when_nothing_can_come_back()
    {
        var door = Door(units: 1, taken: 1);
        door.Ask(1, 1, "", false, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>();
        door.Learn(new SaleNews(Sale(units: 1, taken: 1, sold: 1), [new SaleOrder(1, new OrderId(401), 7)], []));
        door.Ask(1, null, "", false, _now).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.SoldOut));
        door.Ask(7, 1, "", false, _now).Order.ShouldBe(new OrderId(401), "who has an order hears of it, also on another node");
    }

    [Fact]
    public void Before_the_start_after_the_end_and_above_the_quota_nobody_is_let_in()
    {
        var door = Door(units: 5);
        door.Ask(1, 1, "", false, _now.AddMinutes(-10)).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.SaleNotStarted, TimeSpan.FromMinutes(9)));
        door.Ask(1, 1, "", false, _now.AddHours(1)).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.SaleEnded));
        door.Ask(1, 3, "", false, _now).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.QuantityOutOfRange));
        door.Ask(1, 0, "", false, _now).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.QuantityOutOfRange));
    }

    [Fact]
    public void A_busy_engine_makes_people_wait_and_a_general_refusal_is_not_asked_for_again_and_again()
    {
        var door = Door(units: 5);
        door.Ask(1, 2, "a@example.com", true, _now).Answer.ShouldBeOfType<FlashAnswer.Waiting>().Left.ShouldBe(5);
        door.Ask(1, null, "", false, _now).ShouldBe(new Asked(MayTry: true, Quantity: 2, Contact: "a@example.com"));
        door.Tried(1, 2, "a@example.com", null, _now).ShouldBeOfType<FlashAnswer.Waiting>("the queue was full: it waits");
        door.Ask(1, null, "", false, _now).MayTry.ShouldBeTrue();
        door.Tried(1, 2, "", new OrderDecision.Refused(Refusal.StockShort), _now).ShouldBe(new FlashAnswer.Refused(Refusal.StockShort));
        door.Ask(2, 1, "", false, _now).Answer.ShouldBe(new FlashAnswer.Refused(Refusal.StockShort));
        door.Ask(2, 1, "", false, _now.AddSeconds(2)).MayTry.ShouldBeTrue();
    }

    private static SaleDoor Door(long units, long taken = 0) => new("shop", new SaleNews(Sale(units, taken), [], []));

    private static FlashSale Sale(long units, long taken = 0, long sold = 0, long lapsed = 0) => new()
    {
        Id = new SaleId(70), Units = units, Price = Money.Parse("49.00"), Quota = 2, PaySeconds = 60, Taken = taken, Sold = sold, Lapsed = lapsed,
        FromAt = _now.AddMinutes(-1), ToAt = _now.AddHours(1),
    };

    private static OrderDecision.Done Done(long id) => new(new Order
    {
        Id = new OrderId(id), Merchant = new(1), Source = OrderSource.Retail, Sku = new(1), Quantity = 1, MaxTotal = default, Status = OrderStatus.Placed,
        UnitPrice = default, Total = default, PayerAccount = default, EscrowAccount = default, MerchantUnit = default, TopUnit = default, CreatedAt = _now,
    });
}
