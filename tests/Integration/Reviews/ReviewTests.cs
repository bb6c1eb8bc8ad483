using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Reviews;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;
using Goods = Lianka.Tests.Integration.Inventory.Goods;

namespace Lianka.Tests.Integration.Reviews;

/// <summary>Who bought may say what it was like: from the form to the shop's page, past word list, queue, answer and refund.</summary>
public sealed class ReviewTests
{
    private const string Product = $"/s/{ShopWorld.Slug}/p/steam-wallet";

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Who_bought_writes_one_review_and_may_change_it(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var guest = world.NewGuest();
        (await guest.GetAsync(Product)).Html.ShouldNotContain("aggregateRating");
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        var unpaid = Guest.OrderOf(pay);
        (await guest.GetAsync($"/s/{ShopWorld.Slug}/o/{unpaid}/review")).Html.ShouldContain("货到了才能评价");
        (await world.Http.Get<ReviewDesk>().WriteAsync(world.Storefront.Id, unpaid, 5, "好")).ShouldBe(new ReviewDecision.Barred(ReviewBar.NotDelivered));
        var result = await guest.PressAsync(await guest.OpenCashierAsync(pay));
        var form = $"{result.Path}/review";
        result.Html.ShouldContain(form);

        // Whoever only knows the number is sent to look it up, and another shop has no such order.
        var stranger = world.NewGuest();
        (await stranger.GetAsync(form)).Path.ShouldEndWith("/orders");
        var lookUp = await stranger.GetAsync($"/s/{ShopWorld.Slug}/orders");
        (await stranger.PostAsync(lookUp, form, ("stars", "1"), ("text", "bad"))).Path.ShouldEndWith("/orders");
        (await world.Http.Get<ReviewDesk>().WriteAsync(new StorefrontId(1), unpaid, 5, "好")).ShouldBeOfType<ReviewDecision.Missing>();
        (await world.CountAsync("select count(*) from review")).ShouldBe(0);

        var page = await guest.GetAsync(form);
        var none = await guest.PostAsync(page, form, ("text", new string('长', 501)));
        none.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        none.Html.ShouldContain("请选 1 到 5 颗星");
        none.Html.ShouldContain("最多 500 个字符");
        (await guest.PostAsync(page, form, ("stars", "5"), ("text", "到账很快\n<b>好评</b>"))).Html.ShouldContain("已显示在商品页");
        var shown = await world.NewGuest().GetAsync(Product);
        shown.Html.ShouldContain("&lt;b&gt;");
        shown.Html.ShouldContain("\"aggregateRating\":{\"@type\":\"AggregateRating\",\"ratingValue\":\"5.0\",\"reviewCount\":1,");
        // Who looked the order up by number and contact is its buyer too; the same order has the same review.
        var found = await stranger.PostAsync(lookUp, lookUp.Path, ("number", unpaid.ToString()), ("contact", ShopWorld.Contact));
        found.Path.ShouldBe(result.Path);
        (await stranger.PostAsync(await stranger.GetAsync(form), form, ("stars", "2"), ("text", "不能用"))).Status.ShouldBe(HttpStatusCode.OK);
        (await world.CountAsync("select count(*) from review")).ShouldBe(1);
        (await world.NewGuest().GetAsync(Product)).Html.ShouldContain("\"ratingValue\":\"2.0\",\"reviewCount\":1,");
        // After thirty days it stands.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update review set created_at = created_at - 31 * cast(86400000000 as bigint)"));
        (await guest.PostAsync(page, form, ("stars", "5"), ("text", ""))).Html.ShouldContain("超过 30 天");
        (await world.NewGuest().GetAsync(Product)).Html.ShouldContain("\"ratingValue\":\"2.0\"");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Words_queue_answer_and_refund(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind);
        var (desk, people) = (world.Http.Get<ReviewDesk>(), world.Http.Get<People>());
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var rival = ((AgentsDecision<MerchantEntry>.Saved)await world.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "rival", NameZh = "别家", NameEn = "Rival", Level = "1" })).Value.Id;
        var orders = new List<OrderId>();
        for (var i = 0; i < 3; i++) orders.Add(await BuyAsync(world, quantity: 2));
        var (shop, product) = (world.Storefront.Id, world.Sku.ProductId);

        Goods.Saved(await world.Http.Get<ForbiddenWords>().AddAsync("赌博", "zhou"));
        (await desk.WriteAsync(shop, orders[0], 5, "赌 博")).ShouldBeOfType<ReviewDecision.Refused>().Errors.ShouldHaveSingleItem().Code.ShouldBe("forbidden_word");
        Saved(await desk.WriteAsync(shop, orders[0], 4, "加我 13800135567")).State.ShouldBe(ReviewStatus.Waiting);
        Saved(await desk.WriteAsync(shop, orders[1], 3, "一般")).State.ShouldBe(ReviewStatus.Shown);
        Saved(await desk.WriteAsync(shop, orders[2], 5, "好")).State.ShouldBe(ReviewStatus.Shown);
        (await desk.RatingAsync(shop, product)).ShouldBe(new Rating(2, 8));
        (await desk.RatingAsync(new StorefrontId(1), product)).ShouldBe(new Rating(0, 0));
        (await desk.ShownAsync(shop, product, limit: 1)).ShouldHaveSingleItem().OrderId.ShouldBe(orders[2]);
        (await desk.ShownAsync(shop, product, orders[2])).ShouldHaveSingleItem().OrderId.ShouldBe(orders[1]);

        // The operator's queue: what was read is what is passed.
        var zhou = await Visitor.LoggedInAsync(world.Http, "zhou");
        (await zhou.GetAsync("/console/reviews?show=waiting")).Html.ShouldContain(orders[0].ToString());
        (await zhou.GetAsync("/console/reviews?show=waiting")).Html.ShouldNotContain(orders[1].ToString());
        (await zhou.GetAsync($"/console/reviews/{orders[0]}")).Address.Query.ShouldBe("?version=1");
        var waiting = await zhou.GetAsync($"/console/reviews/{orders[0]}?version=1");
        Saved(await desk.WriteAsync(shop, orders[0], 1, "微信 9999999"));
        (await zhou.PostAsync(waiting, $"/console/reviews/{orders[0]}?version=1", ("verdict", "show"), ("reason", "fine"))).Path.ShouldBe($"/console/reviews/{orders[0]}");
        (await desk.FindAsync(orders[0]))!.State.ShouldBe(ReviewStatus.Waiting);
        (await zhou.PostAsync(waiting, $"/console/reviews/{orders[0]}?version=2", ("verdict", "hide"), ("reason", ""))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await zhou.PostAsync(waiting, $"/console/reviews/{orders[0]}?version=2", ("verdict", "hide"), ("reason", "an advertisement"))).Path.ShouldBe("/console/reviews");
        (await desk.WriteAsync(shop, orders[0], 5, "好")).ShouldBe(new ReviewDecision.Barred(ReviewBar.Hidden));
        (await world.CountAsync("select count(*) from audit where action = 'review.hide'")).ShouldBe(1);
        (await desk.RatingAsync(shop, product)).ShouldBe(new Rating(2, 8));

        // Chosen in the list: of one an older version was on the screen, the other is shown already.
        (await zhou.GetAsync("/console/reviews")).Html.ShouldContain($"value=\"{orders[1]}.1\" form=");
        var chosen = $"/console/chosen/reviews-show?key={orders[0]}.1&key={orders[1]}.1";
        (await zhou.PostAsync(waiting, chosen, ("reason", "fine"))).Html.ShouldContain("0 done, 1 refused, 1 were so already");
        (await desk.FindAsync(orders[0]))!.State.ShouldBe(ReviewStatus.Hidden);

        // The merchant answers once, and only its own.
        (await desk.AnswerAsync(rival, orders[1], "不是我的")).ShouldBeOfType<ReviewDecision.Missing>();
        (await desk.AnswerAsync(world.Merchant, orders[0], "隐藏的")).ShouldBeOfType<ReviewDecision.Missing>();
        var lu = await Visitor.LoggedInAsync(world.Http, "lu");
        var answer = await lu.GetAsync($"/console/merchant/reviews/{orders[1]}");
        (await lu.PostAsync(answer, answer.Path, ("answer", "赌博"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await lu.PostAsync(answer, answer.Path, ("answer", "谢谢反馈"))).Path.ShouldBe("/console/merchant/reviews");
        (await lu.PostAsync(answer, answer.Path, ("answer", "再说一句"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await desk.AnswerAsync(world.Merchant, orders[1], "再说一句")).ShouldBeOfType<ReviewDecision.Missing>();
        (await world.NewGuest().GetAsync($"{Product}/reviews")).Html.ShouldContain("谢谢反馈");
        (await desk.ListAsync(rival)).ShouldBeEmpty();
        (await desk.FindAsync(orders[1], rival)).ShouldBeNull();

        // Of which a part was given back counts on; of which everything was, is marked and does not.
        await RefundAsync(world, orders[2], 1);
        (await desk.RatingAsync(shop, product)).ShouldBe(new Rating(2, 8));
        await RefundAsync(world, orders[2], null);
        (await desk.RatingAsync(shop, product)).ShouldBe(new Rating(1, 3));
        (await desk.FindAsync(orders[2]))!.RefundedAt.ShouldNotBeNull();
        (await desk.WriteAsync(shop, orders[2], 5, "好")).ShouldBe(new ReviewDecision.Barred(ReviewBar.Refunded));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refund_beside_the_writing_leaves_no_review_that_counts(DatabaseKind kind)
    {
        await using var world = await ShopWorld.CreateAsync(kind, cards: 20);
        var desk = world.Http.Get<ReviewDesk>();
        for (var i = 0; i < 5; i++)
        {
            var order = await BuyAsync(world);
            await Task.WhenAll(
                Task.Run(() => desk.WriteAsync(world.Storefront.Id, order, 5, "好")), Task.Run(() => desk.WriteAsync(world.Storefront.Id, order, 4, "好")),
                Task.Run(() => RefundAsync(world, order, null)));
        }

        (await desk.RatingAsync(world.Storefront.Id, world.Sku.ProductId)).ShouldBe(new Rating(0, 0));
    }

    private static async Task<OrderId> BuyAsync(ShopWorld world, long quantity = 1)
    {
        var guest = world.NewGuest();
        var pay = await guest.BuyAsync(await guest.ProductAsync(), $"{quantity}", $"1380013{Random.Shared.Next(1000, 9999)}");
        return Guest.OrderOf(await guest.PressAsync(await guest.OpenCashierAsync(pay)));
    }

    private static async Task RefundAsync(ShopWorld world, OrderId order, long? units) =>
        (await world.Orders.RunAsync(new OrderCommand.Refund(order, units, "test", $"{units}", "operator:zhou"))).ShouldBeOfType<OrderDecision.Done>();

    private static Review Saved(ReviewDecision decision) => decision.ShouldBeOfType<ReviewDecision.Saved>().Review;
}
