using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.AuditSee)]
internal sealed class AuditPage(Audit audit) : ConsolePage
{
    private const int PageSize = 100;

    public async Task OnGetAsync(long? before)
    {
        Title = T("操作记录", "Audit");
        var lines = await audit.ListAsync(null, before, PageSize);
        Table = Parts.Table.Of(lines, Title)
            .Column(T("时间", "When"), a => When(a.At))
            .Column(T("谁", "Who"), a => new Cell(a.Person, Sub: a.Address))
            .Column(T("做了什么", "What"), a => new Cell(a.Action, IsMono: true))
            .Column(T("对什么", "To what"), a => a.Subject)
            .Build();
        Table.Next = lines.Count == PageSize ? With(("before", lines[^1].Id.ToString())) : null;
        Table.First = before is null ? null : With(("before", null));
    }
}

[Needs(Permissions.SettingsManage, Permissions.SettingsManage)]
internal sealed class SettingsPage(Settings settings, Database database, Merchants merchants, StorefrontFees fees, OrderDesk orders, Invitations invitations) : ConsolePage
{
    public List<(string Name, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("概况", "Overview");
        Facts.Add((T("数据库", "Database"), database.Kind == DatabaseKind.Sqlite ? "SQLite" : "PostgreSQL"));
        Facts.Add((T("监听地址", "Listens at"), settings.Urls));
        Facts.Add((T("时区", "Time zone"), T("北京时间（UTC+8）", "Beijing time (UTC+8)")));
        Facts.Add((T("下单队列", "Order queue"), $"{Show.Number(orders.QueueLength)} / {Show.Number(OrderDesk.QueueMax)}"));
        Form = new Form(Language)
            .Section("代理规则", "Rules for agents")
            .Whole("ancestors_max", "一个代理最多几层上级", "Most ancestors a merchant may have")
            .Hint("最多 3 层。收益只来自卖货，没有入门费。", "At most 3. Earnings come from goods sold only, never from entry fees.")
            .Fill("ancestors_max", (await merchants.AncestorsMaxAsync()).ToString())
            .Check("self_registration", "代理可以发邀请链接，让人自助加入", "Agents may invite newcomers by links")
            .Fill("self_registration", await invitations.AreAllowedAsync() ? "on" : "")
            .Section("店铺付款手续费", "Fee of payments at storefronts")
            .Whole("fee_bps", "店铺每笔付款承担", "Of each payment a storefront bears", unit: T("万分之一", "1/10,000"))
            .Hint("0 到 500，60 就是 0.6%，和用哪个通道无关。从下一笔订单起生效；已有的订单和秒杀按原来的算。调高以后，毛利不够的商品会自动下架，直到店主改价。",
                "0 to 500; 60 is 0.6 %, whatever channel takes the payment. Counts from the next order on; orders and flash sales that are there keep theirs. Goods whose margin does not bear a higher fee leave the shelf until their price is changed.")
            .Fill("fee_bps", (await fees.BpsAsync()).ToString());
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        Form.Take(await fees.SetAsync(Form["fee_bps"]));
        if (!Form.IsFine) return Again();
        await RecordAsync("settings.storefront_fee_bps", Form["fee_bps"]);
        if (!Took(await merchants.SetAncestorsMaxAsync(Form["ancestors_max"]), out var max)) return Again();
        await RecordAsync("settings.ancestors_max", max.ToString());
        await invitations.AllowAsync(Form.IsChecked("self_registration"));
        await RecordAsync("settings.self_registration", Form.IsChecked("self_registration") ? "on" : "off");
        return Done("/console/settings", "已保存", "Saved");
    }
}
