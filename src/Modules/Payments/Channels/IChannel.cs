using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>A configured way to take money from outside. An implementation speaks the protocol and decides nothing. Thread-safe.</summary>
/// <remarks>Every call may be repeated: the channel knows an attempt by its out number and a refund by its refund number.</remarks>
/// <exception cref="ChannelException">It could not be reached, or what came is not in the protocol or not signed: nothing is known.</exception>
/// <exception cref="ChannelRefusedException">It answered, in its protocol and signed, that it does not do this.</exception>
public interface IChannel
{
    /// <summary>Opens a trade there; told again with the same out number it answers the same trade.</summary>
    Task<PayCode> CreateAsync(ChannelOrder order, CancellationToken cancel);

    /// <summary><see cref="TradeState.Absent"/>: the channel never heard of it.</summary>
    Task<ChannelTrade> QueryAsync(TradeRef trade, CancellationToken cancel);

    /// <summary>Tells it to take no money any more; answers how the trade stands afterwards, which may be paid.</summary>
    Task<ChannelTrade> CloseAsync(TradeRef trade, CancellationToken cancel);

    /// <summary>Gives money back; told again with the same refund number it gives nothing more.</summary>
    Task<RefundAnswer> RefundAsync(ChannelRefund refund, CancellationToken cancel);

    /// <summary>How a refund stands. <see cref="RefundOutcome.Absent"/>: it was never told of it.</summary>
    Task<RefundAnswer> QueryRefundAsync(ChannelRefund refund, CancellationToken cancel);

    /// <summary>Why <see cref="RefundAsync"/> cannot give back money of which only its statement knows; null: it can.</summary>
    /// <param name="paid">The line of the statement that told of it.</param>
    FieldError? NoReturn(StatementLine paid, Money amount) => null;

    /// <summary>Checks that the channel wrote this, over the bytes as they came, that it is fresh, and that it is for our merchant number; then reads it.</summary>
    /// <returns>Null when the signature, its age or the form is wrong.</returns>
    ChannelNotice? Read(RawNotice notice);

    /// <summary>What a notice is answered with. Taken: so that it does not come again; otherwise so that it does.</summary>
    NoticeReply Reply(bool isTaken);

    /// <summary>What the channel booked on one day of China's calendar (of UTC where the protocol says so). The day is over and its statement is ready, or <see cref="ChannelException"/>.</summary>
    Task<IReadOnlyList<StatementLine>> StatementAsync(DateOnly day, CancellationToken cancel);

    /// <summary>The same out of a file that a person has from the channel's own console, in the form in which the channel gives it.</summary>
    /// <exception cref="StatementFileException">It is no such file, not the whole of one, or of another merchant or day; or this protocol has no files.</exception>
    IReadOnlyList<StatementLine> ReadStatement(ReadOnlyMemory<byte> file, DateOnly day) => throw StatementFileException.NoFiles();
}

/// <summary>A channel whose app tells who its buyer is, because one of its methods has to be told.</summary>
public interface IKnowsBuyers
{
    /// <summary>Where the buyer's browser goes, inside the app; it comes back to <paramref name="returnUrl"/> with <c>code</c> and <c>state</c>.</summary>
    string BuyerAddress(string returnUrl, string state);

    /// <exception cref="ChannelException">It could not be reached, or does not know the code.</exception>
    Task<string> OpenIdAsync(string code, CancellationToken cancel);
}

/// <param name="OutNo">Our number of the attempt: 13 characters of 0-9 and a-z.</param>
/// <param name="Method">A <see cref="PayMethod.Name"/> of the protocol.</param>
/// <param name="Amount">Whole fen.</param>
/// <param name="Subject">What the buyer sees at the channel.</param>
/// <param name="ReturnUrl">Where the buyer goes afterwards, a whole address.</param>
/// <param name="BuyerIp">Some protocols want it.</param>
/// <param name="OpenId">The buyer's number inside the channel's app, where the method wants it.</param>
public sealed record ChannelOrder(
    string OutNo, string Method, Money Amount, string Subject, string ReturnUrl, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string BuyerIp = "", string? OpenId = null);

/// <summary>How the buyer pays. <see cref="Value"/>: the address, or the text of the code; <see cref="Fields"/>: of a form or for the script.</summary>
/// <param name="TradeNo">The channel's number, where it has one before anybody has paid.</param>
public sealed record PayCode(PayShape Shape, string Value, IReadOnlyDictionary<string, string>? Fields = null, string? TradeNo = null);

/// <summary>What a channel needs to know again to find a trade.</summary>
/// <param name="TradeNo">The channel's number, where it is known.</param>
public sealed record TradeRef(string OutNo, DateTimeOffset CreatedAt, string? TradeNo = null);

public enum TradeState { Absent, Open, Paid, Closed }

/// <summary>A trade as the channel has it. A trade that was paid and given back later is <see cref="TradeState.Paid"/>.</summary>
/// <param name="TradeNo">The channel's number; empty where it has none yet.</param>
/// <param name="Amount">Of the trade, not of what a coupon left; zero where the channel does not say before it is paid.</param>
/// <param name="PaidAt">By the channel's clock.</param>
public sealed record ChannelTrade(TradeState State, string TradeNo, Money Amount, DateTimeOffset? PaidAt = null);

/// <param name="RefundNo">Our number of the refund: 13 characters of 0-9 and a-z.</param>
/// <param name="Amount">Whole fen.</param>
/// <param name="Paid">What the trade took in all.</param>
/// <param name="IsOfStatement">Only a statement knows of the trade: it is named by the channel's number, in the form in which statements have it.</param>
public sealed record ChannelRefund(string RefundNo, TradeRef Trade, Money Amount, Money Paid, string Reason, DateTimeOffset CreatedAt, bool IsOfStatement = false)
{
    /// <summary>An answer with these numbers is about its trade.</summary>
    public bool IsOf(string? outNo, string? tradeNo) => IsOfStatement ? tradeNo == Trade.TradeNo : outNo == Trade.OutNo;
}

public enum RefundOutcome
{
    Absent,

    /// <summary>Accepted; the money is on its way.</summary>
    Pending,
    Done,

    /// <summary>Refused for good: a person has to look.</summary>
    Failed,
}

/// <param name="RefundNo">The channel's number of it; empty where it has none.</param>
/// <param name="Detail">The channel's words where it failed.</param>
public sealed record RefundAnswer(RefundOutcome Outcome, string RefundNo = "", string Detail = "");

/// <summary>A call to a channel's notice address, unread.</summary>
/// <param name="Query">Without the question mark.</param>
/// <param name="Headers">By name, whatever its case.</param>
public sealed record RawNotice(string Method, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a channel told us by itself. Nothing of it is believed before it was compared with the attempt.</summary>
/// <param name="RefundNo">Our number of the refund that it is about; null: it is about the payment.</param>
public sealed record ChannelNotice(string OutNo, string TradeNo, Money Amount, TradeState State, string? RefundNo = null, RefundOutcome? Refund = null);

public sealed record NoticeReply(int Status, string Body, string ContentType = "text/plain");

/// <summary>One line of a channel's statement.</summary>
/// <param name="RefundNo">Our number of the refund; null: a payment.</param>
/// <param name="Amount">What was paid or given back, above zero.</param>
/// <param name="Fee">What the channel kept of it; below zero: it returned a fee.</param>
public sealed record StatementLine(string OutNo, string TradeNo, string? RefundNo, Money Amount, Money Fee, DateTimeOffset At);

/// <summary>The channel failed us: unreachable, too slow, or an answer that is not in its protocol.</summary>
public class ChannelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A statement's file that cannot be taken; nothing of it was.</summary>
/// <param name="line">Of the file, from 1; null: it is about the whole file.</param>
public sealed class StatementFileException(string en, string zh, int? line = null) : ChannelException(line is null ? en : $"Line {line}: {en}")
{
    public string Zh { get; } = line is null ? zh : $"第 {line} 行：{zh}";

    internal static StatementFileException NoFiles() => new("This channel gives no files of statements; they are fetched.", "这种通道没有对账单文件，请直接取对账单。");
    internal static StatementFileException OtherMerchant(int? line = null) => new("It is for another merchant number.", "是别的商户号的对账单。", line);
    internal static StatementFileException OtherDay(int? line = null) => new("It is of another day.", "是别的日期的对账单。", line);
    internal static StatementFileException Empty() => new("It has no line, so nothing says whose it is and of which day.", "文件里没有明细，无法确认是谁的、哪一天的。");
    internal static StatementFileException Broken() => new("The statement's file is broken.", "对账单文件已损坏。");
}

/// <summary>The channel refused; nothing was done. <see cref="Code"/> is its own word for why.</summary>
public sealed class ChannelRefusedException(string code, string message) : ChannelException(message)
{
    public string Code { get; } = code;
}
