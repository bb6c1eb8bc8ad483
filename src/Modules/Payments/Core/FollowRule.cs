namespace Lianka.Modules.Payments.Core;

public enum FollowStep
{
    /// <summary>Nothing new: ask again later.</summary>
    Wait,

    /// <summary>The money is there, although nobody told us.</summary>
    Announce,

    /// <summary>The reservation is over: tell the channel to take no money any more.</summary>
    CloseAtChannel,

    /// <summary>The channel will take no money: the payment is over here too.</summary>
    Close,

    /// <summary>The channel took another amount than was asked; a person has to look.</summary>
    Alarm,
}

/// <summary>What follows from a channel's answer about an open payment. Pure.</summary>
public static class FollowRule
{
    public static FollowStep Next(Payment payment, ChannelTrade trade, DateTimeOffset now) => trade.State switch
    {
        TradeState.Paid => trade.Amount.Units == payment.Amount.Units ? FollowStep.Announce : FollowStep.Alarm,
        _ when now < payment.ExpiresAt => FollowStep.Wait,
        TradeState.Open => FollowStep.CloseAtChannel,
        // Closed there, or never opened there because the buyer left before.
        _ => FollowStep.Close,
    };
}
