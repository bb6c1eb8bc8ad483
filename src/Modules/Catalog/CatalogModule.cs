using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Catalog;

public static class CatalogModule
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) => 
        services.AddSingleton<Catalog>().AddSingleton<Selling>().AddSingleton<ForbiddenWords>().AddSingleton<Pictures>().AddSingleton<Finder>().AddSingleton<GoodsImports>();
}
