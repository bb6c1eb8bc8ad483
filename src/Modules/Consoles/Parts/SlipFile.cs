namespace Lianka.Modules.Consoles.Parts;

/// <summary>A slip of a bank transfer as a form sends it.</summary>
internal static class SlipFile
{
    /// <summary>Room for the file and the fields beside it.</summary>
    public const int RequestMax = 5 << 20;

    public const string HintZh = "PNG、JPEG 或 WebP，最大 4 MiB；看得清金额、附言和流水号";
    public const string HintEn = "PNG, JPEG or WebP, at most 4 MiB; amount, reference and the bank's number must be readable";
}
