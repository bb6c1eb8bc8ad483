using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>How a channel does.</summary>
/// <param name="TakenToday">Since midnight in China.</param>
/// <param name="Tried">Of its last attempts, those that are over.</param>
/// <param name="Paid">How many of them were paid.</param>
public sealed record ChannelFigures(Money TakenToday, long Tried, long Paid);

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

/// <summary>What about payments only a person can settle.</summary>
public sealed record PaymentCase
{
    public long Id { get; init; }

    /// <summary><c>trade_reused</c>, <c>amount_differs</c>, <c>refund_failed</c> …</summary>
    public string Kind { get; init; } = "";
    public long? ChannelId { get; init; }
    public PaymentId? PaymentId { get; init; }
    public long? AttemptId { get; init; }
    public OrderId? OrderId { get; init; }

    /// <summary>The money as we and as the channel see it.</summary>
    public Money? Ours { get; init; }
    public Money? Theirs { get; init; }
    public string Detail { get; init; } = "";
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }
    public string Note { get; init; } = "";
}

/// <summary>The front door for those who run the channels: how they do, whether they answer, and what waits for a person.</summary>
public sealed class ChannelDesk(Database database, PaymentChannels channels, IdSource ids, TimeProvider clock)
{
    /// <summary>A person who presses the button does not wait longer.</summary>
    public static readonly TimeSpan TrialWithin = TimeSpan.FromSeconds(10);

    private const int RecentMax = 50;

    private const string Cases =
        """
        select c.id, c.kind, c.channel_id, c.payment_id, c.attempt_id, coalesce(p.moved_to, p.order_id) as order_id, c.ours, c.theirs, c.detail, c.opened_at,
               c.closed_at, c.closed_by, c.note
        from payment_case c left join payment p on p.id = c.payment_id
        """;

    public Task<ChannelFigures> FiguresAsync(Channel channel, CancellationToken cancel = default)
    {
        var china = clock.Now().ToOffset(TimeSpan.FromHours(8));
        return database.ReadAsync(async s => new ChannelFigures(
            new Money(await s.ScalarAsync<long>(
                "select cast(coalesce(sum(amount), 0) as bigint) from payment_attempt where channel_id = @Id and paid_at >= @Midnight",
                new { channel.Id, Midnight = new DateTimeOffset(china.Date, china.Offset) })),
            await RecentAsync(s, channel.Id, "state in ('paid', 'closed')"), await RecentAsync(s, channel.Id, "state = 'paid'")), cancel);
    }

    private static Task<long> RecentAsync(Session session, long channel, string which) => session.ScalarAsync<long>(
        $"select count(*) from (select state from payment_attempt where channel_id = @channel order by id desc limit {RecentMax}) recent where {which}", new { channel });

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

    /// <summary>Newest first.</summary>
    /// <param name="before">The number of the last one of the page before.</param>
    public Task<List<PaymentCase>> CasesAsync(bool isOpen, long? before, int max, CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<PaymentCase>(
            $"{Cases} where c.closed_at is {(isOpen ? "null" : "not null")} and c.id < @Before order by c.id desc limit @max", new { Before = before ?? long.MaxValue, max }), cancel);

    public Task<PaymentCase?> FindCaseAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<PaymentCase>($"{Cases} where c.id = @id", new { id }), cancel);

    /// <summary>Records that a person has settled it; no money moves by this.</summary>
    /// <returns>False: it is not there, or settled already.</returns>
    public async Task<bool> CloseCaseAsync(long id, string actor, string note, CancellationToken cancel = default) => await database.WriteAsync(s => s.ExecuteAsync(
        "update payment_case set closed_at = @now, closed_by = @actor, note = @note where id = @id and closed_at is null", new { id, actor, note, now = clock.Now() }), cancel) > 0;
}
