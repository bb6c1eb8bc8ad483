using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>The people of the viewer's own employer.</summary>
internal abstract class StaffListPage(Staff staff) : ConsolePage
{
    /// <summary>Where the role's pages stand.</summary>
    protected abstract string Root { get; }

    public async Task OnGetAsync()
    {
        Title = T("员工", "Staff");
        Actions.Add(($"{Root}/staff/new", T("加员工", "Add somebody")));
        Actions.Add(($"{Root}/staff-roles", T("角色", "Roles")));
        Table = Parts.Table.Of(await staff.ListAsync(Employer.Of(Person)), Title)
            .Column(T("名字", "Name"), p => new Cell(p.DisplayName, $"{Root}/staff/{PublicId.Encode(p.Id)}", p.Login))
            .Column(T("角色", "Role"), p => StaffWords.Role(p, Language))
            .Column(T("最近登录", "Last log-in"), p => p.LastSeenAt is { } at ? When(at) : new Cell("—"))
            .Badge(T("状态", "State"), p => p.IsActive ? (T("可登录", "May log in"), "ok") : (T("已停用", "Switched off"), "empty"))
            .Build();
    }
}

/// <summary>One of the staff: role, password, where they are logged in, on or off. With the id <c>new</c> somebody is added.</summary>
internal abstract class StaffPersonPage(Staff staff, Sessions sessions, People people) : ConsolePage
{
    protected abstract string Root { get; }

    private List<StaffRole> _roles = [];

    public StaffPerson? Member { get; private set; }
    public Form? PasswordForm { get; private set; }

    /// <summary>They may do what the viewer may not: nothing of theirs can be changed here.</summary>
    public bool IsAbove => Member is { } member && !Person.Rights.Covers(member.Rights);

    private string Here => $"{Root}/staff/{RouteData.Values["id"]}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ($"{Root}/staff", T("员工", "Staff"));
        var text = RouteData.Values["id"] as string;
        if (text != "new" && (!PublicId.TryDecode(text, out var id) || (Member = await staff.FindAsync(Employer.Of(Person), id)) is null))
        {
            context.Result = NotFound();
            return;
        }

        _roles = await staff.RolesAsync(Employer.Of(Person));
        Title = Member?.DisplayName ?? T("加员工", "Add somebody");
        Form = new Form(Language) { Back = $"{Root}/staff" };
        if (Member is null)
        {
            Form.Text("name", "名字", "Name", max: 60).Text("login", "登录账号", "Login", max: LogInRules.LoginMax)
                .Password("password", "初始密码", "First password");
            PasswordWords.Hint(Form);
        }
        else
        {
            Table = Parts.Table.Of(await sessions.OfAsync(Member.Id), T("登录的设备", "Where they are logged in"))
                .Column(T("设备", "Device"), s => new Cell(DeviceWords.Name(s.Agent, Language), Title: s.Agent))
                .Column(T("登录地址", "From"), s => new Cell(s.Address, IsMono: true))
                .Column(T("最近使用", "Last seen"), s => When(s.SeenAt))
                .Build();
            Table.Empty = new EmptyState(T("没有登录", "Not logged in"), T("这个人现在没有在任何设备上登录。", "They are logged in nowhere at present."), Icon: "lock");
            PasswordForm = new Form(Language) { Submit = T("设新密码", "Set the new password") }.Section("忘了密码", "A lost password").Password("password", "新密码", "New password")
                .Hint("保存后，这个人的登录、动态码、通行密钥都失效", "Ends where they are logged in, and turns their second factor and passkeys off");
        }

        // Only what the viewer could hand out.
        List<Option> options = [.. _roles.Where(r => Person.Rights.Covers(r.Rights)).Select(r => new Option(PublicId.Encode(r.Id), Language.PickOr(r.NameZh, r.NameEn)))];
        if (Person.Rights.IsAll) options.Insert(0, new Option("all", StaffWords.Everything(Language)));
        Form.Choice("role", "角色", "Role", options);
        if (Member is not null) Form.Fill("role", Member.PersonRoleId is { } role ? PublicId.Encode(role) : "all");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        if (Member is null) PasswordWords.Check(Form, "login", "password", null);
        if (Member is null && Form.IsFine && await people.IsTakenAsync(Form["login"])) Form.Fail("login", "这个账号已经有人用了", "This login is taken");
        if (!Form.IsFine) return Again();
        long? role = PublicId.TryDecode(Form["role"], out var number) ? number : null;
        var decision = Member is null
            ? await staff.AddAsync(Person.Id, Form["login"], Form["password"], Form["name"], role)
            : await staff.AssignAsync(Person.Id, Member.Id, role);
        if (decision is not StaffDecision.Saved)
        {
            var (zh, en) = StaffWords.Problem(decision);
            Form.Fail(zh, en);
            return Again();
        }

        var roleName = _roles.Find(r => r.Id == role)?.NameZh ?? "*";
        await RecordAsync(Member is null ? "staff.add" : "staff.role", $"{Member?.Login ?? LogInRules.Normalise(Form["login"])}: {roleName}");
        return Done($"{Root}/staff", "已保存", "Saved");
    }

    public async Task<IActionResult> OnPostPasswordAsync()
    {
        if (Member is null || PasswordForm is null) return NotFound();
        await PasswordForm.ReadAsync(Request);
        PasswordWords.Check(PasswordForm, null, "password", null);
        if (!PasswordForm.IsFine) return Again();
        return await SaidAsync(await staff.HelpAsync(Person.Id, Member.Id, PasswordForm["password"]), "staff.password", "新密码已生效", "The new password counts");
    }

    public async Task<IActionResult> OnPostSwitchAsync(bool on) => Member is null ? NotFound()
        : await SaidAsync(await staff.SwitchAsync(Person.Id, Member.Id, on), on ? "staff.on" : "staff.off", on ? "可以登录了" : "已停用，立即退出", on ? "May log in again" : "Switched off, and out at once");

    public async Task<IActionResult> OnPostEndAsync() => Member is null ? NotFound()
        : await SaidAsync(await staff.HelpAsync(Person.Id, Member.Id, password: null), "staff.end_sessions", "所有设备都已退出登录", "Logged out everywhere");

    private async Task<IActionResult> SaidAsync(StaffDecision decision, string action, string zh, string en)
    {
        if (decision is not StaffDecision.Saved)
        {
            var problem = StaffWords.Problem(decision);
            return NotDone(Here, problem.Zh, problem.En);
        }

        await RecordAsync(action, Member!.Login);
        return Done(Here, zh, en);
    }
}

internal abstract class StaffRolesPage(Staff staff) : ConsolePage
{
    protected abstract string Root { get; }

    private IReadOnlyList<PermissionArea> Areas => Permissions.AreasOf(Person.Role);

    public async Task OnGetAsync()
    {
        Title = T("角色", "Roles");
        Up = ($"{Root}/staff", T("员工", "Staff"));
        Actions.Add(($"{Root}/staff-roles/new", T("新建角色", "New role")));
        Table = Parts.Table.Of(await staff.RolesAsync(Employer.Of(Person)), Title)
            .Column(T("角色", "Role"), r => new Cell(Language.PickOr(r.NameZh, r.NameEn), $"{Root}/staff-roles/{PublicId.Encode(r.Id)}"))
            .Column(T("能看", "Sees"), r => Named(r, a => a.See))
            .Column(T("能改", "Changes"), r => Named(r, a => a.Change))
            .Column(T("更重的", "More"), r => string.Join(T("、", ", "), Areas.Select(a => a.More).OfType<Permission>().Where(p => r.Rights.Has(p.Code)).Select(p => T(p.Zh, p.En))))
            .Number(T("人数", "People"), r => r.People)
            .Build();
        Table.Empty = new EmptyState(T("还没有角色", "No roles yet"), Example,
            $"{Root}/staff-roles/new", T("新建角色", "New role"), "lock");
    }

    private string Example => Person.Role switch
    {
        Roles.Merchant => T("例如「客服」：查订单、处理订单，不能提现、改价。", "Such as a clerk: sees and handles orders, neither withdraws money nor changes prices."),
        Roles.Supplier => T("例如「仓管」：看库存、导入卡密，看不到货款。", "Such as a storekeeper: sees stock and imports cards, sees no money."),
        _ => T("例如「客服」：查订单、退款；「财务」：看账、审批打款。", "Such as support: see orders, refund; or accounts: see accounts, approve payouts."),
    };

    private string Named(StaffRole role, Func<PermissionArea, Permission?> kind) =>
        string.Join(T("、", ", "), Areas.Where(a => kind(a) is { } permission && role.Rights.Has(permission.Code)).Select(a => T(a.Zh, a.En)));
}

/// <summary>A role as a grid: areas down, what one may do there across.</summary>
internal abstract class StaffRolePage(Staff staff) : ConsolePage
{
    protected abstract string Root { get; }

    public string List => $"{Root}/staff-roles";
    public IReadOnlyList<PermissionArea> Areas => Permissions.AreasOf(Person.Role);

    public StaffRole? Role { get; private set; }

    /// <summary>It permits what the viewer may not: it is looked at here, and not changed.</summary>
    public bool IsAbove => Role is { } role && !Person.Rights.Covers(role.Rights);

    public static string FieldOf(Permission permission) => permission.Code.Replace('.', '_');

    /// <summary>What the viewer cannot hand out stands there shut.</summary>
    public bool MayGive(Permission permission) => Person.Rights.Has(permission.Code);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = (List, T("角色", "Roles"));
        var text = RouteData.Values["id"] as string;
        if (text != "new" && (!PublicId.TryDecode(text, out var id) || (Role = (await staff.RolesAsync(Employer.Of(Person))).Find(r => r.Id == id)) is null))
        {
            context.Result = NotFound();
            return;
        }

        Title = Role is null ? T("新建角色", "New role") : Language.PickOr(Role.NameZh, Role.NameEn);
        Form = new Form(Language) { Back = List }
            .Text("name_zh", "名称", "Name", max: Staff.NameMax).Fill("name_zh", Role?.NameZh).Beside()
            .Text("name_en", "英文名", "Name in English", optional: true, max: Staff.NameMax).Fill("name_en", Role?.NameEn);
        foreach (var permission in Permissions.AllOf(Person.Role))
            Form.Check(FieldOf(permission), permission.Zh, permission.En).Fill(FieldOf(permission), Role?.Rights.Has(permission.Code) == true ? "on" : "");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var rights = Rights.Of(Permissions.AllOf(Person.Role).Where(p => Form.IsChecked(FieldOf(p))).Select(p => p.Code));
        var decision = await staff.SaveRoleAsync(Person.Id, Role?.Id ?? 0, Form["name_zh"], Form["name_en"], rights);
        if (decision is StaffDecision.Taken) Form.Fail("name_zh", "这个名称已经用了", "This name is taken");
        else if (decision is not StaffDecision.Saved)
        {
            var (zh, en) = StaffWords.Problem(decision);
            Form.Fail(zh, en);
        }

        if (!Form.IsFine) return Again();
        await RecordAsync("role.save", $"{Form["name_zh"]}: {rights.Codes}");
        return Done(List, "已保存，立即生效", "Saved, and in force");
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (Role is null) return NotFound();
        var decision = await staff.RemoveRoleAsync(Person.Id, Role.Id);
        if (decision is not StaffDecision.Saved)
        {
            var (zh, en) = decision is StaffDecision.Taken ? ("还有人是这个角色，先给他们换一个", "People still have it: give them another first") : StaffWords.Problem(decision);
            return NotDone($"{List}/{PublicId.Encode(Role.Id)}", zh, en);
        }

        await RecordAsync("role.remove", Role.NameZh);
        return Done(List, "角色已删除", "The role is gone");
    }
}
