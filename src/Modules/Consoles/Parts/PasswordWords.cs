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
}
