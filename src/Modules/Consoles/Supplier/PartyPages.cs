using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What is off and why, the deposit, the certificates.</summary>
[Needs(SupplierPermissions.PapersSee)]
internal sealed class StandingPage(Standings standings) : Tenanted.StandingPage(standings)
{
    protected override string CertificateUrl(Certificate certificate) => $"/console/supplier/certificates/{PublicId.Encode(certificate.Id)}";

    public async Task OnGetAsync()
    {
        Title = T("资质与保证金", "Standing");
        Actions.Add(("/console/supplier/certificates/new", T("上传证件", "Send a certificate")));
        await LoadAsync(Supplier);
        if (IsSuspended && Appeal is not { State: AppealState.Waiting }) Actions.Insert(0, ("/console/supplier/appeal", T("申诉", "Appeal")));
    }
}

/// <summary>Says why the lowest grade should not suspend.</summary>
[Needs(SupplierPermissions.PapersSee, SupplierPermissions.PapersEdit)]
internal sealed class AppealPage(Grades grades) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("对评级申诉", "Appeal against the grade");
        Up = ("/console/supplier/standing", T("资质与保证金", "Standing"));
        Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交申诉", "Send the appeal") }
            .Area("words", "说明", "In your words", optional: false, max: 1000).Hint("发生了什么，改了什么", "What happened, and what has changed");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        switch (await grades.AppealAsync(Supplier, Form["words"]))
        {
            case CatalogDecision<Appeal>.Saved saved:
                await RecordAsync("appeal.send", PublicId.Encode(saved.Value.Id));
                return Done(Up!.Value.Href, "申诉已提交", "The appeal is sent");
            case CatalogDecision<Appeal>.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            default:
                Form.Fail("现在没有因评级被暂停", "You are not suspended for your grade");
                return Again();
        }
    }
}

[Needs(SupplierPermissions.PapersSee)]
internal sealed class CertificatesPage(Certificates certificates, Selling selling) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("证件", "Certificates");
        Actions.Add(("/console/supplier/certificates/new", T("上传证件", "Send a certificate")));
        var brands = (await selling.ListBrandsAsync()).ToDictionary(b => b.Id);
        Table = CertificateTables.Of(this, await certificates.ListAsync(CertificateOwner.Of(Supplier)), brands,
            c => $"/console/supplier/certificates/{PublicId.Encode(c.Id)}");
    }
}

[RequestSizeLimit(CertificateTables.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = CertificateTables.RequestMax, MemoryBufferThreshold = CertificateTables.RequestMax)]
[Needs(SupplierPermissions.PapersSee, SupplierPermissions.PapersEdit)]
internal sealed class NewCertificatePage(Certificates certificates, Selling selling) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("上传证件", "Send a certificate");
        Up = ("/console/supplier/certificates", T("证件", "Certificates"));
        Form = CertificateTables.Ask(new Form(Language) { Back = Up.Value.Href, Submit = T("上传", "Send") }, await selling.ListBrandsAsync());
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!Took(await certificates.AddAsync(CertificateOwner.Of(Supplier), await CertificateTables.ReadAsync(Form, file)), out var saved)) return Again();
        await RecordAsync("certificate.send", PublicId.Encode(saved.Id));
        return Done("/console/supplier/certificates", "已上传，等平台审核", "Sent; the platform looks at it");
    }
}

/// <summary>The file of one certificate.</summary>
[Needs(SupplierPermissions.PapersSee)]
internal sealed class CertificatePage(Certificates certificates) : ConsolePage
{
    public async Task<IActionResult> OnGetAsync(string id) => !PublicId.TryDecode(id, out var number) ? NotFound()
        : CertificateTables.Download(this, await certificates.OpenAsync(number, CertificateOwner.Of(Supplier)));
}

/// <summary>Goods and texts this supplier proposed.</summary>
[Needs(SupplierPermissions.PricesSee)]
internal sealed class ProposalsPage(Proposals proposals) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("商品提案", "Proposals");
        Actions.Add(("/console/supplier/proposals/new", T("提新商品或改说明", "Propose goods or texts")));
        Table = Parts.Table.Of(await proposals.ListAsync(Supplier), Title)
            .Column(T("商品", "Goods"), p => new Cell(Language.PickOr(p.Draft.NameZh, p.Draft.NameEn), Sub: p.Draft.Product is null ? T("新商品", "new goods") : T("改说明", "new texts")))
            .Column(T("提交", "Sent"), p => When(p.CreatedAt))
            .Badge(T("状态", "State"), p => PartyWords.State(p.State, Language))
            .Column(T("理由", "Reason"), p => p.Reason.Length > 0 ? p.Reason : "—")
            .Build();
        Table.Empty = new EmptyState(T("还没有提过", "Nothing proposed yet"), T("想供平台上没有的商品，或者说明写得不对，都从这里提，平台审核后生效。", "Goods that are not listed yet, or texts that are wrong: propose them here. The platform looks at them first."),
            "/console/supplier/proposals/new", T("提新商品或改说明", "Propose goods or texts"), "products");
    }
}

[RequestSizeLimit(PictureFile.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = PictureFile.RequestMax, MemoryBufferThreshold = PictureFile.RequestMax)]
[Needs(SupplierPermissions.PricesSee, SupplierPermissions.PricesEdit)]
internal sealed class NewProposalPage(Proposals proposals, Catalog.Catalog catalog) : ConsolePage
{
    private const string New = "new";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("提新商品或改说明", "Propose goods or texts");
        Up = ("/console/supplier/proposals", T("商品提案", "Proposals"));
        var own = await proposals.ProductsAsync(Supplier);
        Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交审核", "Send for review") }
            .Choice("product", "关于", "About", [new Option(New, T("新商品", "New goods")), .. own.Select(p => new Option(p.Id.ToString(), Language.PickOr(p.NameZh, p.NameEn)))]).Fill("product", New).Beside()
            .Choice("category_id", "分类（新商品要选）", "Category (of new goods)", (await catalog.ListCategoriesAsync()).Select(c => new Option(PublicId.Encode(c.Id), Language.PickOr(c.NameZh, c.NameEn))), optional: true)
            .Section("买家看到的", "What buyers read")
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside()
            .Text("name_en", "英文名", "Name in English", max: 80)
            .Area("description_zh", "中文介绍", "Description in Chinese")
            .Area("description_en", "英文介绍", "Description in English")
            .Area("redeem_zh", "中文兑换步骤", "How to redeem, in Chinese").Hint("一行一步", "One step a line")
            .Area("redeem_en", "英文兑换步骤", "How to redeem, in English")
            .File("picture", "图片", "Picture").Hint(PictureFile.HintZh, PictureFile.HintEn);
        // Begins with the texts as they stand, for goods that were chosen by address.
        if (own.Find(p => p.Id.ToString() == Request.Query["product"]) is { } about)
            Form.Fill("product", about.Id.ToString()).Fill("name_zh", about.NameZh).Fill("name_en", about.NameEn)
                .Fill("description_zh", about.DescriptionZh).Fill("description_en", about.DescriptionEn)
                .Fill("redeem_zh", about.RedeemZh).Fill("redeem_en", about.RedeemEn);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? picture)
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new ProposalDraft
        {
            Product = ProductId.TryParse(Form["product"], out var product) ? product : null,
            CategoryId = PublicId.TryDecode(Form["category_id"], out var category) ? category : 0,
            NameZh = Form["name_zh"], NameEn = Form["name_en"], DescriptionZh = Form["description_zh"], DescriptionEn = Form["description_en"],
            RedeemZh = Form["redeem_zh"], RedeemEn = Form["redeem_en"],
        };
        if (!Took(await proposals.ProposeAsync(Supplier, draft, Actor, await PictureFile.ReadAsync(picture)), out var saved)) return Again();
        await RecordAsync("proposal.send", PublicId.Encode(saved.Id));
        return Done("/console/supplier/proposals", "已提交，等平台审核", "Sent; the platform looks at it");
    }
}
