using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class CertificateTests
{
    private static Certificates Certificates(Trade trade) => trade.World.Get<Certificates>();

    private static async Task<Brand> BrandedAsync(Trade trade)
    {
        var brand = Goods.Saved(await trade.World.Get<Selling>().SaveBrandAsync(null, new BrandDraft { Slug = "valve", NameZh = "维尔福", NameEn = "Valve" }));
        var catalog = trade.World.Get<Modules.Catalog.Catalog>();
        var product = (await catalog.FindProductAsync(new ProductId(10)))!;
        Goods.Saved(await catalog.UpdateProductAsync(product.Id, new ProductDraft
        {
            Slug = product.Slug, CategoryId = product.CategoryId, NameZh = product.NameZh, NameEn = product.NameEn, BrandId = brand.Id,
        }));
        return brand;
    }

    private static async Task<Certificate> SentAsync(Trade trade, CertificateDraft draft) =>
        Goods.Saved(await Certificates(trade).AddAsync(CertificateOwner.Of(Trade.Supplier), draft));

    private static async Task ApprovedAsync(Trade trade, CertificateDraft draft) =>
        (await Certificates(trade).DecideAsync((await SentAsync(trade, draft)).Id, true, "genuine", "zhou")).ShouldBeTrue();

    private static async Task<bool> IsOfferedAsync(Trade trade, string key) => await trade.PlaceAsync(key) is OrderDecision.Done;

    private static async Task<string[]> ToldAsync(Trade trade)
    {
        await trade.World.Get<SupplierWatch>().RunAsync();
        await trade.World.Get<SupplierWatch>().RunAsync();
        return [.. (await trade.World.Database.ReadAsync(s => Notices.OfAsync(s, Trade.Supplier))).Select(n => n.Kind).Reverse()];
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Goods_of_a_brand_are_offered_by_those_with_its_certificate_for_as_long_as_it_is_valid(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20);
        (await IsOfferedAsync(trade, "a")).ShouldBeTrue("goods of no brand need none");
        var brand = await BrandedAsync(trade);
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse();

        var first = await SentAsync(trade, Papers.Brand(brand.Id, trade.Clock.Now().AddDays(40)));
        (first.FileName, first.MediaType).ShouldBe(("auth.png", "image/png"));
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse("nobody has looked at it");
        (await Certificates(trade).DecideAsync(first.Id, false, "unreadable", "zhou")).ShouldBeTrue();
        (await Certificates(trade).DecideAsync(first.Id, true, "second thoughts", "zhou")).ShouldBeFalse("decided once");
        (await IsOfferedAsync(trade, "b")).ShouldBeFalse();
        await ApprovedAsync(trade, Papers.Brand(brand.Id, trade.Clock.Now().AddDays(40)));
        (await IsOfferedAsync(trade, "b")).ShouldBeTrue("with the approval, at once");

        (await ToldAsync(trade)).ShouldBeEmpty();
        trade.Clock.Turn(TimeSpan.FromDays(11));
        (await ToldAsync(trade)).ShouldBe(["certificate_30"]);
        trade.Clock.Turn(TimeSpan.FromDays(20));
        (await ToldAsync(trade)).ShouldBe(["certificate_30"]);
        trade.Clock.Turn(TimeSpan.FromDays(3));
        (await ToldAsync(trade)).ShouldBe(["certificate_30", "certificate_7"]);
        trade.Clock.Turn(TimeSpan.FromDays(5));
        (await ToldAsync(trade)).ShouldBe(["certificate_30", "certificate_7", "certificate_1"]);
        (await IsOfferedAsync(trade, "c")).ShouldBeTrue("until its last moment");
        trade.Clock.Turn(TimeSpan.FromDays(1));
        (await ToldAsync(trade)).ShouldBe(["certificate_30", "certificate_7", "certificate_1", "certificate_0"]);
        (await IsOfferedAsync(trade, "d")).ShouldBeFalse("it has run out");
        (await trade.World.Database.ReadAsync(s => Selling.UnpermittedAsync(s, Trade.Supplier))).ShouldHaveSingleItem().Id.ShouldBe(brand.Id);

        await ApprovedAsync(trade, Papers.Brand(brand.Id, trade.Clock.Now().AddDays(365)));
        (await IsOfferedAsync(trade, "d")).ShouldBeTrue("a new one is approved");
        (await ToldAsync(trade)).Length.ShouldBe(4, "of the old one nobody hears again");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_certificate_counts_from_its_first_day(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var brand = await BrandedAsync(trade);
        await ApprovedAsync(trade, Papers.Brand(brand.Id, trade.Clock.Now().AddDays(400)) with { ValidFrom = trade.Clock.Now().AddDays(2) });
        (await IsOfferedAsync(trade, "a")).ShouldBeFalse();
        trade.Clock.Turn(TimeSpan.FromDays(2));
        await trade.World.Get<SupplierWatch>().RunAsync();
        (await IsOfferedAsync(trade, "a")).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_licence_that_ran_out_stops_its_supplier_beside_other_reasons(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        await ApprovedAsync(trade, Papers.Licence(trade.Clock.Now().AddDays(3)));
        await trade.World.Get<Deposits>().SaveRatesAsync(new Dictionary<long, string> { [9] = "10" }, "0");
        trade.Clock.Turn(TimeSpan.FromDays(3));
        await trade.World.Get<SupplierWatch>().RunAsync();
        async Task<string> ReasonsAsync() => string.Join(" ", (await trade.World.Database.ReadAsync(s => Selling.StopsAsync(s))).Select(t => t.Reason).Order());
        (await ReasonsAsync()).ShouldBe("deposit licence");
        await trade.World.Get<Deposits>().PayInAsync(Trade.Supplier, "10", "slip", "test");
        (await ReasonsAsync()).ShouldBe("licence", "each goes by itself");
        (await IsOfferedAsync(trade, "a")).ShouldBeFalse();
        await ApprovedAsync(trade, Papers.Licence());
        (await ReasonsAsync()).ShouldBe("");
        (await IsOfferedAsync(trade, "a")).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_file_is_sealed_and_opens_for_its_owner_alone(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var sent = await SentAsync(trade, Papers.Licence());
        var file = (await Certificates(trade).OpenAsync(sent.Id, CertificateOwner.Of(Trade.Supplier)))!;
        (file.Name, file.MediaType).ShouldBe(("执照.pdf", "application/pdf"));
        file.Content.ShouldBe(Papers.Pdf);
        (await Certificates(trade).OpenAsync(sent.Id, null)).ShouldNotBeNull("the operator opens any");
        (await Certificates(trade).OpenAsync(sent.Id, CertificateOwner.Of(new SupplierId(31)))).ShouldBeNull();
        (await Certificates(trade).OpenAsync(sent.Id, CertificateOwner.Of(7))).ShouldBeNull();
        var kept = (await trade.World.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select content from certificate_file")))!;
        kept.AsSpan().IndexOf("%PDF"u8).ShouldBe(-1);
    }

    [Theory]
    [InlineData("empty", "file:required")]
    [InlineData("html", "file:bad_file")]
    [InlineData("large", "file:too_large")]
    [InlineData("ended", "valid_to:ended")]
    [InlineData("endless", "valid_to:required")]
    [InlineData("backwards", "valid_from:after_end")]
    [InlineData("unknown", "brand:not_found")]
    public async Task What_is_wrong_with_a_document_is_named(string what, string error)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Sqlite, cards: 0);
        var brand = await BrandedAsync(trade);
        var good = Papers.Brand(brand.Id, trade.Clock.Now().AddDays(9));
        var decision = await Certificates(trade).AddAsync(CertificateOwner.Of(Trade.Supplier), what switch
        {
            "empty" => good with { Content = [] },
            "html" => good with { Content = "<html><script>"u8.ToArray(), FileName = "nice.pdf" },
            "large" => good with { Content = [.. Papers.Pdf, .. new byte[Modules.Suppliers.Certificates.BytesMax]] },
            "ended" => good with { ValidTo = trade.Clock.Now().AddSeconds(-1) },
            "endless" => good with { ValidTo = null },
            "backwards" => good with { ValidFrom = trade.Clock.Now().AddDays(10) },
            _ => good with { BrandId = 12345 },
        });
        string.Join(" ", decision.ShouldBeOfType<CatalogDecision<Certificate>.Refused>().Errors.Select(e => $"{e.Field}:{e.Code}")).ShouldBe(error);
    }
}
