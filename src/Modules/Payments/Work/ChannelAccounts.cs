using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;

namespace Lianka.Modules.Payments.Work;

/// <summary>Opens the clearing account of every channel before the node serves: without it no order can be paid through it.</summary>
internal sealed class ChannelAccounts(Database database, Ledger.Ledger ledger, IEnumerable<IPaymentChannel> channels) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in channels)
        {
            var kind = AccountKinds.Clearing(channel.Name);
            if (await database.ReadAsync(s => ledger.FindAsync(s, kind, Parties.Platform), cancellationToken) is null)
                await database.WriteAsync(s => ledger.OpenAsync(s, kind, Parties.Platform), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
