using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Payments;

/// <summary>The front door of bank transfers: payers send slips, persons confirm receipts, refuse slips and pay back by hand.</summary>
/// <remarks>
/// What is confirmed is news to the follower, which takes it like any channel's money; so it is booked once whoever confirms, in whatever
/// state its payment is. Held by: tests/Integration/Payments/BankTests.cs.
/// </remarks>
public sealed class BankDesk(Database database, IdSource ids, CardVault vault, Pictures pictures, TimeProvider clock)
{
    /// <summary>In yuan: above it two persons confirm.</summary>
    public const string TwoPersonsSetting = "bank.two_persons_above";

    public static readonly Money TwoPersonsDefault = new(100_000_000);

    private const string Columns =
        $"""
        select t.attempt_id, a.payment_id, t.channel_id, t.reference, t.amount, t.state, t.slip_id, t.slips, t.reason, t.bank_no, t.first_by, t.paid_by,
               t.created_at, t.sent_at, t.paid_at, p.purpose, {PaymentBook.OrderOf} as order_id
        from bank_transfer t join payment_attempt a on a.id = t.attempt_id join payment p on p.id = a.payment_id
        """;

    /// <summary>The transfer that a payer is with; null when it pays otherwise.</summary>
    public Task<BankTransfer?> OfAsync(PaymentId payment, CancellationToken cancel = default) => database.ReadAsync(
        s => s.FirstAsync<BankTransfer>($"{Columns} where a.payment_id = @payment and a.live = 1", new { payment }), cancel);

    public Task<BankTransfer?> FindAsync(long attempt, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<BankTransfer>($"{Columns} where t.attempt_id = @attempt", new { attempt }), cancel);

    /// <summary>Those whose slip waits for a person first, the oldest first; then those without one. At most 200.</summary>
    public Task<List<BankTransfer>> WaitingAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<BankTransfer>(
        $"""
        {Columns} where t.state = 'open' or (t.state = 'closed' and t.slip_id is not null and t.reason = '')
        order by case when t.slip_id is not null and t.reason = '' then 0 else 1 end, coalesce(t.sent_at, t.created_at) limit 200
        """), cancel);

    /// <summary>By the number that the payer wrote into the transfer, also of one that is closed.</summary>
    public Task<BankTransfer?> OfReferenceAsync(string reference, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<BankTransfer>($"{Columns} where t.reference = @reference", new { reference }), cancel);

    /// <summary>Takes a picture of the receipt. The caller has made sure that the payment is the payer's.</summary>
    /// <param name="slip">PNG, JPEG or WebP; what it says beside its pixels is left out. Null: none was chosen.</param>
    public async Task<BankDecision> SendSlipAsync(PaymentId payment, Stream? slip, string actor, CancellationToken cancel = default)
    {
        // One byte more than is allowed is enough to know that it is too large.
        var content = new byte[PictureLimits.Slip.BytesMax + 1];
        var length = slip is null ? 0 : await slip.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancel);
        var read = pictures.Read(content[..length], actor, PictureLimits.Slip);
        if (read is not CatalogDecision<Picture>.Saved { Value: var picture }) return new BankDecision.Refused(((CatalogDecision<Picture>.Refused)read).Errors[0]);
        var (id, now) = (await ids.NextAsync(), clock.Now());
        return await database.WriteAsync<BankDecision>(async s =>
        {
            if (await s.FirstAsync<BankTransfer>($"{Columns} where a.payment_id = @payment and a.live = 1", new { payment }) is not { State: BankTransferState.Open } open)
                return new BankDecision.Missing();
            if (open.Slips >= BankRule.SlipsMax)
                return new BankDecision.Refused(new("picture", "too_many", $"At most {BankRule.SlipsMax} slips.", $"最多上传 {BankRule.SlipsMax} 张回单。"));
            await s.ExecuteAsync(
                "insert into bank_slip (id, attempt_id, media_type, sealed, sent_by, sent_at) values (@id, @AttemptId, @MediaType, @Sealed, @actor, @now)",
                new { id, open.AttemptId, picture.MediaType, Sealed = vault.Seal(picture.Content, Context(id)), actor, now });
            await s.ExecuteAsync("update bank_transfer set slip_id = @id, slips = slips + 1, reason = '', sent_at = @now where attempt_id = @AttemptId", new { id, now, open.AttemptId });
            return new BankDecision.Done();
        }, cancel);
    }

    /// <summary>A slip as it was sent in; whoever looks must be recorded.</summary>
    public Task<BankSlip?> SlipAsync(BankTransfer transfer, CancellationToken cancel = default) => database.ReadAsync(async s =>
        await s.FirstAsync<SlipRow>("select id, media_type, sealed from bank_slip where id = @SlipId", new { transfer.SlipId }) is { } row
            ? new BankSlip(row.MediaType, vault.OpenBytes(row.Sealed, Context(row.Id))) : null, cancel);

    /// <summary>The money is at the bank: once, or by two persons above the limit.</summary>
    /// <param name="bankNo">The bank's number of the receipt; one pays one transfer of a channel.</param>
    /// <param name="amount">What came, in yuan.</param>
    public Task<BankDecision> ConfirmAsync(long attempt, string bankNo, string amount, string actor, CancellationToken cancel = default) => database.WriteAsync<BankDecision>(async s =>
    {
        if (await LockAsync(s, attempt) is not { } transfer) return new BankDecision.Missing();
        var number = bankNo.Trim();
        var isUsed = await s.ScalarAsync<long>(
            "select count(*) from bank_transfer where channel_id = @ChannelId and bank_no = @number and attempt_id <> @attempt", new { transfer.ChannelId, number, attempt }) > 0;
        var (step, error) = BankRule.Confirm(transfer, number, amount, isUsed, await TwoAboveAsync(s), actor);
        if (error is not null) return new BankDecision.Refused(error);
        var now = clock.Now();
        if (step == BankStep.First)
        {
            await s.ExecuteAsync("update bank_transfer set bank_no = @number, first_by = @actor where attempt_id = @attempt", new { number, actor, attempt });
            return new BankDecision.Done(IsFirst: true);
        }

        await s.ExecuteAsync("update bank_transfer set state = 'paid', bank_no = @number, paid_by = @actor, paid_at = @now, reason = '' where attempt_id = @attempt", new { number, actor, now, attempt });
        // The follower asks at once, also about an attempt that was given up.
        await s.ExecuteAsync("update payment_attempt set asked_at = @now where id = @attempt and state <> 'paid'", new { now, attempt });
        return new BankDecision.Done();
    }, cancel);

    /// <summary>The slip is no proof; the payer reads why, and may send another.</summary>
    public Task<BankDecision> RefuseAsync(long attempt, string reason, CancellationToken cancel = default) => database.WriteAsync<BankDecision>(async s =>
    {
        if (await LockAsync(s, attempt) is not { } transfer) return new BankDecision.Missing();
        if (BankRule.Refuse(transfer, reason) is { } error) return new BankDecision.Refused(error);
        await s.ExecuteAsync("update bank_transfer set reason = @Reason where attempt_id = @attempt", new { Reason = reason.Trim(), attempt });
        return new BankDecision.Done();
    }, cancel);

    /// <summary>What persons have to pay back at the bank, the oldest first.</summary>
    public Task<List<BankRefund>> RefundsAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<BankRefund>(
        """
        select r.id, r.attempt_id, r.amount, t.reference, t.bank_no, r.created_at
        from channel_refund r join bank_transfer t on t.attempt_id = r.attempt_id
        where r.state = 'pending' and not exists (select 1 from bank_refund b where b.refund_id = r.id) order by r.created_at limit 200
        """), cancel);

    /// <summary>A person has paid it back.</summary>
    /// <param name="bankNo">The bank's number of that payment; one pays one refund.</param>
    public async Task<BankDecision> PaidBackAsync(long refund, string bankNo, string actor, CancellationToken cancel = default)
    {
        var number = bankNo.Trim();
        if (BankRule.NumberError(number) is { } error) return new BankDecision.Refused(error);
        var now = clock.Now();
        return await database.WriteAsync<BankDecision>(async s =>
        {
            if (await s.ScalarAsync<long?>(
                "select r.id from channel_refund r join bank_transfer t on t.attempt_id = r.attempt_id where r.id = @refund and r.state = 'pending'", new { refund }) is null)
                return new BankDecision.Missing();
            if (await s.ExecuteAsync(
                "insert into bank_refund (refund_id, bank_no, paid_by, paid_at) values (@refund, @number, @actor, @now) on conflict do nothing", new { refund, number, actor, now }) == 0)
                return new BankDecision.Refused(new("bank_no", "number_used", "It is paid back already, or this number belongs to another refund.", "这笔已经退过，或这个流水号用于另一笔退款。"));
            await s.ExecuteAsync("update channel_refund set due_at = @now where id = @refund and state = 'pending'", new { now, refund });
            return new BankDecision.Done();
        }, cancel);
    }

    /// <summary>Above what two persons confirm.</summary>
    public Task<Money> TwoPersonsAboveAsync(CancellationToken cancel = default) => database.ReadAsync(TwoAboveAsync, cancel);

    public async Task<IReadOnlyList<FieldError>> SetTwoPersonsAboveAsync(string amount, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var above = check.Amount("two_persons_above", amount, wholeFen: true);
        if (check.Errors.Count == 0)
        {
            await database.WriteAsync(s => s.ExecuteAsync(
                "insert into setting (name, value) values (@TwoPersonsSetting, @Value) on conflict (name) do update set value = excluded.value",
                new { TwoPersonsSetting, Value = above.Text(2) }), cancel);
        }

        return check.Errors;
    }

    private static async Task<BankTransfer?> LockAsync(Session session, long attempt) =>
        await session.ScalarAsync<long?>($"select attempt_id from bank_transfer where attempt_id = @attempt{session.ForUpdate}", new { attempt }) is null ? null
            : await session.FirstAsync<BankTransfer>($"{Columns} where t.attempt_id = @attempt", new { attempt });

    private static async Task<Money> TwoAboveAsync(Session session) =>
        Money.TryParse(await session.ScalarAsync<string>("select value from setting where name = @TwoPersonsSetting", new { TwoPersonsSetting }), out var above) ? above : TwoPersonsDefault;

    private sealed record SlipRow
    {
        public long Id { get; init; }
        public string MediaType { get; init; } = "";
        public byte[] Sealed { get; init; } = [];
    }

    internal static SealedColumn Sealed { get; } = new("bank_slip", "id", "sealed", id => $"slip:{id}");

    private static string Context(long id) => $"slip:{id}";
}
