using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

internal sealed class LoginPage(People people, LogInGate gate, Audit audit) : ConsolePage
{
    public string Next { get; private set; } = "";

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Title = T("登录控制台", "Log in to the console");
        Form = new Form(Language)
            .Text("login", "账号", "Login", max: LogInRules.LoginMax, autocomplete: "username")
            .Password("password", "密码", "Password", "current-password");
    }

    public void OnGet(string? next) => Next = next ?? "";

    public async Task<IActionResult> OnPostAsync(string? next)
    {
        Next = next ?? "";
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!gate.TryEnter(HttpContext.Connection.RemoteIpAddress))
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = "60";
            Form.Fail("试得太快了，过一分钟再来", "Too many tries from here: come back in a minute");
            return Page();
        }

        var login = LogInRules.Normalise(Form["login"]);
        if (Form["password"].Length > LogInRules.PasswordMax) return Wrong();
        switch (await people.LogInAsync(login, Form["password"]))
        {
            case LogInDecision.Welcome welcome:
                await SessionCookie.SignInAsync(HttpContext, welcome.Person);
                await audit.RecordAsync(welcome.Person.Login, "login", "", Address);
                return Redirect(Url.IsLocalUrl(Next) && Next != "/" ? Next : Nav.Landing(welcome.Person.Role));
            case LogInDecision.Locked locked:
                var minutes = Math.Max(1, (int)Math.Ceiling((locked.Until - Now).TotalMinutes));
                Form.Fail($"这个账号试错太多次，{minutes} 分钟后再试", $"Too many failures for this login: try again in {minutes} min");
                Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return Page();
            default:
                return Wrong();
        }
    }

    private PageResult Wrong()
    {
        Form!.Fail("账号或密码不对", "Login or password is wrong");
        return Again();
    }
}
