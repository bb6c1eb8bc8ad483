using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Withdrawals;

public static class WithdrawalsModule
{
    public static IServiceCollection AddWithdrawals(this IServiceCollection services) => services
        .AddSingleton<WithdrawalDesk>()
        .AddSingleton<WithdrawalRules>()
        .AddSingleton<Payees>()
        .AddSingleton(Payees.Sealed);
}
