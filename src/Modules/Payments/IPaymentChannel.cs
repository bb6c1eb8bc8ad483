using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>A way to take money from outside. An implementation speaks the channel's protocol and decides nothing.</summary>
/// <remarks>Every call may be repeated: the channel knows a payment by its out number and a refund by its refund number.</remarks>
/// <exception cref="ChannelException">The channel could not be reached or answered nonsense; nothing is known.</exception>
public interface IPaymentChannel
{
    string Name { get; }

    /// <summary>Our own number at the channel: a notice that names another is not for us.</summary>
    string Merchant { get; }

    Task<ChannelTrade> CreateAsync(ChannelOrder order, CancellationToken cancel);
    Task<ChannelTrade> QueryAsync(PaymentId payment, CancellationToken cancel);

    /// <summary>Tells the channel to take no money any more; answers how the trade stands, which may be paid.</summary>
    Task<ChannelTrade> CloseAsync(PaymentId payment, CancellationToken cancel);

    /// <returns>False when the channel refuses for good; a person has to look.</returns>
    Task<bool> RefundAsync(long refundId, PaymentId payment, Money amount, CancellationToken cancel);

    /// <summary>Checks that the channel wrote this, over the bytes as they came, and reads it.</summary>
    /// <param name="header">A header of the notice by its name.</param>
    /// <returns>Null when the signature, its age or the form is wrong.</returns>
    ValueTask<Notice?> VerifyNoticeAsync(ReadOnlyMemory<byte> body, Func<string, string?> header);
}

/// <param name="Subject">What the buyer sees at the channel.</param>
/// <param name="ReturnUrl">Where the buyer goes afterwards, a path of this site.</param>
public sealed record ChannelOrder(PaymentId Payment, Money Amount, string Subject, string ReturnUrl, DateTimeOffset ExpiresAt);

public enum TradeState { Unknown, Open, Paid, Closed }

/// <summary>A payment as the channel has it. <see cref="TradeState.Unknown"/>: the channel never heard of it.</summary>
public sealed record ChannelTrade(TradeState State, string TradeNo, Money Amount, string? PayUrl = null);

/// <summary>What a channel told us by itself. Nothing of it is believed before <see cref="Core.NoticeRule"/> has looked.</summary>
/// <param name="Merchant">Whom the channel believes to be paying for.</param>
public sealed record Notice(string Merchant, string OutNo, string TradeNo, Money Amount, string Currency, TradeState State);

/// <summary>The channel failed us: unreachable, too slow, or an answer that is not in its protocol.</summary>
public sealed class ChannelException(string message, Exception? inner = null) : Exception(message, inner);
