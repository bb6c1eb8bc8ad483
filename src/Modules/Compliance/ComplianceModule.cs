using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Compliance;

public static class ComplianceModule
{
    public static IServiceCollection AddCompliance(this IServiceCollection services) => services
        .AddSingleton<RealNames>()
        .AddSingleton<SecurityChanges>()
        .AddSingleton(RealNames.Sealed);
}
