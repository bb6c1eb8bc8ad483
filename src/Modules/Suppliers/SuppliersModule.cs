using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lianka.Modules.Suppliers;

public static class SuppliersModule
{
    public static IServiceCollection AddSuppliers(this IServiceCollection services)
    {
        services.TryAddSingleton(SupplierTimes.Default);
        return services
            .AddSingleton<Suppliers>()
            .AddSingleton<PayoutDesk>()
            .AddSingleton<Deposits>()
            .AddSingleton<Certificates>()
            .AddSingleton<Applications>()
            .AddSingleton<Contracts>()
            .AddSingleton<Proposals>()
            .AddSingleton<CostChanges>()
            .AddSingleton<Grades>()
            .AddSingleton<Standings>()
            .AddSingleton<Upstreams>()
            .AddSingleton<IUpstreams>(p => p.GetRequiredService<Upstreams>())
            .AddSingleton(Certificates.Sealed)
            .AddSingleton(Applications.Sealed)
            .AddSingleton(PayoutDesk.Sealed)
            .AddSingleton(Upstreams.Sealed)
            .AddSingleton<SupplierWatch>()
            .AddHostedService<SupplierJobs>();
    }
}
