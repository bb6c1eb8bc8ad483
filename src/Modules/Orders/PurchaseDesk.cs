using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>What became of something that a person did to a purchase.</summary>
public enum PurchaseAnswer
{
    Done,

    /// <summary>The same was told before; nothing was done now.</summary>
    Again,

    /// <summary>There is no such purchase of this supplier.</summary>
    NotFound,

    /// <summary>It is over already, and not as it is told now. Nothing was done.</summary>
    Over,

    /// <summary>It was given up before: the goods were bought elsewhere or the money is back. A case is open for a person; no money moved.</summary>
    Late,

    /// <summary>The cards stand in stock already, or twice in the list.</summary>
    DuplicateCards,

    /// <summary>Not one card for each unit, or more units than were asked for.</summary>
    WrongCount,
}

/// <summary>The front door of purchases for people and for suppliers' notices.</summary>
public sealed class PurchaseDesk
{
    private readonly Database _database;
    private readonly IUpstreams _upstreams;
    private readonly PurchaseWorker _worker;
    private readonly OrderEngine _engine;
    private readonly OrderDesk _orders;
    private readonly BoughtCards _cards;
    private readonly TimeProvider _clock;

    internal PurchaseDesk(
        Database database, IUpstreams upstreams, PurchaseWorker worker, OrderEngine engine, OrderDesk orders, BoughtCards cards, TimeProvider clock) =>
        (_database, _upstreams, _worker, _engine, _orders, _cards, _clock) = (database, upstreams, worker, engine, orders, cards, clock);

    /// <summary>What a supplier still has to deliver, oldest first.</summary>
    /// <param name="after">The last number of the page before; 0: the first page.</param>
    public Task<List<Purchase>> OpenAsync(SupplierId supplier, long after = 0, int limit = 50) =>
        _database.ReadAsync(s => PurchaseStore.OpenAsync(s, supplier, after, limit));

    /// <param name="supplier">The tenant; null for the operator.</param>
    public async Task<Purchase?> FindAsync(long id, SupplierId? supplier = null) =>
        await _database.ReadAsync(s => PurchaseStore.FindAsync(s, id)) is { } purchase && (supplier is null || purchase.SupplierId == supplier) ? purchase : null;

    /// <summary>What the buyer gave, as canonical JSON; null: nothing.</summary>
    public Task<string?> FieldsAsync(Purchase purchase) =>
        _database.ReadAsync(s => s.ScalarAsync<string?>("select fields from orders where id = @OrderId", new { purchase.OrderId }));

    /// <summary>A person delivered it, or knows that it was delivered.</summary>
    /// <param name="receipt">Words for the buyer; may be empty.</param>
    /// <param name="cards">One for each unit; none: nothing that the buyer could see was delivered.</param>
    /// <remarks>May be told twice, also at once: what stands in the end is compared with what is told. Held by:
    /// tests/Integration/OpenApi/SupplierPurchaseApiTests.cs.</remarks>
    public async Task<PurchaseAnswer> DeliverAsync(
        long id, SupplierId? supplier, long units, string receipt, IReadOnlyList<UpstreamCard> cards, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(id, supplier) is not { } purchase) return PurchaseAnswer.NotFound;
        if (units < 1 || units > purchase.Count || (cards.Count > 0 && cards.Count != units)) return PurchaseAnswer.WrongCount;
        if (purchase.State == PurchaseState.Succeeded)
            return await IsDeliveredAsync(purchase, units, receipt, cards, cancel) ? PurchaseAnswer.Again : PurchaseAnswer.Over;
        if (purchase.State == PurchaseState.Failed)
        {
            // Without the cards: the order is not theirs any more. The engine opens the case.
            await _worker.DeliverAsync(purchase, new UpstreamAnswer.Succeeded(null, null, null, [], units), actor, cancel);
            return PurchaseAnswer.Late;
        }

        var answer = new UpstreamAnswer.Succeeded(null, null, receipt.Length > 0 ? receipt : null, cards, units);
        var isTaken = await _worker.DeliverAsync(purchase, answer, actor, cancel);
        // Another may have told something else at the same moment: then one of the two stands, and only its teller hears that it is done.
        purchase = (await FindAsync(id))!;
        return purchase.State switch
        {
            PurchaseState.Succeeded when await IsDeliveredAsync(purchase, units, receipt, cards, cancel) => isTaken ? PurchaseAnswer.Done : PurchaseAnswer.Again,
            PurchaseState.Succeeded => PurchaseAnswer.Over,
            PurchaseState.Failed => PurchaseAnswer.Late,
            _ => PurchaseAnswer.DuplicateCards,
        };
    }

    /// <summary>Whether a purchase ended with just this.</summary>
    private async Task<bool> IsDeliveredAsync(
        Purchase purchase, long units, string receipt, IReadOnlyList<UpstreamCard> cards, CancellationToken cancel)
    {
        if ((purchase.Receipt ?? "") != receipt) return false;
        var order = (await _orders.FindAsync(purchase.OrderId))!;
        // A refund may have cut what was delivered into pieces.
        var parts = order.Fulfilments.Where(f => f.State is FulfilmentState.Delivered or FulfilmentState.Void && f.Supply == purchase.SupplyId).ToList();
        if (parts.Find(f => f is { IsPurchase: false } && f.No == purchase.No) is not { } carded)
            return cards.Count == 0 && parts.Where(f => f.IsPurchase && f.FromSeq == purchase.Id).Sum(f => f.Count) == units;
        return cards.Count > 0 && await _cards.AreOfAsync(carded.Lot, purchase.SkuId, [.. cards.Select(c => (c.Number, c.Secret))], cancel);
    }

    /// <summary>A person gives it up: another supply is tried, or the money goes back.</summary>
    public async Task<PurchaseAnswer> FailAsync(long id, SupplierId? supplier, string reason, bool isBuyersFault, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(id, supplier) is not { } purchase) return PurchaseAnswer.NotFound;
        var wasOpen = purchase.IsOpen;
        var fault = isBuyersFault ? "account" : "by_hand";
        if (wasOpen)
        {
            await _engine.RunAsync(new OrderCommand.Fail(purchase.OrderId, id, fault, reason, isBuyersFault, actor), cancel);
            purchase = (await FindAsync(id))!;
        }

        if (purchase.State != PurchaseState.Failed || purchase.Fault != fault || (purchase.Detail ?? "") != reason) return PurchaseAnswer.Over;
        return wasOpen ? PurchaseAnswer.Done : PurchaseAnswer.Again;
    }

    /// <param name="before">The last id of the page before; null: the first page. Newest first.</param>
    public Task<List<PurchaseCase>> CasesAsync(bool isOpen, long? before = null, int limit = 50) =>
        _database.ReadAsync(s => PurchaseStore.CasesAsync(s, isOpen, before ?? long.MaxValue, limit));

    public Task<List<PurchaseCase>> CasesOfAsync(OrderId order) => _database.ReadAsync(s => PurchaseStore.CasesOfAsync(s, order));

    /// <returns>False: it is not there, or closed already.</returns>
    public Task<bool> CloseCaseAsync(long id, string actor, string note) =>
        _database.WriteAsync(async s => await PurchaseStore.CloseAsync(s, id, actor, note, _clock.Now()) > 0);

    /// <summary>Takes what a supplier's system sent to a connection's address.</summary>
    /// <returns>What to answer; null: it is not from them, or about nothing of theirs (F43).</returns>
    public async Task<string?> NoticeAsync(string noticeKey, UpstreamNotice notice, CancellationToken cancel = default)
    {
        if (await _upstreams.OfNoticeKeyAsync(noticeKey, cancel) is not { } connection
            || await _upstreams.OpenAsync(connection, cancel) is not { } upstream
            || upstream.Read(notice) is not { } news
            || await CallAsync(connection, news) is not { } call)
            return null;
        // Of what is over, only that it came after all, or was taken back, is news.
        if (!call.IsOpen && news.Answer is not UpstreamAnswer.Succeeded
            && !(news.Answer is UpstreamAnswer.Failed && call.Parts.Any(p => p.State == PurchaseState.Succeeded))) return upstream.Thanks;
        // What is not final is only a hint that something happened: they are asked.
        if (news.Answer is UpstreamAnswer.Succeeded or UpstreamAnswer.Failed)
            await _worker.TakeAsync(call, news.Answer, cancel);
        else
            await _database.WriteAsync(s => PurchaseStore.HurryAsync(s, call.Number, _clock.Now()), cancel);
        return upstream.Thanks;
    }

    /// <summary>What the news are about: something told to this connection, and under both numbers as far as they are known.</summary>
    private async Task<PurchaseCall?> CallAsync(long connection, UpstreamNews news)
    {
        PurchaseCall? call = null;
        if (news.OwnNo is { } own) call = PublicId.TryDecode(own, out var id) ? await _database.ReadAsync(s => PurchaseStore.CallAsync(s, id)) : null;
        else if (news.UpstreamNo is { } theirs)
            call = await _database.ReadAsync(async s =>
                await PurchaseStore.FindTheirsAsync(s, connection, theirs) is { } found ? await PurchaseStore.CallAsync(s, found.BatchId ?? found.Id) : null);
        return call is not null && call.First.ConnectionId == connection
            && (news.UpstreamNo is null || call.First.UpstreamNo is null || call.First.UpstreamNo == news.UpstreamNo) ? call : null;
    }
}
