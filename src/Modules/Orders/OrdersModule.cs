using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Orders.Settle;
using Lianka.Modules.Payments;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Orders;

public static class OrdersModule
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<AccountIds>()
        .AddSingleton<EngineMemory>()
        .AddSingleton<BatchStore>()
        .AddSingleton<BatchSave>()
        .AddSingleton<IOrderStore, SqlOrderStore>()
        .AddHostedService<PlatformAccounts>()
        .AddSingleton<OrderEngine>()
        .AddHostedService(p => p.GetRequiredService<OrderEngine>())
        .AddSingleton<SettleOrders>()
        .AddSingleton<MatureCommission>()
        .AddSingleton<SaleBook>()
        .AddSingleton<ISupplierFigures, SalesFigures>()
        .AddSingleton<SupplierStatements>()
        .AddSingleton<OrderClock>()
        .AddHostedService(p => p.GetRequiredService<OrderClock>())
        .AddSingleton(p => new OrderDesk(
            p.GetRequiredService<Database>(), p.GetRequiredService<OrderEngine>(),
            new Admission(p.GetRequiredService<TimeProvider>(), OrderEngine.BatchMax), p.GetRequiredService<Inventory.Inventory>()))
        .AddSingleton<IPaymentListener>(p => p.GetRequiredService<OrderDesk>());
}
