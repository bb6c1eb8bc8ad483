using Lianka.Kernel;

namespace Lianka.Modules.Suppliers;

/// <summary>A purchase as a supplier's system is told of it.</summary>
public sealed record UpstreamOrder
{
    /// <summary>Our own number for it: one per fulfilment, the same whenever it is told again.</summary>
    public required long Number { get; init; }

    /// <summary>The number as it stands on the wire: 13 characters.</summary>
    public string OwnNo => PublicId.Encode(Number);

    /// <summary>The supplier's name of the goods (supply.upstream_code).</summary>
    public required string Goods { get; init; }
    public required long Count { get; init; }

    /// <summary>What the buyer gave, by the keys of the SKU's fields: the account to be topped up, and the like.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The most that the whole purchase may cost; nothing is bought above it (F44).</summary>
    public required Money Cap { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Their number, once they have told it.</summary>
    public string? UpstreamNo { get; init; }
}

/// <summary>A card that a supplier's system delivered.</summary>
public sealed record UpstreamCard(string? Number, string Secret);

/// <summary>What a supplier's system said about a purchase.</summary>
public abstract record UpstreamAnswer
{
    private UpstreamAnswer() { }

    /// <summary>They have it and work on it.</summary>
    public sealed record Accepted(string? UpstreamNo) : UpstreamAnswer;

    /// <param name="Charged">What they took for it in all; null: they do not say.</param>
    /// <param name="Receipt">Words for the buyer, for example the carrier's serial number.</param>
    /// <param name="Delivered">Units, when fewer than were asked for; null: all.</param>
    public sealed record Succeeded(string? UpstreamNo, Money? Charged, string? Receipt, IReadOnlyList<UpstreamCard> Cards, long? Delivered = null) : UpstreamAnswer;

    /// <summary>Final: nothing was delivered and nothing will be.</summary>
    public sealed record Failed(UpstreamFault Fault, string Detail) : UpstreamAnswer;

    /// <summary>Nothing left this node, or they refused to talk at all: nobody has bought anything.</summary>
    public sealed record NotSent(string Detail) : UpstreamAnswer;

    /// <summary>Nobody knows: a time-out, a broken connection, 5xx, an answer that cannot be read. Never to be taken for a failure.</summary>
    public sealed record Unknown(string Detail) : UpstreamAnswer;

    /// <summary>Asked about an order, they say that they do not have it. It may still be on its way.</summary>
    public sealed record Absent : UpstreamAnswer;
}

/// <summary>Why a purchase failed, as far as it matters for what comes next.</summary>
public enum UpstreamFault
{
    /// <summary>The buyer's fault: wrong number, closed account. No other supply would do better.</summary>
    Account,

    /// <summary>They have none, or do not sell it any more.</summary>
    Goods,

    /// <summary>They ask for more than our cap.</summary>
    Price,

    /// <summary>Our money there is used up.</summary>
    Balance,

    /// <summary>Our key, our address, our way of asking.</summary>
    Access,

    Other,
}

/// <summary>A supplier's system as one connection reaches it. Never throws for what they or the network do; stopped while it waits, the answer is unknown.</summary>
public interface IUpstream
{
    /// <summary>Buys. Told again with the same number, it must not buy twice: where the protocol cannot promise that, the caller asks instead.</summary>
    Task<UpstreamAnswer> BuyAsync(UpstreamOrder order, CancellationToken cancel);

    /// <summary>What became of an order that was told before.</summary>
    Task<UpstreamAnswer> QueryAsync(UpstreamOrder order, CancellationToken cancel);

    /// <summary>Reads what they sent to this connection's address; null: it is not from them.</summary>
    UpstreamNews? Read(UpstreamNotice notice);

    /// <summary>What a notice is answered with once it has been kept.</summary>
    string Thanks { get; }
}

/// <summary>A call to a connection's notice address, unread.</summary>
public sealed record UpstreamNotice(string Method, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>
/// News of one order. <see cref="UpstreamAnswer.Unknown"/>: only that something happened, so the order is asked about at once. It counts only for an order of this connection whose numbers, as far as both are known, are these (F43).
/// </summary>
public sealed record UpstreamNews(string? OwnNo, string? UpstreamNo, UpstreamAnswer Answer);
