using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>What an attempt that is over adds to the count of its channel's day.</summary>
public sealed record EndedAttempt
{
    public long Id { get; init; }
    public long ChannelId { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>1: a buyer went to the channel, or the channel gave no pay code; 0: nobody was there, or it was counted before.</summary>
    public long Tried { get; init; }

    /// <summary>1: it was paid.</summary>
    public long Paid { get; init; }
}

/// <summary>Attempts that are over for whoever counts them, each told once, and once more when money comes after it was closed.</summary>
/// <remarks>Held by: tests/Integration/Payments/EndedAttemptTests.cs.</remarks>
public static class EndedAttempts
{
    /// <summary>Something was asked of the channel: a buyer went there, or it gave no pay code. In SQL over payment_attempt.</summary>
    public const string WasAsked = "(seen_at is not null or pay_value is null)";

    // As it stands in the index, or it is not used.
    private const string Uncounted = "(state in ('open', 'closed') and counted = 0) or (state = 'paid' and counted < 2)";

    /// <summary>Takes ends that were not taken yet, in the caller's transaction: they are taken when it commits.</summary>
    /// <remarks>One that the channel cannot close is over when its code has run out, though the channel is asked about it for a day more.</remarks>
    public static async Task<List<EndedAttempt>> TakeAsync(Session session, DateTimeOffset now, int most)
    {
        var ended = await session.QueryAsync<EndedAttempt>(
            $"""
            select id, channel_id, created_at, case when state = 'paid' then 1 else 0 end as paid,
                case when counted = 0 and (state = 'paid' or {WasAsked}) then 1 when counted = 1 and not {WasAsked} then 1 else 0 end as tried
            from payment_attempt where ({Uncounted}) and (state <> 'open' or (seen_at is not null and expires_at <= @now)) order by id limit @most{session.ForUpdateSkipLocked}
            """, new { now, most });
        if (ended.Count > 0)
            await session.ExecuteAsync(
                $"update payment_attempt set counted = case when state = 'paid' then 2 else 1 end where {session.AnyOf("id", "@Ids")}",
                new { Ids = session.List(ended.Select(a => a.Id)) });
        return ended;
    }
}
