using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Agents;

public static class AgentsModule
{
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddSingleton<PriceBooks>();
        services.AddHostedService<Refresh>();
        return services;
    }
}
