using Lianka.Modules.Inventory;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Orders.Settle;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Orders;

public static class OrdersModule
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<AccountIds>()
        .AddSingleton<EngineMemory>()
        .AddSingleton<BatchStore>()
        .AddSingleton<BatchSave>()
        .AddSingleton(_ => new SupplyRouter(new Kernel.Routing.Router(), Random.Shared))
        .AddSingleton<ISupplyRouter>(p => p.GetRequiredService<SupplyRouter>())
        .AddSingleton<PurchaseWorker>()
        .AddHostedService(p => p.GetRequiredService<PurchaseWorker>())
        .AddSingleton(p => new PurchaseDesk(p.GetRequiredService<Database>(), p.GetRequiredService<IUpstreams>(), p.GetRequiredService<PurchaseWorker>(),
            p.GetRequiredService<OrderEngine>(), p.GetRequiredService<OrderDesk>(), p.GetRequiredService<BoughtCards>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton<IOrderStore, SqlOrderStore>()
        .AddHostedService<PlatformAccounts>()
        .AddSingleton<OrderEngine>()
        .AddHostedService(p => p.GetRequiredService<OrderEngine>())
        .AddSingleton<SettleOrders>()
        .AddSingleton<MatureCommission>()
        .AddSingleton<Customers>()
        .AddSingleton<SaleBook>()
        .AddSingleton<ISupplierFigures, SalesFigures>()
        .AddSingleton<SupplierStatements>()
        .AddSingleton<OrderClock>()
        .AddHostedService(p => p.GetRequiredService<OrderClock>())
        .AddSingleton(p => new OrderDesk(
            p.GetRequiredService<Database>(), p.GetRequiredService<OrderEngine>(),
            new Admission(p.GetRequiredService<TimeProvider>(), OrderEngine.BatchMax), p.GetRequiredService<Inventory.Inventory>(),
            p.GetRequiredService<TimeProvider>()))
        .AddSingleton<IPaymentListener>(p => p.GetRequiredService<OrderDesk>())
        .AddSingleton(p => new Baskets(p.GetRequiredService<Database>(), p.GetRequiredService<OrderEngine>(), p.GetRequiredService<OrderDesk>(),
            p.GetRequiredService<IdSource>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton<IPaymentListener>(p => p.GetRequiredService<Baskets>());

    /// <summary>Where suppliers' systems send their news.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes) => NoticeEndpoint.Map(routes);
}
