namespace Lianka.Modules.Consoles;

/// <summary>What a merchant's people may do, as <see cref="Permissions"/> for the operator's.</summary>
/// <remarks>Held by: tests/Integration/Consoles/AccessMatrixTests.cs.</remarks>
public static class MerchantPermissions
{
    public const string OverviewSee = "merchant.overview.see";
    public const string OrdersSee = "merchant.orders.see";
    public const string OrdersHandle = "merchant.orders.handle";
    public const string OrdersBuy = "merchant.orders.buy";
    public const string PricesSee = "merchant.prices.see";
    public const string PricesEdit = "merchant.prices.edit";
    public const string ShopSee = "merchant.shop.see";
    public const string ShopEdit = "merchant.shop.edit";
    public const string AgentsSee = "merchant.agents.see";
    public const string AgentsManage = "merchant.agents.manage";
    public const string MoneySee = "merchant.money.see";
    public const string MoneyAdd = "merchant.money.add";
    public const string MoneyMove = "merchant.money.move";
    public const string KeysManage = "merchant.keys.manage";
    public const string StaffManage = "merchant.staff.manage";

    public static IReadOnlyList<PermissionArea> Areas { get; } =
    [
        new("首页", "Home", new(OverviewSee, "看首页和经营数据", "See the first page and the figures"), null),
        new("订单", "Orders", new(OrdersSee, "查订单、客户、评价", "See orders, customers, reviews"), new(OrdersHandle, "处理订单：看卡密、取消、回复评价", "Handle orders: see codes, cancel, answer reviews"),
            new(OrdersBuy, "用余额下单和付款", "Order and pay from the wallet")),
        new("商品价格", "Goods and prices", new(PricesSee, "看价格、上架、抢购", "See prices, listings, flash sales"), new(PricesEdit, "改零售价、上下架、抢购", "Change retail prices, listings, flash sales")),
        new("店铺", "Shops", new(ShopSee, "看店铺、取链接和海报", "See shops, take links and posters"), new(ShopEdit, "改店铺、开店铺", "Change and open shops")),
        new("下级代理", "Sub-agents", new(AgentsSee, "看下级和他们带来的收益", "See sub-agents and what they earn you"), new(AgentsManage, "管理下级：新建、加价、邀请", "Manage sub-agents: make, mark up, invite")),
        new("资金", "Money", new(MoneySee, "看余额、流水、收益", "See balance, entries, earnings"), new(MoneyAdd, "充值、设余额预警", "Top up, set the balance warning"),
            new(MoneyMove, "提现、收款账户、实名、佣金转出", "Withdraw, payee, real name, move commission")),
        new("接口密钥", "API keys", null, new(KeysManage, "管理接口密钥", "Manage API keys")),
        new("员工", "Staff", null, new(StaffManage, "管理员工和角色", "Manage staff and roles")),
    ];
}
