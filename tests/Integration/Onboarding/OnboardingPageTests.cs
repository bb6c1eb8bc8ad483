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

public sealed class OnboardingPageTests
{
    private static readonly (string, string)[] _company =
    [
        ("company", "深圳点卡科技有限公司"), ("credit_code", "9144030071526726XG"), ("legal_person", "张三"), ("contact_name", "李四"),
        ("phone", "13800135567"), ("email", ""), ("bank_name", "招商银行"), ("bank_account", "6225880123456789"), ("goods", "<b>Steam</b>"),
    ];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_company_comes_in_through_the_pages_and_sells(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var (applicant, operatorAt) = (new Visitor(shop.Http), await Visitor.LoggedInAsync(shop.Http, "zhou"));
        var form = await applicant.GetAsync("/apply");
        (await applicant.PostFileAsync(form, "/apply", "x.pdf", "<script>"u8.ToArray(), _company)).Html.ShouldContain("PDF, JPEG or PNG file");
        var bad = await applicant.PostFileAsync(form, "/apply", "x.pdf", Papers.Pdf, [.. _company.Where(f => f.Item1 != "credit_code"), ("credit_code", "123")]);
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Html.ShouldContain("href=\"#f-credit_code\"");
        var sent = await applicant.PostFileAsync(form, "/apply", "licence.pdf", Papers.Pdf, _company);
        sent.Status.ShouldBe(HttpStatusCode.Redirect);
        var home = sent.Address.PathAndQuery;
        home.ShouldStartWith("/apply/status?token=");
        (await applicant.GetAsync("/apply/status?token=guess")).Status.ShouldBe(HttpStatusCode.NotFound);

        var id = (await shop.Http.Get<Applications>().ListAsync()).Single().Id;
        var desk = $"/console/applications/{PublicId.Encode(id)}";
        (await operatorAt.GetAsync("/console/applications")).Html.ShouldContain("9144030071526726XG");
        var review = await operatorAt.GetAsync(desk);
        review.Html.ShouldContain("6225880123456789");
        review.Html.ShouldNotContain("<b>Steam");
        (await operatorAt.PostAsync(review, desk, ("verdict", "return"), ("reason", "The stamp cannot be read"))).Status.ShouldBe(HttpStatusCode.Redirect);

        var told = await applicant.GetAsync(home);
        told.Html.ShouldContain("The stamp cannot be read");
        var token = home.Split('=')[1];
        (await applicant.PostAsync(told, $"/apply/status?token={token}&handler=again", [.. _company])).Status.ShouldBe(HttpStatusCode.Redirect);
        var document = await applicant.PostFileAsync(told, $"/apply/status?token={token}&handler=document", "licence2.pdf", Papers.Pdf, ("brand", "licence"));
        document.Status.ShouldBe(HttpStatusCode.Redirect);

        review = await operatorAt.GetAsync(desk);
        (await operatorAt.PostAsync(review, desk, ("verdict", "approve"), ("reason", "In order"), ("name_zh", "点卡"), ("name_en", "Dianka"), ("slug", "Not Good")))
            .Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await operatorAt.PostAsync(review, desk, ("verdict", "approve"), ("reason", "In order"), ("name_zh", "点卡"), ("name_en", "Dianka"), ("slug", "dianka")))
            .Path.ShouldStartWith("/console/suppliers/");
        var supplier = (await shop.Http.Get<Modules.Catalog.Catalog>().FindSupplierAsync("dianka"))!;

        var welcome = await applicant.GetAsync(home);
        var login = $"/apply/status?token={token}&handler=login";
        (await applicant.PostAsync(welcome, login, ("login", "zhou"), ("password", Visitor.Password), ("again", Visitor.Password))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await applicant.PostAsync(welcome, login, ("login", "lisi"), ("password", Visitor.Password), ("again", Visitor.Password))).Path.ShouldBe("/login");
        (await applicant.PostAsync(welcome, login, ("login", "lisi2"), ("password", Visitor.Password), ("again", Visitor.Password))).Status.ShouldBe(HttpStatusCode.NotFound, "once");
        var li = await Visitor.LoggedInAsync(shop.Http, "lisi");
        (await li.GetAsync("/console/supplier/certificates")).Html.ShouldContain("licence2.pdf");
        (await shop.CountAsync("select count(*) from audit where action in ('application.send', 'application.return', 'certificate.send', 'application.approve', 'application.login')")).ShouldBe(6);

        await ShowStandingAsync(shop, operatorAt, li, supplier.Id);
    }

    private static async Task ShowStandingAsync(ShopWorld shop, Visitor operatorAt, Visitor li, SupplierId supplier)
    {
        Goods.Saved(await shop.Http.Get<Modules.Catalog.Catalog>().CreateSupplyAsync(new SupplyDraft { SkuId = shop.Sku.Id, SupplierId = supplier, Cost = "40" }));
        var rates = await operatorAt.GetAsync("/console/deposits");
        var category = (await shop.Http.Get<Modules.Catalog.Catalog>().ListCategoriesAsync()).Single().Id;
        (await operatorAt.PostAsync(rates, "/console/deposits", ("share", "0"), (Deposits.RateField(category), "-5"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await operatorAt.PostAsync(rates, "/console/deposits", ("share", "1000"), (Deposits.RateField(category), "500"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await li.GetAsync("/console/supplier/standing")).Html.ShouldContain("The deposit is too low");
        (await li.GetAsync("/console/supplier/stock")).Html.ShouldContain("/console/supplier/standing");
        (await operatorAt.GetAsync("/console/suppliers")).Html.ShouldContain("Off: The deposit is too low");

        var path = $"/console/suppliers/{supplier}/deposit";
        var book = await operatorAt.GetAsync(path);
        (string, string)[] slip = [("direction", "in"), ("amount", "500"), ("slip", "ICBC-1"), ("once", book.Field("once"))];
        (await operatorAt.PostAsync(book, path, slip)).Path.ShouldBe($"/console/suppliers/{supplier}/standing");
        await operatorAt.PostAsync(book, path, slip);
        (await shop.Http.Get<Deposits>().FindAsync(supplier))!.Deposit.ShouldBe(Money.Parse("500"));
        (await li.GetAsync("/console/supplier/standing")).Html.ShouldContain("Nothing stands in the way");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_certificates_file_is_a_download_for_its_owner_and_the_operator_alone(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var people = shop.Http.Get<People>();
        var other = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("own", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Own");
        await people.CreateAsync("other", Visitor.Password, Roles.Supplier, other.Id.Value, "Other");
        var own = await Visitor.LoggedInAsync(shop.Http, "own");
        var form = await own.GetAsync("/console/supplier/certificates/new");
        (await own.PostFileAsync(form, "/console/supplier/certificates/new", "执照.pdf", Papers.Pdf, ("brand", "licence"))).Status.ShouldBe(HttpStatusCode.Redirect);
        var id = PublicId.Encode((await shop.Http.Get<Certificates>().WaitingAsync()).Single().Id);

        using var file = await own.RawAsync($"/console/supplier/certificates/{id}");
        (await file.Content.ReadAsByteArrayAsync()).ShouldBe(Papers.Pdf);
        file.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        file.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        file.Headers.CacheControl!.NoStore.ShouldBeTrue();
        file.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");

        var stranger = await Visitor.LoggedInAsync(shop.Http, "other");
        (await stranger.GetAsync($"/console/supplier/certificates/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync($"/console/certificates/{id}?handler=file")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var zhou = await Visitor.LoggedInAsync(shop.Http, "zhou");
        (await zhou.GetAsync($"/console/certificates/{id}?handler=file")).Status.ShouldBe(HttpStatusCode.OK);
        var review = await zhou.GetAsync($"/console/certificates/{id}");
        (await zhou.PostAsync(review, $"/console/certificates/{id}", ("verdict", "refuse"), ("reason", "Another company"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await own.GetAsync("/console/supplier/certificates")).Html.ShouldContain("Another company");
        (await own.PostFileAsync(form, "/console/supplier/certificates/new", "big.pdf", [.. Papers.Pdf, .. new byte[Certificates.BytesMax]], ("brand", "licence")))
            .Html.ShouldContain("At most 5 MiB");
    }

    [Fact]
    public async Task Applications_from_one_address_are_bounded()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var applicant = new Visitor(shop.Http);
        var form = await applicant.GetAsync("/apply");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 22; i++) answers.Add((await applicant.PostAsync(form, "/apply", ("company", "x"))).Status);
        answers[0].ShouldBe(HttpStatusCode.UnprocessableEntity);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_proposal_waits_is_shown_and_passed_with_a_reason()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 0);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("own", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Own");
        var (own, zhou) = (await Visitor.LoggedInAsync(shop.Http, "own"), await Visitor.LoggedInAsync(shop.Http, "zhou"));
        var words = await zhou.GetAsync("/console/words");
        (await zhou.PostAsync(words, "/console/words", ("word", "博彩"))).Status.ShouldBe(HttpStatusCode.Redirect);
        var category = PublicId.Encode((await shop.Http.Get<Modules.Catalog.Catalog>().ListCategoriesAsync()).Single().Id);
        var form = await own.GetAsync("/console/supplier/proposals/new");
        (string, string)[] texts = [("product", "new"), ("category_id", category), ("name_en", "New card")];
        var refused = await own.PostAsync(form, "/console/supplier/proposals/new", [.. texts, ("name_zh", "博 彩 卡")]);
        refused.Html.ShouldContain("Contains the forbidden word “博彩”.");
        (await own.PostAsync(form, "/console/supplier/proposals/new", [.. texts, ("name_zh", "新卡")])).Status.ShouldBe(HttpStatusCode.Redirect);
        var id = PublicId.Encode((await shop.Http.Get<Proposals>().ListAsync(null)).Single().Id);
        var review = await zhou.GetAsync($"/console/proposals/{id}");
        (await zhou.PostAsync(review, $"/console/proposals/{id}", ("verdict", "pass"), ("reason", "Sound"), ("slug", "new-card"))).Path.ShouldStartWith("/console/products/");
        (await own.GetAsync("/console/supplier/proposals")).Html.ShouldContain("Sound");
        (await shop.CountAsync("select count(*) from audit where action in ('word.add', 'proposal.send', 'proposal.pass')")).ShouldBe(3);
    }
}
