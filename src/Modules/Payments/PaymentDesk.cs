using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments;

/// <param name="Seller">Whose sale is paid: some channels take only some merchants' payments.</param>
/// <param name="Way">What the buyer chose (<see cref="PayWays"/>); null: whatever is best.</param>
/// <param name="Subject">What the buyer sees at the channel.</param>
/// <param name="ReturnUrl">Where the buyer goes afterwards, a whole address.</param>
/// <param name="OpenIds">The buyer's number inside a channel's app, by the channel's id, where it is known.</param>
/// <param name="GoesLater">
/// True: the caller shows no address and no form, and sends the buyer off by <see cref="PaymentDesk.GoAsync"/>; until then nobody can have paid there.
/// </param>
public sealed record PayAsk(
    MerchantId Seller, string? Way, PayDevices Device, string Subject, string ReturnUrl, string BuyerIp = "", IReadOnlyDictionary<long, string>? OpenIds = null, bool GoesLater = false);

/// <summary>How a buyer gets on with a payment.</summary>
/// <param name="Attempt">The one to pay by; null: there is none now.</param>
/// <param name="Problem">Why there is none, or not the one that was asked for.</param>
/// <param name="Channel">With <see cref="PayProblem.BuyerUnknown"/>: whose app has to tell who the buyer is.</param>
public sealed record PayStart(Payment Payment, Attempt? Attempt, PayProblem Problem = PayProblem.None, long? Channel = null);

public enum PayProblem
{
    None,

    /// <summary>It is paid, or its time is over.</summary>
    Over,

    /// <summary>No channel takes this amount in this way, on this device, now.</summary>
    NoChannel,

    /// <summary>All that could take it failed just now; it may be tried again.</summary>
    Silent,

    /// <summary>Another page is opening it in this moment.</summary>
    Busy,

    /// <summary>The way cannot be changed: the channel does not confirm that it takes no money for the one before (F29).</summary>
    NotClosed,

    /// <summary>The channel's app has to tell first who the buyer is: <see cref="PaymentDesk.BuyerAddressAsync"/>.</summary>
    BuyerUnknown,
}

/// <summary>The front door of Payments outside the engine: sends buyers to a channel and tells how payments stand.</summary>
public sealed class PaymentDesk
{
    /// <summary>So many channels are tried for a buyer who waits.</summary>
    private const int TriesMax = 3;

    /// <summary>A buyer does not wait longer for one channel's pay code.</summary>
    private static readonly TimeSpan _codeWithin = TimeSpan.FromSeconds(4);

    /// <summary>An attempt without a pay code after so long is given up by whoever comes then: its node has died.</summary>
    private static readonly TimeSpan _lostAfter = TimeSpan.FromSeconds(15);

    /// <summary>A pay code lives no longer, however long its payment does: no channel promises more.</summary>
    private static readonly TimeSpan _codeFor = TimeSpan.FromHours(2);

    private readonly Database _database;
    private readonly IdSource _ids;
    private readonly PaymentChannels _channels;
    private readonly ChannelRouter _router;
    private readonly PaymentFollower _follower;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal PaymentDesk(
        Database database, IdSource ids, PaymentChannels channels, ChannelRouter router, PaymentFollower follower, TimeProvider clock, ILogger<PaymentDesk> logger) =>
        (_database, _ids, _channels, _router, _follower, _clock, _logger) = (database, ids, channels, router, follower, clock, logger);

    /// <summary>What buyers may choose from for an amount on a device now, the cheapest channel's way first.</summary>
    /// <param name="purpose">One of <see cref="PaymentPurposes"/>: not every channel pays everything.</param>
    /// <param name="until">The end of the payment: ways that take longer are not offered.</param>
    public async Task<IReadOnlyList<string>> WaysAsync(
        string purpose, MerchantId seller, Money amount, PayDevices device, DateTimeOffset until, CancellationToken cancel = default) =>
        [.. (await OffersAsync(purpose, null, device, seller, amount, until, cancel)).OrderBy(o => o.Channel.Priority).ThenBy(o => o.Channel.FeeBps).Select(o => o.Way).Distinct()];

    /// <summary>The attempt that the buyer is with, or a new one through the best channel. Safe to call again and again.</summary>
    /// <remarks>
    /// A channel that gives no pay code is left for the next, because nobody can have paid there yet. Once a buyer may have seen a code, another way is
    /// opened only after the channel has confirmed that it takes no money for the first.
    /// </remarks>
    /// <returns>Null when the order has no payment.</returns>
    public async Task<PayStart?> StartAsync(OrderId order, PayAsk ask, CancellationToken cancel = default) =>
        await FindAsync(order, cancel) is { } payment ? await StartAsync(payment, ask, cancel) : null;

    /// <inheritdoc cref="StartAsync(OrderId, PayAsk, CancellationToken)"/>
    /// <returns>Null when there is no such payment.</returns>
    public async Task<PayStart?> StartAsync(PaymentId id, PayAsk ask, CancellationToken cancel = default) =>
        await FindAsync(id, cancel) is { } payment ? await StartAsync(payment, ask, cancel) : null;

    private async Task<PayStart> StartAsync(Payment payment, PayAsk ask, CancellationToken cancel)
    {
        // What is in a basket is paid with it, and never by itself.
        if (payment.BasketId is { } basket) return await FindAsync(basket, cancel) is { } whole ? await StartAsync(whole, ask, cancel) : new PayStart(payment, null, PayProblem.Over);
        if (payment.State != PaymentState.Open || payment.AttemptId is not null || _clock.Now() >= payment.ExpiresAt)
            return new PayStart(payment, null, PayProblem.Over);
        if (await LiveAsync(payment.Id, cancel) is { } live)
        {
            var isSame = ask.Way is null || ask.Way == await WayOfAsync(live, cancel);
            if (live.State == AttemptState.Open && isSame && _clock.Now() < live.ExpiresAt && (ask.GoesLater ? live : await SeenAsync(live, cancel)) is { } same)
                return new PayStart(payment, same);
            if (live.State == AttemptState.New && _clock.Now() < live.CreatedAt + _lostAfter) return new PayStart(payment, null, PayProblem.Busy);
            if (!await LeaveAsync(live, cancel) && !await CloseAsync(live.Id, cancel))
                return await FindAsync(payment.Id, cancel) is { AttemptId: not null } paid ? new PayStart(paid, null, PayProblem.Over) : new PayStart(payment, live, PayProblem.NotClosed);
        }

        return await OpenAsync(payment, ask, cancel);
    }

    /// <summary>Through the best channel, and the next best while none answers.</summary>
    private async Task<PayStart> OpenAsync(Payment payment, PayAsk ask, CancellationToken cancel)
    {
        var offers = await OffersAsync(payment.Purpose, ask.Way, ask.Device, ask.Seller, payment.Amount, payment.ExpiresAt, cancel);
        // A payer who wishes for nothing is sent where the money is taken by itself.
        if (ask.Way is null && offers.Exists(o => !IsInHouse(o.Channel))) offers.RemoveAll(o => IsInHouse(o.Channel));
        if (offers.Count == 0) return new PayStart(payment, null, PayProblem.NoChannel);
        for (var tries = 0; tries < TriesMax && offers.Count > 0; tries++)
        {
            var now = _clock.Now();
            var (offer, why) = _router.Choose(offers, payment.Amount, now);
            if (offer.Method.NeedsOpenId && ask.OpenIds?.ContainsKey(offer.Channel.Id) != true) return new PayStart(payment, null, PayProblem.BuyerUnknown, offer.Channel.Id);
            offers.RemoveAll(o => o.Channel.Id == offer.Channel.Id);
            var attempt = new Attempt
            {
                Id = await _ids.NextAsync(), PaymentId = payment.Id, ChannelId = offer.Channel.Id, Method = offer.Method.Name, Amount = payment.Amount,
                Currency = payment.Currency, State = AttemptState.New, Live = 1, Booked = 1, Route = why, CreatedAt = now,
                ExpiresAt = payment.ExpiresAt - now > _codeFor && !IsInHouse(offer.Channel) ? now + _codeFor : payment.ExpiresAt,
            };
            // Written before the channel hears of it, so that whatever becomes of the call is asked about.
            if (await InsertAsync(attempt, offer.Channel, cancel) is not { } isFirst) continue;
            if (!isFirst) return new PayStart(payment, null, PayProblem.Busy);
            _router.Sent(attempt, now);
            if (await CodeAsync(offer.Channel, attempt, ask, cancel) is { } open) return new PayStart(payment, open);
            _router.Failed(attempt, _clock.Now());
            await LeaveAsync(attempt, cancel);
        }

        return new PayStart(payment, null, PayProblem.Silent);
    }

    private async Task<Attempt?> CodeAsync(Channel channel, Attempt attempt, PayAsk ask, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(_codeWithin);
        try
        {
            var open = await _channels.OpenAsync(channel, time.Token);
            var code = await open.CreateAsync(new ChannelOrder(
                attempt.OutNo, attempt.Method, attempt.Amount, ask.Subject, ask.ReturnUrl, attempt.CreatedAt, attempt.ExpiresAt, ask.BuyerIp,
                ask.OpenIds?.GetValueOrDefault(channel.Id)), time.Token);
            var now = _clock.Now();
            // A code to scan is seen with the page; an address or a form when the buyer goes there.
            DateTimeOffset? seen = ask.GoesLater && code.Shape is PayShape.Redirect or PayShape.Form ? null : now;
            if (seen is null) _router.Unseen(attempt);
            var fields = code.Fields is null ? null : JsonSerializer.Serialize(code.Fields);
            // Where the buyer has paid and the notice was faster than this answer (F24), the attempt stays as it is.
            await _database.WriteAsync(s => s.ExecuteAsync(
                """
                update payment_attempt set state = 'open', shape = @Shape, pay_value = @Value, pay_fields = @fields, trade_no = coalesce(trade_no, @TradeNo), seen_at = @seen,
                       asked_at = @AskedAt
                where id = @Id and state = 'new' and live = 1
                """,
                new
                {
                    attempt.Id, Shape = code.Shape.ToString().ToLowerInvariant(), code.Value, fields, TradeNo = string.IsNullOrEmpty(code.TradeNo) ? null : code.TradeNo, seen,
                    AskedAt = seen is null ? attempt.ExpiresAt : now + BackOff.FirstQuestion,
                }), cancel);
            return attempt with
            {
                State = AttemptState.Open, Shape = code.Shape, PayValue = code.Value, PayFields = fields, TradeNo = code.TradeNo, SeenAt = seen,
            };
        }
        catch (ChannelException fault)
        {
            _logger.LogWarning("Channel {Channel} gave no pay code for {Payment}: {Why}", channel.Code, attempt.PaymentId, fault.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _logger.LogWarning("Channel {Channel} gave no pay code for {Payment} in time", channel.Code, attempt.PaymentId);
            return null;
        }
    }

    /// <returns>False: another page was faster. Null: others have filled the channel's day in this moment.</returns>
    private Task<bool?> InsertAsync(Attempt attempt, Channel channel, CancellationToken cancel) => _database.WriteAsync<bool?>(async s =>
    {
        if (channel.DailyLimit is { } limit)
        {
            // Buyers who come at once are counted one after the other.
            if (s.Kind == DatabaseKind.Postgres) await s.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@about, 0))", new { about = $"limit:{channel.Id}" });
            if ((await TakenAsync(s, [channel.Id], attempt.CreatedAt)).GetValueOrDefault(channel.Id) + attempt.Amount > limit) return null;
        }

        return await s.ExecuteAsync(
        """
        insert into payment_attempt (id, payment_id, channel_id, method, amount, currency, state, live, route, created_at, expires_at, asked_at)
        select @Id, @PaymentId, @ChannelId, @Method, @Amount, @Currency, 'new', 1, @Route, @CreatedAt, @ExpiresAt, @AskedAt
        where exists (select 1 from payment where id = @PaymentId and state = 'open' and attempt_id is null and basket_id is null)
        on conflict do nothing
        """,
        new
        {
            attempt.Id, attempt.PaymentId, attempt.ChannelId, attempt.Method, attempt.Amount, attempt.Currency, attempt.Route, attempt.CreatedAt, attempt.ExpiresAt,
            AskedAt = attempt.CreatedAt + _lostAfter,
        }) == 1;
    }, cancel);

    /// <summary>True: nobody has seen its pay code, so the buyer goes on and the follower closes it.</summary>
    private async Task<bool> LeaveAsync(Attempt attempt, CancellationToken cancel) => await _database.WriteAsync(s => s.ExecuteAsync(
        "update payment_attempt set live = 0, asked_at = @now where id = @Id and state in ('new', 'open') and seen_at is null and booked = 1 and live = 1",
        new { attempt.Id, now = _clock.Now() }), cancel) == 1;

    /// <summary>Asks the channel to take no money for it; true when it confirms.</summary>
    private async Task<bool> CloseAsync(long id, CancellationToken cancel)
    {
        // As it stands now: whether a buyer has seen it decides what the channel's answer means.
        var attempt = (await AttemptAsync(id, cancel))!;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(_codeWithin);
        try
        {
            await _follower.FollowAsync(attempt with { Live = 0 }, time.Token);
        }
        catch (ChannelException fault)
        {
            _logger.LogWarning("{Attempt} could not be closed for another way: {Why}", attempt.OutNo, fault.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _logger.LogWarning("{Attempt} could not be closed for another way in time", attempt.OutNo);
        }

        return (await AttemptAsync(id, cancel))!.State == AttemptState.Closed;
    }

    /// <summary>The buyer leaves for the channel by an attempt: from here on money may come.</summary>
    /// <returns>With the address or the form. Null: the buyer is not with this attempt any more, or its time is over.</returns>
    public async Task<Attempt?> GoAsync(PaymentId payment, string outNo, CancellationToken cancel = default) =>
        PublicId.TryDecode(outNo, out var id) && await LiveAsync(payment, cancel) is { State: AttemptState.Open } live && live.Id == id && _clock.Now() < live.ExpiresAt
            ? await SeenAsync(live, cancel) : null;

    /// <returns>Null: it was left in this moment.</returns>
    private async Task<Attempt?> SeenAsync(Attempt attempt, CancellationToken cancel)
    {
        if (attempt.IsSeen) return attempt;
        var now = _clock.Now();
        if (await _database.WriteAsync(s => s.ExecuteAsync(
            "update payment_attempt set seen_at = coalesce(seen_at, @now), asked_at = @next where id = @Id and state = 'open' and live = 1",
            new { attempt.Id, now, next = now + BackOff.FirstQuestion }), cancel) == 0) return null;
        _router.Sent(attempt, now);
        return attempt with { SeenAt = now };
    }

    /// <summary>Where else than to its own address a form of this attempt may lead the browser, as sources of a content security policy.</summary>
    public async Task<IReadOnlyList<string>> FormTargetsAsync(Attempt attempt, CancellationToken cancel = default) =>
        await _channels.FindAsync(attempt.ChannelId, cancel) is { } channel && _channels.Protocol(channel.Protocol) is { } protocol ? protocol.FormTargets : [];

    /// <summary>Where the buyer's browser goes so that the channel's app tells who the buyer is; it comes back with a code for <see cref="OpenIdAsync"/>.</summary>
    /// <param name="returnUrl">A whole address of this site.</param>
    /// <param name="state">Comes back with the code; letters and digits.</param>
    /// <returns>Null: the channel has no such thing.</returns>
    public async Task<string?> BuyerAddressAsync(long channel, string returnUrl, string state, CancellationToken cancel = default) =>
        await _channels.FindAsync(channel, cancel) is { } known && await _channels.OpenAsync(known, cancel) is IKnowsBuyers open ? open.BuyerAddress(returnUrl, state) : null;

    /// <summary>The buyer's number inside the channel's app.</summary>
    /// <returns>Null: the channel did not tell it, or does not know the code.</returns>
    public async Task<string?> OpenIdAsync(long channel, string code, CancellationToken cancel = default)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(_codeWithin);
        try
        {
            return await _channels.FindAsync(channel, cancel) is { } known && await _channels.OpenAsync(known, cancel) is IKnowsBuyers open ? await open.OpenIdAsync(code, time.Token) : null;
        }
        catch (ChannelException fault)
        {
            _logger.LogWarning("Channel {Channel} did not tell who the buyer is: {Why}", channel, fault.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _logger.LogWarning("Channel {Channel} did not tell who the buyer is in time", channel);
            return null;
        }
    }

    private Task<Attempt?> AttemptAsync(long id, CancellationToken cancel) =>
        _database.ReadAsync(s => s.FirstAsync<Attempt>("select * from payment_attempt where id = @id", new { id }), cancel);

    public Task<Payment?> FindAsync(OrderId order, CancellationToken cancel = default) =>
        _database.ReadAsync(s => PaymentBook.FindAsync(s, order), cancel);

    public Task<Payment?> FindAsync(PaymentId id, CancellationToken cancel = default) => _database.ReadAsync(s => PaymentBook.FindAsync(s, id), cancel);

    /// <summary>The payments of all orders that are paid together, this one's among them; one when it is paid by itself.</summary>
    public Task<IReadOnlyList<Payment>> TogetherAsync(Payment payment, CancellationToken cancel = default) => _database.ReadAsync<IReadOnlyList<Payment>>(
        async s => payment.BasketId is { } basket ? await PaymentBook.OfBasketAsync(s, basket) : [payment], cancel);

    /// <summary>The attempt that the buyer is with.</summary>
    public Task<Attempt?> LiveAsync(PaymentId payment, CancellationToken cancel = default) =>
        _database.ReadAsync(s => s.FirstAsync<Attempt>("select * from payment_attempt where payment_id = @payment and live = 1", new { payment }), cancel);

    /// <summary>Everything that was tried for a payment, oldest first, with the channel's names.</summary>
    public async Task<IReadOnlyList<(Attempt Attempt, Channel Channel)>> AttemptsAsync(PaymentId payment, CancellationToken cancel = default)
    {
        var attempts = await _database.ReadAsync(
            s => s.QueryAsync<Attempt>("select * from payment_attempt where payment_id = @payment order by created_at, id", new { payment }), cancel);
        var channels = (await _channels.ListAsync(cancel)).ToDictionary(c => c.Id);
        return attempts.ConvertAll(a => (a, channels[a.ChannelId]));
    }

    /// <summary>The refunds of an order, oldest first.</summary>
    public Task<List<Refund>> RefundsAsync(OrderId order, CancellationToken cancel = default) =>
        _database.ReadAsync(s => s.QueryAsync<Refund>(
            """
            select r.* from channel_refund r join payment p on p.id = r.payment_id
            where p.order_id = @order or p.moved_to = @order order by r.created_at, r.id
            """,
            new { order }), cancel);

    /// <summary>The refunds of a payment, oldest first.</summary>
    public Task<List<Refund>> RefundsAsync(PaymentId payment, CancellationToken cancel = default) => _database.ReadAsync(
        s => s.QueryAsync<Refund>("select * from channel_refund where payment_id = @payment order by created_at, id", new { payment }), cancel);

    /// <summary>What the buyer knows an attempt's way as (<see cref="PayWays"/>).</summary>
    public async Task<string> WayOfAsync(Attempt attempt, CancellationToken cancel = default)
    {
        var channel = (await _channels.FindAsync(attempt.ChannelId, cancel))!;
        return _channels.Protocol(channel.Protocol)?.Methods.FirstOrDefault(m => m.Name == attempt.Method) is { Way.Length: > 0 } method ? method.Way : channel.Protocol;
    }

    private bool IsInHouse(Channel channel) => _channels.Protocol(channel.Protocol) is { IsInHouse: true };

    private async Task<List<Offer>> OffersAsync(
        string purpose, string? way, PayDevices device, MerchantId seller, Money amount, DateTimeOffset until, CancellationToken cancel)
    {
        var now = _clock.Now();
        var channels = (await _channels.ListAsync(cancel)).Select(c => (c, _channels.Protocol(c.Protocol)))
            .Where(c => c.Item2?.Pays(purpose) == true && c.Item2.TimeNeeded(c.c) <= until - now).Select(c => (c.c, c.Item2!)).ToList();
        var limited = channels.Where(c => c.c.DailyLimit is not null).Select(c => c.c.Id).ToList();
        var taken = limited.Count == 0 ? [] : await _database.ReadAsync(s => TakenAsync(s, limited, now), cancel);
        return ChannelRule.Offers(channels, way, device, seller, amount, taken, now);
    }

    /// <summary>What each took since midnight in China, and what buyers are about to pay: money may come for every pay code that is out.</summary>
    private static async Task<Dictionary<long, Money>> TakenAsync(Session session, IReadOnlyCollection<long> channels, DateTimeOffset now) => (await session.QueryAsync<TakenRow>(
        $"""
        select channel_id, cast(sum(amount) as bigint) as amount from payment_attempt
        where {session.AnyOf("channel_id", "@ids")} and (paid_at >= @Midnight or (live = 1 and state in ('new', 'open') and expires_at > @now)) group by channel_id
        """,
        new { ids = session.List(channels), Midnight = ChannelDays.Start(ChannelDays.Of(now)), now })).ToDictionary(r => r.ChannelId, r => r.Amount);

    private sealed record TakenRow
    {
        public long ChannelId { get; init; }
        public Money Amount { get; init; }
    }
}
