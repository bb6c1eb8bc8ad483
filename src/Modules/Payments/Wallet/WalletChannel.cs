using System.Security.Cryptography;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Wallet;

/// <summary>Merchants' wallets as a channel. Its own book is <c>wallet_payment</c>, where <see cref="WalletDesk"/> writes what was paid, and <c>wallet_refund</c>.</summary>
internal sealed class WalletChannel(Database database, Ledger.Ledger ledger, ChannelTerms terms, TimeProvider clock) : IChannel
{
    /// <summary>A press that was decided before midnight is written by then.</summary>
    private static readonly TimeSpan _writtenWithin = TimeSpan.FromMinutes(5);

    private sealed record Row
    {
        public string Code { get; init; } = "";
        public string Channel { get; init; } = "";
        public Money Amount { get; init; }
        public WalletPaymentState State { get; init; }
        public MerchantId? MerchantId { get; init; }
        public DateTimeOffset? PaidAt { get; init; }
    }

    /// <summary>Answers the address of a page in the merchants' console, which needs a log-in.</summary>
    public async Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel)
    {
        var id = Number(order.OutNo);
        // An attempt that was given up before this call came through is not opened behind whoever gave it up.
        await database.WriteAsync(s => s.ExecuteAsync(
            """
            insert into wallet_payment (attempt_id, channel_id, code, amount, state, subject, return_path, created_at)
            select @id, channel_id, @Code, amount, 'open', @Subject, @ReturnPath, @Now from payment_attempt where id = @id and state = 'new' and live = 1
            on conflict do nothing
            """,
            new
            {
                id, Code = RandomNumberGenerator.GetHexString(32, lowercase: true), order.Subject, ReturnPath = new Uri(order.ReturnUrl).PathAndQuery, Now = clock.Now(),
            }), cancel);
        var row = await FindAsync(id, cancel) ?? throw new ChannelException("This attempt was given up.");
        return new PayCode(PayShape.Redirect, $"/console/merchant/pay/{row.Code}");
    }

    public async Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel) => await FindAsync(Number(trade.OutNo), cancel) switch
    {
        null => new ChannelTrade(TradeState.Absent, "", Money.Zero),
        { State: WalletPaymentState.Paid } paid => new ChannelTrade(TradeState.Paid, trade.OutNo, paid.Amount, paid.PaidAt),
        { State: WalletPaymentState.Closed } closed => new ChannelTrade(TradeState.Closed, "", closed.Amount),
        { } open => new ChannelTrade(TradeState.Open, "", open.Amount),
    };

    public async Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel)
    {
        await database.WriteAsync(s => s.ExecuteAsync("update wallet_payment set state = 'closed' where attempt_id = @Id and state = 'open'", new { Id = Number(trade.OutNo) }), cancel);
        return await QueryAsync(trade, cancel);
    }

    /// <summary>To the wallet that paid, whole or in part, and never more than it paid.</summary>
    public Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel)
    {
        var (id, attempt) = (Number(refund.RefundNo), Number(refund.Trade.OutNo));
        return database.WriteAsync(async s =>
        {
            await LedgerWrites.EnterAsync(s);
            // Refunds of one payment come one after the other.
            if (await FindAsync(s, attempt, s.ForUpdate is "" ? "" : " for update of w") is not { State: WalletPaymentState.Paid, MerchantId: { } payer } paid)
                return new RefundAnswer(RefundOutcome.Failed, "", "not_paid");
            if (await IsGivenAsync(s, id, attempt)) return new RefundAnswer(RefundOutcome.Done, refund.RefundNo);
            var given = new Money(await s.ScalarAsync<long>("select cast(coalesce(sum(amount), 0) as bigint) from wallet_refund where attempt_id = @attempt", new { attempt }));
            if (given + refund.Amount > paid.Amount) return new RefundAnswer(RefundOutcome.Failed, "", "more_than_paid");
            await s.ExecuteAsync("insert into wallet_refund (refund_id, attempt_id, amount, at) values (@id, @attempt, @Amount, @Now)",
                new { id, attempt, refund.Amount, Now = clock.Now() });
            var (clearing, wallet) = (
                await ledger.OpenAsync(s, AccountKinds.Clearing(paid.Channel), Parties.Platform), await ledger.OpenAsync(s, AccountKinds.Wallet, payer.Value));
            await ledger.MustPostAsync(s, new Posting(
                "wallet_refund", $"channel:{paid.Channel}", [new Leg(clearing, wallet, refund.Amount, "wallet_refund")], refund.Trade.OutNo, $"wallet_refund:{id}"));
            return new RefundAnswer(RefundOutcome.Done, refund.RefundNo);
        }, cancel);
    }

    public async Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel) =>
        await database.ReadAsync(s => IsGivenAsync(s, Number(refund.RefundNo), Number(refund.Trade.OutNo)), cancel)
            ? new RefundAnswer(RefundOutcome.Done, refund.RefundNo) : new RefundAnswer(RefundOutcome.Absent);

    /// <summary>Nobody sends notices here.</summary>
    public ChannelNotice? Read(RawNotice notice) => null;

    public NoticeReply Reply(bool isTaken) => new(isTaken ? 200 : 400, "");

    public Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        var (from, to) = (ChannelDays.Start(day), ChannelDays.Start(day.AddDays(1)));
        if (clock.Now() < to + _writtenWithin) throw new ChannelException("The day is not over.");
        var args = new { from, to, terms.ChannelId };
        return database.ReadAsync<IReadOnlyList<StatementLine>>(async s =>
        [
            .. (await s.QueryAsync<LineRow>(
                "select attempt_id, amount, paid_at as at from wallet_payment where channel_id = @ChannelId and paid_at >= @from and paid_at < @to order by paid_at, attempt_id", args))
                .Select(l => l.ToLine(refundNo: null)),
            .. (await s.QueryAsync<LineRow>(
                """
                select r.refund_id, r.attempt_id, r.amount, r.at from wallet_refund r join wallet_payment w on w.attempt_id = r.attempt_id
                where w.channel_id = @ChannelId and r.at >= @from and r.at < @to order by r.at, r.refund_id
                """, args))
                .Select(l => l.ToLine(PublicId.Encode(l.RefundId))),
        ], cancel);
    }

    private sealed record LineRow
    {
        public long AttemptId { get; init; }
        public long RefundId { get; init; }
        public Money Amount { get; init; }
        public DateTimeOffset At { get; init; }

        public StatementLine ToLine(string? refundNo) => new(PublicId.Encode(AttemptId), PublicId.Encode(AttemptId), refundNo, Amount, Money.Zero, At);
    }

    private Task<Row?> FindAsync(long attempt, CancellationToken cancel) => database.ReadAsync(s => FindAsync(s, attempt), cancel);

    private static Task<Row?> FindAsync(Session session, long attempt, string ending = "") => session.FirstAsync<Row>(
        $"select w.code, c.code as channel, w.amount, w.state, w.merchant_id, w.paid_at from wallet_payment w join channel c on c.id = w.channel_id where w.attempt_id = @attempt{ending}",
        new { attempt });

    private static async Task<bool> IsGivenAsync(Session session, long refund, long attempt) =>
        await session.ScalarAsync<long?>("select refund_id from wallet_refund where refund_id = @refund and attempt_id = @attempt", new { refund, attempt }) is not null;

    private static long Number(string no) => PublicId.TryDecode(no, out var id) ? id : throw new ChannelException("Not a number of ours.");
}
