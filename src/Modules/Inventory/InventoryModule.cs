using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Inventory;

public static class InventoryModule
{
    public static IServiceCollection AddInventory(this IServiceCollection services) =>
        services.AddSingleton<Inventory>().AddSingleton<ImportDesk>();
}
