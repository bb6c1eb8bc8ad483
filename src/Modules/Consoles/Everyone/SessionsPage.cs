using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Everyone;

/// <summary>Where the viewer is logged in, and the way to end it there.</summary>
internal sealed class SessionsPage(Sessions sessions) : ConsolePage
{
    public List<OpenSession> Open { get; private set; } = [];

    public bool IsHere(OpenSession session) => session.Id == SessionCookie.SessionOf(HttpContext);

    public async Task OnGetAsync()
    {
        Title = T("登录的设备", "Where you are logged in");
        Open = await sessions.OfAsync(Person.Id);
    }

    public async Task<IActionResult> OnPostAsync(string? session)
    {
        if (!PublicId.TryDecode(session, out var id) || !await sessions.EndAsync(Person.Id, id)) return NotDone(Request.Path, "它已经退出了", "It has ended already");
        await RecordAsync("session.end", Person.Login);
        return Done(Request.Path, "那台设备已退出登录", "It is logged out there");
    }

    public async Task<IActionResult> OnPostOthersAsync()
    {
        await sessions.EndOthersAsync(Person.Id, except: SessionCookie.SessionOf(HttpContext));
        await RecordAsync("session.end_others", Person.Login);
        return Done(Request.Path, "其他设备都已退出登录", "All others are logged out");
    }
}
