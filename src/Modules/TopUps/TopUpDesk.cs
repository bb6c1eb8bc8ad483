using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps.Core;
using Lianka.Modules.TopUps.Store;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.TopUps;

/// <summary>The front door of top-ups: a merchant asks, pays through a channel, and has the money in its wallet once.</summary>
/// <remarks>
/// Every call is one transaction and may be repeated: the posting's key is the top-up's. Money that comes when the time is over is credited
/// all the same: it is the merchant's, and nothing was reserved for it but the bonus. Held by: tests/Integration/TopUps/TopUpTests.cs.
/// </remarks>
public sealed class TopUpDesk : IPaymentListener
{
    private const string Columns =
        "select id, merchant_id, amount, fee_bps, fee, rule_id, bonus, channel, state, asked_by, created_at, expires_at, paid_at from top_up";

    private readonly Database _database;
    private readonly IdSource _ids;
    private readonly Ledger.Ledger _ledger;
    private readonly PaymentChannels _channels;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public TopUpDesk(Database database, IdSource ids, Ledger.Ledger ledger, PaymentChannels channels, TimeProvider clock, ILogger<TopUpDesk> logger) =>
        (_database, _ids, _ledger, _channels, _clock, _logger) = (database, ids, ledger, channels, clock, logger);

    public Task<TopUpTerms> TermsAsync(CancellationToken cancel = default) => _database.ReadAsync(TermsStore.ReadAsync, cancel);

    /// <summary>For top-ups that are asked for from now on.</summary>
    public async Task<IReadOnlyList<FieldError>> SetTermsAsync(TopUpTermsDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var terms = TermsRule.Check(draft, check);
        if (check.Errors.Count == 0) await _database.WriteAsync(s => TermsStore.WriteAsync(s, terms), cancel);
        return check.Errors;
    }

    /// <summary>Opens a top-up with its payment, and promises the best bonus that its amount gets now.</summary>
    /// <param name="amount">In yuan, as typed.</param>
    /// <param name="key">The caller's own; the same key with the same amount is the same top-up.</param>
    public async Task<TopUpDecision> OpenAsync(MerchantId merchant, string amount, string key, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var money = check.Amount("amount", amount, wholeFen: true);
        if (check.Errors.Count > 0) return new TopUpDecision.Refused(check.Errors);
        var (id, now) = (await _ids.NextAsync(), _clock.Now());
        return await _database.WriteAsync<TopUpDecision>(async s =>
        {
            if (await EarlierAsync(s, merchant, key, money) is { } earlier) return earlier;
            // Locked, rules before the wallet as where money comes: of two that ask at once the second sees what the first took of a rule and of the limits.
            await LedgerWrites.EnterAsync(s);
            var rules = await BonusStore.RunningAsync(s, now, s.ForUpdate);
            await _ledger.LockAsync(s, [await _ledger.OpenAsync(s, AccountKinds.Wallet, merchant.Value)]);
            var terms = await TermsStore.ReadAsync(s);
            var refused = new FieldCheck();
            var (open, today) = await UseAsync(s, merchant, now);
            TopUpRule.Check(money, terms, open, today, refused);
            if (refused.Errors.Count > 0) return new TopUpDecision.Refused(refused.Errors);

            var uses = await BonusStore.UsesAsync(s, merchant, rules);
            var bonus = BonusChoice.Best(rules, r => uses.GetValueOrDefault(r.Id), money, now);
            var made = new TopUp
            {
                Id = id, MerchantId = merchant, Amount = money, FeeBps = terms.FeeBps, RuleId = bonus?.Rule.Id, Bonus = bonus?.Bonus ?? Money.Zero,
                State = TopUpState.Open, AskedBy = actor, CreatedAt = now, ExpiresAt = now.AddHours(terms.Hours),
            };
            if (await s.ExecuteAsync(
                """
                insert into top_up (id, merchant_id, key, amount, fee_bps, rule_id, bonus, state, asked_by, created_at, expires_at)
                values (@Id, @MerchantId, @key, @Amount, @FeeBps, @RuleId, @Bonus, 'open', @AskedBy, @CreatedAt, @ExpiresAt) on conflict (merchant_id, key) do nothing
                """,
                new { made.Id, made.MerchantId, key, made.Amount, made.FeeBps, made.RuleId, made.Bonus, made.AskedBy, made.CreatedAt, made.ExpiresAt }) == 0)
                return (await EarlierAsync(s, merchant, key, money))!;
            if (bonus is { } promised) await BonusStore.UseAsync(s, promised.Rule.Id, promised.Bonus);
            await PaymentBook.OpenAsync(s, [new NewPayment(made.Payment, null, money, made.ExpiresAt, PaymentPurposes.TopUp)], now);
            return new TopUpDecision.Done(made, IsReplay: false);
        }, cancel);
    }

    private static async Task<TopUpDecision?> EarlierAsync(Session session, MerchantId merchant, string key, Money amount) =>
        await session.FirstAsync<TopUp>($"{Columns} where merchant_id = @merchant and key = @key", new { merchant, key }) switch
        {
            null => null,
            { } same when same.Amount == amount => new TopUpDecision.Done(same, IsReplay: true),
            _ => new TopUpDecision.Refused([new("key", "key_conflict", "This form was sent before with another amount: open it again.", "这张表已用别的金额提交过，请重新打开。")]),
        };

    private static async Task<(long Open, Money Today)> UseAsync(Session session, MerchantId merchant, DateTimeOffset now)
    {
        var china = now.ToOffset(TimeSpan.FromHours(8));
        var open = await session.ScalarAsync<long>("select count(*) from top_up where merchant_id = @merchant and state = 'open' and expires_at > @now", new { merchant, now });
        var today = await session.ScalarAsync<long>(
            "select cast(coalesce(sum(amount), 0) as bigint) from top_up where merchant_id = @merchant and state in ('open', 'paid') and created_at >= @Midnight",
            new { merchant, Midnight = new DateTimeOffset(china.Date, china.Offset) });
        return (open, new Money(today));
    }

    /// <param name="tenant">When given, another merchant's is as if it did not exist.</param>
    public Task<TopUp?> FindAsync(long id, MerchantId? tenant = null, CancellationToken cancel = default) => _database.ReadAsync(
        s => s.FirstAsync<TopUp>($"{Columns} where id = @id{(tenant is null ? "" : " and merchant_id = @tenant")}", new { id, tenant }), cancel);

    /// <summary>Newest first.</summary>
    /// <param name="tenant">Only this merchant's; the tenant of a merchant's page.</param>
    /// <param name="state">Only those that stand so.</param>
    /// <param name="before">The number of the last one of the page before.</param>
    public Task<List<TopUp>> ListAsync(MerchantId? tenant, TopUpState? state = null, long? before = null, int limit = 50, CancellationToken cancel = default) =>
        _database.ReadAsync(s => s.QueryAsync<TopUp>(
            $"""
            {Columns} where id < @Before{(tenant is null ? "" : " and merchant_id = @tenant")}{(state is null ? "" : " and state = @State")}
            order by id desc limit @Limit
            """,
            new { Before = before ?? long.MaxValue, tenant, State = state?.ToString().ToLowerInvariant(), Limit = Math.Clamp(limit, 1, 500) }), cancel);

    string IPaymentListener.Purpose => PaymentPurposes.TopUp;

    /// <summary>A channel confirmed the money; told once or more.</summary>
    /// <exception cref="InvalidOperationException">There is no such top-up; a person must look.</exception>
    async Task IPaymentListener.PaidAsync(Payment payment, string channel, CancellationToken cancel)
    {
        // One that was taken away since keeps no fee of its own: the merchant bears nothing of what is not known.
        var channelBps = (await _channels.ListAsync(cancel)).Find(c => c.Code == channel)?.FeeBps ?? 0;
        await _database.WriteAsync(s => CreditAsync(s, payment, channel, channelBps), cancel);
        _logger.LogInformation("{Payment}: {Amount} was credited by channel {Channel}", payment.Id, payment.Amount, channel);
    }

    /// <summary>What a channel does not give back of a top-up (paid twice, say) is the merchant's all the same.</summary>
    Task<long?> IPaymentListener.WalletOwnerAsync(Session session, Payment payment) =>
        session.ScalarAsync<long?>("select merchant_id from top_up where id = @Id", new { payment.Id });

    private async Task CreditAsync(Session session, Payment payment, string channel, long channelBps)
    {
        await LedgerWrites.EnterAsync(session);
        var now = _clock.Now();
        var top = await session.FirstAsync<TopUp>($"{Columns} where id = @Id{session.ForUpdate}", new { payment.Id })
            ?? throw new InvalidOperationException($"{payment.Id} pays a top-up that is not there.");
        if (top.State != TopUpState.Paid)
        {
            var fee = TopUpRule.Fee(top.Amount, top.FeeBps, channelBps);
            var bonus = await BonusAsync(session, top);
            await PostAsync(session, top, fee, bonus, channel);
            await session.ExecuteAsync(
                "update top_up set state = 'paid', paid_at = @now, fee = @fee, bonus = @bonus, channel = @channel where id = @Id", new { now, fee, bonus, channel, top.Id });
        }

        await PaymentBook.MarkPaidAsync(session, payment.Id, now);
    }

    /// <summary>What was promised; when the promise is over, what the rule still allows of it.</summary>
    private static async Task<Money> BonusAsync(Session session, TopUp top)
    {
        if (top.State == TopUpState.Open || top.RuleId is not { } id) return top.Bonus;
        if (await BonusStore.FindAsync(session, id, session.ForUpdate) is not { } rule) return Money.Zero;
        var use = (await BonusStore.UsesAsync(session, top.MerchantId, [rule])).GetValueOrDefault(id);
        if (!BonusChoice.Allows(rule, use, top.Bonus, top.CreatedAt)) return Money.Zero;
        await BonusStore.UseAsync(session, id, top.Bonus);
        return top.Bonus;
    }

    private async Task PostAsync(Session session, TopUp top, Money fee, Money bonus, string channel)
    {
        var from = await _ledger.OpenAsync(session, AccountKinds.Clearing(PaymentBook.Clearing), Parties.Platform);
        var wallet = await _ledger.OpenAsync(session, AccountKinds.Wallet, top.MerchantId.Value);
        List<Leg> legs = [new(from, wallet, top.Amount - fee, "top_up")];
        if (fee.IsPositive) legs.Add(new(from, await _ledger.OpenAsync(session, AccountKinds.Fees, Parties.Platform), fee, "top_up_fee"));
        if (bonus.IsPositive)
        {
            var given = await _ledger.OpenAsync(session, AccountKinds.Bonus, top.MerchantId.Value);
            await BonusMeter.StartAsync(session, _ledger, top.MerchantId);
            legs.Add(new(await _ledger.OpenAsync(session, AccountKinds.Marketing, Parties.Platform), given, bonus, "bonus"));
        }

        await _ledger.MustPostAsync(session, new Posting("top_up", $"channel:{channel}", legs, top.No, TopUpInvariants.KeyOf(top.Id)));
    }
}
