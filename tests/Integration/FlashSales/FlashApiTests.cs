using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.OpenApi;

namespace Lianka.Tests.Integration.FlashSales;

public sealed class FlashApiTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task F18_Exactly_the_units_are_sold_under_a_thousand_buyers_and_everybody_hears_the_truth(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 20);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(buyer => world.TryAsync(buyer)));
        var reserved = answers.Where(a => a.Status == HttpStatusCode.Created).ToList();
        var waiting = answers.Where(a => a.Status == HttpStatusCode.Accepted).ToList();
        (reserved.Count, waiting.Count).ShouldBe((20, 980));
        waiting.Select(a => int.Parse(a["place"])).Order().ShouldBe(Enumerable.Range(1, 980), "each has a place of its own");
        waiting.ShouldAllBe(a => a.Header("Retry-After") == a["poll_after"]);
        reserved.ShouldAllBe(a => a["status"] == "reserved" && a["total"] == "48.0000" && a["pay_url"].Contains(a["order_no"]));

        foreach (var order in reserved) await world.PayAsync(order);
        await world.Desk.RefreshAsync();
        foreach (var buyer in Enumerable.Range(0, 50))
        {
            var then = answers[buyer];
            var now = await world.FollowAsync(buyer);
            if (then.Status == HttpStatusCode.Created) (now.Status, now["status"]).ShouldBe((HttpStatusCode.OK, "sold"));
            else (now.Status, now.Code).ShouldBe((HttpStatusCode.Gone, "sold_out"));
        }

        (await world.TryAsync(5_000)).Code.ShouldBe("sold_out");
        (await world.Shop.CountAsync("select count(*) from orders where status = 4")).ShouldBe(20);
        (await world.SendAsync(HttpMethod.Get, world.Path, null))["state"].ShouldBe("sold_out");
        await world.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_quota_holds_under_parallel_attempts_of_one_buyer_with_several_tickets(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 50, quota: "2");
        (await world.TryAsync(1, quantity: 3)).Code.ShouldBe("quantity_out_of_range");
        (await world.TryAsync(1, quantity: 0)).Code.ShouldBe("quantity_out_of_range");
        var later = world.Desk.Issue(world.Sale with { ToAt = world.Sale.ToAt.AddHours(1) }, "buyer 1");
        later.ShouldNotBe(world.Ticket(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => world.TryAsync(i % 2 == 0 ? later : world.Ticket(1), quantity: 2)));
        answers.Select(a => a["order_no"]).Distinct().ShouldHaveSingleItem();
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(a => a.Status == HttpStatusCode.OK).ShouldAllBe(a => a.Header("Idempotent-Replayed") == "true");
        (await world.Shop.CountAsync("select taken from flash_sale")).ShouldBe(2);
        await world.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F25_Unpaid_units_return_without_a_separate_process_and_are_sold_to_those_who_wait(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 3);
        var reserved = new List<Answer>();
        for (var buyer = 1; buyer <= 3; buyer++) reserved.Add(await world.TryAsync(buyer));
        await world.Desk.RefreshAsync();
        for (var buyer = 4; buyer <= 8; buyer++) (await world.TryAsync(buyer))["ahead"].ShouldBe($"{buyer - 4}");
        await world.PayAsync(reserved[0]);
        // Nobody but the node itself does anything: its clock lets the other two lapse.
        world.Clock.Turn(TimeSpan.FromSeconds(61));
        for (var buyer = 4; buyer <= 8; buyer++) await world.FollowAsync(buyer);
        await Shop.ShopWorld.UntilAsync(async () => await world.Shop.CountAsync("select lapsed from flash_sale") == 2);
        await world.Desk.RefreshAsync();

        (await world.FollowAsync(2)).Code.ShouldBe("reservation_lapsed");
        (await world.TryAsync(2)).Code.ShouldBe("reservation_lapsed");
        (await world.TryAsync(99)).Status.ShouldBe(HttpStatusCode.Accepted, "a newcomer stands behind those who wait");
        (await world.FollowAsync(6)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await world.FollowAsync(4))["status"].ShouldBe("reserved");
        (await world.FollowAsync(5))["status"].ShouldBe("reserved");
        (await world.FollowAsync(6)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await world.Shop.CountAsync("select taken from flash_sale")).ShouldBe(3);
        await world.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_restart_loses_places_only_and_says_so(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 2);
        var first = await world.TryAsync(1);
        (await world.TryAsync(2)).Status.ShouldBe(HttpStatusCode.Created);
        (await world.TryAsync(3)).Status.ShouldBe(HttpStatusCode.Accepted);
        await using var node = await HttpWorld.BesideAsync(world.Shop.Http, world.Clock);
        // The other node has the orders and none of the places.
        (await world.FollowAsync(1, node.Client))["order_no"].ShouldBe(first["order_no"]);
        (await world.TryAsync(1, at: node.Client))["order_no"].ShouldBe(first["order_no"]);
        (await world.FollowAsync(3, node.Client)).Code.ShouldBe("not_found");
        (await world.TryAsync(3, at: node.Client))["place"].ShouldBe("1");
        await world.LapseAsync();
        await node.Get<FlashDesk>().RefreshAsync();
        (await world.FollowAsync(3, node.Client)).Status.ShouldBe(HttpStatusCode.Created);
        // The node where it stood first hears of it and says the same.
        await world.Desk.RefreshAsync();
        (await world.FollowAsync(3))["status"].ShouldBe("reserved");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_ticket_that_is_forged_expired_or_of_another_sale_opens_nothing(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 2);
        var ticket = world.Ticket(1);
        var other = await FlashWorld.MakeAsync(world.Shop, world.Clock, 5);
        string?[] wrong = [null, "", "abc", ticket[..47] + (ticket[47] == 'A' ? 'B' : 'A'), world.Desk.Issue(other, "buyer 1"),
            world.Desk.Issue(world.Sale with { ToAt = world.Clock.Now().AddDays(-2) }, "buyer 1")];
        foreach (var each in wrong)
        {
            var answer = await world.SendAsync(HttpMethod.Post, $"{world.Path}/attempts", each);
            (answer.Status, answer.Code).ShouldBe((HttpStatusCode.Forbidden, "ticket_invalid"), each);
        }

        (await world.SendAsync(HttpMethod.Get, $"{world.Path}/attempts/mine", wrong[3])).Code.ShouldBe("ticket_invalid");
        (await world.SendAsync(HttpMethod.Get, "/api/v1/flash-sales/sale_0000000000000", null)).Code.ShouldBe("not_found");
        (await world.SendAsync(HttpMethod.Post, $"{world.Path}/attempts", ticket, "{\"quantity\":\"1\"}")).Code.ShouldBe("invalid_request");
        (await world.Shop.CountAsync("select count(*) from flash_order")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_sale_that_has_not_started_names_the_time_and_one_that_ended_gives_nothing_out(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 2, startsIn: TimeSpan.FromSeconds(100));
        var early = await world.TryAsync(1);
        (early.Status, early.Code).ShouldBe((HttpStatusCode.Conflict, "sale_not_started"));
        int.Parse(early.Header("Retry-After")).ShouldBeInRange(90, 100);
        (await world.SendAsync(HttpMethod.Get, world.Path, null))["state"].ShouldBe("upcoming");
        world.Clock.Turn(TimeSpan.FromSeconds(100));
        (await world.TryAsync(1)).Status.ShouldBe(HttpStatusCode.Created);
        await world.Shop.Http.Get<SaleBook>().EndAsync(world.Sale.Id, null);
        await world.Desk.RefreshAsync();
        (await world.TryAsync(2)).Code.ShouldBe("sale_ended");
        (await world.FollowAsync(1))["status"].ShouldBe("reserved", "what is reserved may still be paid");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_merchant_issues_tickets_for_its_own_sales_only(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 5);
        var merchants = world.Shop.Http.Get<Merchants>();
        var stranger = (await merchants.CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" }))
            .ShouldBeOfType<AgentsDecision<MerchantEntry>.Saved>().Value.Id;
        var own = await KeyAsync(world, world.Shop.Merchant);
        var issued = await own.PostAsync($"{world.Path}/tickets", new { buyers = new[] { "A-1", "A-2" } });
        issued.Status.ShouldBe(HttpStatusCode.OK);
        var tickets = issued.Json.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("ticket").GetString()!).ToList();
        (await world.TryAsync(tickets[0])).Status.ShouldBe(HttpStatusCode.Created);
        (await world.TryAsync(tickets[1])).Status.ShouldBe(HttpStatusCode.Created);
        (await own.PostAsync($"{world.Path}/tickets", new { buyers = new object[] { 1 } })).Errors.ShouldBe([("/buyers/0", "not_text")]);
        (await own.PostAsync($"{world.Path}/tickets", new { })).Errors.ShouldBe([("/buyers", "required")]);
        (await (await KeyAsync(world, stranger)).PostAsync($"{world.Path}/tickets", new { buyers = new[] { "A-1" } })).Code.ShouldBe("not_found");
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Without_cards_the_answer_is_that_stock_is_short(DatabaseKind kind)
    {
        await using var world = await FlashWorld.CreateAsync(kind, units: 5, cards: 1);
        (await world.TryAsync(1)).Status.ShouldBe(HttpStatusCode.Created);
        (await world.TryAsync(2)).Code.ShouldBe("stock_short");
        (await world.TryAsync(3)).Code.ShouldBe("stock_short");
        (await world.Shop.CountAsync("select taken from flash_sale")).ShouldBe(1);
    }

    private static async Task<Caller> KeyAsync(FlashWorld world, MerchantId merchant)
    {
        var key = (await world.Shop.Http.Get<ApiKeys>().CreateAsync(merchant, new ApiKeyDraft { Name = "t", Scopes = ApiScopes.All, CallsPerSecond = "1000" }))
            .ShouldBeOfType<AgentsDecision<NewApiKey>.Saved>().Value;
        return new Caller(world.Shop.Http.Client, key.Line.Key, key.Secret);
    }
}
