using Lianka.Modules.Agents.Core;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Agents;

/// <summary>What Agents is made of.</summary>
public static class AgentsModule
{
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddSingleton<PriceBooks>();
        services.AddSingleton<Quotes>();
        services.AddSingleton<Access>();
        services.AddSingleton<Merchants>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<PriceLists>();
        services.AddSingleton<Promotions>();
        services.AddSingleton<Shelves>();
        services.AddSingleton<ShelfGoods>();
        services.AddSingleton<PriceFiles>();
        services.AddSingleton<Listings>();
        services.AddSingleton<Repricings>();
        services.AddSingleton<StorefrontBook>();
        services.AddSingleton<ShopDomains>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton(new SealedColumn("api_key", "key", "secret_sealed", ApiKeyRules.SealContext) { HasTextKey = true });
        services.AddHostedService<Refresh>();
        return services;
    }
}
