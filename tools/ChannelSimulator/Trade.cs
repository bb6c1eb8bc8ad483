namespace Lianka.ChannelSimulator;

/// <summary><see cref="Unseen"/>: the buyer has not opened it, and some channels then deny that it is there.</summary>
internal enum TradeStatus { Unseen, Open, Paid, Closed }

internal enum RefundStatus { Pending, Done, Failed }

/// <summary>One trade in memory. Changed under its lock.</summary>
internal sealed class Trade
{
    public required string Protocol { get; init; }

    /// <summary>The merchant's number at the channel.</summary>
    public required string Merchant { get; init; }
    public required string OutNo { get; init; }
    public required string TradeNo { get; init; }
    public required string Method { get; init; }
    public required long Fen { get; init; }
    public string Currency { get; init; } = "CNY";
    public string Subject { get; init; } = "";
    public string NotifyUrl { get; init; } = "";
    public string ReturnUrl { get; set; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What a protocol wants to remember of the request.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    public TradeStatus Status { get; set; } = TradeStatus.Open;
    public DateTimeOffset? PaidAt { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public List<Refund> Refunds { get; } = [];

    public int Creates;
    public int NoticesSent;
    public int NoticesTaken;

    public TradeStatus StatusAt(DateTimeOffset now) => Status is TradeStatus.Open or TradeStatus.Unseen && now >= ExpiresAt ? TradeStatus.Closed : Status;

    public long RefundedFen(DateTimeOffset now) => Refunds.Where(r => r.StatusAt(now) != RefundStatus.Failed).Sum(r => r.Fen);
}

internal sealed class Refund
{
    public required string OutNo { get; init; }
    public required string RefundNo { get; init; }
    public required long Fen { get; init; }
    public string NotifyUrl { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DoneAt { get; init; }
    public required bool IsFailing { get; init; }

    /// <summary>Taken by the buyer's bank; <see cref="OutNo"/> is the channel's own number.</summary>
    public bool IsChargeBack { get; init; }

    public RefundStatus StatusAt(DateTimeOffset now) => now < DoneAt ? RefundStatus.Pending : IsFailing ? RefundStatus.Failed : RefundStatus.Done;
}
