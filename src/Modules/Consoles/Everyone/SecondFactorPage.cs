using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Everyone;

/// <summary>Turns the code of an app on or off, for the viewer's own log-in.</summary>
internal sealed class SecondFactorPage(SecondFactors factors, People people) : ConsolePage
{
    private byte[] _nonce = [];

    public bool IsOn { get; private set; }

    /// <summary>For the app; null where nothing is to be scanned.</summary>
    public string? Secret => IsOn ? null : OneTimeCode.Base32(factors.SecretOf(Person.Id, _nonce));
    public string Nonce => Convert.ToHexStringLower(_nonce);
    public string AppAddress => OneTimeCode.Address(factors.SecretOf(Person.Id, _nonce), Person.Login);
    public IReadOnlyList<string>? Codes { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("登录动态码", "Code at the log-in");
        IsOn = await factors.IsOnAsync(Person.Id);
        // The number travels with the form, so that a second look does not make the scanned code worthless.
        _nonce = Request.HasFormContentType && Bytes(Request.Form["nonce"]) is { } kept ? kept : SecondFactors.NewNonce();
        Form = new Form(Language) { Submit = IsOn ? T("关闭", "Turn it off") : T("开启", "Turn it on"), IsDanger = IsOn, Back = "/console" };
        if (IsOn) Form.Section("动态码已开启；手机换了先关闭再开启", "It is on; with a new phone turn it off and on again");
        else Form.Section("第二步：输入 App 显示的 6 位数字", "Second: enter the six digits that the app shows");
        Form.Text("code", IsOn ? "动态码或恢复码" : "动态码", IsOn ? "Code of the app, or a recovery code" : "Code of the app", max: 30, autocomplete: "one-time-code");
        PasswordWords.AskAgain(Form);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await PasswordWords.CheckAgainAsync(Form, people, Person, Now);
        if (!Form.IsFine) return Again();
        if (IsOn)
        {
            if (await people.TryCodeAsync(Person, Form["code"]) is not LogInDecision.Welcome) return Wrong();
            await factors.TurnOffAsync(Person.Id);
            await RecordAsync("second_factor.off", Person.Login);
            return Done("/console", "动态码已关闭", "The code is off");
        }

        if (await factors.TurnOnAsync(Person.Id, _nonce, Form["code"]) is not { } codes) return Wrong();
        await RecordAsync("second_factor.on", Person.Login);
        Response.Headers.CacheControl = "no-store";
        Codes = codes;
        return Page();
    }

    private PageResult Wrong()
    {
        Form!.Fail("code", "不对，或者已经用过；等下一个再试", "Wrong, or used before: try the next one");
        return Again();
    }

    private static byte[]? Bytes(string? hex) => hex is { Length: 32 } && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : null;
}
