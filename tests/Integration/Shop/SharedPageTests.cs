using Lianka.Modules.Agents;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Shop;

/// <summary>Pages that are alike for all are kept for some seconds, and only they.</summary>
public sealed class SharedPageTests
{
    private const string Home = "/s/xiaolu";

    [Fact]
    public async Task A_page_is_given_again_to_the_next_guest_as_that_one_sees_it_and_under_its_own_number()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite);
        foreach (var path in new[] { Home, "/s/xiaolu/search?q=steam", "/s/xiaolu/c/games", "/s/xiaolu/help" })
        {
            var first = await AskAsync(world, path);
            var next = await AskAsync(world, path);
            (first.IsKept, next.IsKept).ShouldBe((false, true), path);
            next.Html.ShouldBe(first.Html);
            next.RequestId.ShouldNotBe(first.RequestId);
            next.Policy.ShouldBe(first.Policy);
            next.Html.ShouldNotContain("__RequestVerificationToken");
        }

        // Another look and another language are other pages.
        var dark = await AskAsync(world, Home, "theme=dark");
        dark.IsKept.ShouldBeFalse();
        dark.Html.ShouldContain("data-theme=\"dark\"");
        (await AskAsync(world, Home)).Html.ShouldNotContain("data-theme=\"dark\"");
        (await AskAsync(world, Home, "lang=en")).Html.ShouldContain("<html lang=\"en\"");
        (await AskAsync(world, Home)).Html.ShouldContain("<html lang=\"zh-CN\"");
    }

    [Fact]
    public async Task Whoever_brings_a_cookie_of_their_own_or_asks_for_more_gets_a_page_of_their_own()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite);
        await AskAsync(world, Home);
        (await AskAsync(world, Home)).IsKept.ShouldBeTrue();
        (await AskAsync(world, Home, "someone=else")).IsKept.ShouldBeFalse();
        // What a browser remembers for its buyer is looked at by the forms that buy, which are not kept.
        (await AskAsync(world, Home, "lianka_memory_xiaolu=x")).IsKept.ShouldBeTrue();
        (await AskAsync(world, Home, "language=en")).IsKept.ShouldBeFalse();
        // The link to the other language carries what was asked: it must not be another guest's.
        (await AskAsync(world, Home + "?from=mallory")).Html.ShouldContain("mallory");
        (await AskAsync(world, Home + "?from=eve")).Html.ShouldNotContain("mallory");
        (await AskAsync(world, Home)).Html.ShouldNotContain("mallory");
        // What carries a form's token or a number used once is never kept.
        await AskAsync(world, "/s/xiaolu/p/steam-wallet");
        (await AskAsync(world, "/s/xiaolu/p/steam-wallet")).IsKept.ShouldBeFalse();
        (await AskAsync(world, "/s/xiaolu/nothing")).IsKept.ShouldBeFalse();
        (await AskAsync(world, "/s/xiaolu/nothing")).IsKept.ShouldBeFalse();
    }

    [Fact]
    public async Task A_changed_price_and_what_was_bought_show_at_once()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await AskAsync(world, Home);
        (await AskAsync(world, Home)).Html.ShouldContain("49.50");
        (await world.Http.Get<Shelves>().SetAsync(world.Merchant, world.Sku.Id, "51.00", r => ChannelFees.At(r, StorefrontFees.BpsUnlessTold)))
            .ShouldBeOfType<AgentsDecision<RetailLine>.Saved>();
        await world.Http.Get<PriceBooks>().RefreshAsync();
        var dearer = await AskAsync(world, Home);
        dearer.Html.ShouldContain("51.00");
        dearer.IsKept.ShouldBeFalse();

        var guest = world.NewGuest();
        (await AskAsync(world, Home)).IsKept.ShouldBeTrue();
        var pay = await guest.BuyAsync(await guest.ProductAsync());
        pay.Path.ShouldContain("/pay/");
        // The last card is held: the shop's pages were written anew.
        var empty = await AskAsync(world, Home);
        empty.IsKept.ShouldBeFalse();
        empty.Html.ShouldContain("暂时缺货");
    }

    private sealed record Answer(string Html, bool IsKept, string RequestId, string Policy);

    private static async Task<Answer> AskAsync(ShopWorld world, string path, string? cookie = null)
    {
        using var client = world.Http.NewClient(cookies: false, redirects: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd("zh-CN");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var response = await client.SendAsync(request);
        return new Answer(await response.Content.ReadAsStringAsync(), response.Headers.Age is not null,
            response.Headers.GetValues("X-Request-Id").Single(), response.Headers.GetValues("Content-Security-Policy").Single());
    }
}
