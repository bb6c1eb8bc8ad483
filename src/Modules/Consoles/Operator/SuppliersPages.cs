using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.SuppliersSee)]
internal sealed class SuppliersPage(Catalog.Catalog catalog, Database database) : ConsolePage
{
    public async Task OnGetAsync()
    {
        var stops = (await database.ReadAsync(s => Selling.StopsAsync(s))).ToLookup(t => t.SupplierId, t => PartyWords.Stop(t.Reason, Language).Text);
        Title = T("供应商", "Suppliers");
        Actions.Add(("/console/suppliers/new", T("新建供应商", "New supplier")));
        Table = Parts.Table.Of(await catalog.ListSuppliersAsync(), Title)
            .Column(T("名称", "Name"), s => new Cell(Language.PickOr(s.NameZh, s.NameEn), $"/console/suppliers/{s.Id}", s.Slug))
            .Column(T("加入", "Since"), s => When(s.CreatedAt))
            .Badge(T("状态", "State"), s => s.State != SupplierState.Active ? (T("已停用", "Suspended"), "warning")
                : stops.Contains(s.Id) ? (T("停售：", "Off: ") + string.Join(T("、", ", "), stops[s.Id]), "error") : (T("正常", "Active"), "ok"))
            .Build();
        Table.Empty = new EmptyState(T("还没有供应商", "No suppliers yet"), T("卖自己的货，也先把自己建成一个供应商。", "Even for your own goods, make yourself a supplier first."),
            "/console/suppliers/new", T("新建供应商", "New supplier"), "supply");
    }
}

[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class SupplierPage(Catalog.Catalog catalog, Suppliers.Suppliers suppliers, People people) : ConsolePage
{
    private SupplierId? _id;
    private List<Person> _people = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/suppliers", T("供应商", "Suppliers"));
        Form = new Form(Language) { Back = "/console/suppliers" }
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside()
            .Text("name_en", "英文名", "Name in English", max: 80)
            .Text("slug", "简称", "Short name", max: 60).Hint("小写字母、数字和短横线", "Small letters, digits and hyphens").Beside()
            .Choice("state", "状态", "State", [new("Active", T("正常", "Active")), new("Suspended", T("停用", "Suspended"))]).Fill("state", "Active")
            .Whole("hold_seconds", "结算等待", "Hold time", unit: T("秒", "s")).Hint("没有合同时，新货源默认用它；已有的不变", "Without a contract, new supplies get it; those that exist keep theirs").Fill("hold_seconds", "0")
            .Section("登录账号", "Log-in")
            .Text("login", "账号", "Login", optional: true, max: LogInRules.LoginMax).Hint("给供应商自己看库存和货款；填已有的账号就是换密码", "Lets the supplier see stock and money; naming one that exists sets its password anew").Beside()
            .Password("password", "密码", "Password", optional: true);
        if (RouteData.Values["id"] as string == "new")
        {
            Title = T("新建供应商", "New supplier");
        }
        else
        {
            var supplier = SupplierId.TryParse(RouteData.Values["id"] as string, out var id) ? await catalog.FindSupplierAsync(id) : null;
            if (supplier is null)
            {
                context.Result = NotFound();
                return;
            }

            _id = id;
            Title = Language.PickOr(supplier.NameZh, supplier.NameEn);
            Actions.Add(($"/console/supplies/new?supplier={id}", T("加货源", "Add a supply")));
            Actions.Add(($"/console/suppliers/{id}/standing", T("资质与保证金", "Standing")));
            Actions.Add(($"/console/suppliers/{id}/contract", T("合同", "Contract")));
            Actions.Add(($"/console/accounts?party={id}", T("账户与流水", "Accounts and entries")));
            Actions.Add(($"/console/connections?supplier={id}", T("系统对接", "Connections")));
            Form.Fill("name_zh", supplier.NameZh).Fill("name_en", supplier.NameEn).Fill("slug", supplier.Slug).Fill("state", supplier.State.ToString())
                .Fill("hold_seconds", supplier.HoldSeconds.ToString());
            _people = await people.OfPartyAsync(Roles.Supplier, id.Value);
            Table = LogIns.TableOf(this, _people);
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await LogIns.CheckAsync(Form, people, _people);
        if (!Form.IsFine) return Again();
        var draft = new SupplierDraft
        {
            Slug = Form["slug"], NameZh = Form["name_zh"], NameEn = Form["name_en"], State = Enum.Parse<SupplierState>(Form["state"]),
            HoldSeconds = Form["hold_seconds"],
        };
        var decision = _id is { } id ? await catalog.UpdateSupplierAsync(id, draft) : await suppliers.OnboardAsync(draft);
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("supplier.save", saved.Slug);
        await LogIns.SaveAsync(Form, people, Roles.Supplier, saved.Id.Value, saved.NameZh);
        return Done($"/console/suppliers/{saved.Id}", $"供应商「{saved.NameZh}」已保存", $"Supplier {saved.NameEn} saved");
    }
}
