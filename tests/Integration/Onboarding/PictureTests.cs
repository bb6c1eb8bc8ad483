using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class PictureTests
{
    /// <summary>A whole picture of 64 × 64 points; the number tells two apart.</summary>
    private static byte[] Png(byte number) =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0, 1, 1, 1, 1,
        0, 0, 0, 3, .. "tEXt"u8, .. "GPS"u8, 1, 1, 1, 1, 0, 0, 0, 1, .. "IDAT"u8, number, 1, 1, 1, 1, 0, 0, 0, 0, .. "IEND"u8, 1, 1, 1, 1,
    ];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_picture_is_seen_by_buyers_once_a_person_has_passed_it(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 3);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("li", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Li");
        var (zhou, li) = (await Visitor.LoggedInAsync(shop.Http, "zhou"), await Visitor.LoggedInAsync(shop.Http, "li"));
        var (product, stranger) = (await shop.Http.Get<Modules.Catalog.Catalog>().FindProductAsync(shop.Sku.ProductId), new Visitor(shop.Http));
        const string New = "/console/supplier/proposals/new";
        var form = await li.GetAsync(New);
        (string, string)[] texts =
        [
            ("product", product!.Id.ToString()), ("category_id", ""), ("name_zh", product.NameZh), ("name_en", product.NameEn), ("description_zh", ""),
            ("description_en", ""), ("redeem_zh", ""), ("redeem_en", ""),
        ];
        var bad = await li.PostFileAsync(form, New, "picture", "a.png", "<svg onload=alert(1)>"u8.ToArray(), texts);
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Html.ShouldContain("PNG, JPEG or WebP");
        (await li.PostFileAsync(form, New, "picture", "a.png", Png(1), texts)).Status.ShouldBe(HttpStatusCode.Redirect);
        var proposal = (await shop.Http.Get<Proposals>().ListAsync(null)).Single();
        var hash = proposal.Draft.Picture!;
        (await stranger.GetAsync($"/pictures/{hash}")).Status.ShouldBe(HttpStatusCode.NotFound, "nobody has passed it");
        (await li.GetAsync($"/console/pictures/{hash}")).Status.ShouldBe(HttpStatusCode.Forbidden);

        var desk = $"/console/proposals/{PublicId.Encode(proposal.Id)}";
        var review = await zhou.GetAsync(desk);
        review.Html.ShouldContain($"src=\"/console/pictures/{hash}\"");
        using (var seen = await zhou.RawAsync($"/console/pictures/{hash}")) seen.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await zhou.PostAsync(review, desk, ("verdict", "pass"), ("reason", "Its own logo"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await shop.CountAsync($"select count(*) from audit where person = 'zhou' and action = 'proposal.pass' and subject like '%{hash}%'")).ShouldBe(1);

        using var picture = await stranger.RawAsync($"/pictures/{hash}");
        picture.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await picture.Content.ReadAsByteArrayAsync()).AsSpan().IndexOf("GPS"u8).ShouldBe(-1, "what is not of the picture is left out");
        (picture.Content.Headers.ContentType!.MediaType, picture.Headers.CacheControl!.ToString(), picture.Headers.ETag!.Tag)
            .ShouldBe(("image/png", "public, max-age=31536000, immutable", $"\"{hash}\""));
        picture.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        picture.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await stranger.GetAsync($"/s/xiaolu/p/{product.Slug}")).Html.ShouldContain($"src=\"/pictures/{hash}\"");
        (await stranger.GetAsync("/s/xiaolu")).Html.ShouldContain($"src=\"/pictures/{hash}\"");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_operator_puts_a_picture_up_and_takes_it_off(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var zhou = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var catalog = shop.Http.Get<Modules.Catalog.Catalog>();
        var product = (await catalog.FindProductAsync(shop.Sku.ProductId))!;
        var desk = $"/console/products/{product.Id}";
        var form = await zhou.GetAsync(desk);
        (string, string)[] fields =
        [
            ("name_zh", product.NameZh), ("name_en", product.NameEn), ("category_id", PublicId.Encode(product.CategoryId)), ("slug", product.Slug), ("region", "CN"),
            ("state", "Listed"), ("brand", ""), ("initial", ""), ("tint", "#1f5f8b"), ("description_zh", ""), ("description_en", ""), ("redeem_zh", ""), ("redeem_en", ""), ("redeem_url", ""),
        ];
        (await zhou.PostFileAsync(form, desk, "picture", "x.png", new byte[PictureLimits.Goods.BytesMax + 1], fields)).Html.ShouldContain("At most 1 MiB");
        (await zhou.PostFileAsync(form, desk, "picture", "x.png", Png(2), fields)).Status.ShouldBe(HttpStatusCode.Redirect);
        var hash = (await catalog.FindProductAsync(product.Id))!.Picture!;
        (await zhou.PostAsync(form, desk, fields)).Status.ShouldBe(HttpStatusCode.Redirect);
        (await catalog.FindProductAsync(product.Id))!.Picture.ShouldBe(hash, "another change leaves it");
        (await new Visitor(shop.Http).GetAsync($"/pictures/{hash}")).Status.ShouldBe(HttpStatusCode.OK);

        var shown = await zhou.GetAsync(desk);
        (await zhou.PostAsync(shown, $"{desk}?handler=removePicture")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await catalog.FindProductAsync(product.Id))!.Picture.ShouldBeNull();
        (await new Visitor(shop.Http).GetAsync($"/pictures/{hash}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await shop.CountAsync("select count(*) from audit where action = 'product.picture'")).ShouldBe(2);
    }
}
