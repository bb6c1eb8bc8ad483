using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

/// <summary>Makes the first operator account, once.</summary>
internal sealed class SetupPage(FirstSetup setup, People people, LogInGate gate, Audit audit) : ConsolePage
{
    public string Token { get; private set; } = "";
    public bool IsShut { get; private set; }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Title = T("创建管理员账号", "Make the operator account");
        // The address carries a secret: no page that is opened from here shall hear it.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        Form = new Form(Language)
            .Text("name", "你的名字", "Your name", max: 60, autocomplete: "name")
            .Text("login", "登录账号", "Login", max: LogInRules.LoginMax, autocomplete: "username")
            .Password("password", "密码", "Password")
            .Password("again", "再输一次密码", "Password again");
        PasswordWords.Hint(Form);
    }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        Token = token ?? "";
        return await setup.IsOpenAsync(token) ? Page() : Shut();
    }

    public async Task<IActionResult> OnPostAsync(string? token)
    {
        Token = token ?? "";
        if (!gate.TryEnter(HttpContext.Connection.RemoteIpAddress)) return StatusCode(StatusCodes.Status429TooManyRequests);
        if (!await setup.IsOpenAsync(Token)) return Shut();
        await Form!.ReadAsync(Request);
        PasswordWords.Check(Form, "login", "password", "again");
        if (!Form.IsFine) return Again();

        var person = await people.PrepareAsync(Form["login"], Form["password"], Roles.Operator, 0, Form["name"]);
        if (!await setup.CompleteAsync(Token, person)) return Shut();
        await setup.MakeDefaultsAsync();
        await audit.RecordAsync(person.Login, "setup", person.Login, Address);
        if (await people.LogInAsync(person.Login, Form["password"]) is LogInDecision.Welcome welcome)
            await SessionCookie.SignInAsync(HttpContext, welcome.Person);
        return Redirect("/console/home");
    }

    private PageResult Shut()
    {
        IsShut = true;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
