using System.Globalization;
using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Bank;

/// <summary>A bank account as a channel. Its own book is what persons have confirmed (<see cref="BankDesk"/>).</summary>
internal sealed class BankChannel(Database database, ChannelTerms terms, TimeProvider clock) : IChannel
{
    private sealed record Row
    {
        public string Reference { get; init; } = "";
        public Money Amount { get; init; }
        public BankTransferState State { get; init; }
        public string? BankNo { get; init; }
        public DateTimeOffset? PaidAt { get; init; }
    }

    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var id = Number(order.OutNo);
        await database.WriteAsync(s => s.ExecuteAsync(
            """
            insert into bank_transfer (attempt_id, channel_id, reference, amount, state, created_at)
            select @id, channel_id, @Reference, amount, 'open', @Now from payment_attempt where id = @id on conflict do nothing
            """, new { id, Reference = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture), Now = clock.Now() }), cancel);
        // Another transfer may have had the same eight digits: then there is none now, and it is tried again.
        var row = await FindAsync(id, cancel) ?? throw new ChannelException("No reference could be given to this transfer.");
        return new PayCode(PayShape.Transfer, row.Reference, new Dictionary<string, string>
        {
            ["holder"] = terms["holder"], ["bank"] = terms["bank"], ["account"] = terms["account"], ["note"] = terms["note"],
        });
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) => await FindAsync(Number(trade.OutNo), cancel) switch
    {
        null => new ChannelTrade(TradeState.Absent, "", Money.Zero),
        { State: BankTransferState.Paid } paid => new ChannelTrade(TradeState.Paid, paid.BankNo!, paid.Amount, paid.PaidAt),
        { State: BankTransferState.Closed } closed => new ChannelTrade(TradeState.Closed, "", closed.Amount),
        { } open => new ChannelTrade(TradeState.Open, "", open.Amount),
    };

    /// <summary>One whose slip waits for a person is not closed: its money is on its way, or here.</summary>
    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        await database.WriteAsync(s => s.ExecuteAsync(
            "update bank_transfer set state = 'closed' where attempt_id = @Id and state = 'open' and first_by is null and (slip_id is null or reason <> '')",
            new { Id = Number(trade.OutNo) }), cancel);
        return await QueryAsync(trade, cancel);
    }

    /// <summary>A person pays it back at the bank.</summary>
    public Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel) => QueryRefundAsync(refund, cancel);

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) =>
        await database.ReadAsync(s => s.ScalarAsync<string>("select bank_no from bank_refund where refund_id = @Id", new { Id = Number(refund.RefundNo) }), cancel) is { } number
            ? new RefundAnswer(RefundOutcome.Done, number) : new RefundAnswer(RefundOutcome.Pending);

    public FieldError? NoReturn(StatementLine paid, Money amount) =>
        new("case", "by_hand", "Bank transfers are given back at the bank.", "银行转账请在银行退回。");

    /// <summary>Nobody sends notices here.</summary>
    public ChannelNotice? Read(RawNotice notice) => null;

    public NoticeReply Reply(bool isTaken) => new(isTaken ? 200 : 400, "");

    /// <summary>What persons confirmed on the day: they read it from the bank's own statement.</summary>
    public Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
        if (clock.Now() < from.AddDays(1)) throw new ChannelException("The day is not over.");
        var args = new { from, to = from.AddDays(1), ChannelId = terms.ChannelId };
        return database.ReadAsync<IReadOnlyList<StatementLine>>(async s =>
        [
            .. (await s.QueryAsync<LineRow>(
                "select attempt_id, bank_no, amount, paid_at as at from bank_transfer where channel_id = @ChannelId and paid_at >= @from and paid_at < @to order by paid_at", args))
                .Select(l => new StatementLine(PublicId.Encode(l.AttemptId), l.BankNo, null, l.Amount, Money.Zero, l.At)),
            .. (await s.QueryAsync<LineRow>(
                """
                select r.id as refund_id, r.attempt_id, t.bank_no, r.amount, b.paid_at as at
                from bank_refund b join channel_refund r on r.id = b.refund_id join bank_transfer t on t.attempt_id = r.attempt_id
                where t.channel_id = @ChannelId and b.paid_at >= @from and b.paid_at < @to order by b.paid_at
                """, args))
                .Select(l => new StatementLine(PublicId.Encode(l.AttemptId), l.BankNo, PublicId.Encode(l.RefundId), l.Amount, Money.Zero, l.At)),
        ], cancel);
    }

    private sealed record LineRow
    {
        public long AttemptId { get; init; }
        public long RefundId { get; init; }
        public string BankNo { get; init; } = "";
        public Money Amount { get; init; }
        public DateTimeOffset At { get; init; }
    }

    private Task<Row?> FindAsync(long id, CancellationToken cancel) => database.ReadAsync(
        s => s.FirstAsync<Row>("select reference, amount, state, bank_no, paid_at from bank_transfer where attempt_id = @id", new { id }), cancel);

    private static long Number(string no) => PublicId.TryDecode(no, out var id) ? id : throw new ChannelException("Not a number of ours.");
}
