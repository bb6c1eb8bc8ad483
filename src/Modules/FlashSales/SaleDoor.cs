using Lianka.Modules.FlashSales.Core;
using Lianka.Modules.Orders;

namespace Lianka.Modules.FlashSales;

/// <summary>What to do with somebody who asks at the door of a sale; all null and false: there was no attempt to ask about.</summary>
/// <param name="MayTry">The caller runs the attempt and says by <see cref="SaleDoor.Tried"/> what came of it.</param>
/// <param name="Running">The same buyer's attempt is in the engine already; its answer is this one's too.</param>
/// <param name="Order">The order that the buyer has already.</param>
/// <param name="Answer">What is told at once.</param>
internal readonly record struct Asked(
    bool MayTry = false, Task<FlashAnswer?>? Running = null, OrderId? Order = null, FlashAnswer? Answer = null, byte Quantity = 0, string Contact = "");

/// <summary>One sale in this node's memory: who has an order, who waits, how many may try at once.</summary>
/// <remarks>
/// Only the engine gives units away. What stands here may be old in one direction only: it may say "wait" while a unit has
/// just come back, but it says "sold out" only when every unit is paid for, which never changes. Thread-safe.
/// </remarks>
internal sealed class SaleDoor
{
    /// <summary>So many attempts of one sale are in the engine at once: a part of a batch, so that others hardly notice.</summary>
    private const int TryingMax = 128;

    /// <summary>How long a refusal that would meet everybody (no stock, not offered) is repeated without asking the engine.</summary>
    private static readonly TimeSpan _refusalHolds = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, OrderId> _orders = [];
    private readonly Dictionary<long, string> _contacts = [];
    private readonly Dictionary<long, TaskCompletionSource<FlashAnswer?>> _running = [];
    private readonly WaitingRoom _room = new();
    private FlashSale _sale;
    private IReadOnlyList<UnpaidUnits> _unpaid;
    private long _seen, _since, _trying;
    private (Refusal Why, DateTimeOffset Until) _general;

    public SaleDoor(string slug, SaleNews news)
    {
        (Slug, _sale, _unpaid) = (slug, news.Sale, news.Unpaid);
        Learn(news);
    }

    public string Slug { get; }
    public FlashSale Sale => Volatile.Read(ref _sale);

    /// <summary>The number of the last order that this node knows.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    public SaleView View
    {
        get
        {
            lock (_gate) return new SaleView(_sale, Slug, _room.Uncalled + _room.Called);
        }
    }

    /// <summary>Takes the sale as the database has it now.</summary>
    public void Learn(SaleNews news)
    {
        lock (_gate)
        {
            Volatile.Write(ref _sale, news.Sale);
            (_unpaid, _since) = (news.Unpaid, 0);
            foreach (var order in news.News)
            {
                _orders[order.Buyer] = order.Order;
                _room.Remove(order.Buyer);
                _contacts.Remove(order.Buyer);
                Interlocked.Exchange(ref _seen, Math.Max(_seen, order.No));
            }

            if (_sale.IsSoldOut) Close();
        }
    }

    /// <summary>Somebody asks.</summary>
    /// <param name="quantity">Null: asks again about an attempt that was made.</param>
    /// <param name="isBusy">The engine has more than it can do: nobody goes in now.</param>
    public Asked Ask(long buyer, byte? quantity, string contact, bool isBusy, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_orders.TryGetValue(buyer, out var order)) return new Asked(Order: order);
            if (_running.TryGetValue(buyer, out var running)) return new Asked(Running: running.Task);
            if (now < _sale.FromAt) return Told(new FlashAnswer.Refused(Refusal.SaleNotStarted, _sale.FromAt - now));
            if (_sale.IsSoldOut) return Told(new FlashAnswer.Refused(Refusal.SoldOut));
            if (now >= _sale.ToAt)
            {
                Close();
                return Told(new FlashAnswer.Refused(Refusal.SaleEnded));
            }

            if (quantity > _sale.Quota || quantity < 1) return Told(new FlashAnswer.Refused(Refusal.QuantityOutOfRange));
            var place = _room.Find(buyer);
            if (place is null && quantity is null) return default;
            if (_general.Until > now) return Told(new FlashAnswer.Refused(_general.Why));

            var free = Math.Max(0, _sale.Left - _since - _trying);
            _room.Call(now, free);
            var wanted = quantity ?? _room.QuantityOf(place!.Value);
            var mayGo = place is { } mine ? _room.HasTurn(mine) && free > 0 : _room.Uncalled == 0 && free > _room.Called;
            if (mayGo && !isBusy && _trying < TryingMax)
            {
                if (place is { } turn) _room.Try(turn);
                _trying += wanted;
                _running[buyer] = new(TaskCreationOptions.RunContinuationsAsynchronously);
                var reach = contact.Length > 0 ? contact : _contacts.GetValueOrDefault(buyer, "");
                return new Asked(MayTry: true, Quantity: wanted, Contact: reach);
            }

            if (place is null && _room.IsFull) throw new EngineBusyException();
            place ??= _room.Add(buyer, wanted);
            if (contact.Length > 0) _contacts[buyer] = contact;
            return Told(Wait(place.Value, free, now));
        }
    }

    /// <param name="decision">What came of the attempt; null: nobody knows, for example because the engine's queue was full.</param>
    public FlashAnswer Tried(long buyer, byte quantity, string contact, OrderDecision? decision, DateTimeOffset now)
    {
        lock (_gate)
        {
            _trying -= quantity;
            var answer = Learn(buyer, quantity, contact, decision, now);
            if (_running.Remove(buyer, out var running)) running.TrySetResult(answer is FlashAnswer.Owned owned ? owned with { IsNew = false } : answer);
            return answer;
        }
    }

    private FlashAnswer Learn(long buyer, byte quantity, string contact, OrderDecision? decision, DateTimeOffset now)
    {
        switch (decision)
        {
            case OrderDecision.Done done:
                _orders[buyer] = done.Order.Id;
                if (!done.IsReplay) _since += done.Order.Quantity;
                Forget(buyer);
                return new FlashAnswer.Owned(done.Order, !done.IsReplay);
            case null or OrderDecision.Refused { Why: Refusal.StockShort, Detail: not null }:
                // All are reserved after all, until the database tells of some that came back.
                if (decision is not null) _since = Math.Max(_since, _sale.Left - quantity + 1);
                var place = _room.Find(buyer) ?? _room.Add(buyer, quantity);
                if (contact.Length > 0) _contacts[buyer] = contact;
                return Wait(place, 0, now);
            case OrderDecision.Refused refused:
                if (refused.Why is not (Refusal.SaleNotStarted or Refusal.QuantityOutOfRange)) _general = (refused.Why, now + _refusalHolds);
                Forget(buyer);
                return new FlashAnswer.Refused(refused.Why, _sale.FromAt > now ? _sale.FromAt - now : default);
            default:
                throw new InvalidOperationException("Unknown decision.");
        }
    }

    private FlashAnswer.Waiting Wait(int place, long free, DateTimeOffset now)
    {
        var ahead = _room.Ahead(place);
        var fresh = new UnpaidUnits(now.AddSeconds(_sale.PaySeconds), _since + _trying);
        var (chance, at) = Estimate.Of(_sale, _unpaid, fresh, ahead + _room.QuantityOf(place) - 1, free, now);
        var pause = Estimate.PauseFor(ahead);
        _room.See(place, now, pause);
        return new FlashAnswer.Waiting(
            place + 1, ahead, free, _sale.Unpaid + fresh.Units, _unpaid.Count > 0 ? _unpaid[0].Until : fresh.Units > 0 ? fresh.Until : null,
            chance, at, pause);
    }

    private static Asked Told(FlashAnswer answer) => new(Answer: answer);

    private void Forget(long buyer)
    {
        _room.Remove(buyer);
        _contacts.Remove(buyer);
    }

    private void Close()
    {
        _room.Clear();
        _contacts.Clear();
    }
}
