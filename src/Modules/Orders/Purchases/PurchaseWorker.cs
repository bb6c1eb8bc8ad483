using System.Diagnostics.Metrics;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>Calls suppliers' systems for purchases that are due, and tells the engine what became of them.</summary>
/// <remarks>Several nodes run it beside each other: a purchase is claimed before it is told, and told once.</remarks>
internal sealed partial class PurchaseWorker(
    Database database, IUpstreams upstreams, PriceBooks books, BoughtCards cards, OrderEngine engine, SupplyRouter router, IdSource ids, TimeProvider clock,
    ILogger<PurchaseWorker> log) : BackgroundService
{
    /// <summary>Calls under way at once on this node: one that hangs for its whole time must not keep others waiting.</summary>
    private const int CallsMax = 4_096;

    /// <summary>Begun with one look.</summary>
    private const int BegunMax = 256;

    /// <summary>Longer than any call takes: a purchase whose node died is asked about after that.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);
    private static readonly Meter _meter = new("Lianka.Orders");
    private static readonly Counter<long> _calls = _meter.CreateCounter<long>("lianka_purchase_calls", description: "Calls to suppliers' systems, by what came of them");

    private int _running;
    private DateTimeOffset _slowLookAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RememberAsync(stoppingToken);
        using var timer = new PeriodicTimer(_tick, clock);
        try
        {
            do
            {
                try
                {
                    while (await StepAsync(stoppingToken) > 0) { }
                    await AskPeopleAsync(stoppingToken);
                }
#pragma warning disable CA1031 // A job loop is a boundary: what was due stays due, and the next tick tries again.
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    TickFailed(fault);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The node stops. What is under way ends by itself, or is asked about later.
        }
    }

    /// <summary>A node that starts tells its router what was seen of the supplies of late, by whichever node.</summary>
    private async Task RememberAsync(CancellationToken cancel)
    {
        try
        {
            var since = clock.Now() - TimeSpan.FromHours(2);
            foreach (var purchase in await database.ReadAsync(s => PurchaseStore.EndedAsync(s, since, 5_000), cancel)) router.Remember(purchase);
        }
#pragma warning disable CA1031 // The router learns anew as well.
        catch (Exception fault) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            TickFailed(fault);
        }
    }

    /// <summary>Begins the calls that are due, as many as there is room for.</summary>
    /// <returns>How many were begun.</returns>
    public async Task<int> StepAsync(CancellationToken cancel)
    {
        var room = Math.Min(BegunMax, CallsMax - Volatile.Read(ref _running));
        if (room <= 0) return 0;
        var now = clock.Now();
        // Most looks find nothing: they must not take the database's only writer for it.
        if (await database.ReadAsync(s => s.ScalarAsync<long?>("select id from purchase where due_at <= @now limit 1", new { now }), cancel) is null) return 0;
        var book = await books.RefreshAsync(cancel);
        var due = await database.WriteAsync(s => PurchaseStore.ClaimAsync(s, ids, id => book.Supply(id)?.BatchMax ?? 1, room, now, now + _lease), cancel);
        foreach (var call in due)
        {
            Interlocked.Increment(ref _running);
            _ = Task.Run(() => CallAsync(call, cancel), cancel);
        }

        return due.Count;
    }

    /// <summary>Whether calls are under way.</summary>
    public bool IsBusy => Volatile.Read(ref _running) > 0;

    private async Task CallAsync(PurchaseCall call, CancellationToken cancel)
    {
        try
        {
            if (call.IsFirst) router.Sent(call, clock.Now());
            var (upstream, order) = await PrepareAsync(call, cancel);
            UpstreamAnswer answer = (upstream, order) switch
            {
                (null, _) when call.IsFirst => new UpstreamAnswer.NotSent("connection_off"),
                (null, _) => new UpstreamAnswer.Unknown("connection_off"),
                _ when call.IsFirst => await upstream.BuyAsync(order, cancel),
                _ => await upstream.QueryAsync(order, cancel),
            };
            await TakeAsync(call, answer, cancel);
        }
#pragma warning disable CA1031 // One purchase's trouble is not the others': it stays as it is and is asked about when its lease ends.
        catch (Exception fault) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CallFailed(fault, call.Number);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Does what an answer asks for, from a call or from a notice. Safe to be told the same twice.</summary>
    public async Task TakeAsync(PurchaseCall call, UpstreamAnswer answer, CancellationToken cancel)
    {
        // Where there is nothing to top up, the cards are the goods: told that it is done, without them, is not to have it.
        if (answer is UpstreamAnswer.Succeeded { Cards.Count: 0 } && books.Current.Sku(call.First.SkuId) is { Fields.Count: 0 })
            answer = new UpstreamAnswer.Unknown("no_cards");
        var tries = (int)call.First.Tries + 1;
        var isAccepted = call.First.State == PurchaseState.Accepted;
        var step = call.IsFirst ? PurchaseRule.Of(answer, tries, isAccepted) : PurchaseRule.OfQuery(answer, tries, isAccepted);
        var now = clock.Now();
        router.Heard(call, step, now);
        _calls.Add(1, new KeyValuePair<string, object?>("outcome", answer.GetType().Name));
        switch (step)
        {
            case PurchaseStep.Wait wait:
                await database.WriteAsync(s => PurchaseStore.WaitAsync(s, call.Number, wait.State, wait.UpstreamNo, wait.Detail, now + wait.Pause), cancel);
                break;
            case PurchaseStep.Resend resend:
                await database.WriteAsync(s => PurchaseStore.ResendAsync(s, call.Number, resend.Detail, now + resend.Pause), cancel);
                break;
            case PurchaseStep.Failed failed:
                // They may have enough for each, though not for all.
                var isMerged = call.IsMerged && answer is UpstreamAnswer.Failed;
                foreach (var part in call.Parts) await FailAsync(part, failed.Fault, failed.Detail, failed.IsBuyersFault, isMerged, cancel);
                break;
            case PurchaseStep.Delivered delivered:
                foreach (var (part, share) in call.Parts.Zip(call.Shares(delivered.Answer)))
                {
                    if (share is not null) await DeliverAsync(part, share, "upstream", cancel);
                    else await FailAsync(part, "partial", "", isBuyersFault: false, isMerged: false, cancel);
                }

                break;
        }
    }

    private async Task FailAsync(Purchase purchase, string fault, string detail, bool isBuyersFault, bool isMerged, CancellationToken cancel) =>
        await engine.RunAsync(new OrderCommand.Fail(purchase.OrderId, purchase.Id, fault, detail, isBuyersFault, "upstream", isMerged), cancel);

    /// <summary>Brings what a supplier delivered to the order.</summary>
    /// <returns>False: it brought cards that are known already; a person is asked.</returns>
    public async Task<bool> DeliverAsync(Purchase purchase, UpstreamAnswer.Succeeded answer, string actor, CancellationToken cancel)
    {
        BoughtLot? lot = null;
        var units = answer.Delivered ?? purchase.Count;
        if (answer.Cards.Count > 0)
        {
            units = Math.Min(answer.Cards.Count, purchase.Count);
            var current = await database.ReadAsync(s => PurchaseStore.FindAsync(s, purchase.Id), cancel);
            // Told again of cards that are delivered already: they are known, and that is no mistake of theirs.
            if (current is { State: PurchaseState.Succeeded }) return true;
            lot = await cards.SealAsync(purchase.SkuId, purchase.SupplyId, purchase.SupplierId,
                [.. answer.Cards.Take((int)units).Select(c => (c.Number, c.Secret))], cancel);
            if (lot is null)
            {
                await engine.RunAsync(new OrderCommand.Ask(purchase.OrderId, purchase.Id, "duplicate_cards"), cancel);
                return false;
            }
        }

        await engine.RunAsync(new OrderCommand.Deliver(
            purchase.OrderId, purchase.Id, Math.Min(units, purchase.Count), answer.UpstreamNo, answer.Receipt, answer.Charged, lot, actor), cancel);
        return true;
    }

    /// <summary>What takes too long is shown to a person; the asking goes on.</summary>
    public async Task AskPeopleAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        if (now < _slowLookAt) return;
        _slowLookAt = now + TimeSpan.FromSeconds(5);
        foreach (var slow in await database.ReadAsync(s => PurchaseStore.SlowAsync(s, now - PurchaseRule.AskAfter, 100), cancel))
        {
            await engine.RunAsync(new OrderCommand.Ask(
                slow.OrderId, slow.Id, slow.State == PurchaseState.Accepted ? "slow" : "unknown"), cancel);
        }
    }

    private async Task<(IUpstream? Upstream, UpstreamOrder Order)> PrepareAsync(PurchaseCall call, CancellationToken cancel)
    {
        var book = await books.RefreshAsync(cancel);
        var purchase = call.First;
        var given = await database.ReadAsync(s => s.ScalarAsync<string>("select fields from orders where id = @OrderId", new { purchase.OrderId }), cancel);
        var fields = book.Sku(purchase.SkuId)?.Fields ?? [];
        var order = new UpstreamOrder
        {
            Number = call.Number,
            Goods = book.Supply(purchase.SupplyId)?.UpstreamCode ?? "",
            Count = call.Count,
            Fields = AccountFields.Check(fields, Given(given)).Values,
            Cap = call.Cap,
            At = clock.Now(),
            UpstreamNo = purchase.UpstreamNo,
        };
        return (purchase.ConnectionId is { } connection ? await upstreams.OpenAsync(connection, cancel) : null, order);
    }

    private static Dictionary<string, string> Given(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    [LoggerMessage(LogLevel.Error, "A tick of the purchases failed.")]
    private partial void TickFailed(Exception fault);

    [LoggerMessage(LogLevel.Error, "The call for purchase {Purchase} failed; it is asked about later.")]
    private partial void CallFailed(Exception fault, long purchase);
}
