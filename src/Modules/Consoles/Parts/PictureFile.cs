using Lianka.Modules.Catalog;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>A picture as a form sends it.</summary>
internal static class PictureFile
{
    /// <summary>Room for the file and the fields beside it.</summary>
    public const int RequestMax = 2 << 20;

    public const string HintZh = "PNG、JPEG 或 WebP，最大 1 MiB，每边 64 到 2000 像素；拍摄地点等信息会去掉";
    public const string HintEn = "PNG, JPEG or WebP, at most 1 MiB, 64 to 2,000 pixels a side; where and when it was taken is left out";

    /// <returns>Null: none was chosen.</returns>
    public static async Task<byte[]?> ReadAsync(IFormFile? file)
    {
        if (file is null || file.Length == 0) return null;
        // One that is too large to read is too large all the same.
        if (file.Length > PictureLimits.Goods.BytesMax) return new byte[PictureLimits.Goods.BytesMax + 1];
        var content = new MemoryStream();
        await file.CopyToAsync(content);
        return content.ToArray();
    }
}
