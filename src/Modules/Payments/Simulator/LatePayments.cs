using Lianka.Modules.Payments.Work;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Simulator;

/// <summary>Pays the trades for which somebody at the cashier chose to be too late.</summary>
internal sealed class LatePayments(TestGateway gateway, ILogger<LatePayments> logger)
    : PollingWorker(TimeSpan.FromSeconds(1), logger)
{
    public override Task StepAsync(CancellationToken cancel) => gateway.PayLateOnesAsync(cancel);
}
