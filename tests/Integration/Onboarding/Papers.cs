using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Integration.Onboarding;

/// <summary>What a company sends in.</summary>
internal static class Papers
{
    public static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 2_000).Select(i => (byte)i)];

    public static readonly ApplicationDraft Company = new()
    {
        Company = "深圳点卡科技有限公司", CreditCode = "9144030071526726XG", LegalPerson = "张三", ContactName = "李四", Phone = "13800135567",
        BankName = "招商银行深圳分行", BankAccount = "6225880123456789",
    };

    public static CertificateDraft Licence(DateTimeOffset? to = null) => new() { ValidTo = to, FileName = "执照.pdf", Content = Pdf };

    public static CertificateDraft Brand(long brand, DateTimeOffset to) =>
        new() { BrandId = brand, ValidTo = to, FileName = @"C:\scans\auth.png", Content = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3] };
}
