using Lianka.Modules.Consoles.Core;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The log-in that goes with a party, on the forms that make merchants and suppliers.</summary>
internal static class LogIns
{
    public static Table TableOf(ConsolePage page, List<Person> people)
    {
        var table = Table.Of(people, page.T("登录账号", "Log-ins"))
            .Column(page.T("登录账号", "Log-in"), p => new Cell(p.Login, IsMono: true))
            .Column(page.T("显示名", "Shown as"), p => p.DisplayName)
            .Build();
        table.Empty = new EmptyState(page.T("还没有登录账号", "No log-in yet"), page.T("在上面填账号和初始密码，再保存。", "Fill in login and first password above, then save."), Icon: "lock");
        return table;
    }

    /// <summary>Checks the fields <c>login</c> and <c>password</c>: both or none.</summary>
    /// <param name="own">The log-ins the party has: naming one of them sets its password anew.</param>
    public static async Task CheckAsync(Form form, People people, List<Person>? own = null)
    {
        PasswordWords.Check(form, "login", "password", null);
        if (form["login"].Length == 0 && form["password"].Length > 0) form.Fail("login", "密码填了，账号也要填", "With a password there must be a login");
        if (form["login"].Length == 0) return;
        if (form["password"].Length == 0) form.Fail("password", "请填初始密码", "Fill in the first password");
        var isOwn = own?.Exists(p => p.Login == LogInRules.Normalise(form["login"])) ?? false;
        if (!isOwn && await people.IsTakenAsync(form["login"])) form.Fail("login", "这个账号已经有人用了", "This login is taken");
    }

    /// <summary>Makes the log-in, or sets the password of the one the party has.</summary>
    public static async Task SaveAsync(Form form, People people, string role, long partyId, string displayName)
    {
        if (form["login"].Length > 0 && !await people.CreateAsync(form["login"], form["password"], role, partyId, displayName))
            await people.ResetPasswordAsync(form["login"], role, partyId, form["password"]);
    }
}
