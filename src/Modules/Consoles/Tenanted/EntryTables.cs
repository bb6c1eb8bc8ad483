using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Ledger;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Accounts and their entries as tables.</summary>
internal static class EntryTables
{
    public static Table Accounts(ConsolePage page, IEnumerable<AccountBalance> accounts)
    {
        var table = Table.Of(accounts, page.T("账户", "Accounts"))
            .Column(page.T("账户", "Account"), a => new Cell(Words.Account(a.Kind, page.Language), Sub: a.Kind))
            .Money(page.T("余额", "Balance"), a => a.Balance)
            .Money(page.T("其中冻结", "Of it held"), a => a.Held)
            .Money(page.T("信用额度", "Credit line"), a => a.Credit)
            .Build();
        table.Empty = new EmptyState(page.T("没有账户", "No accounts"), page.T("还没有钱经过这里。", "No money has passed here yet."), Icon: "finance");
        return table;
    }

    /// <param name="orderRoot">Where this viewer's order pages stand; null when they have none.</param>
    public static Table Entries(ConsolePage page, StatementPage lines, string? orderRoot, Func<long, string>? party = null)
    {
        var table = Table.Of(lines.Lines, page.T("流水，新的在前", "Entries, newest first"))
            .Column(page.T("时间", "When"), l => page.When(l.At))
            .Column(page.T("用途", "For"), l => new Cell(OrderWords.Transfer(l.Kind, page.Language), Sub: l.Reason))
            .Column(page.T("订单", "Order"), l => l.Order is { } o ? new Cell(o.ToString(), orderRoot is null ? null : $"{orderRoot}/{o}", IsMono: true) : new Cell("—"))
            .Column(page.T("账户", "Account"), l => new Cell(Words.Account(l.AccountKind, page.Language),
                Sub: party is null ? null : $"{page.T("对方 ", "with ")}{party(l.OtherParty)} · {Words.Account(l.OtherKind, page.Language)}"))
            .Flow(page.T("金额", "Amount"), l => Cell.Flow(l.Amount, page.T("收入", "in"), page.T("支出", "out")))
            .Money(page.T("余额", "Balance"), l => l.BalanceAfter)
            .Build();
        table.Next = lines.Next is { } next ? page.With(("cursor", next.ToString())) : null;
        table.First = page.Request.Query.ContainsKey("cursor") ? page.With(("cursor", null)) : null;
        table.Empty = new EmptyState(page.T("还没有流水", "No entries yet"), page.T("每一笔进出都会记在这里。", "Everything that comes and goes will stand here."), Icon: "finance");
        return table;
    }

    public static StatementFilter Filter(ConsolePage page, IReadOnlyList<string>? kinds = null) =>
        new(From: Show.DayOf(page.Request.Query["from"]), To: Show.DayOf(page.Request.Query["to"])?.AddDays(1),
            Cursor: StatementCursor.TryParse(page.Request.Query["cursor"], out var cursor) ? cursor : null, Kinds: kinds);
}
