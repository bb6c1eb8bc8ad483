using Lianka.Modules.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.TopUps;

public static class TopUpsModule
{
    public static IServiceCollection AddTopUps(this IServiceCollection services) => services
        .AddSingleton<TopUpDesk>()
        .AddSingleton<IPaymentListener>(p => p.GetRequiredService<TopUpDesk>())
        .AddSingleton<BonusRules>()
        .AddSingleton<BalanceWarnings>()
        // Also a singleton of its own, so that a test can make one step without waiting.
        .AddSingleton<TopUpWorker>()
        .AddHostedService(p => p.GetRequiredService<TopUpWorker>());
}
