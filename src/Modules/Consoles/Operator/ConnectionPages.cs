using Lianka.Modules.Consoles.Access;
using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.SuppliersSee)]
internal sealed class ConnectionsPage(Upstreams upstreams, Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync(string? supplier)
    {
        Title = T("系统对接", "Connections");
        SupplierId? only = SupplierId.TryParse(supplier, out var id) ? id : null;
        var fresh = only is null ? "/console/connections/templates" : $"/console/connections/templates?supplier={only}";
        Actions.Add((fresh, T("对接一个系统", "Connect a system")));
        var names = (await catalog.ListSuppliersAsync()).ToDictionary(s => s.Id, s => Language.PickOr(s.NameZh, s.NameEn));
        Table = Parts.Table.Of(await upstreams.ListAsync(only), Title)
            .Column(T("名称", "Name"), c => new Cell(c.Name, $"/console/connections/{c.PublicId}", c.BaseUrl))
            .Column(T("供应商", "Supplier"), c => new Cell(names.GetValueOrDefault(c.SupplierId, "—"), $"/console/suppliers/{c.SupplierId}"))
            .Column(T("改动", "Changed"), c => When(c.UpdatedAt))
            .Badge(T("状态", "State"), c => c.State == ConnectionState.Active ? (T("可用", "Active"), "ok") : (T("停用", "Off"), "warning"))
            .Build();
        Table.Empty = new EmptyState(T("还没有对接任何系统", "No system is connected yet"),
            T("供应商有自己的系统时，直充订单可以自动发到那里。", "Where a supplier has a system of its own, direct top-ups can go there by themselves."), fresh, T("对接一个系统", "Connect a system"), "supply");
    }
}

[Needs(Permissions.SuppliersSee)]
internal sealed class ConnectionTemplatesPage : ConsolePage
{
    public void OnGet(string? supplier)
    {
        Title = T("选一个模板", "Choose a template");
        Up = ("/console/connections", T("系统对接", "Connections"));
        Table = Parts.Table.Of(Upstreams.Templates, Title)
            .Column(T("系统", "System"), t => new Cell(T(t.Zh, t.En), $"/console/connections/new?template={t.Name}{(SupplierId.TryParse(supplier, out var id) ? $"&supplier={id}" : "")}"))
            .Column(T("货源里的上游编码", "Code of the goods in a supply"), t => new Cell(t.Goods, IsMono: true))
            .Build();
    }
}

[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class ConnectionPage(Upstreams upstreams, Catalog.Catalog catalog, IdSource ids) : ConsolePage
{
    private const int ConfigMax = 64 * 1024;

    private string _adapter = UpstreamAdapters.Http;

    /// <summary>Null while it is being made.</summary>
    public Connection? Connection { get; private set; }

    /// <summary>The questions of the test button.</summary>
    public Form Trial { get; private set; } = null!;
    public UpstreamExchange? Exchange { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/connections", T("系统对接", "Connections"));
        var isNew = RouteData.Values["id"] as string == "new";
        var template = isNew ? Upstreams.Templates.FirstOrDefault(t => t.Name == Request.Query["template"]) : null;
        Connection = !isNew && PublicId.TryDecode(RouteData.Values["id"] as string, out var id) ? await upstreams.FindAsync(id) : null;
        if (Connection is null && template is null)
        {
            // Without a template there is nothing to begin with.
            context.Result = isNew ? Redirect("/console/connections/templates") : NotFound();
            return;
        }

        _adapter = Connection?.Adapter ?? template!.Adapter;
        Title = Connection?.Name ?? T($"对接{template!.Zh}", $"Connect {template!.En}");
        await FormOfAsync(template);
        Trial = new Form(Language)
            .Choice("trial", "试什么", "Try", [new("Balance", T("查余额", "Ask for the balance")), new("Query", T("查一笔订单", "Ask about an order")), new("Buy", T("看看下单会发什么（不发出）", "Show what a purchase would send (nothing is sent)"))])
            .Fill("trial", "Balance")
            .Text("own_no", "我方单号", "Our number", optional: true, max: PublicId.Length).Hint("查单时填；不填就用一个新号", "To ask about an order; left empty, a new one").Beside()
            .Text("goods", "上游编码", "Code of the goods", max: 100).Fill("goods", Upstreams.Templates.FirstOrDefault(t => t.Adapter == _adapter)?.Goods ?? "")
            .Area("fields", "订单字段", "Fields of the order", max: 1_000).Hint("每行一个，例如 account=13800138100", "One a line, such as account=13800138100").Fill("fields", "account=13800138100");
        await next();
    }

    private async Task FormOfAsync(UpstreamTemplate? template)
    {
        Form = new Form(Language) { Back = "/console/connections" }
            .Text("name", "名称", "Name", max: 80).Fill("name", Connection?.Name ?? T(template!.Zh, template!.En));
        if (Connection is null)
        {
            Form.Choice("supplier_id", "供应商", "Supplier", (await catalog.ListSuppliersAsync()).Select(s => new Option(s.Id.ToString(), Language.PickOr(s.NameZh, s.NameEn))));
            if (SupplierId.TryParse(Request.Query["supplier"], out var supplier)) Form.Fill("supplier_id", supplier.ToString());
        }

        Form.Text("base_url", "对方地址", "Their address", max: 300).Fill("base_url", Connection?.BaseUrl ?? template!.BaseUrl).Beside()
            .Choice("state", "状态", "State", [new("Active", T("可用", "Active")), new("Off", T("停用，不再下单", "Off, buys no more"))]).Fill("state", Connection?.State.ToString() ?? "Active");
        var config = HttpMethods.IsPost(Request.Method) && Request.HasFormContentType && Request.Form["config"].ToString() is { Length: > 0 and <= ConfigMax } typed ? typed : Connection?.Config ?? template!.Config;
        var known = Connection is null ? new HashSet<string>() : await upstreams.KnownSecretsAsync(Connection.Id);
        Form.Section("密钥", "Secrets");
        foreach (var secret in Upstreams.SecretsOf(_adapter, config))
        {
            Form.Password($"secret_{secret.Name}", secret.Zh, secret.En, autocomplete: "off", optional: secret.IsOptional || known.Contains(secret.Name));
            if (known.Contains(secret.Name)) Form.Hint("已保存，不显示；填了才会换", "Kept and not shown; fill in to replace it");
        }

        Form.Section("怎么对接", "How it is spoken to").Code("config", "配置", "Configuration", ConfigMax).Fill("config", config)
            .Hint("JSON，写法见文档 docs/upstreams.md", "JSON; how to write it is in docs/upstreams.md");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new ConnectionDraft
        {
            SupplierId = Connection?.SupplierId ?? (SupplierId.TryParse(Form["supplier_id"], out var supplier) ? supplier : default),
            Name = Form["name"], Adapter = _adapter, BaseUrl = Form["base_url"], Config = Form["config"], State = Enum.Parse<ConnectionState>(Form["state"]),
            Secrets = Form.Fields.Where(f => f.Name.StartsWith("secret_", StringComparison.Ordinal)).ToDictionary(f => f.Name["secret_".Length..], f => f.Value),
        };
        if (!Took(Connection is not null ? await upstreams.UpdateAsync(Connection.Id, draft) : await upstreams.CreateAsync(draft), out var saved)) return Again();
        await RecordAsync("connection.save", $"{saved.PublicId} {saved.Name}");
        return Done($"/console/connections/{saved.PublicId}", $"「{saved.Name}」已保存，可以试一下", $"{saved.Name} saved; now try it");
    }

    public async Task<IActionResult> OnPostTryAsync(CancellationToken cancel)
    {
        if (Connection is null) return NotFound();
        if (!await Trial.ReadAsync(Request)) return Again();
        var number = Trial["own_no"].Length == 0 ? await ids.NextAsync() : PublicId.TryDecode(Trial["own_no"], out var told) ? told : 0;
        if (number == 0)
        {
            Trial.Fail("own_no", "不是我方的单号", "Not a number of ours");
            return Again();
        }

        var order = new UpstreamOrder
        {
            Number = number, Goods = Trial["goods"], Count = 1, Cap = Money.Parse("100"), At = Now,
            Fields = Trial["fields"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('=', 2))
                .Where(p => p.Length == 2).GroupBy(p => p[0].Trim()).ToDictionary(p => p.Key, p => p.Last()[1].Trim()),
        };
        Exchange = await upstreams.TryAsync(Connection.Id, Enum.Parse<UpstreamTrial>(Trial["trial"]), order, cancel);
        await RecordAsync("connection.try", string.Create(CultureInfo.InvariantCulture, $"{Connection.PublicId} {Trial["trial"]} {order.OwnNo}"));
        return Page();
    }

    /// <summary>How an answer is understood, in words, with the look of a badge.</summary>
    public (string Text, string Tone) Reading(UpstreamAnswer answer) => answer switch
    {
        UpstreamAnswer.Accepted => (T("已受理，处理中", "Accepted, at work"), "waiting"),
        UpstreamAnswer.Succeeded { Delivered: { } units } => (T($"成功，只到 {units} 份", $"Delivered in part: {units}"), "warning"),
        UpstreamAnswer.Succeeded => (T("成功", "Delivered"), "ok"),
        UpstreamAnswer.Failed f => (T($"失败（{FaultZh(f.Fault)}）", $"Failed ({f.Fault.ToString().ToLowerInvariant()})"), "error"),
        UpstreamAnswer.Absent => (T("对方没有这笔订单", "They do not have this order"), "warning"),
        UpstreamAnswer.NotSent => (T("没有发出", "Not sent"), "warning"),
        _ => (T("看不懂，按“未知”处理", "Not understood: counts as unknown"), "warning"),
    };

    public static string DetailOf(UpstreamAnswer answer) => answer switch
    {
        UpstreamAnswer.Failed f => f.Detail,
        UpstreamAnswer.Unknown u => u.Detail,
        UpstreamAnswer.NotSent n => n.Detail,
        UpstreamAnswer.Succeeded s => string.Join(" · ", new[] { s.UpstreamNo, s.Charged is { } paid ? $"¥{paid}" : null, s.Receipt }.Where(t => !string.IsNullOrEmpty(t))),
        UpstreamAnswer.Accepted a => a.UpstreamNo ?? "",
        _ => "",
    };

    private static string FaultZh(UpstreamFault fault) => fault switch
    {
        UpstreamFault.Account => "充值账号",
        UpstreamFault.Goods => "商品",
        UpstreamFault.Price => "超过限价",
        UpstreamFault.Balance => "我方在对方的余额",
        UpstreamFault.Access => "密钥或权限",
        _ => "其他",
    };
}
