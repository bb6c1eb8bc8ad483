using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Risk;

public static class RiskModule
{
    public static IServiceCollection AddRisk(this IServiceCollection services) => services.AddSingleton<IOrderRisk>(NoOrderRules.Instance);
}
