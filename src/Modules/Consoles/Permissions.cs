namespace Lianka.Modules.Consoles;

/// <summary>Something that a person may do, named after the task.</summary>
/// <param name="Code">As it is kept; never used again for something else.</param>
public sealed record Permission(string Code, string Zh, string En);

/// <summary>One row of the grid on which a role is made.</summary>
/// <param name="See">Null: there is nothing to look at only.</param>
/// <param name="Change">Null: there is nothing to change.</param>
/// <param name="More">Beyond what most of its people need.</param>
public sealed record PermissionArea(string Zh, string En, Permission? See, Permission? Change, Permission? More = null)
{
    public IEnumerable<Permission> All => ((Permission?[])[See, Change, More]).OfType<Permission>();
}

/// <summary>The permissions of the operator's staff, and where those of all are found. Each page names the one that opens it and the one that lets it change something.</summary>
/// <remarks>Held by: tests/Integration/Consoles/AccessMatrixTests.cs, tests/Unit/Consoles/StaffRulesExamples.cs.</remarks>
public static class Permissions
{
    public const string OverviewSee = "overview.see";
    public const string OrdersSee = "orders.see";
    public const string OrdersEdit = "orders.edit";
    public const string OrdersRefund = "orders.refund";
    public const string CatalogSee = "catalog.see";
    public const string CatalogEdit = "catalog.edit";
    public const string PricesSee = "prices.see";
    public const string PricesEdit = "prices.edit";
    public const string StockSee = "stock.see";
    public const string StockEdit = "stock.edit";
    public const string SuppliersSee = "suppliers.see";
    public const string SuppliersManage = "suppliers.manage";
    public const string MerchantsSee = "merchants.see";
    public const string MerchantsManage = "merchants.manage";
    public const string FinanceSee = "finance.see";
    public const string FinanceEdit = "finance.edit";
    public const string FinanceApprove = "finance.approve";
    public const string ChannelsSee = "channels.see";
    public const string ChannelsManage = "channels.manage";
    public const string RowsBulk = "rows.bulk";
    public const string SettingsManage = "settings.manage";
    public const string AuditSee = "audit.see";
    public const string StaffManage = "staff.manage";

    public static IReadOnlyList<PermissionArea> Areas { get; } =
    [
        new("首页", "Home", new(OverviewSee, "看首页：今日成交、最近订单", "See the first page: sales of today, latest orders"), null),
        new("订单", "Orders", new(OrdersSee, "查订单", "See orders"), new(OrdersEdit, "处理订单：取消、待人处理", "Handle orders: cancel, settle cases"),
            new(OrdersRefund, "退款", "Refund")),
        new("商品", "Goods", new(CatalogSee, "看商品", "See goods"), new(CatalogEdit, "改商品、审核内容", "Change goods, review contents")),
        new("价格", "Prices", new(PricesSee, "看价格", "See prices"), new(PricesEdit, "改价格、促销、抢购", "Change prices, promotions, flash sales")),
        new("货源库存", "Stock", new(StockSee, "看货源和库存", "See supplies and stock"), new(StockEdit, "改货源、导入卡密", "Change supplies, import cards")),
        new("供应商", "Suppliers", new(SuppliersSee, "看供应商", "See suppliers"), new(SuppliersManage, "管理供应商：入驻、资质、合同、对接", "Manage suppliers: entry, standing, contracts, connections")),
        new("代理和店铺", "Merchants", new(MerchantsSee, "看代理和店铺", "See merchants and shops"), new(MerchantsManage, "管理代理：账号、等级、店铺、密钥、实名", "Manage merchants: log-ins, levels, shops, keys, real names")),
        new("财务", "Money", new(FinanceSee, "看账", "See accounts"), new(FinanceEdit, "记账、对账、手工调款", "Book, reconcile, move money by hand"),
            new(FinanceApprove, "审批收款和打款", "Approve money in and out")),
        new("支付通道", "Payment channels", new(ChannelsSee, "看支付通道", "See payment channels"), new(ChannelsManage, "管理支付通道和密钥", "Manage payment channels and their keys")),
        new("批量", "Many at once", null, new(RowsBulk, "勾选多行一起改", "Change many rows at once")),
        new("设置", "Settings", null, new(SettingsManage, "改平台设置和规则", "Change settings and rules")),
        new("操作记录", "Audit", new(AuditSee, "看操作记录", "See the audit"), null),
        new("员工", "Staff", null, new(StaffManage, "管理员工和角色", "Manage staff and roles")),
    ];

    private static readonly Dictionary<string, Permission> _byCode =
        Areas.Concat(MerchantPermissions.Areas).Concat(SupplierPermissions.Areas).SelectMany(a => a.All).ToDictionary(p => p.Code);

    /// <summary>What there is to permit to the people of a role: the grid on which their roles are made.</summary>
    public static IReadOnlyList<PermissionArea> AreasOf(string role) => role switch
    {
        Roles.Operator => Areas,
        Roles.Merchant => MerchantPermissions.Areas,
        Roles.Supplier => SupplierPermissions.Areas,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    public static IEnumerable<Permission> AllOf(string role) => AreasOf(role).SelectMany(a => a.All);

    /// <summary>What somebody of this role may do, one by one also where it is everything.</summary>
    public static IEnumerable<Permission> AllOf(string role, Rights rights) => AllOf(role).Where(p => rights.Has(p.Code));

    /// <summary>The one that lets people manage people and roles.</summary>
    public static string ManageStaffOf(string role) => role switch
    {
        Roles.Operator => StaffManage,
        Roles.Merchant => MerchantPermissions.StaffManage,
        Roles.Supplier => SupplierPermissions.StaffManage,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    /// <exception cref="ArgumentException">There is no such permission.</exception>
    public static Permission Of(string code) => _byCode.TryGetValue(code, out var found) ? found : throw new ArgumentException($"No permission is called {code}.", nameof(code));

    public static bool IsKnown(string code) => _byCode.ContainsKey(code);
}

/// <summary>What one person may do.</summary>
/// <param name="Codes">In order, separated by blanks; null: everything, also what is still to be thought of.</param>
public sealed record Rights(string? Codes)
{
    public static readonly Rights All = new((string?)null);

    public static Rights Of(IEnumerable<string> codes) => new(string.Join(' ', codes.Distinct().Order(StringComparer.Ordinal)));

    public bool IsAll => Codes is null;

    public bool Has(string code) => Codes is null || Codes.Split(' ').Contains(code);

    /// <summary>Money of a merchant or supplier can leave by who has these.</summary>
    public bool PayOut => Has(MerchantPermissions.MoneyMove) || Has(SupplierPermissions.MoneyPayOut) || Has(SupplierPermissions.BankEdit);

    /// <summary>Whoever has these can do all that the other can.</summary>
    public bool Covers(Rights other) => Codes is null || (other.Codes is { } theirs && theirs.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(Has));
}

/// <summary>Why a page or an action was refused, for the answer's words.</summary>
public sealed record MissingPermission(Permission Permission)
{
    public string Zh => $"你没有「{Permission.Zh}」的权限（{Permission.Code}）。需要的话，请管理员工的人给你加上。";
    public string En => $"You lack the permission “{Permission.En}” ({Permission.Code}). Whoever manages staff can give it to you.";
}
