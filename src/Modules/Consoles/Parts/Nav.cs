using Lianka.Modules.Consoles.Access;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

public sealed record NavLink(string Href, string Label);

/// <summary>One task of the left navigation, with the pages that belong to it.</summary>
public sealed record NavTask(string Icon, string Label, IReadOnlyList<NavLink> Pages)
{
    public string Href => Pages[0].Href;

    /// <summary>A task of one page needs no second line for it.</summary>
    public IReadOnlyList<NavLink> Children => Pages.Count > 1 ? Pages : [];

    public bool Owns(string path) => Current(path) is not null;

    /// <summary>The page of this task that <paramref name="path"/> stands below; of two, the longer.</summary>
    public NavLink? Current(string path) => Pages
        .Where(p => path == p.Href || path.StartsWith(p.Href + "/", StringComparison.Ordinal))
        .MaxBy(p => p.Href.Length);
}

/// <summary>The left navigation of each person.</summary>
public static class Nav
{
    /// <summary>The first page that the person may open; of people who may open none, the one that everybody has.</summary>
    public static string Landing(Person person, PageNeeds needs) => Of(person, Language.Zh, needs) is [var first, ..] ? first.Href : "/console/sessions";

    /// <summary>The list of orders; null where the person has none, or may not open it.</summary>
    public static string? Orders(Person person, PageNeeds needs) => Open(person, needs, person.Role switch { Roles.Operator => "/console/orders", Roles.Merchant => "/console/merchant/orders", _ => null });

    /// <summary>The list of lots, in the same way.</summary>
    public static string? Lots(Person person, PageNeeds needs) => Open(person, needs, person.Role switch { Roles.Operator => "/console/lots", Roles.Supplier => "/console/supplier/lots", _ => null });

    private static string? Open(Person person, PageNeeds needs, string? href) => href is not null && needs.MayOpen(person, href) ? href : null;

    /// <summary>What the person may open; tasks of which nothing is left are left out.</summary>
    public static IReadOnlyList<NavTask> Of(Person person, Language language, PageNeeds needs) =>
        [.. All(person.Role, language).Select(t => t with { Pages = [.. t.Pages.Where(p => needs.MayOpen(person, p.Href))] }).Where(t => t.Pages.Count > 0)];

    private static IReadOnlyList<NavTask> All(string role, Language language)
    {
        return role switch
        {
            Roles.Operator =>
            [
                Task("home", "首页", "Home", ("/console/home", "开店清单", "Checklist"), ("/console/figures", "经营数据", "Figures")),
                Task("orders", "订单", "Orders", ("/console/orders", "全部订单", "All orders"), ("/console/cases", "待人处理", "Cases")),
                Task("products", "商品", "Goods", ("/console/products", "商品", "Products"), ("/console/categories", "分类", "Categories"),
                    ("/console/prices", "价格表", "Level prices"), ("/console/tiers", "阶梯价", "Quantity tiers"), ("/console/promotions", "促销", "Promotions"),
                    ("/console/sales", "限时抢购", "Flash sales"), ("/console/brands", "品牌", "Brands"),
                    ("/console/proposals", "内容审核", "Content review"), ("/console/reviews", "买家评价", "Reviews"), ("/console/costs", "改进价", "Cost changes"), ("/console/words", "违禁词", "Forbidden words")),
                Task("supply", "货源", "Supply", ("/console/supplies", "货源", "Supplies"), ("/console/lots", "卡密库存", "Card stock"),
                    ("/console/imports", "导入卡密", "Import cards"), ("/console/stock-alerts", "库存预警", "Low stock"), ("/console/suppliers", "供应商", "Suppliers"),
                    ("/console/applications", "入驻申请", "Applications"), ("/console/certificates", "证件审核", "Certificates"),
                    ("/console/deposits", "保证金", "Deposits"), ("/console/grades", "评级", "Grades"), ("/console/connections", "系统对接", "Connections")),
                Task("agents", "代理", "Agents", ("/console/merchants", "代理", "Merchants"), ("/console/merchants/tree", "代理树", "Tree"), ("/console/levels", "等级", "Levels"),
                    ("/console/storefronts", "店铺", "Storefronts")),
                Task("finance", "财务", "Money", ("/console/accounts", "账户", "Accounts"), ("/console/trial-balance", "试算平衡", "Trial balance"),
                    ("/console/top-ups", "代理充值", "Top-ups"), ("/console/bonuses", "充值赠送", "Top-up bonus"),
                    ("/console/channels", "支付通道", "Payment channels"), ("/console/reconciliation", "通道对账", "Reconciliation"),
                    ("/console/payment-cases", "支付待处理", "Payment cases"), ("/console/bank-transfers", "银行转账", "Bank transfers"), ("/console/payouts", "供应商提现", "Payouts"), ("/console/payout-files", "打款文件", "Bank files"),
                    ("/console/withdrawals", "代理提现", "Withdrawals"), ("/console/withdrawal-files", "代理打款文件", "Withdrawal files"), ("/console/real-names", "实名审核", "Real names")),
                Task("settings", "设置", "Settings", ("/console/settings", "概况", "Overview"), ("/console/staff", "员工", "Staff"), ("/console/staff-roles", "角色", "Roles"), ("/console/audit", "操作记录", "Audit")),
            ],
            Roles.Merchant =>
            [
                Task("home", "首页", "Home", ("/console/merchant/home", "首页", "Home"), ("/console/merchant/figures", "经营数据", "Figures")),
                Task("orders", "订单", "Orders", ("/console/merchant/orders", "我的订单", "My orders"), ("/console/merchant/buy", "下单", "Place an order"), ("/console/merchant/customers", "客户", "Customers"), ("/console/merchant/reviews", "买家评价", "Reviews")),
                Task("products", "商品", "Goods", ("/console/merchant/prices", "价格与库存", "Prices and stock"), ("/console/merchant/listing", "一键上架", "One-click listing"), ("/console/merchant/posters", "链接与海报", "Links and posters"), ("/console/merchant/sales", "限时抢购", "Flash sales")),
                Task("agents", "下级", "Sub-agents", ("/console/merchant/agents", "下级代理", "Sub-agents"), ("/console/merchant/invitations", "邀请链接", "Invitation links")),
                Task("finance", "财务", "Money", ("/console/merchant/balance", "余额与流水", "Balance and entries"), ("/console/merchant/top-ups", "充值", "Top up"), ("/console/merchant/earnings", "收益", "Earnings"),
                    ("/console/merchant/withdrawals", "提现", "Withdrawals")),
                Task("settings", "设置", "Settings", ("/console/merchant/storefront", "店铺", "Storefront"), ("/console/merchant/keys", "接口密钥", "API keys"),
                    ("/console/merchant/staff", "员工", "Staff"), ("/console/merchant/staff-roles", "角色", "Roles")),
            ],
            _ =>
            [
                Task("supply", "库存", "Stock", ("/console/supplier/stock", "各规格库存", "Stock"), ("/console/supplier/lots", "批次", "Lots"),
                    ("/console/supplier/imports", "导入卡密", "Import cards"), ("/console/supplier/stock-alerts", "库存预警", "Low stock"),
                    ("/console/supplier/costs", "改进价", "Costs"), ("/console/supplier/proposals", "商品提案", "Proposals")),
                Task("agents", "资质", "Standing", ("/console/supplier/standing", "资质与保证金", "Standing"),
                    ("/console/supplier/certificates", "证件", "Certificates"), ("/console/supplier/contract", "合同", "Contract")),
                Task("orders", "销售", "Sales", ("/console/supplier/deliveries", "待发货", "To deliver"), ("/console/supplier/sales", "销售", "Sales"), ("/console/supplier/figures", "经营数据", "Figures")),
                Task("finance", "财务", "Money", ("/console/supplier/money", "货款与流水", "Money and entries"),
                    ("/console/supplier/statements", "对账单", "Statements"), ("/console/supplier/payouts", "提现", "Payouts")),
                Task("settings", "设置", "Settings", ("/console/supplier/keys", "接口密钥", "API keys"), ("/console/supplier/staff", "员工", "Staff"), ("/console/supplier/staff-roles", "角色", "Roles")),
            ],
        };

        NavTask Task(string icon, string zh, string en, params (string Href, string Zh, string En)[] pages) =>
            new(icon, language.Pick(zh, en), [.. pages.Select(p => new NavLink(p.Href, language.Pick(p.Zh, p.En)))]);
    }
}
