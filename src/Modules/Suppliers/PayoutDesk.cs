using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payouts;
using Lianka.Modules.Suppliers.Core;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Suppliers;

/// <summary>The front door of payouts: a supplier asks, two persons approve, a file goes to the bank, its results come back.</summary>
/// <remarks>
/// Every call is one transaction and may be repeated: money moves by postings whose keys are the payout's, so a repeat moves nothing (I5, I11).
/// From the request on the money stands in the account <c>payout</c>; it leaves for <c>clearing:bank</c> when the bank paid, or goes back.
/// Held by: tests/Integration/Payouts/PayoutTests.cs.
/// </remarks>
public sealed class PayoutDesk(Database database, IdSource ids, Ledger.Ledger ledger, CardVault vault, TimeProvider clock)
{
    private const string Columns =
        """
        select p.id, p.supplier_id, p.bank_id, b.tail, p.amount, p.state, p.key, p.asked_by, p.asked_at, p.first_by, p.first_at, p.second_by, p.second_at,
               p.batch_id, p.bank_reference, p.reason, p.ended_at
        from payout p join supplier_bank b on b.id = p.bank_id
        """;

    /// <summary>Sets the account that later payouts go to. Those asked for already keep theirs.</summary>
    public async Task<IReadOnlyList<FieldError>> SetBankAsync(SupplierId supplier, BankDraft draft, string actor)
    {
        var check = new FieldCheck();
        var account = draft.Checked(check);
        if (check.Errors.Count > 0) return check.Errors;
        var id = await ids.NextAsync();
        await database.WriteAsync(s => AddBankAsync(s, id, supplier, account, actor));
        return [];
    }

    internal Task<int> AddBankAsync(Session session, long id, SupplierId supplier, BankDraft account, string actor) => session.ExecuteAsync(
        "insert into supplier_bank (id, supplier_id, sealed, tail, made_by, made_at) values (@id, @supplier, @Sealed, @Tail, @actor, @Now)",
        new { id, supplier, Sealed = vault.Seal(JsonSerializer.Serialize(account), Context(id)), Tail = account.Number[^4..], actor, Now = clock.Now() });

    public Task<BankInUse?> BankAsync(SupplierId supplier) => database.ReadAsync(s => BankAsync(s, supplier));

    /// <summary>Takes the amount out of the payable, or refuses and moves nothing.</summary>
    /// <param name="person">Who asks; cannot approve.</param>
    /// <param name="key">The caller's own; the same key with the same amount is the same payout.</param>
    public async Task<PayoutDecision> RequestAsync(SupplierId supplier, long person, string actor, Money amount, string key)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync<PayoutDecision>(async s =>
        {
            var payable = await ledger.FindAsync(s, AccountKinds.Payable, supplier.Value);
            if (payable is null) return new PayoutDecision.Missing();
            // One request of a supplier at a time: a repeat waits here, and then finds the first.
            await ledger.LockAsync(s, [payable.Value]);
            if (await s.FirstAsync<Payout>($"{Columns} where p.supplier_id = @supplier and p.key = @key", new { supplier, key }) is { } earlier)
            {
                return earlier.Amount == amount ? new PayoutDecision.Done(earlier, IsReplay: true)
                    : Refused(new("key", "key_conflict", "This form was sent before with another amount: open it again.", "这张表已用别的金额提交过，请重新打开。"));
            }

            var bank = await BankAsync(s, supplier);
            if (PayoutRules.Check(amount, key, bank is not null) is { Count: > 0 } errors) return new PayoutDecision.Refused(errors);
            var posted = await ledger.PostAsync(s, new Posting("payout_request", actor,
                [new Leg(payable.Value, await TransitAsync(s), amount, "payout_request")], $"payout {PublicId.Encode(id)}", $"payout:{id}:request"));
            if (posted is PostDecision.InsufficientFunds)
                return Refused(new("amount", "above_available", "More than is available.", "超过可提金额。"));
            await s.ExecuteAsync(
                """
                insert into payout (id, supplier_id, bank_id, amount, key, state, asked_by, asked_at)
                values (@id, @supplier, @Bank, @amount, @key, 1, @person, @Now)
                """, new { id, supplier, Bank = bank!.Id, amount, key, person, Now = clock.Now() });
            return new PayoutDecision.Done((await FindAsync(s, id, ""))!, IsReplay: false);
        });
    }

    /// <summary>One of the two approvals.</summary>
    public Task<PayoutDecision> ApproveAsync(long payout, long person) => ChangeAsync(payout, async (s, now) =>
    {
        var (next, error) = Approvals.Next(now, needed: 2, person);
        if (error is not null) return error;
        await s.ExecuteAsync(next == PayoutState.ApprovedOnce
            ? "update payout set state = 2, first_by = @person, first_at = @At where id = @payout"
            : "update payout set state = 3, second_by = @person, second_at = @At where id = @payout", new { payout, person, At = clock.Now() });
        return null;
    });

    /// <summary>Gives the money back to the payable. Possible until the payout stands in a file for the bank.</summary>
    public Task<PayoutDecision> RefuseAsync(long payout, string actor, string reason) => ChangeAsync(payout, async (s, now) =>
    {
        if (Approvals.Refuse(now, reason) is { } error) return error;
        await BackAsync(s, now, actor, reason, PayoutState.Refused, reference: null);
        return null;
    });

    /// <summary>Puts all approved payouts into one file.</summary>
    /// <returns>Null when there is none to put into it.</returns>
    public async Task<PayoutFile?> MakeFileAsync(long person)
    {
        var id = await ids.NextAsync();
        return await database.WriteAsync(async s =>
        {
            // Locked, so that of two who press at once the second finds nothing left: each payout stands in one file only.
            var ready = await s.QueryAsync<Payout>($"select id, amount from payout where state = 3 order by id limit {BankFile.RowsMax}{s.ForUpdate}");
            if (ready.Count == 0) return null;
            var total = ready.Aggregate(Money.Zero, (sum, p) => sum + p.Amount);
            await s.ExecuteAsync("insert into payout_file (id, made_by, made_at, payouts, total) values (@id, @person, @Now, @Count, @total)",
                new { id, person, Now = clock.Now(), ready.Count, total });
            await s.ExecuteAsync($"update payout set state = 4, batch_id = @id where {s.AnyOf("id", "@List")} and state = 3", new { id, List = s.List(ready.Select(p => p.Id)) });
            return new PayoutFile { Id = id, MadeBy = person, MadeAt = clock.Now(), Payouts = ready.Count, Total = total, Open = ready.Count };
        });
    }

    /// <summary>The file as the bank takes it, the same whenever it is asked for. Holds bank accounts in the clear: whoever asks must be recorded.</summary>
    public Task<string?> WriteFileAsync(long file) => database.ReadAsync(async s =>
    {
        var payouts = await s.QueryAsync<Payout>($"{Columns} where p.batch_id = @file order by p.id", new { file });
        if (payouts.Count == 0) return null;
        var accounts = new Dictionary<long, BankDraft>();
        foreach (var bank in payouts.Select(p => p.BankId).Distinct())
        {
            var sealedBytes = await s.ScalarAsync<byte[]>("select sealed from supplier_bank where id = @bank", new { bank });
            accounts[bank] = JsonSerializer.Deserialize<BankDraft>(vault.Open(sealedBytes!, Context(bank)))!;
        }

        return BankFile.Write(payouts.Select(p => new BankLine(p.No, accounts[p.BankId], p.Amount)));
    });

    /// <summary>Takes what the bank says of payouts, row by row; a row that cannot be taken stops no other, and all may be sent again.</summary>
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
            if (!word.IsPaid)
            {
                await BackAsync(s, now, actor, word.Reason.Length > 0 ? word.Reason : "bank", PayoutState.Failed, word.Reference);
                return null;
            }

            var bank = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
            await ledger.MustPostAsync(s, new Posting("payout_paid", actor, [new Leg(await TransitAsync(s), bank, now.Amount, "payout_paid")], word.Reference, $"payout:{now.Id}:paid"));
            await EndAsync(s, now.Id, PayoutState.Paid, word.Reference, reason: null);
            return null;
        });
        return decision switch
        {
            PayoutDecision.Refused refused => (false, refused.Errors[0]),
            PayoutDecision.Missing => null,
            _ => (isReplay, null),
        };
    }

    /// <summary>Payouts, newest first.</summary>
    /// <param name="supplier">Only this one's; the tenant of a supplier's page.</param>
    /// <param name="before">The id of the last one of the page before.</param>
    public Task<List<Payout>> ListAsync(SupplierId? supplier, long? before = null, int limit = 50, bool openOnly = false) => database.ReadAsync(s => s.QueryAsync<Payout>(
        $"""
        {Columns} where p.id < @Before{(supplier is null ? "" : " and p.supplier_id = @supplier")}{(openOnly ? " and p.state < 5" : "")}
        order by p.id desc limit @limit
        """, new { supplier, Before = before ?? long.MaxValue, limit = Math.Clamp(limit, 1, 500) }));

    public Task<Payout?> FindAsync(long payout) => database.ReadAsync(s => FindAsync(s, payout, ""));

    /// <summary>Files, newest first.</summary>
    public Task<List<PayoutFile>> FilesAsync(int limit = 50) => database.ReadAsync(s => s.QueryAsync<PayoutFile>(
        """
        select f.id, f.made_by, f.made_at, f.payouts, f.total, (select count(*) from payout p where p.batch_id = f.id and p.state = 4) as "open"
        from payout_file f order by f.id desc limit @limit
        """, new { limit }));

    /// <summary>What is payable to a supplier now, by age.</summary>
    public Task<PayableAgeing> AgeingAsync(SupplierId supplier) => database.ReadAsync(async s =>
    {
        var now = clock.Now();
        var payable = (await Statements.BalancesAsync(s, supplier.Value)).Find(a => a.Kind == AccountKinds.Payable);
        var (days7, days30, older) = payable is { Balance.IsPositive: true }
            ? AgeingRule.Of(payable.Balance, await Statements.CameAsync(s, payable.Id, now.AddDays(-7)), await Statements.CameAsync(s, payable.Id, now.AddDays(-30)))
            : (Money.Zero, Money.Zero, payable?.Balance ?? Money.Zero);
        var sums = await s.QueryAsync<Payout>(
            "select state, cast(sum(amount) as bigint) as amount from payout where supplier_id = @supplier and state <= 5 group by state", new { supplier });
        Money Sum(Func<PayoutState, bool> of) => sums.Where(p => of(p.State)).Aggregate(Money.Zero, (sum, p) => sum + p.Amount);
        return new PayableAgeing(days7, days30, older, Sum(p => p < PayoutState.Paid), Sum(p => p == PayoutState.Paid));
    });

    private Task<PayoutDecision> ChangeAsync(long payout, Func<Session, Payout, Task<FieldError?>> change) => database.WriteAsync<PayoutDecision>(async s =>
    {
        // The ledger's own lock comes before any other (Ledger's README, rule 2).
        await LedgerWrites.EnterAsync(s);
        if (await FindAsync(s, payout, s.ForUpdate is "" ? "" : " for update of p") is not { } now) return new PayoutDecision.Missing();
        if (await change(s, now) is { } error) return Refused(error);
        var after = (await FindAsync(s, payout, ""))!;
        return new PayoutDecision.Done(after, IsReplay: after == now);
    });

    private async Task BackAsync(Session session, Payout payout, string actor, string reason, PayoutState state, string? reference)
    {
        var payable = await ledger.FindAsync(session, AccountKinds.Payable, payout.SupplierId.Value);
        await ledger.MustPostAsync(session, new Posting("payout_back", actor,
            [new Leg(await TransitAsync(session), payable!.Value, payout.Amount, "payout_back")], reason, $"payout:{payout.Id}:back"));
        await EndAsync(session, payout.Id, state, reference, reason);
    }

    private Task<int> EndAsync(Session session, long id, PayoutState state, string? reference, string? reason) => session.ExecuteAsync(
        "update payout set state = @State, bank_reference = @reference, reason = @reason, ended_at = @Now where id = @id",
        new { id, State = (int)state, reference, reason, Now = clock.Now() });

    private Task<AccountId> TransitAsync(Session session) => ledger.OpenAsync(session, AccountKinds.Payout, Parties.Platform);

    private static Task<Payout?> FindAsync(Session session, long payout, string locked) =>
        session.FirstAsync<Payout>($"{Columns} where p.id = @payout{locked}", new { payout });

    private static Task<BankInUse?> BankAsync(Session session, SupplierId supplier) => session.FirstAsync<BankInUse>(
        "select id, tail, made_at from supplier_bank where supplier_id = @supplier order by id desc limit 1", new { supplier });

    private static PayoutDecision.Refused Refused(FieldError error) => new([error]);

    internal static SealedColumn Sealed { get; } = new("supplier_bank", "id", "sealed", id => $"supplier_bank:{id}");

    private static string Context(long bank) => Sealed.Context(bank.ToString());
}
