using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments;

/// <param name="Way">What the buyer chose (<see cref="PayWays"/>); null: whatever is best.</param>
/// <param name="Subject">What the buyer sees at the channel.</param>
/// <param name="ReturnUrl">Where the buyer goes afterwards, a whole address.</param>
/// <param name="OpenId">The buyer's number inside a channel's app.</param>
public sealed record PayAsk(string? Way, PayDevices Device, string Subject, string ReturnUrl, string BuyerIp = "", string? OpenId = null);

/// <summary>How a buyer gets on with a payment.</summary>
/// <param name="Attempt">The one to pay by; null: there is none now.</param>
/// <param name="Problem">Why there is none, or not the one that was asked for.</param>
public sealed record PayStart(Payment Payment, Attempt? Attempt, PayProblem Problem = PayProblem.None);

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
    public async Task<IReadOnlyList<string>> WaysAsync(Money amount, PayDevices device, CancellationToken cancel = default) =>
        [.. (await OffersAsync(null, device, amount, cancel)).OrderBy(o => o.Channel.Priority).ThenBy(o => o.Channel.FeeBps).Select(o => o.Way).Distinct()];

    /// <summary>The attempt that the buyer is with, or a new one through the best channel. Safe to call again and again.</summary>
    /// <remarks>
    /// A channel that gives no pay code is left for the next, because nobody can have paid there yet. Once a buyer may have seen a code, another way is
    /// opened only after the channel has confirmed that it takes no money for the first.
    /// </remarks>
    /// <returns>Null when the order has no payment.</returns>
    public async Task<PayStart?> StartAsync(OrderId order, PayAsk ask, CancellationToken cancel = default) =>
        await FindAsync(order, cancel) is { } payment ? await StartAsync(payment, ask, cancel) : null;

    internal async Task<PayStart> StartAsync(Payment payment, PayAsk ask, CancellationToken cancel)
    {
        if (payment.State != PaymentState.Open || payment.AttemptId is not null || _clock.Now() >= payment.ExpiresAt)
            return new PayStart(payment, null, PayProblem.Over);
        if (await LiveAsync(payment.Id, cancel) is { } live)
        {
            var isSame = ask.Way is null || ask.Way == await WayOfAsync(live, cancel);
            if (live.State == AttemptState.Open && isSame) return new PayStart(payment, live);
            if (live.State == AttemptState.New && _clock.Now() < live.CreatedAt + _lostAfter) return new PayStart(payment, null, PayProblem.Busy);
            if (live.State == AttemptState.New) await LeaveAsync(live, cancel);
            else if (!await CloseAsync(live, cancel))
                return await FindAsync(payment.Id, cancel) is { AttemptId: not null } paid ? new PayStart(paid, null, PayProblem.Over) : new PayStart(payment, live, PayProblem.NotClosed);
        }

        return await OpenAsync(payment, ask, cancel);
    }

    /// <summary>Through the best channel, and the next best while none answers.</summary>
    private async Task<PayStart> OpenAsync(Payment payment, PayAsk ask, CancellationToken cancel)
    {
        var offers = await OffersAsync(ask.Way, ask.Device, payment.Amount, cancel);
        if (offers.Count == 0) return new PayStart(payment, null, PayProblem.NoChannel);
        for (var tries = 0; tries < TriesMax && offers.Count > 0; tries++)
        {
            var now = _clock.Now();
            var (offer, why) = _router.Choose(offers, payment.Amount, now);
            offers.RemoveAll(o => o.Channel.Id == offer.Channel.Id);
            var attempt = new Attempt
            {
                Id = await _ids.NextAsync(), PaymentId = payment.Id, ChannelId = offer.Channel.Id, Method = offer.Method.Name, Amount = payment.Amount,
                Currency = payment.Currency, State = AttemptState.New, Live = 1, Booked = 1, Route = why, CreatedAt = now, ExpiresAt = payment.ExpiresAt,
            };
            // Written before the channel hears of it, so that whatever becomes of the call is asked about.
            if (!await InsertAsync(attempt, cancel)) return new PayStart(payment, null, PayProblem.Busy);
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
                attempt.OutNo, attempt.Method, attempt.Amount, ask.Subject, ask.ReturnUrl, attempt.CreatedAt, attempt.ExpiresAt, ask.BuyerIp, ask.OpenId), time.Token);
            var seen = _clock.Now();
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
                    AskedAt = seen + BackOff.FirstQuestion,
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

    /// <summary>False: another page was faster.</summary>
    private async Task<bool> InsertAsync(Attempt attempt, CancellationToken cancel) => await _database.WriteAsync(s => s.ExecuteAsync(
        """
        insert into payment_attempt (id, payment_id, channel_id, method, amount, currency, state, live, route, created_at, expires_at, asked_at)
        select @Id, @PaymentId, @ChannelId, @Method, @Amount, @Currency, 'new', 1, @Route, @CreatedAt, @ExpiresAt, @AskedAt
        where exists (select 1 from payment where id = @PaymentId and state = 'open' and attempt_id is null)
        on conflict do nothing
        """,
        new
        {
            attempt.Id, attempt.PaymentId, attempt.ChannelId, attempt.Method, attempt.Amount, attempt.Currency, attempt.Route, attempt.CreatedAt, attempt.ExpiresAt,
            AskedAt = attempt.CreatedAt + _lostAfter,
        }), cancel) == 1;

    /// <summary>Nobody has seen its pay code: the follower closes it, the buyer goes on.</summary>
    private Task LeaveAsync(Attempt attempt, CancellationToken cancel) => _database.WriteAsync(s => s.ExecuteAsync(
        "update payment_attempt set live = 0, asked_at = @now where id = @Id and state = 'new'", new { attempt.Id, now = _clock.Now() }), cancel);

    /// <summary>Asks the channel to take no money for it; true when it confirms.</summary>
    private async Task<bool> CloseAsync(Attempt attempt, CancellationToken cancel)
    {
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

        return await _database.ReadAsync(s => s.ScalarAsync<string>("select state from payment_attempt where id = @Id", new { attempt.Id }), cancel) == "closed";
    }

    public Task<Payment?> FindAsync(OrderId order, CancellationToken cancel = default) =>
        _database.ReadAsync(s => PaymentBook.FindAsync(s, order), cancel);

    private Task<Payment?> FindAsync(PaymentId id, CancellationToken cancel) =>
        _database.ReadAsync(s => s.FirstAsync<Payment>("select * from payment where id = @id", new { id }), cancel);

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

    /// <summary>What the buyer knows an attempt's way as (<see cref="PayWays"/>).</summary>
    public async Task<string> WayOfAsync(Attempt attempt, CancellationToken cancel = default)
    {
        var channel = (await _channels.FindAsync(attempt.ChannelId, cancel))!;
        return _channels.Protocol(channel.Protocol)?.Methods.FirstOrDefault(m => m.Name == attempt.Method) is { Way.Length: > 0 } method ? method.Way : channel.Protocol;
    }

    private async Task<List<Offer>> OffersAsync(string? way, PayDevices device, Money amount, CancellationToken cancel)
    {
        var channels = (await _channels.ListAsync(cancel)).Select(c => (c, _channels.Protocol(c.Protocol))).Where(c => c.Item2 is not null).Select(c => (c.c, c.Item2!)).ToList();
        var now = _clock.Now();
        var china = now.ToOffset(TimeSpan.FromHours(8));
        var limited = channels.Where(c => c.c.DailyLimit is not null).Select(c => c.c.Id).ToList();
        var taken = limited.Count == 0 ? [] : (await _database.ReadAsync(s => s.QueryAsync<TakenRow>(
            $"""
            select channel_id, cast(sum(amount) as bigint) as amount from payment_attempt
            where {s.AnyOf("channel_id", "@ids")} and paid_at >= @Midnight group by channel_id
            """,
            new { ids = s.List(limited), Midnight = new DateTimeOffset(china.Date, china.Offset) }), cancel)).ToDictionary(r => r.ChannelId, r => r.Amount);
        return ChannelRule.Offers(channels, way, device, amount, taken, now);
    }

    private sealed record TakenRow
    {
        public long ChannelId { get; init; }
        public Money Amount { get; init; }
    }
}
