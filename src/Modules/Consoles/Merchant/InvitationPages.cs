using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>Links that make newcomers sub-agents: how often each was used, taking one back, making a new one.</summary>
[Needs(MerchantPermissions.AgentsSee, MerchantPermissions.AgentsManage)]
internal sealed class InvitationsPage(Invitations invitations, Merchants merchants) : ConsolePage
{
    private List<Level> _levels = [];

    public List<Invitation> Links { get; private set; } = [];

    /// <summary>The link that was just made: shown in this answer alone.</summary>
    public string? Fresh { get; private set; }

    /// <summary>Why none can be made; null: one can.</summary>
    public string? Problem { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("邀请链接", "Invitation links");
        Up = ("/console/merchant/agents", T("下级代理", "Sub-agents"));
        _levels = await merchants.ListLevelsAsync();
        var own = (await merchants.FindAsync(Merchant))!;
        var below = _levels.FindAll(l => l.Rank > own.Level);
        if (!await invitations.AreAllowedAsync()) Problem = T("平台现在不开放自助加入，链接都不能用。", "The platform does not take agents by links now: none of them works.");
        else if (below.Count == 0 || await merchants.CheckInvitationAsync(Merchant) is not null) Problem = T("下面不能再加人了，层数到顶。", "Nobody can join below you: the tree ends here.");
        else
            Form = new Form(Language) { Submit = T("生成链接", "Make a link") }
                .Section("新链接", "A new link")
                .Choice("level", "加入后的等级", "Level of who joins", below.Select(l => new Option(l.Rank.ToString(), Language.PickOr(l.NameZh, l.NameEn)))).Fill("level", below[0].Rank.ToString())
                .Whole("uses_max", "最多几个人用", "How many may join").Fill("uses_max", "10").Beside()
                .Whole("days", "几天内有效", "Valid for days").Fill("days", "7")
                .Text("note", "备注", "Note", optional: true, max: 80).Hint("只有你看得到，比如发在哪个群", "For you only, such as where you posted it");
        await LoadAsync();
        await next();
    }

    private async Task LoadAsync() => Links = await invitations.ListAsync(Merchant);

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Request.Path, Problem!, Problem!);
        if (!await Form.ReadAsync(Request)) return Again();
        var draft = new InvitationDraft { Level = Form["level"], UsesMax = Form["uses_max"], Days = Form["days"], Note = Form["note"] };
        if (!Took(await invitations.CreateAsync(Merchant, draft), out var made)) return Again();
        await RecordAsync("invitation.create", PublicId.Encode(made.Invitation.Id));
        Response.Headers.CacheControl = "no-store";
        await LoadAsync();
        Fresh = $"{PathPrefix.Origin(HttpContext)}/join?code={made.Code}";
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(string? link)
    {
        if (!PublicId.TryDecode(link, out var id) || await invitations.RevokeAsync(Merchant, id) is not AgentsDecision<Invitation>.Saved) return NotFound();
        await RecordAsync("invitation.revoke", link!);
        return Done(Request.Path, "链接已作废", "The link is revoked");
    }

    public string LevelOf(Invitation link) => _levels.Find(l => l.Rank == link.Level) is { } level ? Language.PickOr(level.NameZh, level.NameEn) : "";

    public (string Words, string Tone) StateOf(Invitation link) => link.State switch
    {
        InvitationState.Open => (T("有效", "Open"), "ok"),
        InvitationState.UsedUp => (T("用完", "Used up"), ""),
        InvitationState.Expired => (T("过期", "Expired"), ""),
        _ => (T("已作废", "Revoked"), ""),
    };
}
