using System.Diagnostics;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

/// <summary>A stranger with an invitation becomes a sub-agent of who invites, and is logged in.</summary>
internal sealed class JoinPage(
    Invitations invitations, Merchants merchants, PriceBooks books, People people, Database database, IdSource ids, JoinGate gate, Audit audit, PageNeeds needs) : ConsolePage
{
    private string _code = "";

    /// <summary>Who invites, and what one becomes; null when the link does not work.</summary>
    public (string Name, string Level)? From { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // The address carries the code: no page that is opened from here shall hear it, and no cache keep what it shows.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        _code = Request.Query["code"].ToString();
        Title = T("加入成为代理", "Become an agent");
        if (await invitations.FindAsync(_code) is { } found)
        {
            var level = (await merchants.ListLevelsAsync()).Find(l => l.Rank == found.Invitation.Level)!;
            From = (Language.PickOr(found.From.NameZh, found.From.NameEn), Language.PickOr(level.NameZh, level.NameEn));
            Form = new Form(Language) { Submit = T("加入", "Join") }
                .Text("name", "你的名称", "Your name", max: 80, autocomplete: "organization").Hint("店名、公司名或你的名字，上级能看到", "Your shop, company or own name; who invites you sees it")
                .Text("contact", "手机或邮箱", "Phone or e-mail", max: 120, autocomplete: "tel").Hint("上级用它联系你", "How who invites you can reach you")
                .Section("登录账号", "Log-in")
                .Text("login", "账号", "Login", max: LogInRules.LoginMax, autocomplete: "username")
                .Password("password", "密码", "Password")
                .Password("again", "再输一次密码", "Password again");
            PasswordWords.Hint(Form);
        }

        await next();
    }

    public void OnGet()
    {
        if (Form is null) Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return Gone();
        if (!gate.TryEnter(HttpContext.Connection.RemoteIpAddress))
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = "120";
            Form.Fail("提交得太快了，过几分钟再来", "Too many from here: come back in a few minutes");
            return Page();
        }

        await Form.ReadAsync(Request);
        PasswordWords.Check(Form, "login", "password", "again");
        var contact = Contact.Read(Form["contact"]);
        if (contact is null && Form["contact"].Length > 0) Form.Fail("contact", "请填手机号或邮箱", "Give a phone number or an e-mail address");
        if (Form.IsFine && await people.IsTakenAsync(Form["login"])) Form.Fail("login", "这个账号已经有人用了", "This login is taken");
        if (!Form.IsFine) return Again();

        var id = await ids.NextAsync<OfMerchant>();
        var person = await people.PrepareAsync(Form["login"], Form["password"], Roles.Merchant, id.Value, Form["name"]);
        switch (await JoinAsync(id, person, contact!))
        {
            case AgentsDecision<MerchantEntry>.Refused refused:
                Form.Take(refused.Errors.Select(e => e.Field is "name_zh" or "name_en" ? e with { Field = "name" } : e).DistinctBy(e => e.Field));
                return Again();
            case AgentsDecision<MerchantEntry>.Missing:
                return Gone();
            case AgentsDecision<MerchantEntry>.Saved { Value: var made }:
                await audit.RecordAsync(person.Login, "invitation.join", made.Slug, Address);
                // The next page names the newcomer, who is in the tree since this moment.
                await books.RefreshAsync();
                var joined = new Person(person.Id, person.Login, person.Role, person.PartyId, person.DisplayName, person.Stamp, Rights.All);
                await SessionCookie.SignInAsync(HttpContext, joined);
                return Done(Nav.Landing(joined, needs), "欢迎！先看看拿货价，再开一个店铺", "Welcome! Look at your prices, then open a shop");
            default: throw new UnreachableException();
        }
    }

    /// <summary>The agent, its log-in and the use of the link, or none of them.</summary>
    private async Task<AgentsDecision<MerchantEntry>> JoinAsync(MerchantId id, NewPerson person, Contact contact)
    {
        try
        {
            return await database.WriteAsync(async s =>
            {
                var decision = await invitations.JoinAsync(s, _code, id, new Newcomer(Form!["name"], person.Login, contact.Value));
                if (decision is not AgentsDecision<MerchantEntry>.Saved) throw new NotJoinedException(decision);
                if (!await people.AddAsync(s, person))
                    throw new NotJoinedException(new AgentsDecision<MerchantEntry>.Refused([new("login", "taken", "This login is taken", "这个账号已经有人用了")]));
                return decision;
            });
        }
        catch (NotJoinedException refusal)
        {
            return refusal.Decision;
        }
    }

    private PageResult Gone()
    {
        (Form, From) = (null, null);
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    /// <summary>Thrown, so that what was written goes back with it.</summary>
    private sealed class NotJoinedException(AgentsDecision<MerchantEntry> decision) : Exception
    {
        public AgentsDecision<MerchantEntry> Decision => decision;
    }
}
