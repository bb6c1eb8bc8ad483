using System.Globalization;
using System.Security.Cryptography;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

internal sealed class LoginPage(People people, SecondFactors factors, Passkeys passkeys, LogInGate gate, Audit audit, PageNeeds needs, IDataProtectionProvider protection) : ConsolePage
{
    /// <summary>Between password and code; whoever takes longer begins again.</summary>
    private static readonly TimeSpan _codeWithin = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _tickets = protection.CreateProtector("log-in with a code").ToTimeLimitedDataProtector();

    public string Next { get; private set; } = "";

    /// <summary>Says that the password was right; null: it is asked for.</summary>
    public string? Ticket { get; private set; }

    /// <summary>To the device that the page stands on, whoever's it is.</summary>
    public PasskeyQuestion? Question { get; private set; }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Title = T("登录控制台", "Log in to the console");
        if (Request.HasFormContentType && Request.Form["ticket"].ToString() is { Length: > 0 } ticket)
        {
            AskForCode(ticket);
            return;
        }

        Form = new Form(Language)
            .Text("login", "账号", "Login", max: LogInRules.LoginMax, autocomplete: "username")
            .Password("password", "密码", "Password", "current-password");
    }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        OnPageHandlerExecuting(context);
        if (Ticket is null) Question = await passkeys.AskAsync(HttpContext);
        await next();
    }

    public void OnGet(string? next) => Next = next ?? "";

    public async Task<IActionResult> OnPostAsync(string? next)
    {
        Next = next ?? "";
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!gate.TryEnter(HttpContext.Connection.RemoteIpAddress)) return TooFast();
        if (Ticket is not null) return await CodeAsync(Ticket);
        var login = LogInRules.Normalise(Form["login"]);
        if (Form["password"].Length > LogInRules.PasswordMax) return Wrong();
        switch (await people.LogInAsync(login, Form["password"]))
        {
            case LogInDecision.Welcome { Person: var person } when await factors.IsOnAsync(person.Id):
                AskForCode(_tickets.Protect($"{person.Id} {person.Stamp}", _codeWithin));
                return Page();
            case LogInDecision.Welcome welcome:
                return await EnterAsync(welcome.Person);
            case LogInDecision.Locked locked:
                return Locked(locked);
            default:
                return Wrong();
        }
    }

    public async Task<IActionResult> OnPostPasskeyAsync(string? next, string? question, string? answer)
    {
        Next = next ?? "";
        if (!gate.TryEnter(HttpContext.Connection.RemoteIpAddress)) return TooFast();
        if (await passkeys.LogInAsync(HttpContext, question ?? "", answer ?? "") is { } person) return await EnterAsync(person);
        Form!.Fail("这个通行密钥登录不了，用密码登录，或再试一次", "This passkey does not open a log-in: use the password, or try again");
        return Again();
    }

    private PageResult TooFast()
    {
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = "60";
        Form!.Fail("试得太快了，过一分钟再来", "Too many tries from here: come back in a minute");
        return Page();
    }

    private void AskForCode(string ticket)
    {
        (Ticket, Question) = (ticket, null);
        Title = T("输入动态码", "Enter your code");
        Form = new Form(Language).Text("code", "动态码", "Code of the app", max: 30, autocomplete: "one-time-code")
            .Hint("手机上验证器 App 显示的 6 位数字，或一个恢复码", "The six digits of your authenticator app, or a recovery code");
    }

    private async Task<IActionResult> CodeAsync(string ticket)
    {
        Person? person = null;
        try
        {
            if (_tickets.Unprotect(ticket).Split(' ') is [var id, var stamp] && long.TryParse(id, CultureInfo.InvariantCulture, out var number))
                person = await people.OfStampAsync(number, stamp);
        }
        catch (CryptographicException)
        {
            // Too old, or not ours.
        }

        if (person is null) return Redirect("/login");
        switch (await people.TryCodeAsync(person, Form!["code"]))
        {
            case LogInDecision.Welcome: return await EnterAsync(person);
            case LogInDecision.Locked locked: return Locked(locked);
            default:
                Form.Fail("code", "不对，或者已经用过；等下一个再试", "Wrong, or used before: try the next one");
                return Again();
        }
    }

    private async Task<IActionResult> EnterAsync(Person person)
    {
        await SessionCookie.SignInAsync(HttpContext, person);
        await audit.RecordAsync(person.Login, "login", "", Address);
        return Redirect(Url.IsLocalUrl(Next) && Next != "/" ? Next : Nav.Landing(person, needs));
    }

    private PageResult Locked(LogInDecision.Locked locked)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling((locked.Until - Now).TotalMinutes));
        Form!.Fail($"这个账号试错太多次，{minutes} 分钟后再试", $"Too many failures for this login: try again in {minutes} min");
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Page();
    }

    private PageResult Wrong()
    {
        Form!.Fail("账号或密码不对", "Login or password is wrong");
        return Again();
    }
}
