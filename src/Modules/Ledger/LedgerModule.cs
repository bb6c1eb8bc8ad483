using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lianka.Modules.Ledger;

/// <summary>What the ledger is made of.</summary>
public static class LedgerModule
{
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(LedgerTimes.Default);
        return services
            .AddSingleton<Ledger>()
            .AddSingleton<Holds>()
            .AddSingleton<LedgerFold>()
            .AddHostedService<LedgerJobs>();
    }
}
