using Lianka.Platform.Http;
using Lianka.Modules.Consoles.Core;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The same questions about logins and passwords wherever an account is made.</summary>
internal static class PasswordWords
{
    public static void Hint(Form form, string field = "password") =>
        form.Fields.First(f => f.Name == field).Hint = form.Language.Pick(
            $"至少 {LogInRules.PasswordMin} 个字符，几个词连起来最好记", $"At least {LogInRules.PasswordMin} characters; a few words in a row are easiest to keep");

    /// <summary>Checks what was typed; problems go to their fields.</summary>
    /// <param name="login">The login's field; null where it is not asked.</param>
    /// <param name="again">The repetition's field; null where it is not asked.</param>
    public static void Check(Form form, string? login, string password, string? again)
    {
        if (login is not null && form[login].Length > 0 && !LogInRules.IsLogin(LogInRules.Normalise(form[login])))
            form.Fail(login, "3 到 64 个字符，只能用字母、数字和 . _ - @ +", "3 to 64 characters: letters, digits and . _ - @ +");
        var typed = form[password];
        if (typed.Length > 0 && typed.Length is < LogInRules.PasswordMin or > LogInRules.PasswordMax)
            form.Fail(password, $"要有 {LogInRules.PasswordMin} 到 {LogInRules.PasswordMax} 个字符", $"Use {LogInRules.PasswordMin} to {LogInRules.PasswordMax} characters");
        else if (login is not null && typed.Length > 0 && string.Equals(typed, form[login], StringComparison.OrdinalIgnoreCase))
            form.Fail(password, "不能和账号一样", "It must differ from the login");
        if (again is not null && form[again].Length > 0 && form[again] != typed)
            form.Fail(again, "两次不一样", "The two differ");
    }

    /// <summary>Asks for the viewer's own password once more: whoever found an open browser does not know it.</summary>
    public static Form AskAgain(Form form) => form.Password("own_password", "你的登录密码", "Your password", "current-password")
        .Hint("再输一次，确认是你本人", "Once more, so that we know it is you");

    /// <summary>Checks <see cref="AskAgain"/>; wrong ones are counted like those at the log-in.</summary>
    public static async Task CheckAgainAsync(Form form, People people, Person viewer, DateTimeOffset now)
    {
        if (!form.IsFine) return;
        if (form["own_password"].Length > LogInRules.PasswordMax)
        {
            form.Fail("own_password", "不对", "This is wrong");
            return;
        }

        switch (await people.LogInAsync(viewer.Login, form["own_password"]))
        {
            case LogInDecision.Welcome welcome when welcome.Person.Id == viewer.Id: return;
            case LogInDecision.Locked locked:
                var minutes = Math.Max(1, (int)Math.Ceiling((locked.Until - now).TotalMinutes));
                form.Fail("own_password", $"试错太多次，{minutes} 分钟后再试", $"Too many failures: try again in {minutes} min");
                return;
            default:
                form.Fail("own_password", "不对", "This is wrong");
                return;
        }
    }
}
