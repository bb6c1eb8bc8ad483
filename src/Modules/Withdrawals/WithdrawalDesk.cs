using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Withdrawals.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Withdrawals;

/// <summary>The front door of withdrawals: a merchant asks, one or two persons approve, a file goes to the bank, its results come back.</summary>
/// <remarks>
/// Every call is one transaction and may be repeated: money moves by postings whose keys are the withdrawal's, so a repeat moves nothing (I5, I11).
/// From the request on the money stands in the account <c>withdrawal</c>; it leaves for the bank and the fees when the bank paid, or goes back to where it came from.
/// The order engine remembers wallets and compares them when it writes, so it and a request cannot spend the same money (decision 0037).
/// Held by: tests/Integration/Withdrawals/WithdrawalTests.cs.
/// </remarks>
public sealed class WithdrawalDesk(Database database, IdSource ids, Ledger.Ledger ledger, RealNames names, Payees payees, TimeProvider clock)
{
    private const string Columns =
        """
        select w.id, w.merchant_id, w.payee_id, p.kind as payee_kind, p.tail, w.source, w.amount, w.fee, w.approvals, w.state, w.key, w.asked_by, w.asked_at,
               w.first_by, w.first_at, w.second_by, w.second_at, w.file_id, w.bank_reference, w.reason, w.ended_at
        from withdrawal w join payee p on p.id = w.payee_id
        """;

    private sealed record UsedRow
    {
        public Money Day { get; init; }
        public long DayCount { get; init; }
        public Money Month { get; init; }
        public long MonthCount { get; init; }
    }

    /// <summary>How much the merchant may take out of an account now, and why not more.</summary>
    public Task<Withdrawable> AbleAsync(MerchantId merchant, WithdrawalSource source) => database.ReadAsync(async s =>
    {
        var (terms, position) = await StandingAsync(s, merchant, source);
        return WithdrawalRule.Of(terms, position);
    });

    /// <summary>What the operator keeps of an amount as the rules stand now.</summary>
    public Task<Money> FeeAsync(Money amount) => database.ReadAsync(async s => WithdrawalRule.Fee(await WithdrawalRules.TermsAsync(s), amount));

    /// <summary>What is wrong with a request that would be made now; it moves nothing.</summary>
    public Task<IReadOnlyList<FieldError>> CheckAsync(MerchantId merchant, WithdrawalSource source, Money amount) => database.ReadAsync(async s =>
    {
        var (terms, position) = await StandingAsync(s, merchant, source);
        return WithdrawalRule.Check(terms, position, amount, "-");
    });

    /// <summary>Takes the amount out of wallet or commission, or refuses and moves nothing.</summary>
    /// <param name="person">Who asks, and has just proved to be it: the caller asks for the password.</param>
    /// <param name="key">The caller's own; the same key with the same content is the same withdrawal.</param>
    public async Task<WithdrawalDecision> RequestAsync(MerchantId merchant, long person, string actor, WithdrawalSource source, Money amount, string key)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync<WithdrawalDecision>(async s =>
        {
            var from = await ledger.FindAsync(s, KindOf(source), merchant.Value);
            var (wallet, owed) = (await ledger.FindAsync(s, AccountKinds.Wallet, merchant.Value), await ledger.FindAsync(s, AccountKinds.Receivable, merchant.Value));
            if (from is null || wallet is null || owed is null) return new WithdrawalDecision.Missing();
            // Before the lock: engines that want this wallet wait for as little as possible.
            var (terms, who) = await WhoAsync(s, merchant);
            // The wallet is locked whatever the source: one request of a merchant at a time, so that limits are counted once.
            var accounts = await ledger.LockAsync(s, [from.Value, wallet.Value, owed.Value]);
            if (await s.FirstAsync<Withdrawal>($"{Columns} where w.merchant_id = @merchant and w.key = @key", new { merchant, key }) is { } earlier)
            {
                return earlier.Amount == amount && earlier.Source == source ? new WithdrawalDecision.Done(earlier, IsReplay: true)
                    : Refused(new("key", "key_conflict", "This form was sent before with another amount: open it again.", "这张表已用别的金额提交过，请重新打开。"));
            }

            var account = accounts[from.Value];
            var position = await PositionAsync(s, merchant, who, account.Balance, account.Held, accounts[owed.Value].Balance);
            if (WithdrawalRule.Check(terms, position, amount, key) is { Count: > 0 } errors) return new WithdrawalDecision.Refused(errors);
            await ledger.MustPostAsync(s, new Posting("withdrawal_request", actor,
                [new Leg(from.Value, await TransitAsync(s), amount, "withdrawal_request")], $"withdrawal {PublicId.Encode(id)}", Key(id, "request")));
            await s.ExecuteAsync(
                """
                insert into withdrawal (id, merchant_id, payee_id, real_name_id, source, amount, fee, approvals, key, state, asked_by, asked_at)
                values (@id, @merchant, @Payee, @Name, @Source, @amount, @Fee, @Approvals, @key, 1, @person, @Now)
                """, new
                {
                    id, merchant, Payee = position.Payee!.Id, Name = position.Name!.Id, Source = (int)source, amount, Fee = WithdrawalRule.Fee(terms, amount),
                    Approvals = WithdrawalRule.ApprovalsNeeded(terms, amount), key, person, position.Now,
                });
            return new WithdrawalDecision.Done((await FindAsync(s, id, ""))!, IsReplay: false);
        });
    }

    /// <summary>One approval, of one or two that it needs.</summary>
    public Task<WithdrawalDecision> ApproveAsync(long withdrawal, long person) => ChangeAsync(withdrawal, async (s, now) =>
    {
        var (next, error) = Approvals.Next(now, (int)now.Approvals, person);
        if (error is not null) return error;
        await s.ExecuteAsync(now.FirstBy is null
            ? "update withdrawal set state = @Next, first_by = @person, first_at = @At where id = @withdrawal"
            : "update withdrawal set state = @Next, second_by = @person, second_at = @At where id = @withdrawal", new { withdrawal, Next = (int)next!, person, At = clock.Now() });
        return null;
    });

    /// <summary>Gives the money back. Possible until the withdrawal stands in a file.</summary>
    public Task<WithdrawalDecision> RefuseAsync(long withdrawal, string actor, string reason) => ChangeAsync(withdrawal, async (s, now) =>
    {
        if (Approvals.Refuse(now, reason) is { } error) return error;
        await BackAsync(s, now, actor, reason, PayoutState.Refused, reference: null);
        return null;
    });

    /// <summary>The merchant takes its own request back, while nobody has approved it; of an approval at the same moment one comes first and the other is refused.</summary>
    /// <returns>Missing also where it is another merchant's.</returns>
    public Task<WithdrawalDecision> TakeBackAsync(MerchantId merchant, long withdrawal, string actor) => ChangeAsync(withdrawal, async (s, now) =>
    {
        if (Approvals.TakeBack(now) is { } error) return error;
        await BackAsync(s, now, actor, "", PayoutState.TakenBack, reference: null);
        return null;
    }, merchant);

    /// <summary>Puts all approved withdrawals to one kind of payee into one file.</summary>
    /// <returns>Null when there is none to put into it.</returns>
    public async Task<WithdrawalFile?> MakeFileAsync(PayeeKind kind, long person)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync(async s =>
        {
            // Locked, so that of two who press at once the second finds nothing left: each withdrawal stands in one file only.
            var ready = await s.QueryAsync<Withdrawal>(
                $"select w.id, w.amount, w.fee from withdrawal w join payee p on p.id = w.payee_id where w.state = 3 and p.kind = @Kind order by w.id limit {BankFile.RowsMax}"
                + (s.ForUpdate is "" ? "" : " for update of w"), new { Kind = (int)kind });
            if (ready.Count == 0) return null;
            var total = ready.Aggregate(Money.Zero, (sum, w) => sum + w.Net);
            await s.ExecuteAsync("insert into withdrawal_file (id, kind, made_by, made_at, payouts, total) values (@id, @Kind, @person, @Now, @Count, @total)",
                new { id, Kind = (int)kind, person, Now = clock.Now(), ready.Count, total });
            await s.ExecuteAsync($"update withdrawal set state = 4, file_id = @id where {s.AnyOf("id", "@List")} and state = 3", new { id, List = s.List(ready.Select(w => w.Id)) });
            return new WithdrawalFile(kind, new PayoutFile { Id = id, MadeBy = person, MadeAt = clock.Now(), Payouts = ready.Count, Total = total, Open = ready.Count });
        });
    }

    /// <summary>The file as the bank takes it, the same whenever it is asked for. Holds accounts in the clear: whoever asks must be recorded.</summary>
    public Task<string?> WriteFileAsync(long file) => database.ReadAsync(async s =>
    {
        var lines = new List<BankLine>();
        foreach (var withdrawal in await s.QueryAsync<Withdrawal>($"{Columns} where w.file_id = @file order by w.id", new { file }))
            lines.Add(new BankLine(withdrawal.No, await payees.AccountAsync(s, withdrawal.PayeeId), withdrawal.Net));
        return lines.Count == 0 ? null : BankFile.Write(lines);
    });

    /// <summary>Takes what the bank, or Alipay, says of withdrawals, row by row; a row that cannot be taken stops no other, and all may be sent again.</summary>
    /// <returns>The rows, or what is wrong with the file as a whole.</returns>
    public Task<(IReadOnlyList<BankResult> Rows, FieldError? Error)> TakeResultsAsync(string content, string actor) =>
        BankFile.TakeAsync(content, word => TakeAsync(word, actor));

    private async Task<(bool IsReplay, FieldError? Error)?> TakeAsync(BankWord word, string actor)
    {
        var isReplay = false;
        var decision = await ChangeAsync(word.Payout, async (s, now) =>
        {
            (isReplay, var error) = Approvals.Result(now, word.IsPaid);
            if (isReplay || error is not null) return error;
            if (word.IsPaid) await PaidAsync(s, now, actor, word.Reference);
            else await BackAsync(s, now, actor, word.Reason.Length > 0 ? word.Reason : "bank", PayoutState.Failed, word.Reference);
            return null;
        });
        return decision switch
        {
            WithdrawalDecision.Refused refused => (false, refused.Errors[0]),
            WithdrawalDecision.Missing => null,
            _ => (isReplay, null),
        };
    }

    /// <summary>Withdrawals, newest first.</summary>
    /// <param name="merchant">Only this one's; the tenant of a merchant's page.</param>
    /// <param name="before">The id of the last one of the page before.</param>
    public Task<List<Withdrawal>> ListAsync(MerchantId? merchant, long? before = null, int limit = 50, bool openOnly = false) => database.ReadAsync(s => s.QueryAsync<Withdrawal>(
        $"""
        {Columns} where w.id < @Before{(merchant is null ? "" : " and w.merchant_id = @merchant")}{(openOnly ? " and w.state < 5" : "")}
        order by w.id desc limit @limit
        """, new { merchant, Before = before ?? long.MaxValue, limit = Math.Clamp(limit, 1, 500) }));

    public Task<Withdrawal?> FindAsync(long withdrawal) => database.ReadAsync(s => FindAsync(s, withdrawal, ""));

    /// <summary>How many approved ones wait for a file.</summary>
    public Task<long> ReadyAsync(PayeeKind kind) => database.ReadAsync(s => s.ScalarAsync<long>(
        "select count(*) from withdrawal w join payee p on p.id = w.payee_id where w.state = 3 and p.kind = @Kind", new { Kind = (int)kind }));

    private sealed record FileRow
    {
        public PayeeKind Kind { get; init; }
        public long Id { get; init; }
        public long MadeBy { get; init; }
        public DateTimeOffset MadeAt { get; init; }
        public long Payouts { get; init; }
        public Money Total { get; init; }
        public long Open { get; init; }
    }

    /// <summary>Files, newest first.</summary>
    public async Task<List<WithdrawalFile>> FilesAsync(int limit = 50) => (await database.ReadAsync(s => s.QueryAsync<FileRow>(
        """
        select f.kind, f.id, f.made_by, f.made_at, f.payouts, f.total, (select count(*) from withdrawal w where w.file_id = f.id and w.state = 4) as "open"
        from withdrawal_file f order by f.id desc limit @limit
        """, new { limit }))).ConvertAll(f => new WithdrawalFile(f.Kind,
            new PayoutFile { Id = f.Id, MadeBy = f.MadeBy, MadeAt = f.MadeAt, Payouts = f.Payouts, Total = f.Total, Open = f.Open }));

    private async Task<(WithdrawalTerms Terms, Position Position)> StandingAsync(Session session, MerchantId merchant, WithdrawalSource source)
    {
        var accounts = await Statements.BalancesAsync(session, merchant.Value);
        var (from, owed) = (accounts.Find(a => a.Kind == KindOf(source)), accounts.Find(a => a.Kind == AccountKinds.Receivable));
        var (terms, who) = await WhoAsync(session, merchant);
        return (terms, await PositionAsync(session, merchant, who, from?.Balance ?? default, from?.Held ?? default, owed?.Balance ?? default));
    }

    private sealed record Who(RealName? Name, Payee? Payee, SecurityChange? LastChange);

    private async Task<(WithdrawalTerms Terms, Who Who)> WhoAsync(Session session, MerchantId merchant)
    {
        var (name, payee) = (await names.VerifiedAsync(session, merchant.Value), await payees.OfAsync(session, merchant));
        // Last: whoever sees a new payee or name sees the change that brought it, too.
        return (await WithdrawalRules.TermsAsync(session), new Who(name, payee, await SecurityChanges.LastAsync(session, merchant.Value)));
    }

    private async Task<Position> PositionAsync(Session session, MerchantId merchant, Who who, Money balance, Money held, Money receivable)
    {
        var now = clock.Now();
        var (day, month) = WithdrawalRule.PeriodsOf(now);
        var used = (await session.FirstAsync<UsedRow>(
            """
            select coalesce(cast(sum(case when asked_at >= @day then amount else 0 end) as bigint), 0) as day,
                   coalesce(cast(sum(case when asked_at >= @day then 1 else 0 end) as bigint), 0) as day_count,
                   coalesce(cast(sum(amount) as bigint), 0) as month, count(*) as month_count
            from withdrawal where merchant_id = @merchant and asked_at >= @month and state not in (6, 7, 8)
            """, new { merchant, day, month }))!;
        return new Position(balance, held, Money.Max(Money.Zero, -receivable), new Used(used.Day, used.DayCount, used.Month, used.MonthCount),
            who.Name, who.Payee, who.LastChange, now);
    }

    /// <param name="of">The tenant of a merchant's page; null: whoever's it is.</param>
    private Task<WithdrawalDecision> ChangeAsync(long withdrawal, Func<Session, Withdrawal, Task<FieldError?>> change, MerchantId? of = null) => database.WriteAsync<WithdrawalDecision>(async s =>
    {
        // The ledger's own lock comes before any other (Ledger's README, rule 2).
        await LedgerWrites.EnterAsync(s);
        if (await FindAsync(s, withdrawal, s.ForUpdate is "" ? "" : " for update of w") is not { } now || (of is { } tenant && tenant != now.MerchantId))
            return new WithdrawalDecision.Missing();
        if (await change(s, now) is { } error) return Refused(error);
        var after = (await FindAsync(s, withdrawal, ""))!;
        return new WithdrawalDecision.Done(after, IsReplay: after == now);
    });

    private async Task PaidAsync(Session session, Withdrawal withdrawal, string actor, string reference)
    {
        var transit = await TransitAsync(session);
        // What Alipay pays leaves another account of the operator than what the bank pays.
        var clearing = await ledger.OpenAsync(session, AccountKinds.Clearing(withdrawal.PayeeKind == PayeeKind.Alipay ? "alipay_payouts" : "bank"), Parties.Platform);
        List<Leg> legs = [new Leg(transit, clearing, withdrawal.Net, "withdrawal_paid")];
        if (withdrawal.Fee.IsPositive)
            legs.Add(new Leg(transit, await ledger.OpenAsync(session, AccountKinds.Fees, Parties.Platform), withdrawal.Fee, "withdrawal_fee"));
        await ledger.MustPostAsync(session, new Posting("withdrawal_paid", actor, legs, reference, Key(withdrawal.Id, "paid")));
        await EndAsync(session, withdrawal.Id, PayoutState.Paid, reference, reason: null);
    }

    private async Task BackAsync(Session session, Withdrawal withdrawal, string actor, string reason, PayoutState state, string? reference)
    {
        var from = await ledger.FindAsync(session, KindOf(withdrawal.Source), withdrawal.MerchantId.Value);
        await ledger.MustPostAsync(session, new Posting("withdrawal_back", actor,
            [new Leg(await TransitAsync(session), from!.Value, withdrawal.Amount, "withdrawal_back")], reason, Key(withdrawal.Id, "back")));
        await EndAsync(session, withdrawal.Id, state, reference, reason);
    }

    private Task<int> EndAsync(Session session, long id, PayoutState state, string? reference, string? reason) => session.ExecuteAsync(
        "update withdrawal set state = @State, bank_reference = @reference, reason = @reason, ended_at = @Now where id = @id",
        new { id, State = (int)state, reference, reason, Now = clock.Now() });

    private Task<AccountId> TransitAsync(Session session) => ledger.OpenAsync(session, AccountKinds.Withdrawal, Parties.Platform);

    private static Task<Withdrawal?> FindAsync(Session session, long withdrawal, string locked) =>
        session.FirstAsync<Withdrawal>($"{Columns} where w.id = @withdrawal{locked}", new { withdrawal });

    private static string KindOf(WithdrawalSource source) => source == WithdrawalSource.Commission ? AccountKinds.CommissionAvailable : AccountKinds.Wallet;

    private static string Key(long id, string step) => $"withdrawal:{id}:{step}";

    private static WithdrawalDecision.Refused Refused(FieldError error) => new([error]);
}
