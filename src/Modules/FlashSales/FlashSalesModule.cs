using Lianka.Modules.Orders;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.FlashSales;

public static class FlashSalesModule
{
    public static IServiceCollection AddFlashSales(this IServiceCollection services) => services
        .AddSingleton<SaleWatch>()
        .AddHostedService(p => p.GetRequiredService<SaleWatch>())
        .AddSingleton(p => new FlashDesk(
            p.GetRequiredService<SaleWatch>(), p.GetRequiredService<OrderDesk>(), p.GetRequiredService<CardVault>(), p.GetRequiredService<TimeProvider>()));
}
