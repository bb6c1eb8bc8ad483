using System.Net;
using System.Xml.Linq;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>A merchant takes along the links of what it lists, and posters of them.</summary>
public sealed class PosterPageTests
{
    [Fact]
    public async Task Links_and_posters_are_of_what_stands_on_the_own_shelf()
    {
        await using var world = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await world.Http.Get<People>().CreateAsync("lu", Visitor.Password, Roles.Merchant, world.Merchant.Value, "Lu");
        var other = ((AgentsDecision<MerchantEntry>.Saved)await world.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Value;
        await world.Http.Get<People>().CreateAsync("other", Visitor.Password, Roles.Merchant, other.Id.Value, "Other");
        var visitor = await Visitor.LoggedInAsync(world.Http, "lu");
        var node = world.Http.Address.GetLeftPart(UriPartial.Authority);
        var poster = $"/console/merchant/posters/{world.Storefront.Id}";

        var list = await visitor.GetAsync("/console/merchant/posters");
        foreach (var part in new[] { $"{node}/s/xiaolu<", $"{node}/s/xiaolu/p/steam-wallet<", "¥49.50", $"href=\"{poster}\"", $"href=\"{poster}/steam-wallet\"" }) list.Html.ShouldContain(part);
        (await visitor.GetAsync("/console/merchant/posters?q=nothing")).Html.ShouldContain("No goods match");

        var page = await visitor.GetAsync($"{poster}/steam-wallet");
        page.Html.ShouldContain($"{node}/s/xiaolu/p/steam-wallet");
        foreach (var design in new[] { "calm", "bold", "tag" })
        {
            page.Html.ShouldContain($"?handler=picture&amp;design={design}");
            foreach (var of in new[] { "", "/steam-wallet" })
            {
                using var picture = await visitor.RawAsync($"{poster}{of}?handler=picture&design={design}&keep=true");
                picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
                picture.Content.Headers.ContentDisposition!.FileName.ShouldBe($"xiaolu{of.Replace('/', '-')}-{design}.svg");
                picture.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
                var words = XDocument.Parse(await picture.Content.ReadAsStringAsync()).Root!.Value;
                words.ShouldContain("Xiaolu Cards");
                words.Contains("¥49.50", StringComparison.Ordinal).ShouldBe(of.Length > 0);
            }
        }

        foreach (var missing in new[] { $"{poster}?handler=picture&design=loud", $"{poster}/none" }) (await visitor.GetAsync(missing)).Status.ShouldBe(HttpStatusCode.NotFound, missing);
        // Off the shelf there is nothing to point to.
        await world.Http.Get<Shelves>().TakeOffAsync(world.Merchant, world.Sku.Id);
        (await visitor.GetAsync($"{poster}/steam-wallet")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync("/console/merchant/posters")).Html.ShouldNotContain("steam-wallet");

        var stranger = await Visitor.LoggedInAsync(world.Http, "other");
        (await stranger.GetAsync(poster)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync($"/console/merchant/posters?shop={world.Storefront.Id}")).Html.ShouldNotContain("xiaolu");
    }
}
