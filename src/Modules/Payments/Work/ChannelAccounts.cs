using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;

namespace Lianka.Modules.Payments.Work;

/// <summary>Opens, before the node serves, the clearing account of every channel and the one for money that comes too late.</summary>
internal sealed class ChannelAccounts(Database database, Ledger.Ledger ledger, PaymentChannels channels) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in (string[])[.. (await channels.ListAsync(cancellationToken)).Select(c => c.Account), AccountKinds.Clearing(PaymentBook.Clearing), AccountKinds.Suspense])
        {
            if (await database.ReadAsync(s => ledger.FindAsync(s, kind, Parties.Platform), cancellationToken) is null)
                await database.WriteAsync(s => ledger.OpenAsync(s, kind, Parties.Platform), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
