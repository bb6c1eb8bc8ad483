using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Refunds;

/// <summary>A refund in the channel's words: of the payment that it belongs to, or of the line of a statement that told of the money.</summary>
internal static class RefundAsk
{
    public static async Task<ChannelRefund> OfAsync(Session session, Refund refund)
    {
        if (refund.LineId is null)
        {
            var attempt = (await session.FirstAsync<Attempt>("select * from payment_attempt where id = @AttemptId", new { refund.AttemptId }))!;
            return new ChannelRefund(refund.OutNo, attempt.Ref, refund.Amount, attempt.Amount, refund.Reason, refund.CreatedAt);
        }

        var line = (await session.FirstAsync<ComparedLine>("select * from statement_line where id = @LineId", new { refund.LineId }))!;
        return new ChannelRefund(refund.OutNo, new TradeRef(line.OutNo, line.At, line.TradeNo), refund.Amount, line.Amount, refund.Reason, refund.CreatedAt, IsOfStatement: true);
    }
}
