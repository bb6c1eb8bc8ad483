using Lianka.Kernel;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Modules.Payments.Simulator;

/// <summary>The simulated cashier: where a person decides what the channel does.</summary>
public sealed class CashierPage : PageModel
{
    internal TestTrade Trade { get; private set; } = new();

    /// <summary>The channel takes no money in time any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Where the buyer came from.</summary>
    public string Back => PathPrefix.Inside(HttpContext, Trade.ReturnUrl);

    private TestGateway Gateway => HttpContext.RequestServices.GetRequiredService<TestGateway>();

    public async Task<IActionResult> OnGetAsync(string tradeNo, CancellationToken cancel) =>
        await ReadAsync(tradeNo, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string tradeNo, PayAct act, CancellationToken cancel)
    {
        if (!await ReadAsync(tradeNo, cancel)) return NotFound();
        if (!Enum.IsDefined(act)) return BadRequest();
        await Gateway.ActAsync(Trade, act, cancel);
        return Redirect(Back);
    }

    private async Task<bool> ReadAsync(string tradeNo, CancellationToken cancel)
    {
        if (!await Gateway.IsOnAsync(cancel) || await Gateway.FindAsync(tradeNo, cancel) is not { } trade) return false;
        Trade = trade;
        var now = HttpContext.RequestServices.GetRequiredService<TimeProvider>().Now();
        IsOver = trade.State == TradeState.Closed || now >= trade.ExpiresAt;
        return true;
    }
}
