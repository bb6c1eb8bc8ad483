using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Suppliers;

public static class SuppliersModule
{
    public static IServiceCollection AddSuppliers(this IServiceCollection services) => services.AddSingleton<Suppliers>();
}
