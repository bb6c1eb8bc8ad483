using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Analytics;

public static class AnalyticsModule
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton<FigureFold>()
        .AddSingleton<Figures>()
        .AddSingleton<Earnings>()
        .AddHostedService<FigureClock>();
}
