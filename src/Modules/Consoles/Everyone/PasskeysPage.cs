using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Everyone;

/// <summary>The viewer's own passkeys: made after the password, on the device that the page stands on.</summary>
internal sealed class PasskeysPage(Passkeys passkeys, People people) : ConsolePage
{
    public List<Passkey> Keys { get; private set; } = [];

    /// <summary>To the viewer's device, once the password was right; null before.</summary>
    public PasskeyQuestion? Question { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("通行密钥", "Passkeys");
        Keys = await passkeys.OfAsync(Person.Id);
        Form = PasswordWords.AskAgain(new Form(Language) { Submit = T("添加通行密钥", "Add a passkey") }.Section("在这台设备上添加", "Add one on this device"));
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await PasswordWords.CheckAgainAsync(Form, people, Person, Now);
        if (Form.IsFine && Keys.Count >= Passkeys.KeysMax) Form.Fail($"最多 {Passkeys.KeysMax} 个，先删掉不用的", $"{Passkeys.KeysMax} at most: remove one that you do not use");
        if (!Form.IsFine) return Again();
        Response.Headers.CacheControl = "no-store";
        Question = await passkeys.AskForNewAsync(HttpContext, Person);
        return Page();
    }

    public async Task<IActionResult> OnPostMadeAsync(string? ticket, string? answer)
    {
        if (!await passkeys.AddAsync(HttpContext, Person, ticket ?? "", answer ?? ""))
            return NotDone(Request.Path, "没有添加成功：这台设备没有完成验证，或者过了 5 分钟。再试一次。", "Not added: the device did not prove itself, or it took more than 5 minutes. Try again.");
        await RecordAsync("passkey.add", Person.Login);
        return Done(Request.Path, "通行密钥已添加，下次登录不用输密码", "Passkey added: the next log-in needs no password");
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? key)
    {
        if (!PublicId.TryDecode(key, out var id) || !await passkeys.RemoveAsync(Person.Id, id)) return NotDone(Request.Path, "它已经删掉了", "It is gone already");
        await RecordAsync("passkey.remove", Person.Login);
        return Done(Request.Path, "通行密钥已删除", "Passkey removed");
    }
}
