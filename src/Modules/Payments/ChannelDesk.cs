using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>How a channel does.</summary>
/// <param name="TakenToday">Since midnight in China.</param>
/// <param name="Recent">Its last attempts, and whether hardly any of them are paid.</param>
public sealed record ChannelFigures(Money TakenToday, ChannelHealth Recent);

/// <summary>One try to pay, with what it was for.</summary>
/// <param name="Order">Of a basket the first one; null: it pays no order.</param>
public sealed record ChannelAttempt(Attempt Attempt, string Purpose, OrderId? Order);

/// <summary>What became of asking a channel about a trade that does not exist.</summary>
public abstract record ChannelTrial
{
    private ChannelTrial() { }

    /// <summary>It says, in its protocol and signed, that there is no such trade: address, keys and signatures work.</summary>
    public sealed record Works : ChannelTrial;

    /// <summary>It answered, and refused: usually a number or a right that is missing there.</summary>
    public sealed record Refused(string Code, string Words) : ChannelTrial;

    /// <summary>Nothing usable came back.</summary>
    public sealed record Failed(string Words) : ChannelTrial;

    /// <summary>It knows a trade of a number that was never given.</summary>
    public sealed record Surprised(TradeState State) : ChannelTrial;

    /// <summary>No answer in <see cref="ChannelDesk.TrialWithin"/>.</summary>
    public sealed record Late : ChannelTrial;
}

/// <summary>The front door for those who run the channels: how they do, and whether they answer.</summary>
public sealed class ChannelDesk(Database database, PaymentChannels channels, IdSource ids, TimeProvider clock)
{
    /// <summary>A person who presses the button does not wait longer.</summary>
    public static readonly TimeSpan TrialWithin = TimeSpan.FromSeconds(10);

    public Task<ChannelFigures> FiguresAsync(Channel channel, CancellationToken cancel = default)
    {
        var midnight = ChannelDays.Start(ChannelDays.Of(clock.Now()));
        return database.ReadAsync(async s => new ChannelFigures(
            new Money(await s.ScalarAsync<long>(
                "select cast(coalesce(sum(amount), 0) as bigint) from payment_attempt where channel_id = @Id and paid_at >= @midnight",
                new { channel.Id, midnight })),
            ChannelHealth.Of(
                await s.QueryAsync<EndedTry>(
                    $"""
                    select case when state = 'paid' then 1 else 0 end as paid, expires_at from payment_attempt
                    where channel_id = @Id and expires_at <= @now and (paid_at is not null or {EndedAttempts.WasAsked}) order by id desc limit {ChannelHealth.LookedAt}
                    """, new { channel.Id, now = clock.Now() }), clock.Now())), cancel);
    }

    private sealed record PaidFor
    {
        public PaymentId Id { get; init; }
        public string Purpose { get; init; } = "";
        public OrderId? OrderId { get; init; }
    }

    /// <summary>Tries to pay through a channel, the newest first; without those that no buyer went to.</summary>
    /// <param name="from">Those that began then or later, and before <paramref name="to"/>; null: without an end.</param>
    /// <param name="before">The last one of the page before.</param>
    public Task<List<ChannelAttempt>> AttemptsAsync(long channel, DateTimeOffset? from, DateTimeOffset? to, long? before, int limit, CancellationToken cancel = default) =>
        database.ReadAsync(async s =>
        {
            // An index has the channel's attempts by their numbers, which rise with time but for a little.
            var first = from is { } start ? (await MomentSearch.FindAsync(s, "payment_attempt", "created_at", start.ToMicros() - MomentSearch.Slack)).UpTo : 0;
            var last = to is { } end ? (await MomentSearch.FindAsync(s, "payment_attempt", "created_at", end.ToMicros() + MomentSearch.Slack)).From : long.MaxValue;
            var attempts = await s.QueryAsync<Attempt>(
                $"""
                select * from payment_attempt
                where channel_id = @channel and id >= @first and id < @last and created_at >= @from and created_at < @to and (paid_at is not null or {EndedAttempts.WasAsked})
                order by id desc limit @limit
                """,
                new { channel, first, last = Math.Min(last, before ?? long.MaxValue), from = from?.ToMicros() ?? 0, to = to?.ToMicros() ?? long.MaxValue, limit });
            var paid = (await s.QueryAsync<PaidFor>(
                $"select p.id, p.purpose, {PaymentBook.OrderOf} as order_id from payment p where {s.AnyOf("p.id", "@Ids")}",
                new { Ids = s.List(attempts.Select(a => a.PaymentId.Value).Distinct()) })).ToDictionary(p => p.Id);
            return attempts.ConvertAll(a => paid.TryGetValue(a.PaymentId, out var about) ? new ChannelAttempt(a, about.Purpose, about.OrderId) : new ChannelAttempt(a, "", null));
        }, cancel);

    /// <summary>Asks about a trade that does not exist; also while the channel is off.</summary>
    public async Task<ChannelTrial> TryAsync(Channel channel, CancellationToken cancel = default)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(TrialWithin);
        try
        {
            var trade = new TradeRef(PublicId.Encode(await ids.NextAsync()), clock.Now());
            var answer = await (await channels.OpenAsync(channel, time.Token)).QueryAsync(trade, time.Token);
            return answer.State == TradeState.Absent ? new ChannelTrial.Works() : new ChannelTrial.Surprised(answer.State);
        }
        catch (ChannelRefusedException refused)
        {
            return new ChannelTrial.Refused(refused.Code, refused.Message);
        }
        catch (ChannelException fault)
        {
            return new ChannelTrial.Failed(fault.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ChannelTrial.Late();
        }
    }
}
