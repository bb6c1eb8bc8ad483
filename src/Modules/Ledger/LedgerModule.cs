using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Ledger;

/// <summary>What the ledger is made of.</summary>
public static class LedgerModule
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddSingleton<Ledger>();
}
