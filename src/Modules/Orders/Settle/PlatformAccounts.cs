using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;

namespace Lianka.Modules.Orders.Settle;

/// <summary>Opens, before the node serves, the platform's own accounts that settlement and late refunds move.</summary>
internal sealed class PlatformAccounts(Database database, Ledger.Ledger ledger) : IHostedService
{
    private static readonly string[] _kinds = [AccountKinds.Settling, AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Loss];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in _kinds)
        {
            if (await database.ReadAsync(s => ledger.FindAsync(s, kind, Parties.Platform), cancellationToken) is null)
                await database.WriteAsync(s => ledger.OpenAsync(s, kind, Parties.Platform), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
