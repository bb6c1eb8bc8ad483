namespace Lianka.Modules.Payments.Core;

public enum FollowStep
{
    /// <summary>Nothing new: ask again later.</summary>
    Wait,

    /// <summary>The money is there, although nobody told us.</summary>
    Take,

    /// <summary>It is not wanted any more: tell the channel to take no money.</summary>
    CloseAtChannel,

    /// <summary>The channel will take no money: the attempt is over here too.</summary>
    Close,

    /// <summary>The channel took another amount than was asked; a person has to look.</summary>
    Alarm,
}

/// <summary>What follows from a channel's answer about an attempt. Pure.</summary>
public static class FollowRule
{
    /// <summary>A call that opens a trade arrives within this time or not at all.</summary>
    public static readonly TimeSpan ArrivesWithin = TimeSpan.FromMinutes(2);

    /// <summary>Where a channel cannot close a trade, it is asked about for so long; money that comes later is found by its notice or its statement.</summary>
    public static readonly TimeSpan AskedFor = TimeSpan.FromHours(25);

    public static FollowStep Next(Attempt attempt, ChannelTrade trade, DateTimeOffset now) => trade.State switch
    {
        TradeState.Paid => trade.Amount == attempt.Amount ? FollowStep.Take : FollowStep.Alarm,
        _ when attempt.Live == 1 && now < attempt.ExpiresAt => FollowStep.Wait,
        TradeState.Closed => FollowStep.Close,
        // Some channels know a trade only when the buyer opens its page: until its time is over one that was seen may still be paid.
        TradeState.Absent => now < (attempt.IsSeen ? attempt.ExpiresAt : attempt.CreatedAt) + ArrivesWithin ? FollowStep.Wait : FollowStep.Close,
        _ => FollowStep.CloseAtChannel,
    };

    /// <summary>The same after the channel was told to close: one that cannot is asked about further.</summary>
    public static FollowStep AfterClose(Attempt attempt, ChannelTrade trade, DateTimeOffset now) => Next(attempt, trade, now) switch
    {
        FollowStep.CloseAtChannel => now < attempt.CreatedAt + AskedFor ? FollowStep.Wait : FollowStep.Close,
        var step => step,
    };
}
