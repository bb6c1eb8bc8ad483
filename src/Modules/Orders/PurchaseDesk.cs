using Lianka.Kernel;
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

    /// <summary>There is no such purchase of this supplier.</summary>
    NotFound,

    /// <summary>It is over already.</summary>
    Over,

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
    private readonly TimeProvider _clock;

    internal PurchaseDesk(Database database, IUpstreams upstreams, PurchaseWorker worker, OrderEngine engine, TimeProvider clock) =>
        (_database, _upstreams, _worker, _engine, _clock) = (database, upstreams, worker, engine, clock);

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
    public async Task<PurchaseAnswer> DeliverAsync(
        long id, SupplierId? supplier, long units, string receipt, IReadOnlyList<UpstreamCard> cards, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(id, supplier) is not { } purchase) return PurchaseAnswer.NotFound;
        if (!purchase.IsOpen) return PurchaseAnswer.Over;
        if (units < 1 || units > purchase.Count || (cards.Count > 0 && cards.Count != units)) return PurchaseAnswer.WrongCount;
        var answer = new UpstreamAnswer.Succeeded(null, null, receipt.Length > 0 ? receipt : null, cards, units);
        return await _worker.DeliverAsync(purchase, answer, actor, cancel) ? PurchaseAnswer.Done : PurchaseAnswer.DuplicateCards;
    }

    /// <summary>A person gives it up: another supply is tried, or the money goes back.</summary>
    public async Task<PurchaseAnswer> FailAsync(long id, SupplierId? supplier, string reason, bool isBuyersFault, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(id, supplier) is not { } purchase) return PurchaseAnswer.NotFound;
        if (!purchase.IsOpen) return PurchaseAnswer.Over;
        await _engine.RunAsync(new OrderCommand.Fail(purchase.OrderId, id, isBuyersFault ? "account" : "by_hand", reason, isBuyersFault, actor), cancel);
        return PurchaseAnswer.Done;
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
        if (!call.IsOpen && news.Answer is not UpstreamAnswer.Succeeded) return upstream.Thanks;
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
