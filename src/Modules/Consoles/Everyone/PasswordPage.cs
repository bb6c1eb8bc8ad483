using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Everyone;

internal sealed class PasswordPage(People people) : ConsolePage
{
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Title = T("修改密码", "Change password");
        Form = new Form(Language) { Submit = T("修改密码", "Change password"), Back = "/console" }
            .Password("old", "现在的密码", "Present password", "current-password")
            .Password("password", "新密码", "New password")
            .Password("again", "再输一次新密码", "New password again")
            .Hint("保存后，其他设备上的登录都会失效。", "Saving ends the sessions on all other devices.");
        PasswordWords.Hint(Form);
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        PasswordWords.Check(Form, null, "password", "again");
        if (!Form.IsFine) return Again();
        if (await people.ChangePasswordAsync(Person.Id, Form["old"], Form["password"]) is not { } changed)
        {
            Form.Fail("old", "不对", "This is wrong");
            return Again();
        }

        await SessionCookie.SignInAsync(HttpContext, changed);
        await RecordAsync("password", Person.Login);
        return Done("/console", "密码改好了，其他设备要重新登录", "Password changed; other devices must log in again");
    }
}
