using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

/// <summary>The questions an applicant answers, first and again.</summary>
internal static class ApplicationForm
{
    public static Form Ask(Form form, Application? before = null)
    {
        form.Section("公司", "The company")
            .Text("company", "公司名称", "Company name", max: 120, autocomplete: "organization")
            .Text("credit_code", "统一社会信用代码", "Unified social credit code", max: 18).Hint("18 位，在营业执照上", "18 characters, on the business licence")
            .Text("legal_person", "法定代表人", "Legal person", max: 60)
            .Section("联系人", "Contact")
            .Text("contact_name", "姓名", "Name", max: 60, autocomplete: "name")
            .Text("phone", "手机", "Phone", max: 24, autocomplete: "tel")
            .Text("email", "邮箱", "E-mail", optional: true, max: 120, autocomplete: "email")
            .Section("收款账户", "Bank account")
            .Text("bank_name", "开户行", "Bank and branch", max: 120)
            .Text("bank_account", "账号", "Account number", max: 40)
            .Section("想供的货", "What you want to supply")
            .Area("goods", "说明", "In your words", max: 1000).Hint("哪些品牌、面值、每天大概多少", "Which brands, which values, about how many a day");
        if (before is null) return form;
        return form.Fill("company", before.Company).Fill("credit_code", before.CreditCode).Fill("legal_person", before.LegalPerson)
            .Fill("contact_name", before.ContactName).Fill("phone", before.Phone).Fill("email", before.Email).Fill("bank_name", before.BankName)
            .Fill("goods", before.Goods);
    }

    public static ApplicationDraft Read(Form form) => new()
    {
        Company = form["company"], CreditCode = form["credit_code"], LegalPerson = form["legal_person"], ContactName = form["contact_name"],
        Phone = form["phone"], Email = form["email"], BankName = form["bank_name"], BankAccount = form["bank_account"], Goods = form["goods"],
    };
}

/// <summary>What both public pages are: for strangers, kept by nobody, bounded by address.</summary>
internal abstract class ApplicantPage(ApplyGate gate) : ConsolePage
{
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // The address carries a secret: no page that is opened from here shall hear it, and no cache keep what it shows.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
    }

    /// <summary>An answer when this address has sent too much; null: go on.</summary>
    protected PageResult? TooOften()
    {
        if (gate.TryEnter(HttpContext.Connection.RemoteIpAddress)) return null;
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = "120";
        Form!.Fail("提交得太快了，过几分钟再来", "Too many from here: come back in a few minutes");
        return Page();
    }

    protected static string UrlOf(string token) => $"/apply/status?token={token}";
}

/// <summary>A company applies to supply.</summary>
[RequestSizeLimit(CertificateTables.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = CertificateTables.RequestMax, MemoryBufferThreshold = CertificateTables.RequestMax)]
internal sealed class ApplyPage(Applications applications, ApplyGate gate, Audit audit) : ApplicantPage(gate)
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        OnPageHandlerExecuting(context);
        Title = T("供应商入驻申请", "Apply to supply");
        Form = ApplicationForm.Ask(new Form(Language) { Submit = T("提交申请", "Send the application") })
            .Section("营业执照", "Business licence")
            .Day("valid_to", "有效期至", "Valid until", optional: true).Hint("长期的可不填", "Leave empty if it has no end")
            .File("file", "文件", "File", optional: false).Hint("照片或扫描件：PDF、JPEG 或 PNG，最大 5 MiB。品牌授权书下一步再传", "A photo or scan: PDF, JPEG or PNG, at most 5 MiB. Brands' authorisations come in the next step");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        if (TooOften() is { } refusal) return refusal;
        if (!await Form!.ReadAsync(Request)) return Again();
        var licence = await CertificateTables.ReadAsync(Form, file, isLicence: true);
        if (!Took(await applications.SubmitAsync(ApplicationForm.Read(Form), licence), out var sent)) return Again();
        await audit.RecordAsync("applicant", "application.send", PublicId.Encode(sent.Id), Address);
        return Redirect(UrlOf(sent.Token));
    }
}

/// <summary>The applicant's private page: the answer, its documents, sending again, and at the end its log-in.</summary>
[RequestSizeLimit(CertificateTables.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = CertificateTables.RequestMax, MemoryBufferThreshold = CertificateTables.RequestMax)]
internal sealed class ApplyStatusPage(
    Applications applications, Certificates certificates, Selling selling, People people, Database database, ApplyGate gate, Audit audit) : ApplicantPage(gate)
{
    public string Token { get; private set; } = "";
    public Application Application { get; private set; } = null!;

    /// <summary>A further document; null once it is a supplier, who sends them in its console.</summary>
    public Form? DocumentForm { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        OnPageHandlerExecuting(context);
        Token = Request.Query["token"].ToString();
        if (await applications.FindAsync(Token) is not { } application)
        {
            context.Result = NotFound();
            return;
        }

        Application = application;
        Title = application.Company;
        var brands = await selling.ListBrandsAsync();
        Table = CertificateTables.Of(this, await certificates.ListAsync(CertificateOwner.Of(application.Id)), brands.ToDictionary(b => b.Id),
            c => $"{UrlOf(Token)}&handler=file&id={PublicId.Encode(c.Id)}");
        if (application.State != ApplicationState.Approved)
            DocumentForm = CertificateTables.Ask(new Form(Language) { Submit = T("上传证件", "Send the document") }.Section("补一份证件", "Add a document"), brands);
        if (application.State == ApplicationState.Returned)
            Form = ApplicationForm.Ask(new Form(Language) { Submit = T("再次提交", "Send again") }, application);
        if (application is { State: ApplicationState.Approved, HasLogin: false })
        {
            Form = new Form(Language) { Submit = T("创建登录账号", "Make the log-in") }
                .Section("你的登录账号", "Your log-in")
                .Text("login", "登录账号", "Login", max: LogInRules.LoginMax, autocomplete: "username")
                .Password("password", "密码", "Password")
                .Password("again", "再输一次密码", "Password again");
            PasswordWords.Hint(Form);
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnGetFileAsync(string? id) => !PublicId.TryDecode(id, out var number) ? NotFound()
        : CertificateTables.Download(this, await certificates.OpenAsync(number, CertificateOwner.Of(Application.Id)));

    /// <summary>Sends the application again, as it stands in the form.</summary>
    public async Task<IActionResult> OnPostAgainAsync()
    {
        if (Application.State != ApplicationState.Returned) return NotFound();
        if (TooOften() is { } refusal) return refusal;
        if (!await Form!.ReadAsync(Request) || !Took(await applications.ResendAsync(Token, ApplicationForm.Read(Form)), out _)) return Again();
        await audit.RecordAsync("applicant", "application.send", PublicId.Encode(Application.Id), Address);
        return Done(UrlOf(Token), "已再次提交", "Sent again");
    }

    public async Task<IActionResult> OnPostDocumentAsync(IFormFile? file)
    {
        if (DocumentForm is null) return NotFound();
        var other = Form;
        Form = DocumentForm;
        if (TooOften() is { } refusal) return refusal;
        var isFine = await DocumentForm.ReadAsync(Request)
            && Took(await certificates.AddAsync(CertificateOwner.Of(Application.Id), await CertificateTables.ReadAsync(DocumentForm, file)), out _);
        Form = other;
        if (!isFine) return Again();
        await audit.RecordAsync("applicant", "certificate.send", PublicId.Encode(Application.Id), Address);
        return Done(UrlOf(Token), "已上传", "Sent");
    }

    /// <summary>The log-in of a supplier who was taken in, once.</summary>
    public async Task<IActionResult> OnPostLoginAsync()
    {
        if (Application is not { State: ApplicationState.Approved, HasLogin: false, SupplierId: { } supplier }) return NotFound();
        if (TooOften() is { } refusal) return refusal;
        await Form!.ReadAsync(Request);
        PasswordWords.Check(Form, "login", "password", "again");
        if (Form.IsFine && await people.IsTakenAsync(Form["login"])) Form.Fail("login", "这个账号已经有人用了", "This login is taken");
        if (!Form.IsFine) return Again();

        var person = await people.PrepareAsync(Form["login"], Form["password"], Roles.Supplier, supplier.Value, Application.ContactName);
        try
        {
            if (!await database.WriteAsync(s => MakeAsync(s, person))) return NotFound();
        }
        catch (LoginTakenException)
        {
            Form.Fail("login", "这个账号已经有人用了", "This login is taken");
            return Again();
        }

        await audit.RecordAsync(person.Login, "application.login", PublicId.Encode(Application.Id), Address);
        return Redirect("/login");
    }

    private async Task<bool> MakeAsync(Session s, NewPerson person)
    {
        if (await applications.ClaimLoginAsync(s, Token) is null) return false;
        // Thrown, so that the claim goes back with it.
        return await people.AddAsync(s, person) ? true : throw new LoginTakenException(person.Login);
    }

    private sealed class LoginTakenException(string login) : Exception(login);
}
