namespace Lianka.Modules.Consoles;

/// <summary>What a supplier's people may do, as <see cref="Permissions"/> for the operator's.</summary>
/// <remarks>Held by: tests/Integration/Consoles/AccessMatrixTests.cs.</remarks>
public static class SupplierPermissions
{
    public const string StockSee = "supplier.stock.see";
    public const string StockEdit = "supplier.stock.edit";
    public const string PricesSee = "supplier.prices.see";
    public const string PricesEdit = "supplier.prices.edit";
    public const string DeliveriesSee = "supplier.deliveries.see";
    public const string DeliveriesHandle = "supplier.deliveries.handle";
    public const string SalesSee = "supplier.sales.see";
    public const string PapersSee = "supplier.papers.see";
    public const string PapersEdit = "supplier.papers.edit";
    public const string MoneySee = "supplier.money.see";
    public const string MoneyPayOut = "supplier.money.payout";
    public const string BankEdit = "supplier.bank.edit";
    public const string KeysManage = "supplier.keys.manage";
    public const string StaffManage = "supplier.staff.manage";

    public static IReadOnlyList<PermissionArea> Areas { get; } =
    [
        new("库存", "Stock", new(StockSee, "看库存、批次、预警", "See stock, lots, alerts"), new(StockEdit, "导入卡密、停售批次、暂停供货、设预警", "Import cards, take lots off sale, pause supplies, set alerts")),
        new("进价和提案", "Costs and proposals", new(PricesSee, "看进价和商品提案", "See costs and proposals of goods"), new(PricesEdit, "改进价、提商品", "Change costs, propose goods")),
        new("发货", "Deliveries", new(DeliveriesSee, "看待发货", "See what is to be delivered"), new(DeliveriesHandle, "发货", "Deliver")),
        new("销售", "Sales", new(SalesSee, "看销售额和经营数据", "See sales and figures"), null),
        new("资质", "Standing", new(PapersSee, "看资质、证件、合同", "See standing, certificates, contract"), new(PapersEdit, "传证件、签合同、申诉", "Send certificates, sign contracts, appeal")),
        new("货款", "Money", new(MoneySee, "看货款、流水、对账单", "See money, entries, statements"), new(MoneyPayOut, "申请提现", "Ask for payouts"),
            new(BankEdit, "看和改收款账户", "See and change the bank account")),
        new("接口密钥", "API keys", null, new(KeysManage, "管理接口密钥", "Manage API keys")),
        new("员工", "Staff", null, new(StaffManage, "管理员工和角色", "Manage staff and roles")),
    ];
}
