using Lianka.Kernel;
using Lianka.Modules.Payments;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What was tried to take somebody's money, and what of it went back, as the operator sees it.</summary>
internal static class PaymentTables
{
    /// <returns>Null when nothing was tried.</returns>
    public static Table? Attempts(ConsolePage page, IReadOnlyList<(Attempt Attempt, Channel Channel)> attempts, IEnumerable<Channel> channels)
    {
        if (attempts.Count == 0) return null;
        var names = channels.ToDictionary(c => c.Id, c => PaymentWords.Name(c, page.Language));
        string Name(long id) => names.GetValueOrDefault(id, "?");
        return Table.Of(attempts, page.T("收款", "Payment"))
            .Column(page.T("通道", "Channel"), a => new Cell(Name(a.Channel.Id), $"/console/channels/{PublicId.Encode(a.Channel.Id)}",
                $"{a.Attempt.Method} · {Show.Exact(a.Attempt.PaidAt ?? a.Attempt.CreatedAt)[5..]}"))
            .Badge(page.T("状态", "State"), a => PaymentWords.State(a.Attempt, page.Language))
            .Column(page.T("通道交易号", "Channel's number"), a => new Cell(a.Attempt.TradeNo ?? "—", Sub: a.Attempt.OutNo, IsMono: true))
            .Column(page.T("为什么走它", "Why this one"), a => PaymentWords.Route(a.Attempt.Route, Name, page.Language))
            .Build();
    }

    /// <returns>Null when nothing goes back.</returns>
    public static Table? Refunds(ConsolePage page, List<Refund> refunds, IReadOnlyList<(Attempt Attempt, Channel Channel)> attempts)
    {
        if (refunds.Count == 0) return null;
        var through = attempts.ToDictionary(a => a.Attempt.Id, a => PaymentWords.Name(a.Channel, page.Language));
        return Table.Of(refunds, page.T("退给买家", "Back to the buyer"))
            .Column(page.T("通道", "Channel"), r => r.AttemptId is { } attempt && through.TryGetValue(attempt, out var name) ? name : "—")
            .Badge(page.T("状态", "State"), r => PaymentWords.Refund(r, page.Language))
            .Column(page.T("说明", "Detail"), r => r.Detail.Length > 0 ? r.Detail : r.RefundNo ?? "")
            .Column(page.T("时间", "When"), r => Moment(r.DoneAt ?? r.CreatedAt))
            .Money(page.T("金额", "Amount"), r => r.Amount)
            .Build();
    }

    /// <summary>What of the payment waits or waited for a person.</summary>
    /// <returns>Null when nothing did.</returns>
    public static Table? Cases(ConsolePage page, List<PaymentCase> cases, IEnumerable<Channel> channels)
    {
        if (cases.Count == 0) return null;
        var codes = channels.ToDictionary(c => c.Id, c => c.Code);
        return Table.Of(cases, page.T("支付待处理", "Cases of payments"))
            .Column(page.T("事由", "What"), c => new Cell(ReconcileWords.Case(c.Kind, page.Language), Place(c), c.Detail))
            .Badge(page.T("状态", "State"), c => c is { ClosedAt: not null } ? (ReconcileWords.Resolution(c, page.Language), "ok")
                : (c.AskedBy is null ? page.T("待处理", "Open") : page.T("等第二个人", "Waits for a second person"), "error"))
            .Column(page.T("处理人", "By"), c => new Cell(c.ClosedBy is { } by ? OrderWords.Actor(by, page.Language) : "—", Sub: c.Note))
            .Column(page.T("时间", "When"), c => Moment(c.ClosedAt ?? c.OpenedAt))
            .Money(page.T("金额", "Amount"), c => c.Kind == PaymentCase.RefundFailed ? c.Ours ?? Money.Zero : c.Gain)
            .Build();

        string Place(PaymentCase of) => of is { Day: { } day, ChannelId: { } channel } ? $"/console/reconciliation/{codes[channel]}/{day}"
            : $"/console/payment-cases{(of.ClosedAt is null ? "" : "?state=closed")}";
    }

    /// <summary>The list of a day's tries to pay through a channel.</summary>
    public static string OfDay(long channel, DateOnly day) => $"/console/channels/{PublicId.Encode(channel)}/attempts?day={Show.Day(day)}";

    private static Cell Moment(DateTimeOffset at) => new(Show.Exact(at)[5..], Title: Show.Exact(at));
}
