using Lianka.Kernel;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Lianka.Modules.Consoles.Everyone;

/// <summary>The files that the viewer has made of lists: each is seen, handed out and removed by its own person alone.</summary>
internal sealed class FilesPage(Exports exports, PageReader pages) : ConsolePage
{
    public List<ExportFile> Files { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Title = T("我的文件", "My files");
        Files = await exports.OfAsync(Person.Id);
    }

    /// <summary>Whoever may not open the list any more, or has lost what its columns may have hung on, gets no file of it either.</summary>
    public async Task<IActionResult> OnGetDownloadAsync(string? file)
    {
        if (await FindAsync(file) is not { State: ExportFile.Done } found) return NotFound();
        var (may, missing) = await pages.MayAsync(Person, found.Path, HttpContext.RequestAborted);
        missing ??= found.MissingOf(Person);
        if (!may || missing is not null)
        {
            if (missing is not null) HttpContext.Features.Set(new MissingPermission(missing));
            return StatusCode(StatusCodes.Status403Forbidden);
        }

        // Before the first byte leaves.
        await RecordAsync("file.download", $"{found.Path} {found.Rows}");
        var name = new ContentDispositionHeaderValue("attachment");
        name.SetHttpFileName(ExportWords.FileName(found));
        (Response.ContentType, Response.Headers.ContentDisposition, Response.Headers.CacheControl) = (ListFile.MediaType(found), name.ToString(), "no-store");
        await ListFile.WriteAsync(exports, found, Response.Body, HttpContext.RequestAborted);
        return new EmptyResult();
    }

    public async Task<IActionResult> OnPostAsync(string? file)
    {
        if (!PublicId.TryDecode(file, out var id) || await exports.RemoveAsync(Person.Id, id) is not { } removed) return NotDone(Request.Path, "它已经不在了", "It is not there any more");
        await RecordAsync("file.remove", removed.Path);
        return Done(Request.Path, "已删除", "Removed");
    }

    private async Task<ExportFile?> FindAsync(string? file) => PublicId.TryDecode(file, out var id) ? await exports.FindAsync(Person.Id, id) : null;
}
