using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>Where a page of a statement ended.</summary>
public sealed record StatementCursor(long Transfer, AccountId Account)
{
    public override string ToString() => PublicId.Encode(Transfer) + PublicId.Encode(Account.Value);

    public static bool TryParse(string? text, [NotNullWhen(true)] out StatementCursor? cursor)
    {
        cursor = null;
        if (text?.Length != 2 * PublicId.Length) return false;
        if (!PublicId.TryDecode(text.AsSpan(0, PublicId.Length), out var transfer)) return false;
        if (!PublicId.TryDecode(text.AsSpan(PublicId.Length), out var account)) return false;
        cursor = new StatementCursor(transfer, new AccountId(account));
        return true;
    }
}

/// <param name="From">First moment that belongs to the statement.</param>
/// <param name="To">First moment that no longer does.</param>
/// <param name="Kinds">Only accounts of these kinds; null: all of the party.</param>
public sealed record StatementFilter(
    DateTimeOffset? From = null, DateTimeOffset? To = null, StatementCursor? Cursor = null, int Limit = 50,
    IReadOnlyList<string>? Kinds = null);

/// <summary>One entry: what a transfer did to one account.</summary>
public sealed record StatementLine
{
    /// <summary>The transfer's number; together with the account the name of the entry.</summary>
    public long Transfer { get; init; }
    public PostingId Posting { get; init; }
    public AccountId Account { get; init; }
    public string AccountKind { get; init; } = "";

    /// <summary>What the money moved for, for example <c>order</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Positive: came in. Negative: went out.</summary>
    public Money Amount { get; init; }

    /// <summary>The balance it left; null on accounts without a running balance.</summary>
    public Money? BalanceAfter { get; init; }
    public string OtherKind { get; init; } = "";
    public long OtherParty { get; init; }
    public OrderId? Order { get; init; }

    /// <summary>Why, in the words of who posted it; null for an order's own entries.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <param name="Lines">Newest first.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
public sealed record StatementPage(IReadOnlyList<StatementLine> Lines, StatementCursor? Next);

/// <summary>An account with its whole balance, folded or not.</summary>
public sealed record AccountBalance
{
    public AccountId Id { get; init; }
    public string Kind { get; init; } = "";
    public long PartyId { get; init; }
    public string Currency { get; init; } = "";
    public Money Balance { get; init; }
    public Money Held { get; init; }

    /// <summary>How far below zero it may go.</summary>
    public Money Credit { get; init; }
}

/// <summary>One transfer of an order with both its sides.</summary>
public sealed record OrderTransfer
{
    public long Transfer { get; init; }
    public PostingId Posting { get; init; }
    public string Kind { get; init; } = "";
    public string DebitKind { get; init; } = "";
    public long DebitParty { get; init; }
    public string CreditKind { get; init; } = "";
    public long CreditParty { get; init; }
    public Money Amount { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>All accounts of one kind and currency. Debit and credit are what the accounts stand at on either side.</summary>
public sealed record TrialLine
{
    public string Currency { get; init; } = "";
    public string Kind { get; init; } = "";
    public long Accounts { get; init; }
    public Money Debit { get; init; }
    public Money Credit { get; init; }
    public Money Balance => Credit - Debit;
}

/// <summary>Reading the ledger: statements, balances, the trial balance. Each call in the caller's snapshot.</summary>
public static class Statements
{
    public const int LimitMax = 200;

    /// <summary>The entries of all accounts of a party, newest first.</summary>
    public static async Task<StatementPage> OfPartyAsync(Session session, long partyId, StatementFilter filter)
    {
        var accounts = await session.QueryAsync<AccountBalance>("select id, kind, party_id from account where party_id = @partyId", new { partyId });
        return await OfAsync(session, accounts.Where(a => filter.Kinds?.Contains(a.Kind) ?? true), filter, Math.Clamp(filter.Limit, 1, LimitMax));
    }

    /// <summary>The entries of one account, newest first.</summary>
    public static async Task<StatementPage> OfAccountAsync(Session session, AccountId account, StatementFilter filter)
    {
        return await OfAsync(session, await NamedAsync(session, account), filter, Math.Clamp(filter.Limit, 1, LimitMax));
    }

    /// <summary>All entries of one account from the first moment to before the last, newest first, in one reading.</summary>
    /// <returns>Null when there are more than <paramref name="most"/>.</returns>
    public static async Task<List<StatementLine>?> AllOfAccountAsync(Session session, AccountId account, DateTimeOffset from, DateTimeOffset to, int most)
    {
        var page = await OfAsync(session, await NamedAsync(session, account), new(from, to), most);
        return page.Next is null ? [.. page.Lines] : null;
    }

    private static Task<List<AccountBalance>> NamedAsync(Session session, AccountId account) =>
        session.QueryAsync<AccountBalance>("select id, kind, party_id from account where id = @account", new { account });

    /// <summary>Everything that moved for an order, in the order in which it did.</summary>
    public static Task<List<OrderTransfer>> OfOrderAsync(Session session, OrderId order) => session.QueryAsync<OrderTransfer>(
        """
        select t.id as transfer, t.posting_id as posting, t.kind, d.kind as debit_kind, d.party_id as debit_party,
               c.kind as credit_kind, c.party_id as credit_party, t.amount, t.at
        from (select id, posting_id, kind, debit_account, credit_account, amount, at from transfer_row
              where posting_id = @order or (order_id = @order and order_id <> posting_id)
              union all
              select id, id, 'order', debit_account, credit_account, amount, at from order_transfer where id = @order) as t
        join account d on d.id = t.debit_account join account c on c.id = t.credit_account order by t.id
        """, new { order });

    /// <summary>The accounts of a party with their balances.</summary>
    public static Task<List<AccountBalance>> BalancesAsync(Session session, long partyId) => session.QueryAsync<AccountBalance>(
        $"""
        select id, kind, party_id, currency, {LedgerSql.Balance} as balance, held,
               case when floor < 0 then -floor else 0 end as credit
        from account where party_id = @partyId order by kind, currency
        """, new { partyId });

    /// <summary>What every party has in its account of a kind with a limit, or one of them.</summary>
    public static Task<List<AccountBalance>> OfKindAsync(Session session, string kind, long? party = null) =>
        !AccountKinds.IsLimited(kind) ? throw new ArgumentException("Only accounts that carry their balance.", nameof(kind))
        : session.QueryAsync<AccountBalance>(
            $"""
            select id, kind, party_id, currency, balance, held from account
            where kind = @kind and currency = 'CNY' {(party is null ? "" : "and party_id = @party")}
            """, new { kind, party });

    /// <summary>What transfers of one kind brought to accounts of some kinds, by party, from the first moment to before the last.</summary>
    public static async Task<Dictionary<long, Money>> BroughtAsync(
        Session session, string transferKind, IReadOnlyList<string> accountKinds, DateTimeOffset from, DateTimeOffset to)
    {
        var span = await SpanAsync(session, "transfer_row", "at", new StatementFilter(from, to));
        var rows = await session.QueryAsync<Brought>(
            """
            select a.party_id, cast(sum(t.amount) as bigint) as amount
            from transfer_row t join account a on a.id = t.credit_account
            where t.id >= @First and t.id <= @Last and t.at >= @from and t.at < @to and t.kind = @transferKind and a.kind in @accountKinds
            group by a.party_id
            """, new { First = span.From, Last = span.UpTo, from, to, transferKind, accountKinds = accountKinds.ToArray() });
        return rows.ToDictionary(r => r.PartyId, r => r.Amount);
    }

    /// <summary>What came to an account since a moment: by running balances, so that it does not matter how much that was.</summary>
    /// <param name="account">It has a limit, and no order is paid from it by itself.</param>
    public static async Task<Money> CameAsync(Session session, AccountId account, DateTimeOffset since)
    {
        var moment = since.ToMicros();
        var upTo = (await MomentSearch.FindAsync(session, "transfer_row", "at", moment - MomentSearch.Slack)).UpTo;
        var to = (await MomentSearch.FindAsync(session, "transfer_row", "at", moment + MomentSearch.Slack)).From;
        // Since a number somewhat before the moment, less what came between the two. What went is looked at one by one: that is payouts, and late refunds.
        return new(await session.ScalarAsync<long>(
            """
            select cast(a.balance
                - coalesce((select after from (
                    select id, after from (select id, credit_after as after from transfer_row where credit_account = @account and id <= @upTo order by id desc limit 1) as came
                    union all
                    select id, after from (select id, debit_after as after from transfer_row where debit_account = @account and id <= @upTo order by id desc limit 1) as went)
                    as sides order by id desc limit 1), 0)
                + coalesce((select sum(amount) from transfer_row where debit_account = @account and id > @upTo), 0)
                - coalesce((select sum(amount) from transfer_row where credit_account = @account and id > @upTo and id < @to and at < @moment), 0) as bigint)
            from account a where a.id = @account
            """, new { account, upTo, to, moment }));
    }

    /// <summary>The last transfer of a folded account that is in its folded balance: none up to it can still come.</summary>
    public static Task<long> FoldMarkAsync(Session session, AccountId account) =>
        session.ScalarAsync<long>("select folded_to from account where id = @account", new { account });

    /// <summary>What transfers of one kind took out of an account, those after one number up to another.</summary>
    public static async Task<Money> TakenAsync(Session session, AccountId account, string kind, long after, long upTo) => new(await session.ScalarAsync<long>(
        "select cast(coalesce(sum(amount), 0) as bigint) from transfer_row where debit_account = @account and id > @after and id <= @upTo and kind = @kind",
        new { account, after, upTo, kind }));

    private sealed record Brought
    {
        public long PartyId { get; init; }
        public Money Amount { get; init; }
    }

    /// <summary>What was posted under keys, each posting's transfers added up; keys without a posting are left out.</summary>
    public static async Task<Dictionary<string, Money>> OfKeysAsync(Session session, IReadOnlyCollection<string> keys)
    {
        var found = new Dictionary<string, Money>();
        foreach (var some in keys.Chunk(500))
        {
            foreach (var row in await session.QueryAsync<KeyRow>(
                """
                select p.key, cast(sum(t.amount) as bigint) as amount from posting p join transfer_row t on t.posting_id = p.id
                where p.key in @some group by p.key
                """, new { some })) found[row.Key] = row.Amount;
        }

        return found;
    }

    private sealed record KeyRow
    {
        public string Key { get; init; } = "";
        public Money Amount { get; init; }
    }

    /// <summary>All accounts by kind, in the caller's snapshot. The balances of a currency sum to zero.</summary>
    /// <remarks>What moved since the highest fold mark is summed once for all: every folded account stands at it, or had nothing to fold up to it.</remarks>
    public static async Task<List<TrialLine>> TrialBalanceAsync(Session session)
    {
        var mark = await session.ScalarAsync<long>("select coalesce(max(folded_to), 0) from account where limited = 0");
        return await session.QueryAsync<TrialLine>(
            """
            select currency, kind, count(*) as accounts,
                   cast(sum(case when balance < 0 then -balance else 0 end) as bigint) as debit,
                   cast(sum(case when balance > 0 then balance else 0 end) as bigint) as credit
            from (select a.currency, a.kind, a.balance + coalesce(m.amount, 0) as balance
                  from account a left join (
                      select account_id, cast(sum(amount) as bigint) as amount from (
                          select credit_account as account_id, amount from transfer where id > @mark
                          union all
                          -- What orders tell by themselves is taken from wallets, which are not folded.
                          select debit_account, -amount from transfer_row where id > @mark) as sides
                      group by account_id) as m on m.account_id = a.id and a.limited = 0) as whole
            group by currency, kind order by currency, kind
            """, new { mark });
    }

    private static async Task<StatementPage> OfAsync(Session session, IEnumerable<AccountBalance> accounts, StatementFilter filter, int limit)
    {
        var lines = new List<StatementLine>();
        // The indexes have the entries in the order of the page; a bitmap of all that match, sorted, is what PostgreSQL takes when it thinks they are few.
        if (session.Kind == DatabaseKind.Postgres) await session.ExecuteAsync("set local enable_bitmapscan = off");
        var rows = await SpanAsync(session, "transfer_row", "at", filter);
        var orders = await SpanAsync(session, "orders", "created_at", filter);
        // One walk down the index for each account and place; a party has a handful of accounts.
        foreach (var account in accounts)
        {
            // The cursor stands between two entries in the order (transfer, account), both falling.
            var upTo = filter.Cursor is not { } cursor ? long.MaxValue
                : account.Id < cursor.Account ? cursor.Transfer : cursor.Transfer - 1;
            lines.AddRange(await session.QueryAsync<StatementLine>(Entries(account.Kind, filter), new
            {
                Account = account.Id,
                account.Kind,
                Party = account.PartyId,
                RowsFrom = rows.From,
                RowsUpTo = Math.Min(upTo, rows.UpTo),
                OrdersFrom = Math.Max(orders.From, LedgerNumbers.Start),
                OrdersUpTo = Math.Min(upTo, orders.UpTo),
                From = filter.From ?? DateTimeOffset.UnixEpoch,
                To = filter.To ?? DateTimeOffset.MaxValue,
                Limit = limit + 1,
            }));
        }

        lines.Sort((a, b) => (b.Transfer, b.Account).CompareTo((a.Transfer, a.Account)));
        if (lines.Count <= limit) return new StatementPage(lines, null);
        lines.RemoveRange(limit, lines.Count - limit);
        return new StatementPage(lines, new StatementCursor(lines[^1].Transfer, lines[^1].Account));
    }

    /// <summary>Between which ids the days asked for lie: a large account is not walked over from its newest entry, nor to its oldest.</summary>
    private static async Task<(long From, long UpTo)> SpanAsync(Session session, string table, string column, StatementFilter filter) => (
        filter.From is { } from ? (await MomentSearch.FindAsync(session, table, column, from.ToMicros() - MomentSearch.Slack)).UpTo : 0,
        filter.To is { } to ? (await MomentSearch.FindAsync(session, table, column, to.ToMicros() + MomentSearch.Slack)).From : long.MaxValue);

    /// <summary>The entries of one account: those in transfer_row, and for wallets and escrows those that orders tell by themselves.</summary>
    /// <remarks>Only conditions that bind: PostgreSQL expects few rows behind each of them, and reads more for it.</remarks>
    private static string Entries(string kind, StatementFilter filter)
    {
        var orders = kind switch
        {
            AccountKinds.Wallet => Orders("debit", "credit", "-amount", "debit_after"),
            AccountKinds.Escrow => Orders("credit", "debit", "amount", "cast(null as bigint)"),
            _ => "",
        };
        return
            $"""
            select e.id as transfer, e.posting_id as posting, @Account as account, @Kind as account_kind, e.kind, e.amount,
                   e.balance_after, o.kind as other_kind, o.party_id as other_party, e.order_id as "order", p.reason, e.at
            from ({Rows("debit", "credit", "-")} union all {Rows("credit", "debit", "")}{orders}) as e
            join account o on o.id = e.other_id
            left join posting p on p.id = e.posting_id
            order by e.id desc limit @Limit
            """;

        string Rows(string side, string other, string sign) =>
            $"""
            select * from (
                select id, posting_id, kind, {sign}amount as amount, {side}_after as balance_after, {other}_account as other_id, order_id, at
                from transfer_row where {side}_account = @Account{Within("Rows")}
                order by id desc limit @Limit) as {side}_side
            """;

        // By source, because so the index of a merchant's orders is sorted.
        string Orders(string side, string other, string amount, string after) => string.Concat(((int[])[1, 2]).Select(source =>
            string.Create(CultureInfo.InvariantCulture,
            $"""
             union all select * from (
                select id, id as posting_id, 'order' as kind, {amount} as amount, {after} as balance_after, {other}_account as other_id, id as order_id, at
                from order_transfer where merchant_id = @Party and source = {source} and {side}_account = @Account
                    {(filter.From is null ? $"and id >= {LedgerNumbers.Start}" : "")}{Within("Orders")}
                order by id desc limit @Limit) as orders_{source}
            """)));

        string Within(string place) =>
            (filter.Cursor is null && filter.To is null ? "" : $" and id <= @{place}UpTo")
            + (filter.From is null ? "" : $" and id >= @{place}From and at >= @From")
            + (filter.To is null ? "" : " and at < @To");
    }
}
