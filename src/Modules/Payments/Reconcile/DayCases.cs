using Lianka.Kernel;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Reconcile;

/// <summary>The differences of a day as cases: opened when they are seen, ended by themselves when they are gone.</summary>
internal static class DayCases
{
    public static async Task SaveAsync(Session session, Channel channel, string day, IReadOnlyList<MatchItem> items, DateTimeOffset now)
    {
        var known = await session.QueryAsync<PaymentCase>("select * from payment_case where channel_id = @Id and day = @day", new { channel.Id, day });
        // A line that lost its case by settlement keeps it: what a person has settled is not asked again.
        var settled = known.Where(k => k.Resolution is "booked" or "written_off").Select(k => k.About).ToHashSet();
        var wanted = new HashSet<(string, string)>();
        foreach (var item in items.Where(i => i.Verdict != MatchVerdict.Matched && !i.IsInFlight))
        {
            var (kind, about) = (StatementBook.Name(item.Verdict), About(item));
            if (settled.Contains(about) || !wanted.Add((kind, about))) continue;
            await PaymentCases.OpenAsync(session, new NewCase(
                kind, about, channel.Id, item.Attempt?.PaymentId, item.Attempt?.Id, item.Refund?.Id, item.Ledger, item.Theirs, item.Line?.Line.TradeNo ?? item.Attempt?.TradeNo ?? ""), now);
            await session.ExecuteAsync(
                """
                update payment_case set ours = @Ledger, theirs = @Theirs, day = @day, line_id = @line, resolution = '',
                    closed_at = null, closed_by = null, asked_by = case when theirs - ours = @Gain then asked_by end
                where kind = @kind and about = @about and resolution in ('', 'vanished') and (closed_at is null or resolution = 'vanished')
                """,
                new { item.Ledger, item.Theirs, item.Gain, day, line = item.Line?.Id, kind, about });
        }

        foreach (var gone in known.Where(k => k.ClosedAt is null && !wanted.Contains((k.Kind, k.About))))
        {
            await session.ExecuteAsync(
                "update payment_case set closed_at = @now, closed_by = 'system', resolution = 'vanished' where id = @Id and closed_at is null", new { gone.Id, now });
        }
    }

    private static string About(MatchItem item) => item switch
    {
        { Line: { } line } => $"line:{line.Id}",
        { Refund: { } refund } => $"refund:{refund.Id}",
        _ => $"attempt:{item.Attempt!.Id}",
    };
}
