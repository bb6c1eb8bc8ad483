using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Certificates as lists, as a form and as files, the same for operator, supplier and applicant.</summary>
internal static class CertificateTables
{
    /// <summary>Room for the file and the fields beside it.</summary>
    public const int RequestMax = Certificates.BytesMax + (1 << 20);

    /// <param name="href">Where a certificate's file, or its page, is.</param>
    public static Table Of(ConsolePage page, IEnumerable<Certificate> certificates, IReadOnlyDictionary<long, Brand> brands, Func<Certificate, string> href)
    {
        var table = Table.Of(certificates, page.T("证件", "Certificates"))
            .Column(page.T("证件", "Certificate"), c => new Cell(PartyWords.Kind(c, brands, page.Language), href(c), c.FileName))
            .Column(page.T("有效期", "Valid"), c => new Cell(PartyWords.Until(c.ValidTo, page.Language), Sub: page.T("自 ", "from ") + Show.Day(c.ValidFrom)))
            .Badge(page.T("状态", "State"), c => PartyWords.State(c, page.Now, page.Language))
            .Column(page.T("审核意见", "Verdict"), c => new Cell(c.Reason.Length > 0 ? c.Reason : "—", Sub: c.DecidedAt is { } at ? Show.Exact(at) : null))
            .Build();
        table.Empty = new EmptyState(page.T("还没有证件", "No certificates yet"), page.T("营业执照和品牌授权书都在这里。", "The business licence and the brands' authorisations stand here."), Icon: "info");
        return table;
    }

    /// <summary>The questions about one document: kind, days, file.</summary>
    public static Form Ask(Form form, IEnumerable<Brand> brands)
    {
        var language = form.Language;
        return form
            .Choice("brand", "证件", "Certificate", [new Option("licence", language.Pick("营业执照", "Business licence")),
                .. brands.Select(b => new Option(PublicId.Encode(b.Id), language.Pick($"{b.NameZh} 品牌授权书", $"Authorisation of {b.NameEn}")))])
            .Hint("没有你的品牌？在说明里写上，我们来加", "Your brand is not there? Tell us in your application and we add it")
            .Day("valid_from", "生效日", "Valid from", optional: true).Beside()
            .Day("valid_to", "有效期至", "Valid until", optional: true).Hint("最后一天；长期的执照可不填", "The last day; a licence without an end may leave it empty")
            .File("file", "文件", "File", optional: false).Hint("PDF、JPEG 或 PNG，最大 5 MiB", "PDF, JPEG or PNG, at most 5 MiB");
    }

    public static async Task<CertificateDraft> ReadAsync(Form form, IFormFile? file, bool isLicence = false)
    {
        var content = new MemoryStream();
        if (file is { Length: <= Certificates.BytesMax + 1L }) await file.CopyToAsync(content);
        return new CertificateDraft
        {
            BrandId = !isLicence && PublicId.TryDecode(form["brand"], out var brand) ? brand : null,
            ValidFrom = isLicence ? null : form.DayOf("valid_from"),
            ValidTo = form.DayOf("valid_to")?.AddDays(1),
            FileName = file?.FileName ?? "",
            // One that is too large to read is too large all the same.
            Content = file is { Length: > Certificates.BytesMax + 1L } ? new byte[Certificates.BytesMax + 1] : content.ToArray(),
        };
    }

    /// <summary>A file as a download that no browser opens as a page, and nobody keeps on the way.</summary>
    public static IActionResult Download(ConsolePage page, CertificateFile? file)
    {
        if (file is null) return page.NotFound();
        page.Response.Headers.CacheControl = "no-store";
        page.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return page.File(file.Content, file.MediaType, file.Name);
    }
}
