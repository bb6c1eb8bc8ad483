using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Companies that want to supply.</summary>
[Needs(Permissions.SuppliersSee)]
internal sealed class ApplicationsPage(Applications applications) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("入驻申请", "Applications");
        Table = Parts.Table.Of(await applications.ListAsync(), Title)
            .Column(T("公司", "Company"), a => new Cell(a.Company, $"/console/applications/{PublicId.Encode(a.Id)}", a.CreditCode))
            .Column(T("联系人", "Contact"), a => new Cell(a.ContactName, Sub: a.Phone))
            .Column(T("提交", "Sent"), a => When(a.ChangedAt))
            .Badge(T("状态", "State"), a => PartyWords.State(a.State, Language))
            .Column(T("谁审的", "By"), a => new Cell(a.DecidedBy.Length > 0 ? OrderWords.Actor(a.DecidedBy, Language) : "—", Sub: a.Reason.Length > 0 ? a.Reason : null))
            .Build();
        Table.Empty = new EmptyState(T("还没有申请", "No applications yet"), T("把 /apply 这个地址发给想供货的公司。", "Give the address /apply to companies that want to supply."), "/apply", T("看申请页", "See the page"), "agents");
    }
}

/// <summary>One application, its documents, and the verdict.</summary>
[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class ApplicationPage(Applications applications, Certificates certificates, Selling selling) : ConsolePage
{
    public Application Application { get; private set; } = null!;
    public List<(string Name, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/applications", T("入驻申请", "Applications"));
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await applications.FindAsync(id) is not { } application)
        {
            context.Result = NotFound();
            return;
        }

        Application = application;
        Title = application.Company;
        if (application.SupplierId is { } supplier) Actions.Add(($"/console/suppliers/{supplier}", T("看供应商", "See the supplier")));
        Facts.Add((T("信用代码", "Credit code"), application.CreditCode));
        Facts.Add((T("法定代表人", "Legal person"), application.LegalPerson));
        Facts.Add((T("联系人", "Contact"), $"{application.ContactName} · {application.Phone}{(application.Email.Length > 0 ? " · " + application.Email : "")}"));
        Facts.Add((T("开户行", "Bank"), application.BankName));
        Facts.Add((T("账号", "Account"), await applications.BankAccountAsync(id)));
        Facts.Add((T("想供的货", "Wants to supply"), application.Goods.Length > 0 ? application.Goods : "—"));
        Facts.Add((T("提交", "Sent"), Show.Exact(application.ChangedAt)));
        var brands = (await selling.ListBrandsAsync()).ToDictionary(b => b.Id);
        Table = CertificateTables.Of(this, await certificates.ListAsync(CertificateOwner.Of(id)), brands, c => $"/console/certificates/{PublicId.Encode(c.Id)}");
        if (application.State == ApplicationState.Waiting) MakeForm();
        await next();
    }

    private void MakeForm() => Form = new Form(Language) { Back = "/console/applications", Submit = T("提交审核结果", "Decide") }
        .Section("审核结果", "Verdict")
        .Choice("verdict", "结果", "Verdict", [
            new("approve", T("通过：建供应商，等审核的证件一并通过", "Approve: make the supplier, and approve the documents that wait")),
            new("return", T("退回：说明缺什么或为什么不行，对方可以再提交", "Return: say what is missing or why not; it can be sent again"))])
        .Area("reason", "理由", "Reason", optional: false, max: 500).Hint("申请人看得到", "The applicant reads it")
        .Section("通过时填", "For an approval")
        .Text("name_zh", "中文名", "Name in Chinese", optional: true, max: 80).Fill("name_zh", Application.Company).Beside()
        .Text("name_en", "英文名", "Name in English", optional: true, max: 80)
        .Text("slug", "简称", "Short name", optional: true, max: 60).Hint("小写字母、数字和短横线", "Small letters, digits and hyphens").Beside()
        .Whole("hold_seconds", "合同里的结算等待", "Hold time by contract", optional: true, unit: T("秒", "s"))
        .Hint("新货源默认用它", "New supplies get it unless they say otherwise").Fill("hold_seconds", "86400");

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Request.Path, "已经审过了", "It was decided already");
        if (!await Form.ReadAsync(Request)) return Again();
        var subject = $"{PublicId.Encode(Application.Id)} {Application.CreditCode}";
        if (Form["verdict"] == "return")
        {
            if (!await applications.ReturnAsync(Application.Id, Form["reason"], Actor)) return NotDone(Request.Path, "已经审过了", "It was decided already");
            await RecordAsync("application.return", $"{subject}: {Form["reason"]}");
            return Done("/console/applications", "已退回，对方在自己的地址能看到理由", "Returned; the applicant sees why at its address");
        }

        var draft = new SupplierDraft
        {
            Slug = Form["slug"], NameZh = Form["name_zh"], NameEn = Form["name_en"], HoldSeconds = Form["hold_seconds"].Length > 0 ? Form["hold_seconds"] : "0",
        };
        if (!Took(await applications.ApproveAsync(Application.Id, draft, Form["reason"], Actor), out var saved)) return Again();
        await RecordAsync("application.approve", $"{subject} {saved.Slug}: {Form["reason"]}");
        return Done($"/console/suppliers/{saved.Id}", $"供应商「{saved.NameZh}」已建好，对方可以自己设登录账号", $"Supplier {saved.NameEn} is there; it makes its own log-in");
    }
}

/// <summary>Renewed and further documents of suppliers that wait for a person.</summary>
[Needs(Permissions.SuppliersSee)]
internal sealed class CertificatesPage(Certificates certificates, Selling selling, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("证件审核", "Certificates to review");
        var brands = (await selling.ListBrandsAsync()).ToDictionary(b => b.Id);
        var parties = await names.PartiesAsync(Language);
        Table = Parts.Table.Of(await certificates.WaitingAsync(), Title)
            .Column(T("证件", "Certificate"), c => new Cell(PartyWords.Kind(c, brands, Language), $"/console/certificates/{PublicId.Encode(c.Id)}", c.FileName))
            .Column(T("供应商", "Supplier"), c => new Cell(parties(c.SupplierId!.Value.Value), $"/console/suppliers/{c.SupplierId}/standing"))
            .Column(T("有效期至", "Valid until"), c => PartyWords.Until(c.ValidTo, Language))
            .Column(T("提交", "Sent"), c => When(c.CreatedAt))
            .Build();
        Table.Empty = new EmptyState(T("没有等审核的证件", "No certificate waits"), T("供应商续期或新加的证件会到这里；申请里的在申请页。", "Renewals and new ones of suppliers come here; an applicant's stand with its application."), Icon: "ok");
    }
}

[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class CertificatePage(Certificates certificates, Selling selling, Applications applications, Names names) : ConsolePage
{
    private Certificate _certificate = null!;
    public List<(string Name, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await certificates.FindAsync(id) is not { } certificate)
        {
            context.Result = NotFound();
            return;
        }

        _certificate = certificate;
        var brands = (await selling.ListBrandsAsync()).ToDictionary(b => b.Id);
        Title = PartyWords.Kind(certificate, brands, Language);
        var owner = certificate.SupplierId is { } supplier ? (await names.PartiesAsync(Language))(supplier.Value)
            : (await applications.FindAsync(certificate.ApplicationId!.Value))!.Company;
        Up = certificate.SupplierId is { } known ? ($"/console/suppliers/{known}/standing", owner)
            : ($"/console/applications/{PublicId.Encode(certificate.ApplicationId!.Value)}", owner);
        Actions.Add(($"{Request.Path}?handler=file", T("下载文件", "Download the file")));
        Facts.Add((T("谁的", "Whose"), owner));
        Facts.Add((T("文件", "File"), $"{certificate.FileName} · {certificate.MediaType} · {Show.Number(certificate.Size / 1024)} KiB"));
        Facts.Add((T("有效期", "Valid"), $"{Show.Day(certificate.ValidFrom)} — {PartyWords.Until(certificate.ValidTo, Language)}"));
        Facts.Add((T("状态", "State"), PartyWords.State(certificate, Now, Language).Text));
        if (certificate.DecidedAt is { } at) Facts.Add((T("审核", "Decided"), $"{OrderWords.Actor(certificate.DecidedBy, Language)} · {Show.Exact(at)} · {certificate.Reason}"));
        if (certificate.State == ReviewState.Waiting)
            Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交审核结果", "Decide") }
                .Choice("verdict", "结果", "Verdict", [new("approve", T("通过", "Approve")), new("refuse", T("不通过", "Refuse"))]).Beside()
                .Text("reason", "理由", "Reason", max: 200).Hint("对方看得到", "The supplier reads it");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnGetFileAsync()
    {
        await RecordAsync("certificate.open", PublicId.Encode(_certificate.Id));
        return CertificateTables.Download(this, await certificates.OpenAsync(_certificate.Id, null));
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is not null && !await Form.ReadAsync(Request)) return Again();
        var isApproved = Form?["verdict"] == "approve";
        if (Form is null || !await certificates.DecideAsync(_certificate.Id, isApproved, Form["reason"], Actor))
            return NotDone(Request.Path, "已经审过了", "It was decided already");
        await RecordAsync(isApproved ? "certificate.approve" : "certificate.refuse", $"{PublicId.Encode(_certificate.Id)}: {Form["reason"]}");
        return isApproved ? Done(Up!.Value.Href, "已通过", "Approved") : Done(Up!.Value.Href, "已退回", "Refused; the supplier sees why");
    }
}
